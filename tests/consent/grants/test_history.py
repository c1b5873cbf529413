"""What the log says about one worker: found among others' entries, and told by the table."""

import pytest

from consent.entries.bodies import ConsentExpired, ConsentRefused, ConsentRequested, ConsentWithdrawn
from consent.grants.commitment import renewed
from consent.grants.history import entries_about, histories
from consent.grants.lifecycle import GrantState
from consent.log.checkpoint import parse_checkpoint
from productivity.errors import BadInput

SALT = bytes(range(32))


def told(world, word):
    checkpoint = parse_checkpoint(world.files.read("checkpoint").decode().partition("\n\n")[0] + "\n")
    return histories(entries_about(world.files, checkpoint, word))


def test_a_yes_is_found_among_others(said_yes):
    world, record = said_yes.world, said_yes.record.record_id
    for word in (record, said_yes.worker.name):
        (one,) = told(world, word).values()
        assert (one.record, one.pseudonym) == (record, said_yes.worker.name)
        assert one.state is GrantState.GIVEN
        assert (one.yes.index, one.yes.entry, one.yes.body) == (
            said_yes.index,
            said_yes.entry,
            said_yes.entry.body,
        )
        assert [index for index, _ in one.entries] == [said_yes.index - 1, said_yes.index]


def test_a_renewal_tells_of_two_records(said_yes, worlds):
    world, old, new = said_yes.world, said_yes.record.record_id, worlds.identifier("new")
    body = renewed(said_yes.record, SALT, said_yes.worker.verifier, old).model_copy(update={"record": new})
    index = world.act(body, said_yes.worker)
    found = told(world, said_yes.worker.name)
    assert {key: one.state for key, one in found.items()} == {
        old: GrantState.RENEWED,
        new: GrantState.GIVEN,
    }
    assert (found[old].yes.index, found[new].yes.index) == (said_yes.index, index)
    assert told(world, new)[new].state is GrantState.GIVEN


def test_a_withdrawal_and_an_end_are_told(said_yes):
    world, record = said_yes.world, said_yes.record.record_id
    body = ConsentWithdrawn(pseudonym=said_yes.worker.name, record=record)
    world.act(body, world.council)
    assert told(world, record)[record].state is GrantState.WITHDRAWN
    world.now_ms += 60_000
    short = world.entries[-2].body
    world.own(ConsentExpired(pseudonym=short.pseudonym, record=short.record))
    assert told(world, short.record)[short.record].state is GrantState.EXPIRED


def test_a_no_has_no_yes(world, worlds):
    worker, record = worlds.worker(5), worlds.identifier("refused")
    world.act(ConsentRequested(pseudonym=worker.name, record=record, agreement=world.hash), world.employer)
    world.act(ConsentRefused(pseudonym=worker.name, key=str(worker.verifier), record=record), worker)
    one = told(world, worker.name)[record]
    assert one.state is GrantState.REFUSED
    assert one.yes is None


def test_who_is_not_in_the_log_has_no_history(world):
    assert told(world, "w-" + "0" * 32) == {}


def test_entries_that_do_not_fit_the_table_are_refused(said_yes):
    with pytest.raises(BadInput, match="a consent that is given allows no give"):
        histories([(1, said_yes.world.entries[said_yes.index - 1]), (2, said_yes.entry), (3, said_yes.entry)])

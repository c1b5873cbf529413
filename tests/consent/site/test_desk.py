"""The plant server's desk at the log: many threads, one writer, nothing told that the log does not say."""

import errno
import os
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from consent.agreement.lifecycle import State
from consent.agreement.vocabulary import Role, View
from consent.entries.bodies import AccessViewed, AgreementSuspended, KeyAdded, ReleasePublished
from consent.entries.form import sign_act
from consent.log import directory as disk
from consent.log.directory import Directory, locked_directory
from consent.log.http import Unreachable
from consent.log.merkle import leaf_hash
from consent.log.tiles import split_entries
from consent.log.verify import verify_log
from consent.site.desk import STALE_S, Desk, LogUnusable
from consent.site.kinds import Kinds
from consent.site.opening import open_desk
from consent.site.operator import Operator
from consent.site.own_words import Said
from consent.site.plant import Plant
from consent.site.sight import Look, ReadersSight, SiteView
from productivity.errors import BadInput

LONG_S = 30.0
"""Longer than anything here takes, also on a machine that is busy with other things."""


def view(number=0, **keys):
    values = {
        "role": Role.ENGINEER,
        "who": f"{number:064x}",
        "view": View.TIMELINES,
        "station": "assembly bench",
    }
    return AccessViewed.model_validate(values | keys)


@contextmanager
def writing(site, cosign=None):
    with open_desk(site.plant, signers=[site.world.log], cosign=cosign, now_ms=lambda: site.now_ms) as desk:
        yield desk


@contextmanager
def reading(site):
    with open_desk(site.plant, log=site.world.log.verifier, now_ms=lambda: site.now_ms) as desk:
        yield desk


def suspension(site, signer=None, *, signed_ms=None):
    body, at_ms = (
        AgreementSuspended(agreement=site.world.hash),
        site.now_ms if signed_ms is None else signed_ms,
    )
    return str(sign_act(body, site.world.log.name, at_ms, signer or site.world.council).note)


def standing(seen):
    return next(iter(seen.state.agreements.values())).state


def until(fulfilled):
    """Wait for something that another thread does."""
    ends = time.monotonic() + LONG_S
    while not fulfilled():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.01)


class Scripted:
    """A sight that does what a test says: returns looks, raises, or waits until it is let go."""

    writes = True

    def __init__(self, site, *, writes=True):
        self.writes = writes
        with locked_directory(site.plant.log) as files:
            operator = Operator(site.plant, files, [site.world.log])
        self.view = SiteView(operator.state, operator.state, operator.checkpoint, None, takes_in=True)
        self.does = lambda words: Look(self.view, tuple(Said(7) for _ in words))
        self.heard = []
        self.closed = False

    def first(self):
        return Look(self.view)

    def look(self, now_ms, words):
        self.heard.append(list(words))
        return self.does(words)

    def close(self):
        self.closed = True


@pytest.fixture
def scripted(site):
    """A desk without its thread: a test turns it."""
    sight, clock = Scripted(site.agreed()), [100.0]
    desk = Desk(site.plant, sight, Kinds(), now_ms=lambda: site.now_ms, steady_s=lambda: clock[0])
    return desk, sight, clock


def said(desk, body, **keys):
    """Say something in a thread; return a function that waits for what came of it."""
    result = []

    def run():
        try:
            result.append(desk.say(body, **keys))
        except Exception as error:
            result.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    until(lambda: desk._words or result)

    def outcome():
        thread.join(LONG_S)
        return result[0]

    return outcome


# Saying.


def test_what_is_said_is_in_the_log_for_good_when_it_is_answered(site):
    site.agreed()
    with writing(site) as desk:
        index = desk.say(view(5))
        # As everybody else sees it, with other code and other memory.
        assert verify_log(Directory(site.plant.log), site.world.log.verifier).size == index + 1
        assert desk.state().size == index + 1
        (logged,) = desk.entries(index, index + 1)
    assert (logged.index, logged.entry.body) == (index, view(5))


def test_what_may_not_stand_is_told_to_whoever_said_it(site):
    site.agreed()
    with writing(site) as desk:
        with pytest.raises(BadInput, match="no agreement permits this view"):
            desk.say(view(role=Role.SUPERVISOR))
        assert desk.say(view()) == desk.state().size - 1


def test_sixteen_threads_say_two_hundred_things_each_exactly_once(site):
    site.agreed()
    answers, first = {}, site.state().size
    with writing(site) as desk:
        numbers = iter(range(200))
        order = threading.Lock()

        def run():
            while True:
                with order:
                    number = next(numbers, None)
                if number is None:
                    return
                answers[number] = desk.say(view(number), timeout_s=LONG_S)

        threads = [threading.Thread(target=run) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        logged = desk.entries(0, desk.state().size)
        assert [one.index for one in desk.recent(AccessViewed, most=200)] == sorted(answers.values())[::-1]
    assert len(answers) == 200
    assert sorted(answers.values()) == list(range(first, first + 200))
    for number, index in answers.items():
        assert logged[index].entry.body == view(number)


def test_nobody_is_answered_by_a_log_that_cannot_be_written(site, monkeypatch):
    site.agreed()
    with writing(site) as desk:
        desk.say(view(0))

        def fails(_descriptor):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(disk.os, "fsync", fails)
        with pytest.raises(LogUnusable, match="log takes nothing in: No space left on device"):
            desk.say(view(1))
        assert not desk.health().takes_in
        monkeypatch.undo()
        index = desk.say(view(2), timeout_s=LONG_S)
        assert desk.health().takes_in
        bodies = [one.entry.body for one in desk.entries(0, index + 1)]
    assert bodies.count(view(2)) == 1
    assert bodies.count(view(1)) <= 1  # it may stand there; nobody was told so


def test_a_word_that_nobody_took_up_in_time_is_never_said_afterwards(scripted):
    desk, sight, _ = scripted
    with pytest.raises(LogUnusable, match="did not take it in within"):
        desk.say(view(), timeout_s=0.01)
    desk.turn()
    assert sight.heard == [[]]


def test_a_word_is_not_tried_a_second_time(scripted):
    """The first try may have reached the disk, and once is what was asked for."""
    desk, sight, _ = scripted

    def fails(_words):
        raise OSError(errno.EIO, "Input/output error", "/a/path/that/nobody/needs")

    sight.does = fails
    outcome = said(desk, view())
    desk.turn()
    assert str(outcome()) == "the log is out of reach: Input/output error"
    desk.turn()
    assert sight.heard == [[view()], []]


def test_words_without_an_answer_of_their_own_are_refused(scripted):
    """A round that could take nothing in says nothing of the words; nobody must be told a number."""
    desk, sight, _ = scripted
    troubled = replace(sight.view, takes_in=False, problems=("clock in doubt",))
    sight.does = lambda _: Look(troubled)
    outcome = said(desk, view())
    desk.turn()
    assert (type(outcome()), str(outcome())) == (LogUnusable, "clock in doubt")


def test_a_clock_in_doubt_is_the_reason_that_is_given(site):
    site.agreed()
    site.now_ms = site.state().latest_ms - 61_000
    with writing(site) as desk, pytest.raises(LogUnusable, match="clock in doubt: 61 s behind"):
        desk.say(view())


def test_several_things_are_said_with_one_wait(scripted):
    desk, sight, _ = scripted
    answers = iter(range(40, 99))
    sight.does = lambda words: Look(sight.view, tuple(Said(next(answers)) for _ in words))
    talking = threading.Thread(target=lambda: result.extend(desk.say_all([view(1), view(2), view(3)])))
    result = []
    talking.start()
    until(lambda: len(desk._words) == 3)
    desk.turn()
    talking.join(LONG_S)
    assert result == [40, 41, 42]
    assert sight.heard == [[view(1), view(2), view(3)]]
    assert desk.say_all([]) == []


def test_of_several_things_the_first_that_may_not_stand_is_told_and_none_is_left_behind(site):
    site.agreed()
    with writing(site) as desk:
        with pytest.raises(BadInput, match="no agreement permits this view"):
            desk.say_all([view(1), view(2, role=Role.SUPERVISOR), view(3)])
        with pytest.raises(LogUnusable, match="did not take it in within"):
            desk.say_all([view(4), view(5)], timeout_s=0)
        desk.say(view(6))
        bodies = [one.entry.body for one in desk.recent(AccessViewed)]
    assert view(6) in bodies
    assert len(bodies) == len({body.who for body in bodies})
    assert not desk._words


def test_more_words_than_one_round_takes_wait_for_the_next(scripted, monkeypatch):
    monkeypatch.setattr("consent.site.desk.MOST_WORDS", 2)
    desk, sight, _ = scripted
    outcomes = []
    for number in range(3):
        outcomes.append(said(desk, view(number)))
        until(lambda number=number: len(desk._words) == number + 1)
    desk.turn()
    desk.turn()
    assert [outcome() for outcome in outcomes] == [7, 7, 7]
    assert [len(words) for words in sight.heard] == [2, 1]


# One writer; others read.


def test_a_second_operator_is_refused(site):
    site.agreed()
    with writing(site), pytest.raises(BadInput, match="being written by another process"), writing(site):
        pass
    with writing(site) as desk:  # the right to write was given back
        desk.say(view())


def test_beside_another_operator_a_desk_reads_and_says_nothing(site):
    site.agreed()
    with writing(site) as writer, reading(site) as reader:
        index = writer.say(view(3))
        until(lambda: reader.state().size == index + 1)
        assert reader.recent(AccessViewed)[0].entry.body == view(3)
        assert reader.hand_in(suspension(site)) in (True, False)
        until(lambda: standing(reader.state()) is State.SUSPENDED)
        with pytest.raises(LogUnusable, match="another process writes the log"):
            reader.say(view())
        assert not reader.health().takes_in


def test_where_nobody_operates_a_stop_counts_at_once_all_the_same(site):
    site.agreed()
    with reading(site) as desk:
        assert desk.hand_in(suspension(site)) is False
        seen = desk.state()
    assert standing(seen) is State.SUSPENDED
    assert seen.logged.agreements[site.world.hash].state is State.ACTIVE


@pytest.mark.parametrize("both", [True, False])
def test_a_desk_is_told_whether_it_writes(site, both):
    given = {"log": site.world.log.verifier, "signers": [site.world.log]} if both else {}
    with pytest.raises(BadInput, match="a desk writes the log or reads it"), open_desk(site.plant, **given):
        pass


def test_without_a_log_there_is_no_desk(tmp_path, site):
    empty = Plant(tmp_path / "empty")
    empty.create()
    with pytest.raises(Unreachable), open_desk(empty, log=site.world.log.verifier):
        pass


# Handing in.


def test_a_stop_that_is_handed_in_counts_when_that_returns(site):
    site.agreed()
    with writing(site) as desk:
        assert desk.hand_in(suspension(site)) is True
        assert standing(desk.state()) is State.SUSPENDED
        assert isinstance(desk.recent(most=1)[0].entry.body, AgreementSuspended)


def test_a_stop_that_is_dated_ahead_waits_and_counts(site):
    site.agreed()
    with writing(site) as desk:
        assert desk.hand_in(suspension(site, signed_ms=site.now_ms + 60_000)) is False
        assert standing(desk.state()) is State.SUSPENDED


def test_what_may_not_stand_is_told_to_whoever_hands_it_in(site):
    site.agreed()
    with writing(site) as desk:
        with pytest.raises(BadInput, match="signature is missing"):
            desk.hand_in(suspension(site, site.world.device))
        with pytest.raises(BadInput, match="not a signed note"):
            desk.hand_in("hello")
        # The same text, now with a signature that counts: another note, and not refused for the first.
        assert desk.hand_in(suspension(site)) is True


def test_a_stop_is_handed_in_though_the_log_does_not_verify(site):
    """The council must be heard; recorders obey the signature and not this process."""
    site.agreed()
    with writing(site) as desk:
        spoil(site)
        until(lambda: not desk.health().believed)
        assert desk.hand_in(suspension(site)) is False
    assert len(site.plant.waiting()) == 1


def test_what_another_hands_in_counts_once_one_has_caught_up(site):
    site.agreed()
    with writing(site) as desk:
        site.plant.hand_in(suspension(site))
        desk.catch_up(timeout_s=LONG_S)
        assert standing(desk.state()) is State.SUSPENDED


def test_a_look_under_way_may_have_missed_what_was_handed_in(scripted):
    """Who catches up waits for the next one."""
    desk, sight, _ = scripted
    looks, go_on = threading.Event(), threading.Event()
    ends = sight.does

    def held(words):
        looks.set()
        assert go_on.wait(LONG_S)
        sight.does = ends
        return ends(words)

    sight.does = held
    look = threading.Thread(target=desk.turn)
    look.start()
    assert looks.wait(LONG_S)
    waits = threading.Thread(target=lambda: desk.catch_up(timeout_s=LONG_S))
    waits.start()
    until(lambda: desk._hurry)
    go_on.set()
    look.join()
    waits.join(0.2)
    assert waits.is_alive()
    desk.turn()
    waits.join(LONG_S)
    assert not waits.is_alive()


# Closing, and failing.


def spoil(site):
    checkpoint = site.plant.log / "checkpoint"
    content = checkpoint.read_bytes()
    size = site.state().size
    checkpoint.write_bytes(content.replace(b"\n%d\n" % size, b"\n%d\n" % (size - 1), 1))
    return content


def test_a_log_that_does_not_verify_is_never_believed_again(site):
    site.agreed()
    with writing(site) as desk:
        seen = desk.state()
        content = spoil(site)
        until(lambda: not desk.health().believed)
        (site.plant.log / "checkpoint").write_bytes(content)
        for ask in (desk.state, lambda: desk.entries(0, 1), desk.recent, lambda: desk.count(KeyAdded)):
            with pytest.raises(LogUnusable, match="the log does not verify"):
                ask()
        with pytest.raises(LogUnusable, match="the log does not verify"):
            desk.say(view())
        assert desk.health().problems[0].startswith("the log does not verify: note")
        assert desk.health().size == seen.size
    assert site.state().size == seen.size  # nothing was appended


def test_an_entry_that_was_changed_on_disk_is_not_shown_and_ends_belief(site):
    site.agreed()
    with writing(site) as desk:
        size = desk.state().size
        bundle = site.plant.log / "tile" / "entries" / "000.p" / str(size)
        content = bundle.read_bytes()
        bundle.write_bytes(content.replace(b"edge-1", b"edge-2", 1))
        assert bundle.read_bytes() != content
        with pytest.raises(LogUnusable, match="does not fit its tile"):
            desk.recent()
        assert not desk.health().believed


def test_a_changed_entry_with_a_changed_tile_is_not_shown_either(site):
    """Whoever can change the entry can change its hash as well; the root is what the desk remembers."""
    site.agreed()
    with writing(site) as desk:
        size = desk.state().size
        bundle = site.plant.log / "tile" / "entries" / "000.p" / str(size)
        content = bundle.read_bytes().replace(b"edge-1", b"edge-2", 1)
        bundle.write_bytes(content)
        hashes = b"".join(map(leaf_hash, split_entries(content, "bundle")))
        (site.plant.log / "tile" / "0" / "000.p" / str(size)).write_bytes(hashes)
        with pytest.raises(LogUnusable, match="not in the tree of this checkpoint"):
            desk.entries(0, 1)  # even an entry that is right: its neighbours are not


def test_nobody_believes_what_was_not_looked_at_for_long(scripted):
    desk, sight, clock = scripted

    def fails(_words):
        raise OSError(errno.ESTALE, "Stale file handle")

    desk.turn()
    sight.does = fails
    clock[0] += STALE_S
    desk.turn()
    assert desk.state() == sight.view  # not too old yet
    assert desk.health().problems == ("the log is out of reach: Stale file handle",)
    assert not desk.health().takes_in
    clock[0] += 0.01
    with pytest.raises(LogUnusable, match="Stale file handle"):
        desk.state()
    sight.does = lambda words: Look(sight.view, tuple(Said(7) for _ in words))
    desk.turn()
    assert desk.state() == sight.view
    assert desk.health().takes_in


def test_a_fault_that_nobody_foresaw_closes_the_desk_and_tells_nothing_of_its_text(scripted):
    desk, sight, _ = scripted

    def fails(_words):
        raise KeyError("something that nobody should read")

    sight.does = fails
    outcome = said(desk, view())
    desk.turn()
    assert str(outcome()) == "the server has a fault (KeyError) and believes nothing"
    with pytest.raises(LogUnusable, match=r"fault \(KeyError\)"):
        desk.state()


def test_closing_refuses_whoever_waits_and_finishes_what_is_under_way(site):
    sight = Scripted(site.agreed())
    desk = Desk(site.plant, sight, Kinds(), now_ms=lambda: site.now_ms)
    entered, go = threading.Event(), threading.Event()

    def waits(words):
        entered.set()
        go.wait(LONG_S)
        return Look(sight.view, tuple(Said(7) for _ in words))

    sight.does = waits
    first = said(desk, view(1))
    desk.start()
    assert entered.wait(LONG_S)
    second = said(desk, view(2))
    closing = threading.Thread(target=desk.close)
    closing.start()
    until(lambda: desk._over)
    assert not sight.closed  # the right to write must not be given back before the writing ends
    go.set()
    closing.join(LONG_S)
    assert sight.closed
    assert first() == 7
    assert str(second()) == "the log is being closed"
    with pytest.raises(LogUnusable, match="being closed"):
        desk.say(view(3))


# What pages list.


def test_entries_are_listed_newest_first_and_page_by_page(site):
    site.agreed()
    with writing(site) as desk:
        indices = [desk.say(view(number)) for number in range(7)]
        release = ReleasePublished(
            release="ab" * 16, agreement=site.world.hash, content="cd" * 32,
            smallest_group=9, cells=4, suppressed=1,
        )  # fmt: skip
        last = desk.say(release)
        page = desk.recent(AccessViewed, most=3)
        assert [one.index for one in page] == indices[:3:-1]
        page = desk.recent(AccessViewed, most=3, before=page[-1].index)
        assert [one.index for one in page] == indices[3:0:-1]
        assert [one.index for one in desk.recent(AccessViewed, ReleasePublished, most=2)] == [
            last,
            indices[-1],
        ]
        assert [one.index for one in desk.recent(most=2)] == [last, last - 1]
        assert desk.recent(AccessViewed, before=0) == []
        assert (desk.count(AccessViewed), desk.count(AccessViewed, ReleasePublished)) == (7, 8)
        assert desk.entries(last, last + 99) == desk.recent(most=1)
        assert desk.entries(5, 2) == []


def test_entries_across_tiles_are_read(site):
    site.agreed()
    with writing(site) as desk:
        threads = [
            threading.Thread(target=lambda n=n: desk.say(view(n), timeout_s=LONG_S)) for n in range(600)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        logged = desk.entries(0, 9999)
        assert [one.index for one in logged] == list(range(desk.state().size))
        assert len({one.entry.body.who for one in desk.recent(AccessViewed, most=600)}) == 600


def test_too_many_entries_at_once_are_refused(scripted, monkeypatch):
    desk, *_ = scripted
    monkeypatch.setattr("consent.site.logged.MOST_ENTRIES", 2)
    with pytest.raises(BadInput, match="too many entries at once"):
        desk.entries(0, 3)
    assert desk.health().believed


# What changes.


def test_whoever_waits_is_woken_by_a_change_and_by_nothing_else(site):
    site.agreed()
    with writing(site) as desk:
        until(lambda: desk.health().takes_in)
        number = desk.number
        assert desk.wait_for_change(number, 0.3) == number
        told = threading.Event()
        unsubscribe = desk.subscribe(told.set)
        desk.say(view())
        assert desk.wait_for_change(number, LONG_S) > number
        assert told.wait(LONG_S)
        unsubscribe()
        told.clear()
        desk.say(view())
        assert not told.is_set()


def test_a_listener_that_fails_is_not_called_again_and_disturbs_nobody(site):
    site.agreed()
    calls = []

    def fails():
        calls.append(1)
        raise RuntimeError

    with writing(site) as desk:
        until(lambda: desk.health().takes_in)
        desk.subscribe(fails)
        desk.say(view())
        desk.say(view())
        desk.say(view())
    assert len(calls) == 1


def test_the_age_of_the_cosignature_is_told(site, witness):
    site.agreed()
    with writing(site, witness) as desk:
        until(lambda: desk.health().cosigned_ms is not None)
        assert desk.state().cosigned_ms == site.now_ms // 1000 * 1000


def test_a_witness_that_is_away_is_a_problem_and_holds_nobody_up(site, witness):
    site.agreed()
    witness.fails = Unreachable("witness: no answer")
    with writing(site, witness) as desk:
        desk.say(view(), timeout_s=LONG_S)
        until(lambda: desk.health().problems == ("witness: no answer",))
        assert desk.health().takes_in


def test_many_notes_that_wait_hide_no_stop(site, monkeypatch):
    """More than are looked at in one go: the operator takes them away, and only then is the desk believed."""
    site.agreed()
    sight = ReadersSight(site.plant, site.plant.follow(site.world.log.verifier))
    sight.first()
    monkeypatch.setattr("consent.site.plant.MOST", 2)
    for number in range(3):
        site.plant.hand_in(suspension(site, site.world.device, signed_ms=number))
    with pytest.raises(Unreachable, match=r"^too many acts wait$"):  # and not where: everybody is told
        sight.first()
    while site.plant.waiting():
        site.step()
    assert sight.first().view.size == site.state().size

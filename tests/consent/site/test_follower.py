"""A follower sees what stands in the log, and believes no other log afterwards."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.entries.bodies import AgreementResumed, AgreementSuspended, KeyAdded, RecordingStopped
from consent.entries.vocabulary import Reason
from consent.keys import Role
from consent.log.http import Unreachable
from consent.site.follower import Follower
from consent.site.state import SiteState
from productivity.errors import BadInput


@pytest.fixture
def follower(world):
    return Follower(world.files, world.log.verifier)


def test_a_follower_reaches_the_state_that_the_operator_holds(world, follower):
    assert follower.state == SiteState(world.log.name)
    assert follower.poll() == world.state == follower.state
    assert follower.checkpoint.size == world.state.size


def suspend(world):
    return AgreementSuspended(agreement=world.hash)


def test_the_newest_cosignature_by_the_present_witness_counts(world, follower):
    follower.poll()
    assert follower.cosigned_ms is None
    world.cosigned()
    follower.poll()
    first = follower.cosigned_ms
    assert first == world.now_ms // 1000 * 1000
    world.now_ms += 5_000
    world.act(suspend(world), world.council)
    follower.poll()
    assert follower.cosigned_ms == first


def test_a_new_follower_learns_from_the_kept_cosignature(world):
    """The checkpoint in place has none, because the log has just grown."""
    world.cosigned()
    at_ms = world.now_ms // 1000 * 1000
    world.now_ms += 5_000
    world.act(suspend(world), world.council)
    follower = Follower(world.files, world.log.verifier)
    follower.poll()
    assert follower.cosigned_ms == at_ms


def test_a_kept_cosignature_that_was_changed_is_refused(world):
    content = world.cosigned()
    world.files.replace("cosigned/latest", content.replace(f"\n{world.state.size}\n", "\n4\n", 1).encode())
    with pytest.raises(BadInput, match="wrong signature"):
        Follower(world.files, world.log.verifier).poll()


def test_a_kept_cosignature_of_another_history_is_refused(world, make_world, worlds):
    other = make_world().founded()
    licensee = worlds.signer("plant.example/licensee").verifier
    other.act(KeyAdded(role=Role.LICENSEE, key=str(licensee)), other.employer)
    world.files.replace("cosigned/latest", other.cosigned().encode())
    with pytest.raises(BadInput, match="not of this log's history"):
        Follower(world.files, world.log.verifier).poll()


def forked(world, make_world):
    """A longer log of the same keys that differs in its last entries."""
    other = make_world().founded().agreed()
    other.now_ms += 1
    other.enrolled()
    for _ in range(3):
        other.act(suspend(other), other.council, signed_ms=other.now_ms)
        other.now_ms += 1
    return other.files.files


def shortened(world, make_world):
    """An earlier state of the log, as a backup has it."""
    return make_world().founded().files.files


def changed(world, make_world):
    """The log as it goes on, with another reason in its newest entry."""
    world.act(suspend(world), world.council)
    files = dict(world.files.files)
    path = max(path for path in files if path.startswith("tile/entries"))
    return files | {path: files[path].replace(b"decision of a party", b"decisiom of a party")}


@pytest.mark.parametrize("break_it", [forked, shortened, changed])
def test_another_log_is_refused_and_the_follower_stays_failed(world, follower, make_world, break_it):
    follower.poll()
    before = dict(world.files.files)
    world.files.files = dict(before)
    world.files.files = break_it(world, make_world)
    with pytest.raises(BadInput) as refused:
        follower.poll()
    world.files.files = before
    with pytest.raises(BadInput, match="^" + re.escape(str(refused.value))):
        follower.poll()


def test_a_log_that_is_out_of_reach_for_a_while_is_followed_afterwards(world, follower):
    follower.poll()
    files, world.files.files = world.files.files, {}
    with pytest.raises(Unreachable):
        follower.poll()
    world.files.files = files
    assert follower.poll() == world.state


def test_an_entry_that_may_not_stand_there_is_refused_though_the_log_signed_it(world, follower):
    follower.poll()
    world.writer.append([bytes(world.entry(suspend(world)))])  # nobody's word, and no trigger
    with pytest.raises(BadInput, match=f"entry {world.state.size}: suspension is signed by nobody"):
        follower.poll()
    assert follower.state == world.state


def test_a_log_of_another_key_is_not_followed(world, worlds):
    with pytest.raises(BadInput, match="not signed by any known key"):
        Follower(world.files, worlds.signer("another").verifier).poll()


def test_an_empty_log_is_followed_until_it_begins_wrongly(make_world):
    world = make_world()
    follower = Follower(world.files, world.log.verifier)
    assert follower.poll() == SiteState(world.log.name)
    world.writer.append([b"{}"])
    with pytest.raises(BadInput, match="entry 0"):
        follower.poll()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["suspend", "resume", "start", "stop"]), st.booleans()), max_size=40)
)
def test_looking_often_and_looking_once_see_the_same(make_world, steps):
    """Whenever the follower looks, it has reached what admission reached; states are a fold from zero."""
    world = make_world().founded().agreed().enrolled()
    often = Follower(world.files, world.log.verifier)
    for what, look in steps:
        world.now_ms += 60_000
        try:
            match what:
                case "suspend":
                    world.act(suspend(world), world.council)
                case "resume":
                    lifts = world.state.agreements[world.hash].suspended_at or 0
                    world.act(
                        AgreementResumed(agreement=world.hash, lifts=lifts), world.council, world.employer
                    )
                case "start":
                    world.act(world.start(), world.device)
                case "stop":
                    for session in list(world.state.sessions):
                        stop = RecordingStopped(session=session, reason=Reason.OPERATOR, recorded_ms=60_000)
                        world.act(stop, world.device)
        except BadInput:
            continue
        if look:
            assert often.poll() == world.state
    assert often.poll() == Follower(world.files, world.log.verifier).poll() == world.state

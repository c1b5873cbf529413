"""A use takes each step once, in order, and is found again wherever it stopped."""

import threading
from dataclasses import replace
from itertools import pairwise

import pytest

from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from productivity.errors import BadInput
from storage.sql.lookup import NoSuch
from storage.sql.uses import (
    STEPS,
    MotionUse,
    Overtaken,
    UsedSegment,
    UseState,
    advance_use,
    create_use,
    find_use,
    uses_in,
    uses_of_licensee,
    uses_of_worker,
)

ANNA, BORA = "w-" + "a" * 32, "w-" + "b" * 32
WAY = (UseState.REQUESTED, UseState.APPROVED, UseState.LOGGED, UseState.EXPORTED, UseState.BOOKED)
KNOWN = {"log_index": 7, "export_hash": "e" * 64, "export_path": "use-1.zip"}


def a_use(number=1, **changes):
    made = MotionUse(
        use=f"{number:032x}",
        purpose=MotionPurpose.LICENSING,
        licensee="Robotics buyer",
        agreement="ab" * 32,
        terms="cd" * 32,
        terms_text="Training of one model.",
        unit=RoyaltyUnit.MOTION_HOUR,
        quantity=90_000,
        segments=(UsedSegment("1" * 32, ANNA, 60_000), UsedSegment("2" * 32, BORA, 30_000, "3/2")),
        created_ms=10,
    )
    return replace(made, **changes)


def bring(database, use, to, known=KNOWN):
    """Take a use along the way as far as a state."""
    for seen, then in pairwise(WAY):
        if seen is to:
            break
        advance_use(database, use, seen, then, 20, **known)


def test_a_use_comes_back_as_it_was_asked_for(database):
    create_use(database, a_use())
    assert find_use(database, a_use().use) == replace(a_use(), changed_ms=10)


def test_the_whole_way_keeps_what_became_known_on_it(database):
    create_use(database, a_use())
    bring(database, a_use().use, UseState.BOOKED)
    booked = find_use(database, a_use().use)
    assert (booked.state, booked.log_index, booked.changed_ms) == (UseState.BOOKED, 7, 20)


@pytest.mark.parametrize("seen", UseState)
@pytest.mark.parametrize("to", UseState)
def test_only_the_steps_of_the_table_are_taken(seen, to, tmp_path):
    from storage.sql.database import Database

    if seen in WAY:
        with Database(f"sqlite:///{tmp_path}/plant.db") as database:
            create_use(database, a_use())
            bring(database, a_use().use, seen)
            if to in STEPS[seen]:
                assert advance_use(database, a_use().use, seen, to, 30, **KNOWN).state is to
            else:
                with pytest.raises(BadInput, match="not a step"):
                    advance_use(database, a_use().use, seen, to, 30, **KNOWN)
                assert find_use(database, a_use().use).state is seen
    else:
        assert not STEPS[seen]


@pytest.mark.parametrize(
    ("to", "missing"),
    [
        (UseState.LOGGED, "log_index"),
        (UseState.EXPORTED, "export_hash"),
        (UseState.EXPORTED, "export_path"),
    ],
)
def test_a_state_without_what_must_be_known_in_it_is_refused(database, to, missing):
    create_use(database, a_use())
    seen = WAY[WAY.index(to) - 1]
    known = {**KNOWN, missing: None}
    bring(database, a_use().use, seen, known)
    with pytest.raises(BadInput, match=missing):
        advance_use(database, a_use().use, seen, to, 30, **known)
    assert find_use(database, a_use().use).state is seen


def test_of_two_who_take_the_same_step_one_does(database):
    create_use(database, a_use())
    outcomes, barrier = [], threading.Barrier(4)

    def press(to):
        barrier.wait()
        try:
            outcomes.append(advance_use(database, a_use().use, UseState.REQUESTED, to, 20).state)
        except Overtaken:
            outcomes.append(None)

    steps = (UseState.APPROVED, UseState.REFUSED) * 2
    threads = [threading.Thread(target=press, args=(to,)) for to in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (done,) = [one for one in outcomes if one is not None]
    assert find_use(database, a_use().use).state is done


def test_an_identifier_is_taken_once(database):
    create_use(database, a_use())
    with pytest.raises(BadInput, match="known already"):
        create_use(database, a_use(licensee=None))


def test_an_unknown_use_is_told(database):
    with pytest.raises(NoSuch):
        find_use(database, "0" * 32)
    with pytest.raises(NoSuch):
        advance_use(database, "0" * 32, UseState.REQUESTED, UseState.APPROVED, 20)


def test_uses_are_found_by_state_licensee_and_worker(database):
    create_use(database, a_use(1))
    create_use(database, a_use(2, licensee=None, segments=(UsedSegment("3" * 32, BORA, 5_000),)))
    bring(database, a_use(2).use, UseState.LOGGED)
    assert [use.use for use in uses_in(database, UseState.LOGGED)] == [a_use(2).use]
    assert len(uses_in(database)) == 2
    assert [use.use for use in uses_of_licensee(database, "Robotics buyer")] == [a_use(1).use]
    (anna,) = uses_of_worker(database, ANNA)
    assert [one.pseudonym for one in anna.segments] == [ANNA]
    assert [len(use.segments) for use in uses_of_worker(database, BORA)] == [1, 1]
    assert uses_of_worker(database, "w-%") == []

"""A batch that a device took back too late: nothing of how work went is left, its time and its number are."""

import pytest
from sqlalchemy import func, select, update

from storage.sql.batches import accept, gaps
from storage.sql.corrections import IntervalId, Sealed, correct
from storage.sql.erasure import ERASED, REASON, erase_batch
from storage.sql.lookup import NoSuch
from storage.sql.records import Acceptance, UnknownDevice
from storage.sql.retention import Deletion, deletions
from storage.sql.tables import interval, revision
from tests.storage.sql.plants import add_account

BOOT = bytes(16)


def rows(database):
    with database.reading() as connection:
        return connection.execute(select(interval).order_by(interval.c.batch_id, interval.c.position)).all()


def erase(database, number=1, *, device="edge-1", boot=BOOT):
    return erase_batch(database, device, boot, number, at_ms=77)


def test_its_intervals_become_one_gap_for_each_station_and_no_other_batch_changes(plant, make_batch):
    for number in range(3):
        accept(plant, make_batch(number, stations=("bench", "press"), size=5), 5)
    before = rows(plant)
    assert erase(plant) == 5
    after = rows(plant)
    assert (after[:5], after[7:]) == (before[:5], before[10:])
    assert [(row.ordinal, row.start_ms, row.duration_ns) for row in after[5:7]] == [
        (5, 0, 1 + 3 + 5),
        (6, 1000, 2 + 4),
    ]
    for gap in after[5:7]:
        assert (gap.state, gap.category, gap.confidence, gap.cycle) == ("not recorded", None, 1000, None)
        assert gap.reason == REASON


def test_the_deletion_is_noted_once(plant, deliver):
    deliver(0, 1)
    assert (erase(plant), erase(plant)) == (3, 0)
    assert deletions(plant, "north") == [Deletion("north", 77, ERASED, 77, 3)]


def test_neither_a_replay_nor_the_replacement_brings_anything_back(plant, make_batch, deliver):
    deliver(0, 1, 2)
    erase(plant)
    erased = rows(plant)
    assert deliver(1) == [Acceptance.DUPLICATE]
    assert accept(plant, make_batch(1, digest=b"p" * 32), 6) is Acceptance.CONFLICT
    assert rows(plant) == erased
    assert gaps(plant) == []


def test_what_engineers_said_of_it_goes_too(plant, deliver):
    deliver(0, 1)
    planner = add_account(plant)
    for row in rows(plant)[::3]:
        correct(
            plant,
            "north",
            IntervalId(row.batch_id, row.position),
            state="unknown",
            category=None,
            reason="seen",
            account_id=planner,
            at_ms=5,
        )
    erase(plant)
    with plant.reading() as connection:
        assert connection.execute(select(func.count()).select_from(revision)).scalar() == 1


def test_a_sealed_batch_is_refused_as_a_whole(plant, deliver):
    """One of its intervals is in the sealed data, which is never rewritten."""
    deliver(0, 1)
    last = rows(plant)[-1]
    with plant.writing() as connection:
        connection.execute(
            update(interval)
            .where(interval.c.batch_id == last.batch_id, interval.c.position == 2)
            .values(seal_id=1)
        )
    before = rows(plant)
    with pytest.raises(Sealed, match=rf"edge-1 {BOOT.hex()} 1: batch is sealed: expected one of a shift"):
        erase(plant)
    assert rows(plant) == before
    assert deletions(plant) == []


def test_what_is_not_there_is_named(plant, deliver):
    deliver(1)
    with pytest.raises(UnknownDevice):
        erase(plant, device="edge-2")
    for wrong in ({"number": 0}, {"boot": b"b" * 16}):
        with pytest.raises(NoSuch, match="no such batch"):
            erase(plant, **wrong)
    with plant.writing() as connection:
        connection.execute(interval.delete())
    with pytest.raises(NoSuch, match="no intervals any more"):
        erase(plant)

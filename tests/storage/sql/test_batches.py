"""Exactly once: whatever the order, however often, by however many at a time."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from storage.sql.batches import accept, gaps
from storage.sql.records import Acceptance, Gap, UnknownDevice
from storage.sql.tables import batch, interval, station
from tests.storage.sql.plants import DAY

STORED, DUPLICATE, CONFLICT = Acceptance


def count(database, table):
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def test_a_batch_is_stored_as_it_came(plant, make_batch):
    record = make_batch(7, stations=("bench", "press"))
    assert accept(plant, record, 3 * DAY + 99) is STORED
    with plant.reading() as connection:
        stored = connection.execute(select(batch)).one()
        rows = connection.execute(
            select(interval, station.c.name).join(station).order_by(interval.c.position)
        ).all()
    assert (stored.boot, stored.sequence, stored.digest, stored.received_ms) == (
        bytes(16),
        7,
        (7).to_bytes(32),
        3 * DAY,
    ), "of when it came the day is kept: the minute would tell when an interval ended"
    assert [row.name for row in rows] == ["bench", "press", "bench"]
    assert [(row.ordinal, row.start_ms, row.duration_ns) for row in rows] == [
        (21, 0, 1),
        (22, 1000, 2),
        (23, 2000, 3),
    ]
    assert {(row.session, row.state, row.category, row.confidence) for row in rows} == {
        (bytes(15) + b"s", "assembling", None, 900)
    }


def test_a_replay_changes_nothing(plant, deliver):
    assert deliver(0, 0, 1, 0) == [STORED, DUPLICATE, STORED, DUPLICATE]
    assert (count(plant, batch), count(plant, interval)) == (2, 6)


def test_another_batch_under_the_same_number_changes_nothing(plant, make_batch, deliver):
    deliver(0)
    assert accept(plant, make_batch(0, digest=bytes(31) + b"x", size=9), 6) is CONFLICT
    assert count(plant, interval) == 3
    assert deliver(0) == [DUPLICATE]


def test_another_boot_counts_anew(plant, make_batch, deliver):
    deliver(0)
    assert accept(plant, make_batch(0, boot=b"b" * 16), 6) is STORED
    assert count(plant, interval) == 6


def test_a_device_that_is_not_enrolled_stores_nothing(plant, make_batch):
    with pytest.raises(UnknownDevice):
        accept(plant, make_batch(device="edge-2"), 5)
    assert (count(plant, batch), count(plant, station)) == (0, 0)


def test_a_failure_half_way_leaves_no_batch_behind(plant, make_batch, monkeypatch):
    """The row that marks the batch as stored is not there without its intervals."""
    with monkeypatch.context() as patched:
        patched.setattr("storage.sql.batches._rows", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            accept(plant, make_batch(), 5)
    assert (count(plant, batch), count(plant, station)) == (0, 0)
    assert accept(plant, make_batch(), 5) is STORED


def test_many_at_once_store_each_batch_once(plant, make_batch):
    """Eight threads deliver the same forty batches, and make the same new stations."""
    numbers = [number for _ in range(8) for number in range(40)]
    stations = tuple(f"bench-{n}" for n in range(6))

    def send(number):
        return accept(plant, make_batch(number, stations=stations, size=6), 5)

    with ThreadPoolExecutor(8) as threads:
        outcomes = Counter(threads.map(send, numbers))
    assert outcomes == {STORED: 40, DUPLICATE: 280}
    assert (count(plant, interval), count(plant, station)) == (240, 6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_order_with_repetitions_ends_the_same(plant, make_batch, data):
    """What is stored depends on which batches came, not on when or how often; gaps are the rest."""
    boot = data.draw(st.binary(min_size=16, max_size=16), label="boot")
    numbers = data.draw(st.lists(st.integers(0, 12), max_size=30), label="arrivals")
    already = {row.sequence for row in _batches(plant, boot)}
    outcomes = [accept(plant, make_batch(number, boot=boot), 5) for number in numbers]
    assert outcomes.count(STORED) == len(set(numbers) - already)
    assert CONFLICT not in outcomes
    arrived = set(numbers) | already
    assert {row.sequence for row in _batches(plant, boot)} == arrived
    missing = [n for gap in gaps(plant) if gap.boot == boot for n in range(gap.first, gap.last + 1)]
    assert missing == [number for number in range(max(arrived, default=0)) if number not in arrived]


def _batches(plant, boot):
    with plant.reading() as connection:
        return connection.execute(select(batch).where(batch.c.boot == boot)).all()


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        ([], []),
        ([0, 1, 2], []),
        ([2, 0, 1], []),
        ([3], [(0, 2)]),
        ([0, 2, 5, 6], [(1, 1), (3, 4)]),
    ],
)
def test_gaps_are_seen_as_gaps(plant, deliver, numbers, missing):
    deliver(*numbers)
    assert gaps(plant) == [Gap("edge-1", bytes(16), first, last) for first, last in missing]
    assert sum(gap.missing for gap in gaps(plant)) == sum(last - first + 1 for first, last in missing)

"""A backup is older than what was deleted since. Restoring it brings nothing back whose time is over."""

import pytest

from productivity.states import StateCategory
from storage.backup.again import kept_days, retain_again
from storage.backup.restore import restore_backup
from storage.backup.take import take_backup
from storage.sealed.retention import retain
from storage.sealed.sealing import seal_closed
from storage.sql.batches import accept
from storage.sql.database import Database
from storage.sql.records import BatchRecord, IntervalRecord
from storage.sql.retention import AGGREGATES, INTERVALS, deletions
from storage.sql.shifts import Shift, replace_shifts
from tests.storage.backup import world

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
START_MS = 1_795_219_200_000 // DAY_MS * DAY_MS
"""Midnight UTC of the first day; the plant's time zone is UTC."""


def day(number):
    return START_MS + number * DAY_MS


@pytest.fixture
def plant(kind, new_address, data):
    """Fifty days of a shift a day, an interval in each; kept for 10 days, sealed durations for 30."""
    with Database(new_address(kind, "source")) as database:
        world.enrolled(database, "edge-1")
        shifts = [Shift("early", day(n) + 6 * HOUR_MS, day(n) + 14 * HOUR_MS) for n in range(50)]
        replace_shifts(database, "north", day(0), day(50), shifts)
        for number in range(50):
            start_ms = day(number) + 7 * HOUR_MS
            category = StateCategory.CYCLE_BOUND
            one = IntervalRecord(
                bytes(16), number, "bench", "assembling", category, start_ms, 10**9, 900, None, None
            )
            accept(database, BatchRecord("edge-1", bytes(16), number, number.to_bytes(32), (one,)), start_ms)
        yield database


def starts(database):
    """Days of which there are rows with clock time."""
    return sorted((row[7] - START_MS) // DAY_MS for row in world.dump(database)["interval"])


def sealed(database):
    """Days of which sealed durations are named."""
    return sorted((row[2] - START_MS) // DAY_MS for row in world.dump(database)["seal"])


def keep(database, data, number):
    return retain(
        database, data / "sealed", "north", intervals_days=10, aggregates_days=30, now_ms=day(number)
    )


def test_a_restored_backup_holds_nothing_that_was_due_since(plant, data, new_address, kind, tmp_path):
    keep(plant, data, 35)
    take_backup(plant, data, tmp_path / "b", day(36))
    keep(plant, data, 50)
    kept = starts(plant), sealed(plant)
    assert kept == (list(range(40, 50)), list(range(20, 47)))  # a shift is open for three days
    address = new_address(kind)
    restore_backup(tmp_path / "b", address, tmp_path / "new", day(50))
    with Database(address) as restored:
        assert min(starts(restored)) == 25  # as the backup was: fifteen days too many
        assert min(sealed(restored)) == 5
        assert kept_days(restored) == {"north": (10, 30)}
        (done,) = retain_again(restored, tmp_path / "new", None, day(50)).values()
        assert (starts(restored), sealed(restored)) == ([*range(40, 50)], [*range(20, 47)])
        assert {one.what for one in done.deletions} >= {INTERVALS, AGGREGATES}
        assert deletions(restored)[0].at_ms == day(50)
    months = list((tmp_path / "new" / "sealed").glob("site=*/month=*/*.parquet"))
    assert len(months) == len(range(20, 47))


def test_days_that_are_named_count_where_nothing_was_deleted_yet(plant, data, new_address, kind, tmp_path):
    take_backup(plant, data, tmp_path / "b", day(36))
    address = new_address(kind)
    restore_backup(tmp_path / "b", address, tmp_path / "new", day(50))
    with Database(address) as restored:
        assert kept_days(restored) == {"north": None}
        assert retain_again(restored, tmp_path / "new", None, day(50)) == {"north": None}
        assert len(starts(restored)) == 50
        retain_again(restored, tmp_path / "new", (10, 30), day(50))
        assert starts(restored) == list(range(40, 50))


def test_nobody_seals_or_deletes_while_a_backup_is_made(plant, data, tmp_path, monkeypatch):
    """The lock of the sealed data is held before the snapshot, until the last file is copied."""
    from storage.backup import take

    seal_closed(plant, data / "sealed", now_ms=day(50))
    held = []
    copy = take._sealed

    def watched(*arguments):
        held.append(_locked(data))
        copy(*arguments)

    monkeypatch.setattr(take, "_sealed", watched)
    take_backup(plant, data, tmp_path / "b", day(50))
    assert held == [True]
    assert not _locked(data)


def _locked(data):
    """Whether somebody who wants the sealed data alone would have to wait."""
    import fcntl

    with (data / "sealed" / ".lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False

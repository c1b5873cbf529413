"""Days have the same time before and after sealing; a night shift belongs to the day on which it begins."""

from datetime import date, timedelta

import pytest

from productivity.errors import BadInput
from productivity.states import StateCategory
from storage.sealed.daily import DayTotal, read_days
from storage.sealed.sealing import seal_closed
from storage.sql.corrections import IntervalId, correct
from storage.sql.shifts import Shift, replace_shifts
from storage.sql.tables import interval
from tests.storage.sql.plants import CYCLE_BOUND, DAY, HOUR, IRREGULAR, MONDAY, add_account, interval_record

FIRST = date(2026, 11, 23)
LAST = FIRST + timedelta(days=6)


def read(plant, root, stations=("bench", "press"), first=FIRST, last=LAST):
    return read_days(plant, root, "north", set(stations), first, last)


def seal(plant, root, days=30):
    return seal_closed(plant, root, now_ms=MONDAY + days * DAY, grace_ms=0)


@pytest.fixture
def worked(plant, device):
    """Three days at two stations; some of it in a night shift from ten to six."""
    replace_shifts(
        plant, "north", MONDAY, MONDAY + 7 * DAY, [Shift("night", MONDAY + 22 * HOUR, MONDAY + 30 * HOUR)]
    )
    device.send(
        interval_record(MONDAY + 8 * HOUR, 5_000_000_000),
        interval_record(MONDAY + 23 * HOUR, 7_000_000_000, ordinal=2),
        interval_record(MONDAY + 26 * HOUR, 11_000_000_000, ordinal=3),  # two o'clock on Tuesday
        interval_record(MONDAY + 31 * HOUR, 13_000_000_000, ordinal=4),
        interval_record(
            MONDAY + 2 * DAY, 17_000_000_001, ordinal=5, station="press", state="unknown", category=None
        ),
    )
    return plant


EXPECTED = (
    DayTotal("bench", "screwing", CYCLE_BOUND, FIRST, 23_000_000_000),
    DayTotal("bench", "screwing", CYCLE_BOUND, FIRST + timedelta(days=1), 13_000_000_000),
    DayTotal("press", "unknown", None, FIRST + timedelta(days=2), 17_000_000_001),
)


def test_a_day_has_the_same_time_open_half_sealed_and_sealed(worked, root):
    found = read(worked, root)
    assert found.totals == EXPECTED
    assert found.not_sealed == (FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=2))
    assert seal(worked, root, days=2)
    half = read(worked, root)
    assert half.totals == EXPECTED
    assert 0 < len(half.not_sealed) < 3
    seal(worked, root)
    assert read(worked, root).totals == EXPECTED
    assert read(worked, root).not_sealed == ()


@pytest.mark.parametrize("sealed", [False, True])
def test_only_what_is_asked_for_comes(worked, root, sealed):
    if sealed:
        seal(worked, root)
    assert read(worked, root, ["press"]).totals == EXPECTED[2:]
    assert read(worked, root, last=FIRST).totals == EXPECTED[:1]
    assert read(worked, root, first=FIRST + timedelta(days=3)).totals == ()


@pytest.mark.parametrize("sealed", [False, True])
def test_the_newest_correction_counts(worked, root, sealed):
    with worked.reading() as connection:
        row = connection.execute(interval.select().where(interval.c.duration_ns == 13_000_000_000)).one()
    account = add_account(worked)
    for state, category in (("waiting", IRREGULAR), ("searching", StateCategory.IRREGULAR)):
        correct(
            worked,
            "north",
            IntervalId(row.batch_id, row.position),
            state=state,
            category=category,
            reason="seen on site",
            account_id=account,
            at_ms=0,
        )
    if sealed:
        seal(worked, root)
    tuesday = [total for total in read(worked, root).totals if total.day == FIRST + timedelta(days=1)]
    assert [(total.state, total.category) for total in tuesday] == [("searching", IRREGULAR)]


def test_a_damaged_file_is_no_day(worked, root):
    (made, *_) = seal(worked, root)
    path = root / made.path
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BadInput, match="damaged"):
        read(worked, root)

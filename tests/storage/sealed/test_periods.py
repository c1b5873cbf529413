"""Every instant belongs to one period, and no period tells a clock time finer than a shift."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealed.periods import Calendar
from tests.storage.sql.plants import DAY, HOUR, MONDAY

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    *("Europe/Berlin", "UTC", "Asia/Kolkata", "Pacific/Apia", "America/Sao_Paulo", "Africa/Cairo"),
    *("America/St_Johns", "Asia/Beirut", "Australia/Lord_Howe", "America/Havana"),
]


def at(text, zone=BERLIN):
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def hours(period, since=MONDAY):
    return [((begin - since) / HOUR, (end - since) / HOUR) for begin, end in period.spans]


def test_a_shift_is_a_period():
    calendar = Calendar([(MONDAY + 6 * HOUR, MONDAY + 14 * HOUR)], BERLIN)
    for instant in (6 * HOUR, 14 * HOUR - 1):
        assert hours(calendar.period(MONDAY + instant)) == [(6, 14)]


def test_without_a_calendar_the_day_is_one():
    period = Calendar([], BERLIN).period(MONDAY + 12 * HOUR)
    assert (period.start_ms, period.end_ms, period.month) == (MONDAY, MONDAY + DAY, "2026-11")
    assert hours(period) == [(0, 24)]


def test_what_a_day_has_outside_of_shifts_is_one_period_and_not_cut_into_pieces():
    """Ten minutes between two shifts would otherwise tell the clock time to ten minutes."""
    early, late = (MONDAY + 6 * HOUR, MONDAY + 14 * HOUR), (MONDAY + 14.5 * HOUR, MONDAY + 22 * HOUR)
    calendar = Calendar([late, early], BERLIN)
    period = calendar.period(MONDAY + 14 * HOUR)
    assert hours(period) == [(0, 6), (14, 14.5), (22, 24)]
    assert (period.start_ms, period.end_ms) == (MONDAY, MONDAY + DAY)
    assert calendar.period(MONDAY + 1) == calendar.period(MONDAY + DAY - 1) == period


def test_a_handover_belongs_to_the_shift_that_ends():
    shifts = [(MONDAY + n * 8 * HOUR, MONDAY + (n * 8 + 8.25) * HOUR) for n in range(3)]
    calendar = Calendar(shifts, BERLIN)
    assert hours(calendar.period(MONDAY + 8 * HOUR)) == [(0, 8.25)]
    assert hours(calendar.period(MONDAY + 9 * HOUR)) == [(8.25, 16.25)]


def test_a_shift_within_another_makes_no_piece():
    calendar = Calendar([(MONDAY, MONDAY + 8 * HOUR), (MONDAY + HOUR, MONDAY + 2 * HOUR)], BERLIN)
    assert hours(calendar.period(MONDAY + 1.5 * HOUR)) == [(0, 8)]


def test_a_night_shift_belongs_to_the_month_in_which_it_begins():
    night = (at("2026-11-30T22:00"), at("2026-12-01T06:00"))
    calendar = Calendar([night], BERLIN)
    assert calendar.period(at("2026-12-01T03:00")).month == "2026-11"
    assert calendar.period(at("2026-12-01T06:00")).month == "2026-12"
    assert hours(calendar.period(at("2026-12-01T06:00")), at("2026-12-01T00:00")) == [(6, 24)]


@pytest.mark.parametrize(("day", "length"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_on_which_clocks_change_are_shorter_or_longer(day, length):
    period = Calendar([], BERLIN).period(at(f"{day}T12:00"))
    assert hours(period, at(f"{day}T00:00")) == [(0, length)]


def test_a_clock_that_says_the_year_9999_does_no_harm():
    assert Calendar([], ZoneInfo("Pacific/Kiritimati")).period(253_402_300_799_999).month == "9999-12"


@given(
    zone=st.sampled_from(ZONES),
    origin=st.integers(0, 2_000_000_000_000),
    shifts=st.lists(st.tuples(st.integers(-3 * DAY, 3 * DAY), st.integers(1, DAY)), max_size=12),
    instants=st.lists(st.integers(-3 * DAY, 3 * DAY), min_size=1, max_size=12),
)
def test_every_instant_is_in_exactly_one_period(zone, origin, shifts, instants):
    """Whatever the zone's history of clock changes, and however shifts overlap."""
    origin += 4 * DAY
    calendar = Calendar(
        [(origin + begin, origin + begin + length) for begin, length in shifts], ZoneInfo(zone)
    )
    periods = {origin + instant: calendar.period(origin + instant) for instant in instants}
    for instant, period in periods.items():
        assert sum(begin <= instant < end for begin, end in period.spans) == 1
        assert period.start_ms <= period.spans[0][0]
        assert period.spans[-1][1] <= period.end_ms
        for begin, end in period.spans:
            assert calendar.period(begin) == calendar.period(end - 1) == period
        for other in set(periods.values()) - {period}:
            assert not any(begin <= instant < end for begin, end in other.spans)

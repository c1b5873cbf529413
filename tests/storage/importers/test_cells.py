from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from productivity.time import SECOND
from storage.importers.cells import (
    Notation,
    duration,
    later_that_day,
    moment,
    number,
    shown,
    time_of_day,
    whole,
)
from storage.importers.report import RowRefused

POINT, COMMA = Notation(), Notation(decimal=",")
MONTH_FIRST, DAY_FIRST = Notation(dates="month first"), Notation(dates="day first")
BERLIN = Notation(dates="day first", zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("cell", "notation", "expected"),
    [
        ("1.5", POINT, "1.5"),
        ("1,5", COMMA, "1.5"),
        ("-0,25", COMMA, "-0.25"),
        ("1.234,5", COMMA, "1234.5"),
        ("1,234,567.8", POINT, "1234567.8"),
        ("1'234.5", POINT, "1234.5"),
        ("1\u202f234,5", COMMA, "1234.5"),
        (0.1, POINT, "0.1"),
        (7, COMMA, "7"),
    ],
)
def test_numbers_are_exact(cell, notation, expected):
    assert number(cell, notation) == Decimal(expected)


@pytest.mark.parametrize(
    ("cell", "notation"),
    [
        ("1,5", POINT),
        ("1.5", COMMA),
        ("1,234", POINT),  # one and a bit, or a thousand?
        ("1.234", COMMA),
        ("12,34.5", POINT),
        ("1e9", POINT),
        ("１２", POINT),
        ("nan", POINT),
        (float("nan"), POINT),
        (True, POINT),
        ("", POINT),
        (None, POINT),
        ("9" * 40, POINT),
    ],
)
def test_numbers_that_could_be_meant_otherwise_are_refused(cell, notation):
    with pytest.raises(RowRefused, match="number: expected"):
        number(cell, notation)


@pytest.mark.parametrize("cell", ["1.5", "-1", 2.5])
def test_counts_are_whole_and_not_negative(cell):
    with pytest.raises(RowRefused, match="count: expected"):
        whole(cell, POINT)


@pytest.mark.parametrize(
    ("cell", "notation", "expected"),
    [
        ("2026-03-01 08:00", POINT, "2026-03-01T08:00:00"),
        ("2026-03-01T08:00:00.25", POINT, "2026-03-01T08:00:00.250000"),
        ("2/27/2023 08:00:12", MONTH_FIRST, "2023-02-27T08:00:12"),
        ("2/27/2023 8:00:12 PM", MONTH_FIRST, "2023-02-27T20:00:12"),
        ("2/27/2023, 8:00:12\u202fPM", MONTH_FIRST, "2023-02-27T20:00:12"),
        ("3/4/2026 12:30 am", MONTH_FIRST, "2026-03-04T00:30:00"),
        ("3/4/2026 12:30 p.m.", MONTH_FIRST, "2026-03-04T12:30:00"),
        ("03.04.2026 06:00", DAY_FIRST, "2026-04-03T06:00:00"),
        ("2026-03-01", DAY_FIRST, "2026-03-01T00:00:00"),
        ("31.12.2026 24:00", DAY_FIRST, "2027-01-01T00:00:00"),
        (datetime(2026, 3, 1, 8), POINT, "2026-03-01T08:00:00"),
        (date(2026, 3, 1), MONTH_FIRST, "2026-03-01T00:00:00"),
    ],
)
def test_dates_in_the_notation_of_the_file(cell, notation, expected):
    epoch = datetime(1970, 1, 1)
    found = moment(cell, notation)
    assert epoch + timedelta(microseconds=found.ns // 1000) == datetime.fromisoformat(expected)
    assert not found.zoned


def test_three_four_is_another_day_on_each_side_of_the_ocean():
    assert moment("3/4/2026", MONTH_FIRST).day == date(2026, 3, 4)
    assert moment("3/4/2026", DAY_FIRST).day == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("cell", "notation"),
    [
        ("3/4/2026 08:00", POINT),
        ("2/27/2023 08:00", DAY_FIRST),
        ("2026-02-29", POINT),
        ("2026-03-01 25:00", POINT),
        ("2026-03-01 24:00:01", POINT),
        ("3/4/2026 13:00 PM", MONTH_FIRST),
        ("3/4/2026 0:30 AM", MONTH_FIRST),
        ("3/4/26", MONTH_FIRST),
        (46082.3, POINT),
        ("", POINT),
        ("2026-11-27T08:00+25:00", POINT),
        ("2026-11-27T08:00-24:00", POINT),
        ("9999-12-31 24:00", POINT),
    ],
)
def test_dates_that_are_none_are_refused(cell, notation):
    with pytest.raises(RowRefused, match="expected"):
        moment(cell, notation)


def test_after_the_last_day_there_is_none():
    with pytest.raises(RowRefused, match="before the year 10000"):
        later_that_day(moment("9999-12-31", POINT), 24 * 3600 * SECOND, POINT)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("29.03.2026 01:00", "29.03.2026 04:00", 2),  # clocks go forward at 2
        ("25.10.2026 01:00", "25.10.2026 04:00", 4),  # clocks go back at 3
        ("2026-03-29T01:00:00+01:00", "2026-03-29T04:00+02:00", 2),
        ("2026-03-29T00:00:00Z", "2026-03-29T04:00+02:00", 2),
    ],
)
def test_a_night_shift_with_a_change_of_clocks(start, end, hours):
    assert moment(end, BERLIN).ns - moment(start, BERLIN).ns == hours * 3600 * SECOND


@pytest.mark.parametrize("cell", ["25.10.2026 02:30", "29.03.2026 02:30"])
def test_a_time_that_exists_twice_or_never_is_refused(cell):
    with pytest.raises(RowRefused, match="change of clocks"):
        moment(cell, BERLIN)


@pytest.mark.parametrize(
    ("cell", "notation", "unit", "seconds"),
    [
        ("7:30", POINT, "h", 27_000),
        ("7:30", POINT, "min", 450),
        ("26:30", POINT, "h", 95_400),
        ("0:07:30,5", POINT, "h", 450.5),
        ("1:02:03", POINT, "s", 3723),
        ("-0:30", POINT, "h", -1800),
        ("7,5", COMMA, "h", 27_000),
        ("12.5", POINT, "s", 12.5),
        ("250", POINT, "cmin", 150),
        (1500, POINT, "ms", 1.5),
        (time(7, 30), POINT, "h", 27_000),
        (timedelta(hours=26, minutes=30), POINT, "h", 95_400),
        (datetime(1900, 1, 1, 2, 30), POINT, "h", 95_400),
    ],
)
def test_durations(cell, notation, unit, seconds):
    assert duration(cell, notation, unit) == seconds * SECOND


@pytest.mark.parametrize("cell", ["7:60", "1:60:00", "7:5", "", "7h30", "12:30 PM", datetime(2026, 3, 2)])
def test_durations_that_are_none_are_refused(cell):
    with pytest.raises(RowRefused, match="expected"):
        duration(cell, POINT, "h")


def test_a_cell_with_a_date_is_no_time_of_day():
    assert time_of_day("2026-03-01 08:00") is None
    assert time_of_day("8:15 pm") == (20 * 60 + 15) * 60 * SECOND


@pytest.mark.parametrize("cell", ["Anna Example", "W07", "08:00 Anna"])
def test_a_message_never_repeats_what_might_be_a_name(cell):
    assert shown(cell) == "text"
    with pytest.raises(RowRefused) as refused:
        moment(cell, POINT)
    assert cell not in str(refused.value)


def test_a_message_repeats_odd_numbers_and_times():
    assert shown("25:61") == "'25:61'"
    assert shown("3/4/26 13:00 PM") == "'3/4/26 13:00 PM'"

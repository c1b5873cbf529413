"""Headcounts, output and paid time by day: writing a day again replaces it."""

from datetime import date

import pytest

from productivity.errors import BadInput
from storage.sql.lookup import NoSuch, Selection
from storage.sql.measures import (
    DayOutput,
    DayPaid,
    Headcount,
    headcounts,
    outputs,
    paid_times,
    put_headcounts,
    put_outputs,
    put_paid,
)
from storage.sql.plant import StationPlace, put_station

NORTH = Selection("north")
FIRST, SECOND = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def north(plant):
    for name in ("bench", "press"):
        put_station(plant, "north", StationPlace(name))
    return plant


@pytest.mark.parametrize(
    ("put", "read", "before", "after"),
    [
        (put_headcounts, headcounts, Headcount("bench", FIRST, 3), Headcount("bench", FIRST, 5)),
        (put_paid, paid_times, DayPaid("bench", FIRST, 2**53 - 1), DayPaid("bench", FIRST, 0)),
        (
            put_outputs,
            outputs,
            DayOutput("bench", FIRST, "A", pieces=7),
            DayOutput("bench", FIRST, "A", pieces=8, batches=2),
        ),
    ],
    ids=["headcount", "paid", "output"],
)
def test_a_day_that_is_written_again_is_replaced(north, put, read, before, after):
    put(north, "north", [before])
    assert read(north, NORTH, FIRST, FIRST) == [before]
    put(north, "north", [after])
    assert read(north, NORTH, FIRST, FIRST) == [after]


def test_rows_come_by_station_day_and_variant(north):
    rows = [
        DayOutput("press", FIRST, pieces=1),
        DayOutput("bench", SECOND, "B", pieces=2),
        DayOutput("bench", SECOND, "A", pieces=3),
        DayOutput("bench", SECOND, shifts=2),
        DayOutput("bench", FIRST, pieces=4),
    ]
    put_outputs(north, "north", rows)
    assert outputs(north, NORTH, FIRST, SECOND) == [rows[4], rows[3], rows[2], rows[1], rows[0]]
    assert outputs(north, NORTH, SECOND, SECOND) == [rows[3], rows[2], rows[1]]
    assert outputs(north, Selection("north", stations=("press",)), FIRST, SECOND) == [rows[0]]


@pytest.mark.parametrize(
    ("put", "row", "says"),
    [
        (put_headcounts, Headcount("bench", FIRST, -1), "people on 2026-11-23: expected 0 to"),
        (put_headcounts, Headcount("bench", FIRST, 2**31), "people on 2026-11-23: expected 0 to"),
        (put_paid, DayPaid("bench", FIRST, 2**63), "duration_ns on 2026-11-23"),
        (put_outputs, DayOutput("bench", FIRST, batches=-1), "batches on 2026-11-23"),
        (put_outputs, DayOutput("bench", FIRST, "A", shifts=1), "shifts are counted for one variant"),
        (put_outputs, DayOutput("bench", FIRST, "a\nb"), "variant"),
        (put_outputs, DayOutput("press", FIRST), "stands there twice"),
        (put_outputs, DayOutput("lathe", FIRST), "no such station: found 'lathe'"),
    ],
)
def test_one_bad_row_writes_nothing(north, put, row, says):
    good = {put_headcounts: Headcount, put_paid: DayPaid, put_outputs: DayOutput}[put]
    fields = {} if put is put_outputs else {"people": 1} if put is put_headcounts else {"duration_ns": 1}
    with pytest.raises(BadInput, match=says):
        put(north, "north", [good(station="press", day=FIRST, **fields), row])
    assert headcounts(north, NORTH, FIRST, FIRST) == []
    assert outputs(north, NORTH, FIRST, FIRST) == []
    assert paid_times(north, NORTH, FIRST, FIRST) == []


def test_no_rows_are_no_work(north):
    put_paid(north, "north", [])
    with pytest.raises(NoSuch, match="no such site"):
        put_paid(north, "south", [])

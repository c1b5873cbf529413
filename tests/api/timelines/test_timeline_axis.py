"""The axis leaves out nights and weekends and nothing else, and its ticks stand on the site's clock."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

H = 3600
SPANS = [{"from": 6, "to": 14}, {"from": 14, "to": 22}, {"from": 30, "to": 38}, {"from": 9, "to": 9}]
AXIS = "const a = axis.makeAxis(args[0]); "


def test_shifts_that_touch_are_one_segment_and_empty_ones_none(run):
    found = run(["axis"], AXIS + "return a;", [SPANS])
    assert found == {
        "segments": [{"from": 6, "to": 22, "at": 0}, {"from": 30, "to": 38, "at": 16}],
        "length": 24,
    }


@pytest.mark.parametrize(
    ("time", "place"), [(0, 0), (6, 0), (7, 1), (22, 16), (25, 16), (30, 16), (31, 17), (38, 24), (99, 24)]
)
def test_time_has_one_place(run, time, place):
    """Time that is left out is at its break."""
    assert run(["axis"], AXIS + "return axis.toAxis(a, args[1]);", [SPANS, time]) == place


@pytest.mark.parametrize(("place", "time"), [(0, 6), (15, 21), (16, 30), (17, 31), (24, 38)])
def test_a_place_has_one_time(run, place, time):
    assert run(["axis"], AXIS + "return axis.toTime(a, args[1]);", [SPANS, place]) == time


@pytest.mark.parametrize(
    ("start", "end", "pieces"),
    [
        (0, 24, [(6, 22, 0), (30, 38, 16)]),
        (15, 17, [(21, 22, 15), (30, 31, 16)]),
        (16, 17, [(30, 31, 16)]),
        (-5, 1, [(6, 7, 0)]),
        (23, 99, [(37, 38, 23)]),
        (5, 5, []),
    ],
)
def test_a_part_of_the_axis_is_these_pieces_of_time(run, start, end, pieces):
    found = run(["axis"], AXIS + "return axis.piecesBetween(a, args[1], args[2]);", [SPANS, start, end])
    assert [(piece["from"], piece["to"], piece["at"]) for piece in found] == pieces


def test_without_shifts_all_time_is_shown(run):
    body = "return axis.axisOf({ shifts: [], end: 100, origin: 0 }, true);"
    assert run(["axis"], body)["segments"] == [{"from": 0, "to": 100, "at": 0}]


def test_shifts_without_data_are_left_out(run):
    body = "return axis.axisOf({ shifts: [[1, 2], [3, 4], [9, 10]], end: 2e6, origin: 2 }, true).segments;"
    assert len(run(["axis"], body)) == 1


def utc(zone, *fields):
    return int(datetime(*fields, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]
)
@pytest.mark.parametrize("month", [1, 3, 4, 7, 10, 11])
def test_offsets_agree_with_the_zone_database(run, zone, month):
    moments = [int(datetime(2026, month, day, 12, 34, tzinfo=UTC).timestamp() * 1000) for day in range(1, 29)]
    found = run(["zone"], "return args[1].map((ms) => zone.offset(args[0], ms));", [zone, moments])
    expected = [
        datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).utcoffset().total_seconds() * 1000 for ms in moments
    ]
    assert found == expected


@pytest.mark.parametrize("days", [1, 7, 28])
def test_so_many_days_earlier_is_the_same_clock_time(run, days):
    """Also across the end of summer time on 25 October 2026."""
    late = utc("Europe/Berlin", 2026, 10, 27, 6, 30)
    early = run(["zone"], "return zone.daysEarlier('Europe/Berlin', ...args);", [late, days])
    shown = datetime.fromtimestamp(early / 1000, ZoneInfo("Europe/Berlin"))
    assert (shown.hour, shown.minute) == (6, 30)
    expected = datetime.fromtimestamp(late / 1000, ZoneInfo("Europe/Berlin")).toordinal() - days
    assert shown.toordinal() == expected


@pytest.mark.parametrize("day", [(2026, 3, 29), (2026, 10, 25), (2026, 6, 1)])
def test_ticks_stand_on_round_clock_times(run, day):
    """Also on the two days on which the clocks change."""
    zone = "Europe/Berlin"
    start = utc(zone, *day, 0, 0)
    body = """const a = axis.makeAxis([{ from: 0, to: 24 * 3600e9 }]);
    return axis.marks(a, 0, a.length, 1200, { origin: args[0], zone: args[1], apart: 90 });"""
    found = run(["axis"], body, [start, zone])
    assert found["step"] == 2 * H * 1000
    hours = [datetime.fromtimestamp(tick["ms"] / 1000, ZoneInfo(zone)) for tick in found["ticks"]]
    assert len(hours) >= 11
    assert all((moment.minute, moment.second) == (0, 0) for moment in hours)
    assert all(moment.hour % 2 == 0 for moment in hours)
    xs = [tick["x"] for tick in found["ticks"]]
    assert all(b - a >= 0.8 * 90 for a, b in pairwise(xs))
    assert all(tick["x"] == pytest.approx((tick["ms"] - start) / 72_000) for tick in found["ticks"])


def test_each_day_and_each_break_has_its_mark(run):
    """Two shifts on Friday, one on Monday: two days, one break."""
    zone = "Europe/Berlin"
    origin = utc(zone, 2026, 10, 23, 6)
    monday = (utc(zone, 2026, 10, 26, 6) - origin) * 1_000_000
    spans = [{"from": 0, "to": 16 * H * 10**9}, {"from": monday, "to": monday + 8 * H * 10**9}]
    body = AXIS + "return axis.marks(a, 0, a.length, 600, { origin: args[1], zone: args[2], apart: 60 });"
    found = run(["axis"], body, [spans, origin, zone])
    assert found["breaks"] == [400]
    assert [
        (day["x"], datetime.fromtimestamp(day["ms"] / 1000, ZoneInfo(zone)).day) for day in found["days"]
    ] == [
        (0, 23),
        (400, 26),
    ]


def test_a_piece_in_which_the_clocks_change_is_compared_in_two(run):
    """What is shown at 6:00 after the change is what was at 6:00 the day before, not at 5:00 or 7:00."""
    zone = "Europe/Berlin"
    origin = utc(zone, 2026, 10, 24, 0)
    body = """const t = { origin: args[0], zone: args[1] };
    return compare.earlierPieces([{ from: 24 * 3600e9, to: 48 * 3600e9, at: 0 }], t, t, 1);"""
    pieces = run(["compare"], body, [origin, zone])
    assert pieces[0]["shift"] == 24 * H * 10**9
    assert pieces[-1]["shift"] == 25 * H * 10**9
    assert pieces[0]["from"] == 24 * H * 10**9
    assert all(a["to"] == b["from"] for a, b in pairwise(pieces))
    assert all(piece["at"] == piece["from"] - 24 * H * 10**9 for piece in pieces)


def test_another_periods_own_origin_is_taken_into_account(run):
    body = """const [t, other] = [{ origin: 1000 + 864e5, zone: 'UTC' }, { origin: 400, zone: 'UTC' }];
    return compare.unshifted(compare.earlierPieces([{ from: 0, to: 5, at: 0 }], t, other, 1));"""
    assert run(["compare"], body) == [{"from": 600_000_000, "to": 600_000_005}]

"""Columns -> rows: what is refused, and where intervals are placed."""

import copy

import pytest

GOOD = {
    "zone": "Europe/Berlin",
    "resolution_ms": 60_000,
    "states": [
        {"name": "screw", "category": "cycle-bound", "value_adding": True},
        {"name": "not recorded", "category": None, "value_adding": False},
    ],
    "reasons": ["camera lost"],
    "sessions": [{"id": "a" * 32, "station": "bench 1"}],
    "shifts": [[0, 1000]],
    "columns": {
        "session": [0, 0],
        "start_ms": [0, 0],
        "duration_ns": [1, 2],
        "state": [0, 1],
        "confidence": [1000, 0],
        "reason": [-1, 0],
    },
}
BAD = {
    "no columns": (["columns"], None, "columns"),
    "a column that is no list": (["columns", "state"], "0,1", "columns.state"),
    "columns of different length": (["columns", "reason"], [-1], "columns.reason"),
    "a duration of zero": (["columns", "duration_ns", 1], 0, "columns.duration_ns, value 1"),
    "half a nanosecond": (["columns", "duration_ns", 1], 0.5, "columns.duration_ns, value 1"),
    "a duration beyond 2^53": (["columns", "duration_ns", 0], 2**53, "columns.duration_ns, value 0"),
    "a state that is not there": (["columns", "state", 0], 2, "columns.state, value 0"),
    "a session that is not there": (["columns", "session", 0], 1, "columns.session, value 0"),
    "a confidence above 1000": (["columns", "confidence", 0], 1001, "columns.confidence, value 0"),
    "a reason that is not there": (["columns", "reason", 0], 1, "columns.reason, value 0"),
    "a text for a number": (["columns", "start_ms", 0], "0", "columns.start_ms, value 0"),
    "an unknown category": (["states", 0, "category"], "sometimes", "states, number 0"),
    "a category for not recorded": (["states", 1, "category"], "irregular", "states, number 1"),
    "no category for a worker state": (["states", 0, "category"], None, "states, number 0"),
    "a state without a name": (["states", 0, "name"], "", "states, number 0"),
    "a state twice": (["states", 0], GOOD["states"][1], "states"),
    "a shift that ends before it starts": (["shifts", 0], [5, 5], "shifts, number 0"),
    "a zone that nobody knows": (["zone"], "Mars/Olympus", "zone"),
    "no resolution": (["resolution_ms"], 0, "resolution_ms"),
    "a session without a station": (["sessions", 0], {"id": "a"}, "sessions, number 0"),
}
CHECK = "try { data.check(args); return ''; } catch (error) { return `${error.name}|${error.message}`; }"
PLACE = """const t = data.arrange(args[0], args[1]);
return { rows: t.rows.map((r) => [r.key, r.first, r.last, r.starts]), begin: [...t.begin], end: t.end,
  duration: [...t.duration], state: [...t.state] };"""
MINUTE = 60_000
S = 10**9


def timeline(intervals, resolution_ms=MINUTE, sessions=None):
    """Intervals are (session, start_ms, seconds)."""
    found = copy.deepcopy(GOOD)
    found["resolution_ms"] = resolution_ms
    found["sessions"] = sessions or [{"id": f"{n:032x}", "station": "bench 1"} for n in range(3)]
    found["columns"] = {
        "session": [session for session, _, _ in intervals],
        "start_ms": [start for _, start, _ in intervals],
        "duration_ns": [round(seconds * S) for _, _, seconds in intervals],
        "state": [number % 2 for number in range(len(intervals))],
        "confidence": [1000] * len(intervals),
        "reason": [-1] * len(intervals),
    }
    return found


def test_good_data_are_accepted(run):
    assert run(["data"], CHECK, GOOD) == ""


@pytest.mark.parametrize(("path", "value", "place"), BAD.values(), ids=BAD.keys())
def test_bad_data_are_refused_with_their_place(run, path, value, place):
    bad = copy.deepcopy(GOOD)
    target = bad
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    name, _, message = run(["data"], CHECK, bad).partition("|")
    assert name == "BadTimeline"
    assert message.startswith(f"{place}: expected ")
    assert ", found " in message


def test_errors_do_not_repeat_what_was_sent(run):
    bad = copy.deepcopy(GOOD)
    bad["zone"] = "<b>secret</b>"
    assert "secret" not in run(["data"], CHECK, bad)


def test_intervals_of_a_session_are_laid_end_to_end(run):
    """All starts are known to the minute only; the durations tell where each interval is."""
    found = run(["data"], PLACE, [timeline([(0, 0, 20), (0, 0, 30), (0, 0, 25), (0, MINUTE, 5)]), "station"])
    assert found["begin"] == [0, 20 * S, 50 * S, 75 * S]


def test_a_later_start_narrows_where_the_whole_run_can_be(run):
    """If 10 s after the first start a new minute has begun, the first start was not before second 50."""
    found = run(["data"], PLACE, [timeline([(0, 0, 10), (0, MINUTE, 10)]), "station"])
    assert found["begin"] == [50 * S, 60 * S]


def test_time_that_nobody_reported_stays_a_gap(run):
    found = run(["data"], PLACE, [timeline([(0, 0, 10), (0, 10 * MINUTE, 10)]), "station"])
    assert found["begin"] == [0, 600 * S]


def test_a_clock_set_back_never_makes_intervals_overlap(run):
    found = run(["data"], PLACE, [timeline([(0, 5 * MINUTE, 120), (0, 0, 10)]), "station"])
    assert found["begin"] == [300 * S, 420 * S]


def test_sessions_of_a_station_share_a_row(run):
    data = timeline([(1, 10 * MINUTE, 60), (0, 0, 60), (2, 20 * MINUTE, 60)])
    found = run(["data"], PLACE, [data, "station"])
    assert [row[0] for row in found["rows"]] == ["bench 1/0"]
    assert found["begin"] == [0, 600 * S, 1200 * S]
    assert found["rows"][0][3] == [0, 600 * S, 1200 * S]


def test_sessions_that_overlap_get_a_row_each(run):
    data = timeline([(0, 0, 300), (1, 2 * MINUTE, 300)])
    found = run(["data"], PLACE, [data, "station"])
    assert [row[:3] for row in found["rows"]] == [["bench 1/0", 0, 1], ["bench 1/1", 1, 2]]


def test_an_overlap_that_only_rounding_made_is_none(run):
    """The first session ends at 0:90, the second's start was rounded down to 0:60."""
    found = run(["data"], PLACE, [timeline([(0, 0, 90), (1, MINUTE, 10)]), "station"])
    assert len(found["rows"]) == 1
    assert found["begin"] == [0, 90 * S]


def test_each_session_has_its_row_if_wanted(run):
    found = run(["data"], PLACE, [timeline([(0, 0, 60), (1, 10 * MINUTE, 60)]), "session"])
    assert [row[0] for row in found["rows"]] == [f"bench 1/{0:032x}", f"bench 1/{1:032x}"]


def test_sessions_that_come_interleaved_keep_their_own_order(run):
    data = timeline([(1, 10 * MINUTE, 1), (0, 0, 2), (1, 10 * MINUTE, 3), (0, 0, 4)])
    found = run(["data"], PLACE, [data, "station"])
    assert found["duration"] == [2 * S, 4 * S, 1 * S, 3 * S]
    assert found["state"] == [1, 1, 0, 0]


def test_more_than_104_days_are_refused(run):
    body = "try { data.arrange(args); return ''; } catch (error) { return error.message; }"
    day = 86_400_000
    assert run(["data"], body, timeline([(0, 0, 1), (0, 104 * day, 1)])) == ""
    assert "104 days" in run(["data"], body, timeline([(0, 0, 1), (0, 105 * day, 1)]))


def test_no_interval_is_no_error(run):
    assert run(["data"], PLACE, [timeline([]), "station"])["rows"] == []


@pytest.mark.parametrize(
    ("time", "interval"),
    [(-1, -1), (0, 0), (1, 0), (10 * S - 1, 0), (10 * S, -1), (600 * S, 1), (610 * S, -1)],
)
def test_the_interval_at_a_time_is_found(run, time, interval):
    """Intervals are half-open."""
    body = "const t = data.arrange(args[0]); return data.intervalAt(t, t.rows[0], args[1]);"
    assert run(["data"], body, [timeline([(0, 0, 10), (0, 10 * MINUTE, 10)]), time]) == interval

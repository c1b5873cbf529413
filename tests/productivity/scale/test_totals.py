import statistics

import pytest

from productivity.scale.totals import DAY_MS, IntervalTotal, reference_totals, roll_up

FOUR = {
    "station": ["b", "a", "a", "a"],
    "state": ["assembly", "assembly", "waiting", "assembly"],
    "start_ms": [0, DAY_MS - 1, DAY_MS, 2 * DAY_MS],
    "duration_ms": [4000, 1000, 500, 3000],
}


def test_four_intervals_by_hand():
    assert reference_totals(FOUR, ("station", "state")) == [
        IntervalTotal(("a", "assembly"), 2, 4000, 1_000_000 + 9_000_000, 1000, 3000),
        IntervalTotal(("a", "waiting"), 1, 500, 250_000, 500, 500),
        IntervalTotal(("b", "assembly"), 1, 4000, 16_000_000, 4000, 4000),
    ]


def test_a_day_begins_at_its_first_millisecond_and_days_before_1970_are_negative():
    columns = {"start_ms": [-1, 0, DAY_MS - 1, DAY_MS], "duration_ms": [1, 2, 3, 4]}
    assert [(t.key, t.total_ms) for t in reference_totals(columns, ("day",))] == [
        ((-1,), 1),
        ((0,), 5),
        ((1,), 4),
    ]


def test_rolling_up_gives_what_grouping_coarsely_gives():
    fine = reference_totals(FOUR, ("station", "state", "day"))
    assert roll_up(fine, (1,)) == reference_totals(FOUR, ("state",))
    assert roll_up(fine, (2, 0)) == reference_totals(FOUR, ("day", "station"))


def test_mean_and_variance_are_exact_where_floats_cancel():
    """Around 1e9 ms, squares leave floats no digit for a spread of 1 ms; the true variance is 1."""
    durations = [10**9, 10**9 + 1, 10**9 + 2]
    (total,) = reference_totals({"duration_ms": durations}, ())
    assert (total.mean_ms, total.variance_ms2) == (10**9 + 1, 1)
    in_floats = sum(float(d) * d for d in durations) - float(sum(durations)) ** 2 / 3
    assert in_floats / 2 != pytest.approx(1)
    assert total.variance_ms2 == statistics.variance(durations)


def test_a_single_interval_has_no_variance():
    assert IntervalTotal((), 1, 5, 25, 5, 5).variance_ms2 is None

import numpy as np
import pytest

from productivity.sessions import IndependentUnit, SessionTimes, portion, portion_difference, sample_mean
from productivity.statistics import mean_interval


def test_sessions_of_equal_size_are_eq_2_over_their_means():
    """Session means 2, 4, 9: mean 5, s = sqrt 13, half-width 4.302653 * sqrt(13/3), t from tables."""
    result = sample_mean([1.0, 3.0, 4.0, 4.0, 8.0, 10.0], ["a", "a", "b", "b", "c", "c"])
    assert (result.unit, result.units, result.samples) == (IndependentUnit.SESSION, 3, 6)
    assert result.estimate.value == 5.0
    low, high = result.estimate.limits()
    assert (low, high) == pytest.approx((5 - 8.956687, 5 + 8.956687), abs=1e-5)
    assert (low, high) == pytest.approx((mean_interval([2, 4, 9]).low, mean_interval([2, 4, 9]).high))


@pytest.mark.parametrize("sessions", [(), ("a",) * 4], ids=["not known", "one session"])
def test_without_two_sessions_every_sample_is_a_unit(sessions):
    samples = [10.0, 12.0, 11.0, 15.0]
    result = sample_mean(samples, sessions)
    exact = mean_interval(samples)
    assert (result.unit, result.units, result.design_effect) == (IndependentUnit.SAMPLE, 4, None)
    assert result.estimate.limits() == pytest.approx((exact.low, exact.high))


def test_a_longer_session_weighs_more():
    assert sample_mean([1.0, 1.0, 1.0, 5.0], ["a", "a", "a", "b"]).estimate.value == 2.0


def test_samples_that_repeat_within_a_session_tell_as_much_as_one():
    """2, 4, 9, four times each: the mean's variance is 13/3 over sessions, 26 * 4 / 11 / 12 over samples."""
    result = sample_mean([2.0] * 4 + [4.0] * 4 + [9.0] * 4, ["a"] * 4 + ["b"] * 4 + ["c"] * 4)
    assert result.design_effect == pytest.approx(5.5)


def test_a_single_sample_has_a_mean_only():
    result = sample_mean([7.0])
    assert (result.estimate.value, result.estimate.variance) == (7.0, None)


def test_intervals_over_sessions_cover_where_intervals_over_cycles_do_not():
    """10 sessions of 20 cycles, session to session as much scatter as cycle to cycle; 1000 studies."""
    rng = np.random.default_rng(20120516)
    covered = {"sessions": 0, "cycles": 0}
    labels = [str(session) for session in range(10) for _ in range(20)]
    for _ in range(1000):
        samples = (60 + rng.normal(0, 3, (10, 1)) + rng.normal(0, 3, (10, 20))).ravel().tolist()
        for unit, given in (("sessions", labels), ("cycles", ())):
            low, high = sample_mean(samples, given).estimate.limits()
            covered[unit] += low <= 60 <= high
    assert 930 <= covered["sessions"] <= 970
    assert covered["cycles"] < 500


@pytest.mark.parametrize(
    ("samples", "sessions"),
    [([], []), ([1.0, float("nan")], []), ([1.0, 2.0], ["a"])],
    ids=["no sample", "not a number", "a sample without a session"],
)
def test_what_has_no_mean_is_refused(samples, sessions):
    with pytest.raises(ValueError, match="expected"):
        sample_mean(samples, sessions)


SHIFTS = [
    SessionTimes(100, {"assembly": 60, "waiting": 20}),
    SessionTimes(100, {"assembly": 50, "waiting": 40}),
    SessionTimes(200, {"assembly": 130}),
]


def test_a_portion_is_time_over_observed_time():
    assert portion(SHIFTS, "assembly").value == 240 / 400
    assert portion(SHIFTS, "waiting").value == 60 / 400
    assert portion(SHIFTS, "rework").value == 0.0


def test_portions_that_rise_and_fall_together_differ_by_a_sure_amount():
    """Waiting is always 30 points below assembly: the difference has no variance, each portion has."""
    shifts = [SessionTimes(100, {"assembly": a, "waiting": a - 30}) for a in (50, 60, 40)]
    difference = portion_difference(shifts, "assembly", "waiting")
    assert (difference.value, difference.variance) == (pytest.approx(0.3), pytest.approx(0.0, abs=1e-30))
    assert portion(shifts, "assembly").variance == pytest.approx(0.01 / 3)


@pytest.mark.parametrize("shifts", [[], [SessionTimes(0, {})]], ids=["none", "no time"])
def test_portions_need_observed_time(shifts):
    with pytest.raises(ValueError, match="expected at least one"):
        portion(shifts, "assembly")

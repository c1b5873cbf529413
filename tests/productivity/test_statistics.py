import math

import pytest

from productivity.statistics import mean_interval

# Student 1908, "The probable error of a mean", Biometrika 6(1), table of additional hours of sleep, the
# paired differences of ten patients; limits as printed by R's documentation of t.test(extra ~ group).
SLEEP = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]


def test_students_sleep_data_gives_the_published_limits():
    result = mean_interval(SLEEP)
    assert result.n == 10
    assert result.mean == pytest.approx(1.58)
    assert (result.low, result.high) == pytest.approx((0.7001142, 2.4598858), abs=1e-7)
    assert result.half_width == pytest.approx((2.4598858 - 0.7001142) / 2, abs=1e-7)


def test_two_samples_by_hand():
    """Samples 1 and 3: s = sqrt 2, t(0.975; 1) = 12.7062 in every table, so the half-width is 12.7062."""
    result = mean_interval([1.0, 3.0])
    assert result.mean == 2.0
    assert result.half_width == pytest.approx(12.7062, abs=1e-4)


def test_another_confidence_takes_another_quantile():
    """t(0.95; 1) = 6.3138 in every table."""
    assert mean_interval([1.0, 3.0], confidence=0.90).half_width == pytest.approx(6.3138, abs=1e-4)


def test_equal_samples_have_an_interval_of_no_width():
    result = mean_interval([4.5] * 5)
    assert (result.low, result.mean, result.high) == (4.5, 4.5, 4.5)


def test_one_sample_has_a_mean_but_no_interval():
    result = mean_interval([7.0])
    assert (result.n, result.mean) == (1, 7.0)
    assert (result.half_width, result.low, result.high) == (None, None, None)


@pytest.mark.parametrize(
    ("samples", "confidence"),
    [([], 0.95), ([1.0, math.nan], 0.95), ([1.0, math.inf], 0.95), ([1.0, 2.0], 0.0), ([1.0, 2.0], 1.0)],
    ids=["no sample", "not a number", "infinite", "confidence 0", "confidence 1"],
)
def test_what_has_no_interval_is_refused(samples, confidence):
    with pytest.raises(ValueError, match="expected"):
        mean_interval(samples, confidence)

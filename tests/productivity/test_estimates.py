import math

import numpy as np
import pytest

from productivity.estimates import Estimate, jackknife, ratio
from productivity.statistics import mean_interval

SLEEP = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]  # Student 1908; limits in test_statistics.py


def test_the_jackknife_of_a_mean_of_single_samples_is_eq_2():
    estimate = jackknife(np.array([[sample, 1.0] for sample in SLEEP]), ratio)
    exact = mean_interval(SLEEP)
    assert estimate.value == pytest.approx(exact.mean)
    assert estimate.limits() == pytest.approx((exact.low, exact.high))


def test_a_jackknife_by_hand():
    """Units (1, 1), (2, 1), (6, 2): ratio 9/4; left out one by one 8/3, 7/3, 3/2, their mean 13/6.

    Deviations 1/2, 1/6, -2/3: sum of squares 26/36; variance 2/3 * 26/36 = 13/27.
    """
    estimate = jackknife(np.array([[1.0, 1.0], [2.0, 1.0], [6.0, 2.0]]), ratio)
    assert (estimate.value, estimate.freedom) == (2.25, 2)
    assert estimate.variance == pytest.approx(13 / 27)


def test_one_unit_says_nothing_about_the_spread():
    estimate = jackknife(np.array([[3.0, 2.0]]), ratio)
    assert (estimate.value, estimate.variance, estimate.limits()) == (1.5, None, None)


def test_a_statistic_that_hangs_on_one_unit_has_no_spread():
    """Without the first unit nothing is left to divide by."""
    with np.errstate(invalid="ignore"):
        estimate = jackknife(np.array([[3.0, 2.0], [0.0, 0.0]]), ratio)
    assert (estimate.value, estimate.variance) == (1.5, None)


def test_the_difference_has_welchs_degrees_of_freedom():
    """Variances 1 and 4 with 4 and 8 degrees of freedom: 5^2 / (1/4 + 16/8) = 100/9."""
    difference = Estimate(10.0, 1.0, 4) - Estimate(7.0, 4.0, 8)
    assert (difference.value, difference.variance) == (3.0, 5.0)
    assert difference.freedom == pytest.approx(100 / 9)


def test_what_is_known_exactly_has_limits_of_no_width():
    assert (Estimate(5.0) - Estimate(3.0)).limits() == (2.0, 2.0)


def test_a_difference_to_an_unknown_spread_is_unknown():
    assert (Estimate(5.0) - Estimate(3.0, None)).limits() is None


def test_a_factor_scales_the_error_as_it_scales_the_value():
    scaled = Estimate(5.0, 4.0, 9).times(-3.0)
    assert (scaled.value, scaled.standard_error, scaled.freedom) == (-15.0, 6.0, 9)


@pytest.mark.parametrize(
    ("estimate", "probability"),
    [
        (Estimate(1.959964, 1.0), 0.025),
        (Estimate(12.7062, 1.0, 1), 0.025),
        (Estimate(-1.959964, 1.0), 0.975),
        (Estimate(7.0, None), 0.5),
        (Estimate(0.0), 0.5),
        (Estimate(1.0), 0.0),
        (Estimate(-1.0), 1.0),
    ],
    ids=["normal", "t with 1 degree", "negative", "unknown", "tie", "exact above", "exact below"],
)
def test_probability_below_zero(estimate, probability):
    assert estimate.probability_below_zero() == pytest.approx(probability, abs=1e-6)


def test_an_estimate_is_made_from_its_error():
    assert Estimate.from_error(2.0, 3.0, 5) == Estimate(2.0, 9.0, 5)
    assert Estimate.from_error(2.0, None) == Estimate(2.0, None, math.inf)

"""Bland-Altman limits of agreement against the examples of the papers."""

import numpy as np
import pytest

from productivity.agreement.limits import limits_of_agreement

# Bland & Altman 1986, table 1: peak expiratory flow rate in l/min, first readings of 17 people.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]

# Bland & Altman 1999, table 4: cardiac output by two methods, the first four people; the example of Zou 2013.
CARDIAC = [
    [7.83 - 6.57, 7.42 - 5.62, 7.89 - 6.90, 7.12 - 6.57, 7.88 - 6.35],
    [6.16 - 4.06, 7.26 - 4.29, 6.71 - 4.26, 6.54 - 4.09],
    [4.75 - 4.71, 5.24 - 5.50, 4.86 - 5.08, 4.78 - 5.02, 6.05 - 6.01, 5.42 - 5.67],
    [4.21 - 4.14, 3.61 - 4.20, 3.72 - 4.61, 3.87 - 4.68, 3.92 - 5.04],
]


def singles(values):
    return [[float(value)] for value in values]


def test_peak_flow_of_bland_and_altman_1986():
    """Printed: bias -2.1 with limits -22.0 and 17.8, deviation 38.8; limits with 2 in place of 1.96."""
    found = limits_of_agreement(singles(w - m for w, m in zip(WRIGHT, MINI, strict=True)))
    assert (found.pairs, found.clusters) == (17, 17)
    assert found.bias.value == pytest.approx(-2.1, abs=0.05)
    assert (found.bias.low, found.bias.high) == pytest.approx((-22.0, 17.8), abs=0.06)
    assert found.deviation == pytest.approx(38.8, abs=0.05)
    assert (found.lower.value, found.upper.value) == pytest.approx((-78.1, 73.9), abs=0.05)
    # Their approximate intervals of the limits are -114.3 to -45.1 and 40.9 to 110.1, symmetric; ours reach
    # further outwards and less far inwards, and hold the limits of the paper.
    assert found.lower.low < -114.3 < -79.7 < found.lower.high < -45.1
    assert 40.9 < found.upper.low < 75.5 < 110.1 < found.upper.high


def test_blood_pressure_of_bland_and_altman_1999():
    """85 pairs, bias -16.29, deviation 19.61; printed: limits -54.7 and 22.1, bias -20.5 to -12.1.

    Their intervals of the limits, -61.9 to -47.5 and 14.9 to 29.3, are as wide as ours within 0.6.
    """
    values = np.random.default_rng(1999).normal(size=85)
    differences = -16.29 + 19.61 * (values - values.mean()) / values.std(ddof=1)
    found = limits_of_agreement(singles(differences))
    assert (found.lower.value, found.upper.value) == pytest.approx((-54.7, 22.1), abs=0.05)
    assert (found.bias.low, found.bias.high) == pytest.approx((-20.5, -12.1), abs=0.05)
    assert found.lower.high - found.lower.low == pytest.approx(61.9 - 47.5, abs=0.6)
    assert found.upper.high - found.upper.low == pytest.approx(29.3 - 14.9, abs=0.6)


def test_repeated_pairs_of_zou_2013():
    """Printed: bias 0.73, limits -2.14 (-9.83 to -0.33) and 3.59 (1.77 to 11.27)."""
    found = limits_of_agreement(CARDIAC)
    assert (found.pairs, found.clusters) == (20, 4)
    assert found.bias.value == pytest.approx(0.7255, abs=5e-4)
    assert (found.lower.value, found.upper.value) == pytest.approx((-2.14, 3.59), abs=5e-3)
    assert (found.lower.low, found.lower.high) == pytest.approx((-9.83, -0.33), abs=0.011)
    assert (found.upper.low, found.upper.high) == pytest.approx((1.77, 11.27), abs=0.011)


def test_the_intervals_cover_the_true_limits_in_clusters():
    """8 sessions of 6 cycles, scatter 1 and 1.5, true limits -+ 1.96 sqrt(3.25); 1,500 studies."""
    rng = np.random.default_rng(2013)
    truth = 1.96 * 3.25**0.5
    covered = 0
    for _ in range(1500):
        study = rng.normal(0, 1, (8, 1)) + rng.normal(0, 1.5, (8, 6))
        upper = limits_of_agreement(study.tolist()).upper
        covered += upper.low <= truth <= upper.high
    assert 0.93 <= covered / 1500 <= 0.98


def test_one_cluster_has_limits_without_intervals():
    found = limits_of_agreement([[1.0, 3.0]])
    assert (found.bias.value, found.deviation) == (2.0, pytest.approx(2**0.5))
    assert found.upper.value == pytest.approx(2 + 1.96 * 2**0.5)
    assert (found.bias.low, found.upper.low) == (None, None)


def test_one_pair_has_a_bias_only():
    found = limits_of_agreement([[1.0], []])
    assert (found.bias.value, found.deviation, found.lower.value) == (1.0, None, None)


def test_no_pair_has_no_limits():
    assert limits_of_agreement([[]]) is None


def test_equal_differences_have_limits_of_no_width():
    found = limits_of_agreement([[2.0, 2.0], [2.0, 2.0], [2.0]])
    assert (found.lower.low, found.lower.value, found.upper.high) == (2.0, 2.0, 2.0)

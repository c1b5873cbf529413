import numpy as np
import pytest

from productivity.agreement.concordance import concordance
from productivity.agreement.pairs import CyclePair

SECOND = 10**9

# Cardiac output, the example of Zou 2013 without two of its pairs, as the R package SimplyAgree carries it;
# the package's manual prints CCC 0.4791. (Its interval takes 18 pairs of 4 people as independent.)
X = [
    7.83,
    7.42,
    7.89,
    7.12,
    6.16,
    7.26,
    6.71,
    4.75,
    5.24,
    4.86,
    4.78,
    6.05,
    5.42,
    4.21,
    3.61,
    3.72,
    3.87,
    3.92,
]
Y = [
    6.57,
    5.62,
    6.90,
    6.57,
    4.06,
    4.29,
    4.26,
    4.71,
    5.50,
    5.08,
    5.02,
    6.01,
    5.67,
    4.14,
    4.20,
    4.61,
    4.68,
    5.04,
]


def singles(x, y):
    return [[CyclePair(round(a * SECOND), round(b * SECOND))] for a, b in zip(x, y, strict=True)]


def test_concordance_by_hand():
    """1, 2, 3, 4 against 2, 3, 4, 5: 2 * 1.25 / (1.25 + 1.25 + 1) = 5/7, though the correlation is 1."""
    assert concordance(singles([1, 2, 3, 4], [2, 3, 4, 5])).value == pytest.approx(5 / 7)


def test_the_published_pairs_give_the_published_value():
    assert concordance(singles(X, Y)).value == pytest.approx(0.4791, abs=5e-5)


def test_the_interval_has_lins_width_for_many_independent_normal_pairs():
    """Lin 1989 with the correction of 2000: the standard error of z, for a sample of 2,000."""
    rng = np.random.default_rng(1989)
    x = rng.normal(60, 5, 2000)
    y = x + 1 + rng.normal(0, 2, 2000)
    found = concordance(singles(x, y))
    r = np.corrcoef(x, y)[0, 1]
    c = found.value
    u2 = (x.mean() - y.mean()) ** 2 / (x.std() * y.std())
    variance = (
        (1 - r**2) * c**2 / ((1 - c**2) * r**2)
        + 2 * c**3 * (1 - c) * u2 / (r * (1 - c**2) ** 2)
        - c**4 * u2**2 / (2 * r**2 * (1 - c**2) ** 2)
    ) / (2000 - 2)
    error = (np.arctanh(found.high) - np.arctanh(found.low)) / 2 / 1.961
    assert error == pytest.approx(variance**0.5, rel=0.1)


def test_the_interval_covers_the_true_value_in_clusters():
    """10 sessions of 8 cycles: true times N(60, 5), bias of the session N(0, 1), error of a cycle N(0, 1).

    True concordance 25 / (25 + 2 / 2) = 0.9615; 1,000 studies.
    """
    rng = np.random.default_rng(2002)
    covered = 0
    for _ in range(1000):
        x = rng.normal(60, 5, (10, 8))
        y = x + rng.normal(0, 1, (10, 1)) + rng.normal(0, 1, (10, 8))
        study = [
            [CyclePair(round(a * SECOND), round(b * SECOND)) for a, b in zip(*pair, strict=True)]
            for pair in zip(x, y, strict=True)
        ]
        found = concordance(study)
        covered += found.low <= 25 / 26 <= found.high
    assert covered / 1000 >= 0.93


def test_pairs_of_a_session_that_repeat_do_not_narrow_the_interval():
    once = singles(X, Y)
    many = [cluster * 10 for cluster in once]
    assert concordance(many).low == pytest.approx(concordance(once).low)


def test_perfect_agreement_is_one_with_an_interval_of_no_width():
    found = concordance(singles([10, 20, 30], [10, 20, 30]))
    assert (found.low, found.value, found.high) == pytest.approx((1.0, 1.0, 1.0))


def test_long_cycles_lose_no_digits():
    """Hours with differences of milliseconds: the same value as without the hours."""
    base = [3600 + v for v in (0.001, 0.002, 0.003, 0.004)]
    other = [3600 + v for v in (0.002, 0.003, 0.004, 0.005)]
    assert concordance(singles(base, other)).value == pytest.approx(5 / 7)


@pytest.mark.parametrize("clusters", [[], [[]], singles([3], [3])], ids=["none", "empty", "one pair"])
def test_what_has_no_concordance(clusters):
    assert concordance(clusters).value is None


def test_one_cluster_has_a_value_without_an_interval():
    found = concordance([[CyclePair(1, 2), CyclePair(2, 3), CyclePair(3, 4), CyclePair(4, 5)]])
    assert (found.value, found.low) == (pytest.approx(5 / 7), None)

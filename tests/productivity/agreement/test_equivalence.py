import math

import numpy as np
import pytest
from scipy import stats

from productivity.agreement.equivalence import equivalence
from productivity.agreement.pairs import CyclePair


def clusters_with_ratios(*ratios):
    """Return one cluster for each ratio, of two cycles of which the sums have this ratio."""
    base = 10**12
    return [[CyclePair(base, round(base * ratio)), CyclePair(base, round(base * ratio))] for ratio in ratios]


def test_tost_by_hand():
    """Log ratios 0.01, -0.01, 0.02, 0.00: mean 0.005, s = 0.012910, standard error 0.006455.

    t = (0.005 - log 0.95) / 0.006455 = 8.721 and (log 1.05 - 0.005) / 0.006455 = 6.784; the smaller one
    decides: p = P(t_3 > 6.784) = 0.00327. The 90 % interval is exp(0.005 -+ 2.3534 * 0.006455).
    """
    found = equivalence(clusters_with_ratios(*map(math.exp, (0.01, -0.01, 0.02, 0.0))))
    assert (found.clusters, found.margin, found.shown) == (4, 0.05, True)
    assert found.p == pytest.approx(stats.t.sf(6.784, 3), rel=1e-3)
    assert found.p == pytest.approx(0.00327, abs=2e-5)
    assert found.ratio.value == pytest.approx(math.exp(0.005))
    assert (found.ratio.low, found.ratio.high) == pytest.approx(
        (math.exp(0.005 - 2.3534 * 0.006455), math.exp(0.005 + 2.3534 * 0.006455)), abs=1e-6
    )


def test_tost_agrees_with_two_t_tests_of_scipy():
    ratios = [1.03, 0.97, 1.04, 1.01, 0.99, 1.06]
    logs = np.log(ratios)
    low = stats.ttest_1samp(logs, math.log(0.9), alternative="greater").pvalue
    high = stats.ttest_1samp(logs, math.log(1.1), alternative="less").pvalue
    assert equivalence(clusters_with_ratios(*ratios), margin=0.1).p == pytest.approx(max(low, high), rel=1e-6)


def test_tost_agrees_with_statsmodels():
    weightstats = pytest.importorskip(
        "statsmodels.stats.weightstats", reason="statsmodels is a test reference"
    )
    ratios = [1.03, 0.97, 1.04, 1.01, 0.99, 1.06]
    reference = weightstats.DescrStatsW(np.log(ratios)).ttost_mean(math.log(0.95), math.log(1.05))[0]
    assert equivalence(clusters_with_ratios(*ratios)).p == pytest.approx(reference, rel=1e-6)


@pytest.mark.parametrize(
    "ratios",
    [(1.20, 1.21, 1.19), (1.10, 0.90, 1.30, 0.75), (1.0,), (0.0, 1.0)],
    ids=["20 % too long", "scattered", "one cluster", "nothing measured"],
)
def test_equivalence_is_not_shown_by(ratios):
    assert not equivalence(clusters_with_ratios(*ratios)).shown


def test_one_cluster_has_a_ratio_but_neither_interval_nor_p():
    found = equivalence(clusters_with_ratios(1.02))
    assert (found.ratio.value, found.ratio.low, found.p) == (pytest.approx(1.02), None, None)


def test_perfect_agreement_of_several_clusters_is_equivalent():
    found = equivalence(clusters_with_ratios(1.0, 1.0, 1.0))
    assert (found.p, found.shown) == (0.0, True)


def test_a_long_session_weighs_no_more_than_a_short_one():
    """One cycle at ratio 1.2 and nine at 1.0: the geometric mean of 1.2 and 1.0, not of ten cycles."""
    clusters = [[CyclePair(100, 120)], [CyclePair(100, 100)] * 9]
    assert equivalence(clusters).ratio.value == pytest.approx(1.2**0.5)


def test_no_cycle_no_test():
    assert equivalence([[], []]) is None


def test_a_system_at_the_margin_is_called_equivalent_at_most_at_the_nominal_rate():
    """True ratio 1.05, 6 sessions, 4,000 studies: the type I error is at most 5 % (and 2 standard errors)."""
    rng = np.random.default_rng(1987)
    shown = sum(
        equivalence(clusters_with_ratios(*np.exp(rng.normal(math.log(1.05), 0.02, 6)))).shown
        for _ in range(4000)
    )
    assert 0.04 <= shown / 4000 <= 0.057


@pytest.mark.parametrize(("margin", "error"), [(0.0, 0.05), (1.0, 0.05), (0.05, 0.5)])
def test_margins_that_mean_nothing_are_refused(margin, error):
    with pytest.raises(ValueError, match="expected a margin"):
        equivalence([], margin, error)

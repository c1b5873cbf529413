import pytest
from scipy import stats

from productivity.contrast import contrast, contrast_per_piece, contrast_portions, fieller
from productivity.estimates import Estimate
from productivity.evaluation import Evaluation, StateTime
from productivity.levels import Level
from productivity.records import RecordingMode
from productivity.sessions import sample_mean
from productivity.states import StateCategory

# Student 1908: additional hours of sleep with two drugs, ten patients each; R documents for
# t.test(extra ~ group): t = -1.8608, df = 17.776, 95 % interval -3.3654832 to 0.2054832.
DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_the_sleep_data_give_the_published_welch_interval():
    before, after = sample_mean(DRUG_2).estimate, sample_mean(DRUG_1).estimate
    result = contrast(before, after)
    assert result.difference == pytest.approx(-1.58)
    assert (result.low, result.high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-7)
    assert (after - before).freedom == pytest.approx(17.776, abs=1e-3)
    assert not result.is_certain


def test_welch_agrees_with_scipy_on_samples_of_unequal_size():
    reference = stats.ttest_ind(DRUG_1[:6], DRUG_2, equal_var=False).confidence_interval(0.9)
    result = contrast(sample_mean(DRUG_2).estimate, sample_mean(DRUG_1[:6]).estimate, 0.9)
    assert (result.low, result.high) == pytest.approx((reference.low, reference.high))


def test_fieller_by_hand():
    """10 -+ 1 over 5 -+ 0.5 with t = 2: g = 4 * 0.25 / 25 = 0.04; (2 -+ 0.4 * 1.4) / 0.96 = 1.5 and 8/3."""
    confidence = 2 * stats.norm.cdf(2.0) - 1
    limits = fieller(Estimate(10.0, 1.0), Estimate(5.0, 0.25), confidence)
    assert limits == pytest.approx((1.5, 8 / 3))


@pytest.mark.parametrize("ratio", [0, 1])
def test_fiellers_limits_are_the_ratios_that_cannot_be_told_from_the_truth(ratio):
    """At each limit r, above - r * below is exactly t standard errors from 0."""
    above, below = Estimate(-7.0, 0.8), Estimate(4.0, 0.3)
    limit = fieller(above, below)[ratio]
    assert abs(above.value - limit * below.value) / (0.8 + limit**2 * 0.3) ** 0.5 == pytest.approx(1.959964)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (Estimate(1.0, 1.0), Estimate(1.0, 1.0)),
        (Estimate(1.0, None), Estimate(9.0, 1.0)),
        (Estimate(1.0, 1.0), Estimate(9.0, None)),
        (Estimate(1.0, 1.0), Estimate(0.0)),
    ],
    ids=["divisor near 0", "unknown above", "unknown below", "division by 0"],
)
def test_a_ratio_without_limits(above, below):
    assert fieller(above, below) is None


def test_an_exact_ratio_has_limits_of_no_width():
    assert fieller(Estimate(6.0), Estimate(4.0)) == (1.5, 1.5)


def evaluation(period, pieces, **hours):
    states = tuple(
        StateTime(name, StateCategory.CYCLE_BOUND, True, (RecordingMode.RTS,), total, None, None, error, 3.0)
        for name, (total, error) in hours.items()
    )
    return Evaluation("cell", Level.CELL, period, 1000, states, 0, pieces=pieces)


MARCH = evaluation("2026-03", 100, assembly=(500, 20.0), waiting=(100, 0.0))
APRIL = evaluation("2026-04", 120, assembly=(400, 15.0), rework=(50, None))


def test_portions_of_two_periods_by_hand():
    """0.5 -+ 0.020 and 0.4 -+ 0.015, 3 degrees of freedom each: standard error 0.025, and Welch's 5.56 df."""
    result = contrast_portions(MARCH, APRIL)
    assert list(result) == ["assembly", "waiting", "rework"]
    t = stats.t.ppf(0.975, 0.025**4 / (0.02**4 / 3 + 0.015**4 / 3))
    assembly = result["assembly"]
    assert (assembly.low, assembly.high) == pytest.approx((-0.1 - t * 0.025, -0.1 + t * 0.025))
    assert assembly.is_certain
    assert assembly.ratio_low < 0.8 < assembly.ratio_high


def test_a_state_that_one_period_lacks_took_none_of_its_time():
    waiting = contrast_portions(MARCH, APRIL)["waiting"]
    assert (waiting.before, waiting.after, waiting.low, waiting.high) == (0.1, 0.0, -0.1, -0.1)
    assert waiting.is_certain


def test_a_difference_to_an_unknown_spread_is_not_certain():
    rework = contrast_portions(MARCH, APRIL)["rework"]
    assert (rework.difference, rework.low, rework.is_certain) == (0.05, None, False)


def test_times_per_piece_divide_by_output():
    assembly = contrast_per_piece(MARCH, APRIL)["assembly"]
    assert (assembly.before, assembly.after) == pytest.approx((5.0, 400 / 120))


def test_what_cannot_be_compared_is_refused():
    unpaid = Evaluation("cell", Level.CELL, "2026-05", 0, (), 0)
    with pytest.raises(ValueError, match="expected paid time in cell 2026-05"):
        contrast_portions(MARCH, unpaid)
    with pytest.raises(ValueError, match="expected pieces in cell 2026-05"):
        contrast_per_piece(unpaid, MARCH)

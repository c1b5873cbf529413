from fractions import Fraction

import numpy as np
import pytest

from productivity.counts import Counts
from productivity.horizontal import exact_mean, extrapolate
from productivity.records import RecordingMode, Sampled, Unit
from productivity.sessions import IndependentUnit


def samples(*durations, variant="", sessions=()):
    return Sampled("bench", "screwing", RecordingMode.RTS, durations, sessions, variant)


def counts(others=0, **by_variant):
    return Counts("bench", Unit.PIECE, by_variant, others)


def test_mean_times_output():
    """Eq. (3): 10, 12, 14, 16 have mean 13, times 100 pieces; s = 2.58199, SE = 100 s / 2 = 129.0994."""
    result = extrapolate([samples(10, 12, 14, 16)], counts(100))
    assert result.total.duration_ns == 1300
    assert result.total.standard_error_ns == pytest.approx(129.0994, abs=1e-4)
    assert (result.total.freedom, result.estimated, result.estimated_ns) == (3, (), 0)
    assert result.unit is IndependentUnit.SAMPLE


def test_a_sheet_in_pieces_is_one_sample():
    assert exact_mean([samples(10, 12), samples(14, 16)]) == exact_mean([samples(10, 12, 14, 16)])


def test_sessions_are_the_independent_units():
    """Session means 11 and 15, half their difference is 2 = SE of the mean 13, with 1 degree of freedom."""
    mean = exact_mean([samples(10, 12, 14, 16, sessions=("a", "a", "b", "b"))])
    assert (mean.mean, mean.freedom, mean.unit) == (Fraction(13), 1, IndependentUnit.SESSION)
    assert mean.variance == pytest.approx(4)


def test_sessions_count_only_when_all_samples_name_theirs():
    mean = exact_mean([samples(10, 12, sessions=("a", "b")), samples(14, 16)])
    assert (mean.unit, mean.freedom) == (IndependentUnit.SAMPLE, 3)


def test_each_variant_has_its_own_mean():
    """Eq. (4) over variants: 10 * 60 + 20 * 40, variances 4 * 60^2 + 4 * 40^2."""
    result = extrapolate([samples(8, 12, variant="A"), samples(18, 22, variant="B")], counts(A=60, B=40))
    assert result.total.duration_ns == 1400
    assert result.total.variance == pytest.approx(4 * 60**2 + 4 * 40**2)
    assert result.estimated == ()


def test_an_unrecorded_variant_is_estimated_from_the_recorded_ones():
    """C: 50 * (600 + 800) / 100 = 700; variance worked by hand.

    Sampling: (60 + 50 * 0.6)^2 * 4 + (40 + 50 * 0.4)^2 * 4 = 46 800. Between variants: s^2 of 10 and 20 is
    50, times 50^2 + 50^2 * (0.36 + 0.16) = 3800: 190 000.
    """
    result = extrapolate(
        [samples(8, 12, variant="A"), samples(18, 22, variant="B")], counts(A=60, B=40, C=50)
    )
    assert (result.total.duration_ns, result.estimated_ns, result.estimated) == (2100, 700, ("C",))
    assert result.total.variance == pytest.approx(46_800 + 190_000)
    assert result.total.freedom == pytest.approx(236_800**2 / (32_400**2 + 14_400**2 + 190_000**2))


def test_samples_for_all_variants_need_no_estimate():
    result = extrapolate([samples(8, 12), samples(18, 22, variant="B")], counts(5, A=60, B=40))
    assert (result.total.duration_ns, result.estimated) == (10 * 65 + 20 * 40, ())


def test_output_without_variants_is_estimated_from_all_variants_equally():
    result = extrapolate([samples(8, 12, variant="A"), samples(18, 22, variant="B")], counts(100))
    assert (result.total.duration_ns, result.estimated_ns) == (1500, 1500)
    assert result.estimated == ("",)


def test_one_recorded_variant_tells_nothing_about_the_others():
    """The time can be estimated, but not how far it can be trusted."""
    result = extrapolate([samples(8, 12, variant="A")], counts(A=60, C=40))
    assert (result.total.duration_ns, result.total.variance) == (1000, None)


def test_a_variant_that_was_not_made_needs_no_samples():
    result = extrapolate([samples(8, 12, variant="A")], counts(A=60, C=0))
    assert (result.total.duration_ns, result.estimated) == (600, ())
    assert result.total.variance == pytest.approx(4 * 60**2)


def test_nothing_made_takes_no_time():
    assert extrapolate([samples(8, 12, variant="A")], counts(A=0)).total.duration_ns == 0


def test_what_occurs_per_shift_belongs_to_no_variant():
    shifts = Counts("bench", Unit.SHIFT, {}, 10)
    result = extrapolate([samples(8, variant="A"), samples(12, variant="B")], shifts)
    assert (result.total.duration_ns, result.estimated, result.total.freedom) == (100, (), 1)


def test_a_single_sample_has_no_limits():
    assert extrapolate([samples(7)], counts(3)).total.variance is None


def test_only_the_total_is_rounded():
    """A third of a nanosecond per piece is 1 ns in three pieces, not 0."""
    assert extrapolate([samples(0, 0, 1)], counts(3)).total.duration_ns == 1


def test_limits_hold_an_unrecorded_variant():
    """Simulated: variants' true means vary (sd 20), samples around them too (sd 30); 95 % limits hold it.

    Six variants are recorded with four samples each, two are not. At least 93 % of 800 studies.
    """
    rng = np.random.default_rng(20)
    output = dict(zip("ABCDEFGH", (90, 70, 60, 50, 40, 40, 60, 40), strict=True))
    held = 0
    for _ in range(800):
        means = dict(zip(output, rng.normal(1000, 20, 8), strict=True))
        study = [
            samples(*rng.normal(means[v], 30, 4).round().astype(int).tolist(), variant=v) for v in "ABCDEF"
        ]
        low, high = extrapolate(study, counts(**output)).total.limits(0.95)
        held += low <= sum(output[v] * means[v] for v in output) <= high
    assert held / 800 >= 0.93

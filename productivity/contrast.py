"""Two periods or two lines: how far they differ, with intervals of the difference and of the ratio.

Both sides are taken as independent. Where two periods share samples (an unchanged station is studied once),
the intervals are wider than they need be, never too narrow.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from productivity.estimates import Estimate, quantile
from productivity.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class Contrast:
    """One figure in two periods or lines. `low` and `high` are the limits of `difference` = after - before.

    `ratio_low` and `ratio_high` are the limits of after / before. Limits are None without a known spread,
    those of the ratio also where `before` cannot be told from 0.
    """

    before: float
    after: float
    low: float | None
    high: float | None
    ratio_low: float | None
    ratio_high: float | None

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def is_certain(self) -> bool:
        """Whether the limits of the difference exclude 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def contrast(before: Estimate, after: Estimate, confidence: float = 0.95) -> Contrast:
    """Compare two independent estimates.

    Difference: Welch's interval (Welch 1947), degrees of freedom after Satterthwaite. Ratio: Fieller (1954).
    """
    low, high = (after - before).limits(confidence) or (None, None)
    ratio = fieller(after, before, confidence) or (None, None)
    return Contrast(before.value, after.value, low, high, *ratio)


def fieller(above: Estimate, below: Estimate, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return the limits of above / below, both independent (Fieller 1954, J. R. Stat. Soc. B 16).

    They are the ratios r for which above - r * below cannot be told from 0, so they need not be symmetric.
    None where they are not an interval: `below` cannot be told from 0, or a spread is not known. The degrees
    of freedom are those of above - R * below at the estimated ratio R.
    """
    if above.variance is None or below.variance is None or below.value == 0:
        return None
    ratio = above.value / below.value
    t = quantile((above - below.times(ratio)).freedom, (1 + confidence) / 2)
    g = t**2 * below.variance / below.value**2
    if g >= 1:
        return None
    inside = above.variance + ratio**2 * below.variance - g * above.variance
    half_width = t / abs(below.value) * math.sqrt(max(0.0, inside))
    return (ratio - half_width) / (1 - g), (ratio + half_width) / (1 - g)


def contrast_portions(
    before: Evaluation, after: Evaluation, confidence: float = 0.95
) -> Mapping[str, Contrast]:
    """Compare the state portions, eq. (7), of two evaluations; paid time is known exactly.

    States come by falling portion of `before`, then those that only `after` has; a state that an evaluation
    lacks took none of its time. Requires paid time in both; raises ValueError otherwise.
    """
    portions = [_portions(before), _portions(after)]
    nothing = Estimate(0.0)
    return {
        state: contrast(portions[0].get(state, nothing), portions[1].get(state, nothing), confidence)
        for state in portions[0] | portions[1]
    }


def contrast_per_piece(
    before: Evaluation, after: Evaluation, confidence: float = 0.95
) -> Mapping[str, Contrast]:
    """Compare the time per piece in each state, in ns; output is known exactly. Order as for portions.

    Requires pieces in both; raises ValueError otherwise.
    """
    times = [_per_piece(before), _per_piece(after)]
    nothing = Estimate(0.0)
    return {
        state: contrast(times[0].get(state, nothing), times[1].get(state, nothing), confidence)
        for state in times[0] | times[1]
    }


def _portions(evaluation: Evaluation) -> dict[str, Estimate]:
    if evaluation.paid_ns <= 0:
        msg = f"contrast: expected paid time in {evaluation.system} {evaluation.period}"
        raise ValueError(msg)
    return _divided(evaluation, evaluation.paid_ns)


def _per_piece(evaluation: Evaluation) -> dict[str, Estimate]:
    if not evaluation.pieces:
        msg = f"contrast: expected pieces in {evaluation.system} {evaluation.period}"
        raise ValueError(msg)
    return _divided(evaluation, evaluation.pieces)


def _divided(evaluation: Evaluation, divisor: int) -> dict[str, Estimate]:
    return {
        one.state: Estimate.from_error(one.total_ns, one.standard_error_ns, one.freedom).times(1 / divisor)
        for one in evaluation.states
    }

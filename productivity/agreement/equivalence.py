"""Equivalence of mean cycle times: two one-sided tests (TOST) on the log scale.

Schuirmann 1987 (J. Pharmacokinet. Biopharm. 15:657); ASTM E2935. Equivalence must be shown: few or scattered
data show nothing, where a test for a difference would call them equal.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from productivity.agreement.interval import Interval
from productivity.agreement.pairs import CyclePair
from productivity.estimates import Estimate
from productivity.sessions import sample_mean


@dataclass(frozen=True, slots=True)
class Equivalence:
    """The ratio measured / manual of mean cycle times, a geometric mean over clusters.

    `ratio` has the interval at confidence 1 - 2 * error probability: equivalence is shown exactly if it lies
    within 1 -+ `margin`. `p` is the larger of the two one-sided p-values; None with fewer than two clusters.
    """

    clusters: int
    margin: float
    ratio: Interval
    p: float | None
    shown: bool


def equivalence(
    clusters: Sequence[Sequence[CyclePair]], margin: float = 0.05, error_probability: float = 0.05
) -> Equivalence | None:
    """Test whether mean cycle times differ by less than the margin; None without any pair of cycles.

    Each cluster gives one value, log(mean measured / mean manual), and these are independent. Requires
    0 < margin < 1 and 0 < error_probability < 0.5; raises ValueError otherwise.
    """
    if not 0 < margin < 1 or not 0 < error_probability < 0.5:
        msg = f"equivalence: expected a margin in (0, 1) and an error in (0, 0.5), found {margin}"
        raise ValueError(f"{msg} and {error_probability}")
    sums = [
        (sum(pair.measured_ns for pair in cluster), sum(pair.manual_ns for pair in cluster))
        for cluster in clusters
        if cluster
    ]
    if not sums:
        return None
    if any(measured <= 0 for measured, _ in sums):
        return Equivalence(len(sums), margin, Interval(0.0), None, shown=False)
    mean = sample_mean([math.log(measured / manual) for measured, manual in sums]).estimate
    limits = mean.limits(1 - 2 * error_probability)
    if limits is None:
        return Equivalence(1, margin, Interval(math.exp(mean.value)), None, shown=False)
    too_short = mean - Estimate(math.log(1 - margin))
    too_long = Estimate(math.log(1 + margin)) - mean
    p = max(too_short.probability_below_zero(), too_long.probability_below_zero())
    ratio = Interval(math.exp(mean.value), *map(math.exp, limits))
    return Equivalence(len(sums), margin, ratio, p, shown=p < error_probability)

"""A statistic of agreement with its confidence limits."""

import math
from dataclasses import dataclass

from productivity.estimates import Estimate


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its limits.

    The value is None where the data do not define it, the limits also with too few clusters to know a spread.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


def interval(
    estimate: Estimate, confidence: float, least: float = -math.inf, greatest: float = math.inf
) -> Interval:
    """Return an estimate's two-sided interval, cut to the values that the statistic can have."""
    if not math.isfinite(estimate.value):
        return Interval(None)
    low, high = estimate.limits(confidence) or (None, None)
    if low is None or high is None:
        return Interval(estimate.value)
    return Interval(estimate.value, max(least, low), min(greatest, high))

"""A total that knows how far it can be trusted, and how such totals add up."""

import math
from dataclasses import dataclass

from productivity.estimates import quantile


@dataclass(frozen=True, slots=True)
class Total:
    """Whole nanoseconds with the variance of their estimate in ns^2, and its degrees of freedom.

    Documented time has no variance. `variance` is None when nothing is known about the spread.
    """

    duration_ns: int
    variance: float | None = 0.0
    freedom: float = math.inf

    def __add__(self, other: "Total") -> "Total":
        """Return the sum of two totals whose estimates are independent of each other."""
        variance, freedom = add_variances((self.variance, self.freedom), (other.variance, other.freedom))
        return Total(self.duration_ns + other.duration_ns, variance, freedom)

    @property
    def standard_error_ns(self) -> float | None:
        """The standard error of the total in ns; None when it is not known."""
        return None if self.variance is None else math.sqrt(self.variance)

    def limits(self, confidence: float) -> tuple[int, int] | tuple[None, None]:
        """Return the two-sided limits, T -+ t * SE as in eq. (2), rounded outwards; never below 0 ns."""
        if self.variance is None:
            return None, None
        if self.variance == 0.0:
            return self.duration_ns, self.duration_ns
        half_width = quantile(self.freedom, (1 + confidence) / 2) * math.sqrt(self.variance)
        low = max(0, self.duration_ns - math.ceil(half_width))
        return low, self.duration_ns + math.ceil(half_width)


def add_variances(*parts: tuple[float | None, float]) -> tuple[float | None, float]:
    """Return the variance of a sum of independent estimates and its effective degrees of freedom.

    Parts are (variance, degrees of freedom). Welch (1947) and Satterthwaite (1946):
    freedom = (sum v)^2 / sum(v^2 / f). One part of unknown variance makes the sum's unknown.
    """
    known = [(variance, freedom) for variance, freedom in parts if variance is not None]
    if len(known) < len(parts):
        return None, math.inf
    variance = math.fsum(v for v, _ in known)
    spread = math.fsum(v * v / f for v, f in known)
    return variance, variance * variance / spread if spread else math.inf

"""An estimate and how far it can be trusted; the variance of anything that is computed from totals."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit  # type: ignore[import-untyped]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, the variance of its estimate in squared units of the value, and the degrees of freedom.

    What was counted and not sampled has no variance. `variance` is None when nothing is known about the
    spread: a single sample, a single session.
    """

    value: float
    variance: float | None = 0.0
    freedom: float = math.inf

    @classmethod
    def from_error(cls, value: float, standard_error: float | None, freedom: float = math.inf) -> "Estimate":
        """Return the estimate with a standard error instead of a variance."""
        return cls(value, None if standard_error is None else standard_error**2, freedom)

    @property
    def standard_error(self) -> float | None:
        """The square root of the variance; None when it is not known."""
        return None if self.variance is None else math.sqrt(self.variance)

    def limits(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Return the two-sided limits, value -+ t * standard error as in eq. (2); None without a spread."""
        if self.variance is None:
            return None
        half_width = quantile(self.freedom, (1 + confidence) / 2) * math.sqrt(self.variance)
        return self.value - half_width, self.value + half_width

    def times(self, factor: float) -> "Estimate":
        """Return the estimate of `factor` times this one; the factor is known exactly."""
        variance = None if self.variance is None else self.variance * factor**2
        return Estimate(self.value * factor, variance, self.freedom)

    def __sub__(self, other: "Estimate") -> "Estimate":
        """Return the difference of two independent estimates.

        Degrees of freedom after Welch (1947) and Satterthwaite (1946): v^2 / sum(v_i^2 / f_i).
        """
        value = self.value - other.value
        if self.variance is None or other.variance is None:
            return Estimate(value, None)
        variance = self.variance + other.variance
        spread = self.variance**2 / self.freedom + other.variance**2 / other.freedom
        return Estimate(value, variance, variance**2 / spread if spread else math.inf)

    def probability_below_zero(self) -> float:
        """Return the one-sided p-value of "the true value is 0 or less"; 1/2 when nothing is known."""
        if self.variance is None or (self.variance == 0 and self.value == 0):
            return 0.5
        if self.variance == 0:
            return 0.0 if self.value > 0 else 1.0
        t = -self.value / math.sqrt(self.variance)
        return float(ndtr(t) if math.isinf(self.freedom) else stdtr(self.freedom, t))


def quantile(freedom: float, probability: float) -> float:
    """Return the quantile of Student's t distribution; of the normal one for infinite freedom."""
    return float(ndtri(probability) if math.isinf(freedom) else stdtrit(freedom, probability))


def ratio(sums: Floats) -> Floats:
    """Return the first sum over the second, a statistic for `jackknife`: a mean, a portion."""
    return np.asarray(sums[:, 0] / sums[:, 1])


def jackknife(totals: Floats, statistic: Callable[[Floats], Floats]) -> Estimate:
    """Estimate `statistic(sum of all units)` with the variance over independent units.

    `totals` is (k, p): what each of k independent units (sessions, shifts, stations) contributes to p sums.
    `statistic` maps sums (m, p) to values (m,); NaN where a value does not exist. Each unit is left out
    once, so that whatever correlation there is inside a unit is in the variance (delete-one-group
    jackknife: Efron & Tibshirani 1993, chapter 11; with k - 1 degrees of freedom it stays on the safe
    side for few clusters: MacKinnon, Nielsen & Webb 2023, J. Appl. Econometrics 38(5)). For the mean of
    units of one sample each it is exactly eq. (2).

    The variance is None with a single unit, and where the statistic hangs on one unit alone.
    Requires at least one unit.
    """
    units = len(totals)
    everything = totals.sum(axis=0)
    value = float(statistic(everything[np.newaxis])[0])
    if units < 2:
        return Estimate(value, None)
    without_one = statistic(everything - totals)
    if not np.isfinite(without_one).all():
        return Estimate(value, None)
    deviations = without_one - without_one.mean()
    return Estimate(value, (units - 1) / units * math.fsum(deviations**2), units - 1)

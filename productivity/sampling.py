"""How much must be recorded: sample sizes for a wanted half-width of the confidence interval."""

import math

from scipy.special import ndtri  # type: ignore[import-untyped]

from productivity.estimates import quantile
from productivity.sessions import SampleMean


def units_for_mean(deviation: float, half_width: float, confidence: float = 0.95) -> int:
    """Return the least n >= 2 of independent units with t * s / sqrt(n) <= half_width, from eq. (2).

    `deviation` is the standard deviation s between units (samples, or session means), taken as known, for
    example from an earlier study. Raises ValueError unless half_width > 0 and deviation >= 0.
    """
    _require_half_width(half_width)
    if not 0 <= deviation < math.inf:
        msg = f"units_for_mean: expected a finite deviation of 0 or more, found {deviation}"
        raise ValueError(msg)
    # t exceeds the normal quantile, so the answer is never below this; from here it is a few steps up.
    n = max(2, math.ceil((float(ndtri((1 + confidence) / 2)) * deviation / half_width) ** 2))
    while quantile(n - 1, (1 + confidence) / 2) * deviation / math.sqrt(n) > half_width:
        n += 1
    return n


def units_after_pilot(pilot: SampleMean, half_width: float, confidence: float = 0.95) -> int | None:
    """Return how many units are needed in all, the pilot's included; None without a known spread.

    Stein (1945), "A two-sample test for a linear hypothesis whose power is independent of the variance":
    n = max(n_pilot, (t * s / half_width)^2 rounded up), t and s from the pilot alone. Other than with a
    plan that takes s as known, the interval mean -+ half_width then covers the true mean at least as often
    as it says. The units are the pilot's: sessions, if it has several.
    """
    _require_half_width(half_width)
    if pilot.estimate.variance is None:
        return None
    # The variance of the mean times n is the variance between units; sessions may differ in size.
    deviation = math.sqrt(pilot.estimate.variance * pilot.units)
    t = quantile(pilot.estimate.freedom, (1 + confidence) / 2)
    return max(pilot.units, math.ceil((t * deviation / half_width) ** 2))


def observations_for_portion(portion: float, accuracy: float, confidence: float = 0.95) -> int:
    """Return n = k^2 * p * (1 - p) / f^2, the observations of a work sampling study (REFA).

    `portion` p and absolute `accuracy` f are fractions of 1: f = 0.025 is 2.5 percentage points. With
    p = 1/2 the plan suffices for any portion. The observations must be independent: instants drawn at
    random, not consecutive seconds. Raises ValueError unless 0 <= p <= 1 and f > 0.
    """
    _require_half_width(accuracy)
    _require_portion(portion)
    k = float(ndtri((1 + confidence) / 2))
    return math.ceil(k**2 * portion * (1 - portion) / accuracy**2)


def accuracy_of_portion(portion: float, observations: int, confidence: float = 0.95) -> float:
    """Return f = k * sqrt(p * (1 - p) / n), the absolute accuracy that n observations give."""
    _require_portion(portion)
    if observations < 1:
        msg = f"accuracy_of_portion: expected at least one observation, found {observations}"
        raise ValueError(msg)
    return float(ndtri((1 + confidence) / 2)) * math.sqrt(portion * (1 - portion) / observations)


def _require_half_width(half_width: float) -> None:
    if not 0 < half_width < math.inf:
        msg = f"sample size: expected a finite half-width above 0, found {half_width}"
        raise ValueError(msg)


def _require_portion(portion: float) -> None:
    if not 0 <= portion <= 1:
        msg = f"sample size: expected a portion between 0 and 1, found {portion}"
        raise ValueError(msg)

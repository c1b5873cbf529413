"""The mean of a small sample and how far it can be trusted (eq. 2 of the method)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtrit  # type: ignore[import-untyped]


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """The mean of `n` samples and its two-sided confidence interval [low, high].

    Values carry the unit of the samples. One sample says nothing about its spread: with n = 1 the three
    values of the interval are None.
    """

    n: int
    mean: float
    half_width: float | None
    low: float | None
    high: float | None


def mean_interval(samples: Sequence[float], confidence: float = 0.95) -> MeanInterval:
    """Return the mean with its t-interval, eq. (2): mean -+ t * s / sqrt(n), n - 1 degrees of freedom.

    The samples are taken as independent; consecutive cycles of one shift are correlated, so the interval
    is a lower bound of the true uncertainty. Requires at least one finite sample and 0 < confidence < 1;
    raises ValueError otherwise.
    """
    n = len(samples)
    if n == 0 or not all(map(math.isfinite, samples)):
        msg = f"mean_interval: expected at least one sample, all finite, found {n} samples"
        raise ValueError(msg)
    if not 0 < confidence < 1:
        msg = f"mean_interval: expected a confidence between 0 and 1, found {confidence}"
        raise ValueError(msg)
    mean = math.fsum(samples) / n
    if n == 1:
        return MeanInterval(n, mean, None, None, None)
    deviation = math.sqrt(math.fsum((sample - mean) ** 2 for sample in samples) / (n - 1))
    t = float(stdtrit(n - 1, (1 + confidence) / 2))
    half_width = t * deviation / math.sqrt(n)
    return MeanInterval(n, mean, half_width, mean - half_width, mean + half_width)

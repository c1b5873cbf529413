"""Bland-Altman limits of agreement: between them lie 95 % of the differences of two measurements.

Bland & Altman 1986 (Lancet 1:307) and 1999 (Stat. Methods Med. Res. 8:135) for independent pairs; several
pairs for each cluster, with intervals of the limits, after Zou 2013 (Stat. Methods Med. Res. 22:630, "true
value varies"). One pair for each cluster gives the limits of 1986. The intervals of the limits are Zou's
also then: wider outwards than inwards, as a standard deviation's are, where the 1999 ones are symmetric.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, harmonic_mean, variance

from scipy.special import chdtri, ndtri  # type: ignore[import-untyped]

from productivity.agreement.interval import Interval
from productivity.estimates import quantile

SPREAD = 1.96
"""Standard deviations on either side of the bias that hold 95 % of normal differences."""


@dataclass(frozen=True, slots=True)
class LimitsOfAgreement:
    """Bias (mean of measured - manual), `deviation` of single differences, limits bias -+ 1.96 deviation.

    In the unit of the differences. Without two pairs there is no deviation, without two clusters no
    interval: both are None.
    """

    pairs: int
    clusters: int
    deviation: float | None
    bias: Interval
    lower: Interval
    upper: Interval


def limits_of_agreement(
    clusters: Sequence[Sequence[float]], confidence: float = 0.95
) -> LimitsOfAgreement | None:
    """Return the limits for the differences measured - manual of each cluster; None without any pair.

    Every cluster weighs the same, however many pairs it has.
    """
    filled = [cluster for cluster in clusters if cluster]
    n, pairs = len(filled), sum(map(len, filled))
    if n == 0:
        return None
    if n == 1:
        return _of_one_cluster(filled[0])
    means = [fmean(cluster) for cluster in filled]
    bias, between = fmean(means), variance(means)
    residuals = (value - mean for cluster, mean in zip(filled, means, strict=True) for value in cluster)
    within = math.fsum(r * r for r in residuals) / (pairs - n) if pairs > n else 0.0
    # The variance of cluster means holds a part of the variance within clusters; this is the rest of it.
    rest = (1 - 1 / harmonic_mean(list(map(len, filled)))) * within
    total = between + rest
    deviation = math.sqrt(total)
    inwards, outwards = _margins(between, n, rest, pairs, confidence)
    half_width = quantile(n - 1, (1 + confidence) / 2) * math.sqrt(between / n)
    lower, upper = bias - SPREAD * deviation, bias + SPREAD * deviation
    return LimitsOfAgreement(
        pairs,
        n,
        deviation,
        Interval(bias, bias - half_width, bias + half_width),
        Interval(lower, lower - outwards, lower + inwards),
        Interval(upper, upper - inwards, upper + outwards),
    )


def _margins(between: float, n: int, rest: float, pairs: int, confidence: float) -> tuple[float, float]:
    """Return how far the interval of a limit reaches towards the bias and away from it (Zou 2013).

    MOVER: the margins of independent parts (bias, variances between and within) add up as squares.
    """
    total = between + rest
    small, large = (1 - confidence) / 2, (1 + confidence) / 2

    def margin(probability: float) -> float:
        """How far a bound of the total variance lies from it."""
        parts = [between * ((n - 1) / _chi2(probability, n - 1) - 1)]
        if pairs > n:
            parts.append(rest * ((pairs - n) / _chi2(probability, pairs - n) - 1))
        return math.hypot(*parts)

    least, greatest = math.sqrt(max(0.0, total - margin(large))), math.sqrt(total + margin(small))
    of_bias = float(ndtri(large)) * math.sqrt(between / n)
    inwards = math.hypot(of_bias, SPREAD * (math.sqrt(total) - least))
    outwards = math.hypot(of_bias, SPREAD * (greatest - math.sqrt(total)))
    return inwards, outwards


def _chi2(probability: float, freedom: int) -> float:
    """Return the quantile of the chi-squared distribution."""
    return float(chdtri(freedom, 1 - probability))


def _of_one_cluster(differences: Sequence[float]) -> LimitsOfAgreement:
    bias = fmean(differences)
    if len(differences) < 2:
        return LimitsOfAgreement(1, 1, None, Interval(bias), Interval(None), Interval(None))
    deviation = math.sqrt(variance(differences))
    lower, upper = bias - SPREAD * deviation, bias + SPREAD * deviation
    return LimitsOfAgreement(len(differences), 1, deviation, Interval(bias), Interval(lower), Interval(upper))

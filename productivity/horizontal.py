"""Horizontal aggregation: from samples to the time in a state over the paid time, eq. (3) and (4).

A sampled state's mean duration per piece, batch or shift is multiplied by how often that occurred. Variants
that were not recorded are estimated from those that were, and marked as estimated. Documented time simply
adds up, eq. (5), and needs nothing from here.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from productivity.counts import Counts
from productivity.records import ALL_VARIANTS, Sampled
from productivity.totals import Total, add_variances


@dataclass(frozen=True, slots=True)
class SampleMean:
    """A mean duration per occurrence in ns, exact, with the variance of that mean in ns^2 (None: unknown)."""

    mean: Fraction
    variance: float | None
    freedom: float


@dataclass(frozen=True, slots=True)
class Extrapolated:
    """The time in a state over a period. `estimated_ns` of it belongs to the variants named `estimated`."""

    total: Total
    estimated_ns: int
    estimated: tuple[str, ...]


def sample_mean(samples: Iterable[Sampled]) -> SampleMean:
    """Return the mean of all samples with its variance. Requires at least one sample.

    Independent units are the sessions when all samples name theirs and there are several, for samples of
    one session are correlated; else the samples themselves, as in eq. (2). With sessions c of residual sums
    e_c the variance is k/(k-1) * sum(e_c^2) / n^2 with k - 1 degrees of freedom (cluster-robust variance of
    a mean, Liang & Zeger 1986); for sessions of equal size that is eq. (2) over the session means.
    """
    durations: list[int] = []
    sessions: list[str] = []
    for one in samples:
        durations += one.durations_ns
        sessions += one.sessions
    n = len(durations)
    mean = Fraction(sum(durations), n)
    named = len(sessions) == n and len(set(sessions)) > 1
    residuals: dict[object, float] = defaultdict(float)
    for unit, duration in zip(sessions if named else range(n), durations, strict=True):
        residuals[unit] += float(duration - mean)
    k = len(residuals)
    if k == 1:
        return SampleMean(mean, None, math.inf)
    return SampleMean(mean, k / (k - 1) * math.fsum(e * e for e in residuals.values()) / n**2, k - 1)


def extrapolate(samples: Sequence[Sampled], counts: Counts) -> Extrapolated:
    """Return the total of one state over the period: sum over variants v of mean_v * count_v, eq. (3), (4).

    A variant without samples of its own takes those for all variants, if there are any. Without them its
    mean is estimated by the mean of the recorded variants, weighted with their counts (equally where the
    output is not stated by variant). Variances, with w_v the weights, C the estimated variants' whole count:

        sum_v (count_v + C w_v)^2 var_v  +  s^2 (sum_u count_u^2 + C^2 sum_v w_v^2)

    The second term is the spread between variants, s^2 the sample variance of the recorded variants'
    means: an unrecorded variant is a further draw from it. It holds their sampling variance too, so the
    limits are rather too wide. A single recorded variant tells nothing about s^2: then there are no limits.

    Requires samples of one system, state and unit. The total is rounded to a nanosecond once, at the end.
    """
    groups: dict[str, list[Sampled]] = defaultdict(list)
    for one in samples:
        groups[one.variant].append(one)
    means = {variant: sample_mean(group) for variant, group in groups.items()}
    general = means.pop(ALL_VARIANTS, None)
    wanted = {variant: count for variant, count in counts.by_variant.items() if count}
    if counts.others:
        wanted[ALL_VARIANTS] = counts.others
    recorded = {variant: count for variant, count in wanted.items() if variant in means}
    unrecorded = {variant: count for variant, count in wanted.items() if variant not in means}
    if general is not None:
        total = _weighted(
            [(Fraction(count), means[variant]) for variant, count in recorded.items()]
            + [(Fraction(sum(unrecorded.values())), general)]
        )
        return Extrapolated(total, 0, ())
    return _estimate(means, recorded, unrecorded)


def _estimate(
    means: Mapping[str, SampleMean], recorded: Mapping[str, int], unrecorded: Mapping[str, int]
) -> Extrapolated:
    known = sum(recorded.values())
    weights = (
        {variant: Fraction(count, known) for variant, count in recorded.items()}
        if known
        else {variant: Fraction(1, len(means)) for variant in means}
    )
    missing = sum(unrecorded.values())
    parts = [
        (recorded.get(variant, 0) + missing * weight, means[variant]) for variant, weight in weights.items()
    ]
    total = _weighted(parts)
    if not missing:
        return Extrapolated(total, 0, ())
    between = _spread([means[variant].mean for variant in weights])
    factor = sum(c * c for c in unrecorded.values()) + missing**2 * math.fsum(
        float(weight) ** 2 for weight in weights.values()
    )
    variance, freedom = add_variances(
        (total.variance, total.freedom),
        (None if between is None else between * factor, len(weights) - 1),
    )
    estimated_ns = round(missing * sum(weight * means[v].mean for v, weight in weights.items()))
    return Extrapolated(Total(total.duration_ns, variance, freedom), estimated_ns, tuple(unrecorded))


def _weighted(parts: Sequence[tuple[Fraction, SampleMean]]) -> Total:
    parts = [(weight, mean) for weight, mean in parts if weight]
    variances = (
        (None if mean.variance is None else float(weight) ** 2 * mean.variance, mean.freedom)
        for weight, mean in parts
    )
    exact = sum((weight * mean.mean for weight, mean in parts), Fraction(0))
    return Total(round(exact), *add_variances(*variances))


def _spread(means: Sequence[Fraction]) -> float | None:
    """Return the sample variance of the variants' means in ns^2; None for a single one."""
    k = len(means)
    if k < 2:
        return None
    middle = sum(means, Fraction(0)) / k
    return float(sum((mean - middle) ** 2 for mean in means) / (k - 1))

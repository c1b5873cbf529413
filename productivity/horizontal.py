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
from productivity.records import ALL_VARIANTS, Sampled, Unit
from productivity.sessions import IndependentUnit, sample_mean
from productivity.totals import Total, add_variances


@dataclass(frozen=True, slots=True)
class ExactMean:
    """A mean duration per occurrence in ns, exact, with the variance of that mean in ns^2 (None: unknown).

    `unit` is what was taken as independent for the variance.
    """

    mean: Fraction
    variance: float | None
    freedom: float
    unit: IndependentUnit


@dataclass(frozen=True, slots=True)
class Extrapolated:
    """The time in a state over a period. `estimated_ns` of it belongs to the variants named `estimated`."""

    total: Total
    estimated_ns: int
    estimated: tuple[str, ...]
    unit: IndependentUnit


def exact_mean(samples: Sequence[Sampled]) -> ExactMean:
    """Return the mean of all samples, with its variance over sessions where all samples name theirs."""
    durations = [duration for one in samples for duration in one.durations_ns]
    sessions = [session for one in samples for session in one.sessions]
    named = sessions if len(sessions) == len(durations) else ()
    rounded = sample_mean(durations, named)
    estimate = rounded.estimate
    mean = Fraction(sum(durations), len(durations))
    return ExactMean(mean, estimate.variance, estimate.freedom, rounded.unit)


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
        # A shift belongs to no variant (see `Output`): what was made while somebody watched does not matter.
        groups[ALL_VARIANTS if counts.unit is Unit.SHIFT else one.variant].append(one)
    means = {variant: exact_mean(group) for variant, group in groups.items()}
    unit = weakest_unit(mean.unit for mean in means.values())
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
        return Extrapolated(total, 0, (), unit)
    total, estimated_ns = _estimate(means, recorded, unrecorded)
    return Extrapolated(total, estimated_ns, tuple(unrecorded), unit)


def weakest_unit(units: Iterable[IndependentUnit]) -> IndependentUnit:
    """Return SAMPLE if any variance took samples as independent: the limits then are a lower bound."""
    return IndependentUnit.SAMPLE if IndependentUnit.SAMPLE in set(units) else IndependentUnit.SESSION


def _estimate(
    means: Mapping[str, ExactMean], recorded: Mapping[str, int], unrecorded: Mapping[str, int]
) -> tuple[Total, int]:
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
        return total, 0
    between = _spread([mean.mean for mean in means.values()])
    factor = sum(c * c for c in unrecorded.values()) + missing**2 * math.fsum(
        float(weight) ** 2 for weight in weights.values()
    )
    variance, freedom = add_variances(
        (total.variance, total.freedom),
        (None if between is None else between * factor, len(means) - 1),
    )
    estimated_ns = round(missing * sum(weight * means[v].mean for v, weight in weights.items()))
    return Total(total.duration_ns, variance, freedom), estimated_ns


def _weighted(parts: Sequence[tuple[Fraction, ExactMean]]) -> Total:
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

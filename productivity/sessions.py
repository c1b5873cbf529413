"""Means and portions over independent units: cycles of one session resemble each other, sessions do not.

A session is one observation of a station by one person or camera without a break; a shift does as well.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from productivity.estimates import Estimate, Floats, jackknife, ratio


class IndependentUnit(StrEnum):
    """What was taken as independent."""

    SAMPLE = "sample"
    """Every single sample: a lower bound of the true uncertainty when cycles are correlated."""
    SESSION = "session"
    """Every session, with whatever correlation its samples have."""


@dataclass(frozen=True, slots=True)
class SampleMean:
    """The mean of `samples` durations, its variance over `units` independent units, and which units.

    `design_effect` is that variance over the one that independent samples would have (Kish 1965): 4 means
    that four samples tell as much as one independent one. None where either is unknown or zero.
    """

    estimate: Estimate
    unit: IndependentUnit
    units: int
    samples: int
    design_effect: float | None


def sample_mean(samples: Sequence[float], sessions: Sequence[str] = ()) -> SampleMean:
    """Return the mean of all samples with its variance over sessions, or over samples where it must be.

    `sessions` names the session of each sample. From two sessions on they are the independent units: the
    mean is sum of samples / number of samples, so a longer session weighs more. With one session, or when
    none is known, every sample is a unit, eq. (2). Requires at least one finite sample and, if any, as
    many sessions as samples; raises ValueError otherwise.
    """
    if not samples or not all(map(math.isfinite, samples)):
        msg = f"sample_mean: expected at least one sample, all finite, found {len(samples)} samples"
        raise ValueError(msg)
    if sessions and len(sessions) != len(samples):
        msg = f"sample_mean: expected a session for each of {len(samples)} samples, found {len(sessions)}"
        raise ValueError(msg)
    single = np.column_stack([np.asarray(samples, dtype=float), np.ones(len(samples))])
    alone = jackknife(single, ratio)
    labels = sorted(set(sessions))
    if len(labels) < 2:
        return SampleMean(alone, IndependentUnit.SAMPLE, len(samples), len(samples), None)
    session_of = np.searchsorted(labels, sessions)
    grouped = np.zeros((len(labels), 2))
    np.add.at(grouped, session_of, single)
    clustered = jackknife(grouped, ratio)
    effect = clustered.variance / alone.variance if clustered.variance and alone.variance else None
    return SampleMean(clustered, IndependentUnit.SESSION, len(labels), len(samples), effect)


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """The time in each state within one observed span; what no state has is *not recorded*."""

    span_ns: int
    states_ns: Mapping[str, int]


def portion(sessions: Sequence[SessionTimes], state: str) -> Estimate:
    """Return a state's portion of the observed time, sum(T) / sum(span), with its variance over sessions.

    Requires at least one session, and spans above 0 ns; raises ValueError otherwise.
    """
    return jackknife(totals_of(sessions, [state]), ratio)


def portion_difference(sessions: Sequence[SessionTimes], state: str, other: str) -> Estimate:
    """Return portion(state) - portion(other), seen in the same sessions.

    Time spent in one state is missing for the others, so their portions are correlated; taking the
    difference within each session accounts for that.
    """
    totals = totals_of(sessions, [state, other])
    return jackknife(totals, lambda sums: (sums[:, 0] - sums[:, 1]) / sums[:, 2])


def totals_of(sessions: Sequence[SessionTimes], states: Sequence[str]) -> Floats:
    """Return (sessions, states + 1) nanoseconds: the time in each state, then the span."""
    if not sessions or any(session.span_ns <= 0 for session in sessions):
        msg = "sessions: expected at least one, each with a span above 0 ns"
        raise ValueError(msg)
    rows = [[*(s.states_ns.get(state, 0) for state in states), s.span_ns] for s in sessions]
    return np.asarray(rows, dtype=float)

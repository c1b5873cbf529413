"""How far off: the mean absolute percentage error of cycles, and the error of each state's share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from productivity.agreement.interval import Interval, interval
from productivity.agreement.pairs import CyclePair, PairedSession
from productivity.estimates import jackknife, ratio


def mean_absolute_percentage_error(
    clusters: Sequence[Sequence[CyclePair]], confidence: float = 0.95
) -> Interval:
    """Return the mean of |measured - manual| / manual over all cycles, a fraction, with its interval."""
    filled = [cluster for cluster in clusters if cluster]
    if not filled:
        return Interval(None)
    totals = [
        [sum(abs(pair.measured_ns - pair.manual_ns) / pair.manual_ns for pair in cluster), len(cluster)]
        for cluster in filled
    ]
    return interval(jackknife(np.array(totals), ratio), confidence, least=0.0)


@dataclass(frozen=True, slots=True)
class ShareError:
    """A state's share of the observed time, manual and measured; `error` is measured - manual.

    All are fractions of 1: an error of 0.025 is 2.5 percentage points.
    """

    state: str
    manual: float
    measured: float
    error: Interval


def share_errors(
    clusters: Sequence[Sequence[PairedSession]], confidence: float = 0.95
) -> tuple[ShareError, ...]:
    """Return the error of every state's share, the largest first, with intervals over clusters."""
    sessions = [session for cluster in clusters for session in cluster]
    if not sessions:
        return ()
    span = sum(session.span_ns for session in sessions)
    found = []
    for state in dict.fromkeys(state for session in sessions for state in session.totals_ns):
        totals = np.array([_excess(cluster, state) for cluster in clusters], dtype=float)
        pairs = [session.totals_ns[state] for session in sessions if state in session.totals_ns]
        manual = sum(pair.manual_ns for pair in pairs) / span
        measured = sum(pair.measured_ns for pair in pairs) / span
        error = interval(jackknife(totals, ratio), confidence, -1.0, 1.0)
        found.append(ShareError(state, manual, measured, error))
    return tuple(sorted(found, key=lambda share: -abs(share.measured - share.manual)))


def _excess(cluster: Sequence[PairedSession], state: str) -> tuple[int, int]:
    """Return measured - manual time in a state, and the observed time."""
    pairs = (session.totals_ns.get(state) for session in cluster)
    excess = sum(pair.measured_ns - pair.manual_ns for pair in pairs if pair is not None)
    return excess, sum(session.span_ns for session in cluster)

"""Cohen's kappa on time: agreement of state labels beyond what chance would give."""

from collections.abc import Mapping, Sequence

import numpy as np

from productivity.agreement.interval import Interval, interval
from productivity.estimates import Floats, jackknife


def kappa(clusters: Sequence[Mapping[tuple[str, str], int]], confidence: float = 0.95) -> Interval:
    """Return kappa = (p_o - p_e) / (1 - p_e) (Cohen 1960) with its interval over clusters.

    A cluster is the time for each (manual state, measured state), or a count of labels. Exact times give what
    kappa per second tends to as the seconds get shorter. Neighbouring seconds are anything but independent:
    the textbook standard error would promise far too much, so the variance comes from clusters alone.
    No value without time, or if both sides know one and the same state only.
    """
    states = sorted({state for cluster in clusters for pair in cluster for state in pair})
    if not states:
        return Interval(None)
    size = len(states)
    place = {state: number for number, state in enumerate(states)}
    totals = np.zeros((len(clusters), size * size))
    for row, cluster in zip(totals, clusters, strict=True):
        for (manual, measured), time in cluster.items():
            row[place[manual] * size + place[measured]] += time

    def statistic(sums: Floats) -> Floats:
        return _kappa(sums.reshape(-1, size, size))

    with np.errstate(invalid="ignore", divide="ignore"):
        return interval(jackknife(totals, statistic), confidence, -1.0, 1.0)


def _kappa(tables: Floats) -> Floats:
    """Return (m,) for tables (m, states, states); NaN where chance alone would agree fully."""
    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    observed = np.trace(shares, axis1=1, axis2=2)
    by_chance = (shares.sum(axis=2) * shares.sum(axis=1)).sum(axis=1)
    return np.asarray((observed - by_chance) / (1 - by_chance))

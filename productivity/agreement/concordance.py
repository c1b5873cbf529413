"""Concordance of two measurements: how closely pairs lie to the line of equality."""

import math
from collections.abc import Sequence

import numpy as np

from productivity.agreement.interval import Interval, interval
from productivity.agreement.pairs import CyclePair
from productivity.estimates import Floats, jackknife
from productivity.time import SECOND


def concordance(clusters: Sequence[Sequence[CyclePair]], confidence: float = 0.95) -> Interval:
    """Return Lin's concordance correlation coefficient (Lin 1989, Biometrics 45:255) with its interval.

    2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2), with sums of squares divided by n as in the paper. As
    there, the interval is found on the scale of Fisher's z = artanh and transformed back; its variance comes
    from clusters. No value without two different pairs.
    """
    filled = [cluster for cluster in clusters if cluster]
    if not filled:
        return Interval(None)
    # Moments around a common origin, in seconds: squares of raw nanoseconds would lose digits.
    origin = filled[0][0].manual_ns
    totals = np.array([_moments(cluster, origin) for cluster in filled])
    with np.errstate(invalid="ignore", divide="ignore"):
        found = interval(jackknife(totals, _fisher_z), confidence)
    value, low, high = (None if z is None else math.tanh(z) for z in (found.value, found.low, found.high))
    return Interval(value, low, high)


def _moments(cluster: Sequence[CyclePair], origin: int) -> list[float]:
    x = np.array([pair.manual_ns - origin for pair in cluster]) / SECOND
    y = np.array([pair.measured_ns - origin for pair in cluster]) / SECOND
    return [len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y]


def _fisher_z(sums: Floats) -> Floats:
    n, x, y, xx, yy, xy = sums.T
    x, y = x / n, y / n
    coefficient = 2 * (xy / n - x * y) / (xx / n - x * x + yy / n - y * y + (x - y) ** 2)
    # Perfect agreement lies at infinity; the nearest float below 1 stands for it.
    largest = np.nextafter(1.0, 0.0)
    return np.asarray(np.arctanh(np.clip(coefficient, -largest, largest)))

"""From observations to evidence: how well each worker state's rule fits, moment by moment.

Everything here is fuzzy on purpose: a hand on the edge of a zone is half inside, and what cannot be seen
counts neither for nor against. `and` is the minimum, `or` the maximum, `not` the complement (Zadeh 1965).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capture.geometry import Points, depth_inside
from capture.station import rules
from productivity.time import Duration

Truths = NDArray[np.float64]

UNSEEN = 0.5
"""Truth of a sentence about something that cannot be seen."""

UNSEEN_HAND = 0.2
"""For `a hand in ZONE` while the other hand is seen: the hidden one is probably in none of the zones."""

_EDGE = 0.06  # torso lengths (about 3 cm) over which a zone's edge is soft: the scatter of an estimated hand
_WALKING_FROM = 1.2  # torso lengths per second (about 0.6 m/s); people walk at 1 m/s and more
_WALKING_EDGE = 0.12


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # no repr: it would print where somebody was
class Moments:
    """K instants of one station. Positions in picture pixels, NaN = not seen.

    present: (K,) 1 seen, 0 nobody, NaN lost; hands: (K, 2, 2); torso: (K, 2); scale: (K,) torso length in
    pixels; speed: (K,) torso lengths per second; still: duration -> (K,) truth of keeping still that long;
    tools_away: tool -> (K,).
    """

    present: Truths
    hands: NDArray[np.float64]
    torso: NDArray[np.float64]
    scale: Truths
    speed: Truths
    still: Mapping[Duration, Truths]
    tools_away: Mapping[str, Truths]


def truth(rule: rules.Rule, moments: Moments, zones: Mapping[str, Points]) -> Truths:
    """Return (K,) how true a rule is, in [0, 1]."""
    match rule:
        case rules.All(parts):
            return _fold(np.minimum, [truth(part, moments, zones) for part in parts])
        case rules.Any(parts):
            return _fold(np.maximum, [truth(part, moments, zones) for part in parts])
        case rules.Not(part):
            return 1.0 - truth(part, moments, zones)
        case rules.Present():
            return _known(moments.present)
        case rules.Absent():
            return 1.0 - _known(moments.present)
        case _:
            return np.where(moments.present == 0.0, 0.0, _about_worker(rule, moments, zones))


def _fold(join: np.ufunc, truths: list[Truths]) -> Truths:
    joined: Truths = join.reduce(truths)
    return joined


def _about_worker(rule: rules.Rule, moments: Moments, zones: Mapping[str, Points]) -> Truths:
    """Sentences that presuppose a worker; without one they are false."""
    match rule:
        case rules.HandIn(hands, zone):
            return _hands(hands, _inside(moments.hands, zones[zone], moments.scale[:, None]))
        case rules.TorsoIn(zone):
            return _known(_inside(moments.torso, zones[zone], moments.scale))
        case rules.Walking():
            return _known(_soft(moments.speed - _WALKING_FROM, _WALKING_EDGE))
        case rules.StillFor(duration):
            return _known(moments.still[duration])
        case rules.Holds(tool):
            return _known(moments.tools_away[tool])
    raise AssertionError(rule)


def _hands(which: rules.Hands, inside: NDArray[np.float64]) -> Truths:
    left, right = inside[:, 0], inside[:, 1]
    match which:
        case rules.Hands.LEFT:
            return _known(left)
        case rules.Hands.RIGHT:
            return _known(right)
        case rules.Hands.BOTH:
            return np.minimum(_known(left), _known(right))
        case rules.Hands.EITHER:
            hidden = np.isnan(left) & np.isnan(right)
            either = np.maximum(np.nan_to_num(left, nan=UNSEEN_HAND), np.nan_to_num(right, nan=UNSEEN_HAND))
            return np.where(hidden, UNSEEN, either)


def _inside(points: NDArray[np.float64], zone: Points, scale: NDArray[np.float64]) -> Truths:
    return _soft(depth_inside(points, zone), _EDGE * scale)


def _soft(depth: Truths, edge: Truths | float) -> Truths:
    """Map depth beyond a threshold to [0, 1]; 0.5 on the threshold, about 0.95 three edges beyond."""
    return 1.0 / (1.0 + np.exp(-np.clip(depth / edge, -30.0, 30.0)))


def _known(values: Truths) -> Truths:
    return np.where(np.isnan(values), UNSEEN, values)

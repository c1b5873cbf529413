"""From observations to evidence: how well each worker state's rule fits, moment by moment.

Everything here is fuzzy on purpose: a hand on the edge of a zone is half inside, and what cannot be seen
counts neither for nor against. `and` is the minimum, `or` the maximum, `not` the complement (Zadeh 1965).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from capture.geometry import Polygon
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


class Evidence:
    """Tells how true rules are in given moments; a sentence that several states share is judged once."""

    def __init__(self, moments: Moments, zones: Mapping[str, Polygon]) -> None:
        self._moments = moments
        self._zones = zones
        self._nobody = moments.present == 0.0
        self._judged: dict[rules.Rule, Truths] = {}

    def truth(self, rule: rules.Rule) -> Truths:
        """Return (K,) how true a rule is, in [0, 1]."""
        known = self._judged.get(rule)
        if known is None:
            known = self._judged[rule] = self._judge(rule)
        return known

    def _judge(self, rule: rules.Rule) -> Truths:
        match rule:
            case rules.All(parts):
                return reduce(np.minimum, map(self.truth, parts))
            case rules.Any(parts):
                return reduce(np.maximum, map(self.truth, parts))
            case rules.Not(part):
                return 1.0 - self.truth(part)
            case rules.Present():
                return _known(self._moments.present)
            case rules.Absent():
                return 1.0 - _known(self._moments.present)
            case _:  # presupposes a worker; without one it is false
                return np.where(self._nobody, 0.0, self._about_worker(rule))

    def _about_worker(self, rule: rules.Rule) -> Truths:
        moments = self._moments
        match rule:
            case rules.HandIn(hands, zone):
                return _hands(hands, _inside(moments.hands, self._zones[zone], moments.scale[:, None]))
            case rules.TorsoIn(zone):
                return _known(_inside(moments.torso, self._zones[zone], moments.scale))
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
            either = np.maximum(_known(left, UNSEEN_HAND), _known(right, UNSEEN_HAND))
            return np.where(hidden, UNSEEN, either)


def _inside(points: NDArray[np.float64], zone: Polygon, scale: NDArray[np.float64]) -> Truths:
    return _soft(zone.depth(points), _EDGE * scale)


def _soft(depth: Truths, edge: Truths | float) -> Truths:
    """Map depth beyond a threshold to [0, 1]; 0.5 on the threshold, about 0.95 three edges beyond."""
    return 1.0 / (1.0 + np.exp(-np.clip(depth / edge, -30.0, 30.0)))


def _known(values: Truths, otherwise: float = UNSEEN) -> Truths:
    return np.where(np.isnan(values), otherwise, values)

"""Is a tool in its holder? Judged by the look of the holder while nobody is in front of it.

Kept in memory are a few looks of 12 x 12 brightness values of the holder itself, taken only while nobody is
in front of it. The look that has lasted longest is taken for *tool in its holder*: tools rest more than they
work.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.geometry import Points, Polygon
from productivity.time import Instant

_LOOK_SIDE = 12
_CHANGED_CELLS = 7  # of 144: a slim tool covers about a twentieth of its holder's zone
_SAME_LOOK = 1.3  # change up to which two looks are the same; rendered holders: 0.0 to 1.2, and from 1.5 on
_WEAKEST_LIGHT = 0.2  # of the light in which a look was first seen; below it, it is another look
_MOST_LOOKS = 4
_BLEND = 0.05  # how quickly a look follows slow changes of light
_NEAR = 0.35  # torso lengths; a joint closer than this may hide the holder: limbs and heads are that thick


@dataclass(slots=True, eq=False)
class _Look:
    pattern: NDArray[np.float64]
    seen_for: int = 0


class HolderWatch:
    """Follows one tool's holder over time."""

    def __init__(self, holder: Polygon) -> None:
        self._holder = holder  # in picture pixels
        self._looks: list[_Look] = []
        self._last: Instant | None = None
        self._answer = float("nan")

    def away(self, luma: NDArray[np.uint8], at: Instant, hands: Points, body: Points, scale: float) -> float:
        """Return 1.0 if the tool is away, 0.0 if in its holder, NaN if that cannot be told.

        hands, body: (N, 2) picture pixels, NaN where unseen; scale: torso length in pixels. A body in front
        of the holder changes nothing about the tool; a hand may, so after a hand it must be seen anew.
        """
        elapsed = 0 if self._last is None else at - self._last
        self._last = at
        if self._is_near(hands, scale):
            self._answer = float("nan")
        elif not self._is_near(body, scale) and (pattern := self._pattern(luma)) is not None:
            look = self._recognise(pattern)
            look.seen_for += elapsed
            usual = max(self._looks, key=lambda known: known.seen_for)
            self._answer = 0.0 if look is usual else 1.0
        return self._answer

    def _is_near(self, points: Points, scale: float) -> bool:
        depth = self._holder.depth(points)
        return bool(np.max(depth, initial=-np.inf, where=~np.isnan(depth)) > -_NEAR * scale)

    def _pattern(self, luma: NDArray[np.uint8]) -> NDArray[np.float64] | None:
        height, width = luma.shape
        left, top = np.clip(np.floor(self._holder.corners.min(axis=0)), 0, [width - 1, height - 1]).astype(
            int
        )
        right, bottom = np.ceil(self._holder.corners.max(axis=0)).astype(int) + 1
        patch = luma[top:bottom, left:right]
        small = cv2.resize(patch, (_LOOK_SIDE, _LOOK_SIDE), interpolation=cv2.INTER_AREA).astype(np.float64)
        return small - small.mean() if np.ptp(small) > 0 else None  # a blank picture shows no holder

    def _recognise(self, pattern: NDArray[np.float64]) -> _Look:
        changes = [_change(known.pattern, pattern) for known in self._looks]
        if changes and min(changes) <= _SAME_LOOK:
            look = self._looks[int(np.argmin(changes))]
            look.pattern = (1 - _BLEND) * look.pattern + _BLEND * pattern
            return look
        look = _Look(pattern)
        if len(self._looks) == _MOST_LOOKS:
            self._looks.remove(min(self._looks, key=lambda known: known.seen_for))
        self._looks.append(look)
        return look


def _change(before: NDArray[np.float64], now: NDArray[np.float64]) -> float:
    """Return how much the most changed cells have changed, in standard deviations of the look.

    Stronger or weaker light changes all cells by one factor, which is fitted away; a tool changes a few cells
    by much, whatever stands behind it.
    """
    light = max(float(np.vdot(before, now) / np.vdot(before, before)), 0.0)
    left_over = np.sort(np.abs(now - light * before), axis=None)[-_CHANGED_CELLS:].mean()
    contrast = max(light, _WEAKEST_LIGHT) * float(np.sqrt(np.vdot(before, before) / before.size))
    return float(left_over / max(contrast, 1e-6))

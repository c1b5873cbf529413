"""Is a tool in its holder? Judged by the look of the holder while no hand or arm is near it.

Kept in memory are a few looks of 12 x 12 brightness values of the holder itself, taken only while no arm is
in front of it. The look that has lasted longest is taken for *tool in its holder*: tools rest more than they
work.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.geometry import Points, depth_inside
from productivity.time import Instant

_LOOK_SIDE = 12
_SAME_LOOK = 0.75  # correlation from which two looks are the same; rendered holders: same > 0.9, other < 0.5
_MOST_LOOKS = 4
_BLEND = 0.05  # how quickly a look follows slow changes of light
_NEAR = 0.35  # torso lengths; an arm closer than this may hide the holder


@dataclass(slots=True, eq=False)
class _Look:
    pattern: NDArray[np.float64]
    seen_for: int = 0


class HolderWatch:
    """Follows one tool's holder over time."""

    def __init__(self, holder: Points) -> None:
        self._holder = holder  # (M, 2) picture pixels
        self._looks: list[_Look] = []
        self._last: Instant | None = None

    def away(self, luma: NDArray[np.uint8], at: Instant, arm_points: Points, scale: float) -> float:
        """Return 1.0 if the tool is away, 0.0 if in its holder, NaN if an arm may hide the holder.

        arm_points: (N, 2) picture pixels of hands and elbows, NaN where unseen (then they hide nothing).
        """
        elapsed = 0 if self._last is None else at - self._last
        self._last = at
        if (
            len(arm_points)
            and np.nanmax(depth_inside(arm_points, self._holder), initial=-np.inf) > -_NEAR * scale
        ):
            return float("nan")
        pattern = self._pattern(luma)
        if pattern is None:
            return float("nan")
        look = self._recognise(pattern)
        look.seen_for += elapsed
        usual = max(self._looks, key=lambda known: known.seen_for)
        return 0.0 if look is usual else 1.0

    def _pattern(self, luma: NDArray[np.uint8]) -> NDArray[np.float64] | None:
        height, width = luma.shape
        left, top = np.clip(np.floor(self._holder.min(axis=0)), 0, [width - 1, height - 1]).astype(int)
        right, bottom = np.ceil(self._holder.max(axis=0)).astype(int) + 1
        patch = luma[top:bottom, left:right]
        small = cv2.resize(patch, (_LOOK_SIDE, _LOOK_SIDE), interpolation=cv2.INTER_AREA).astype(np.float64)
        small -= small.mean()
        norm = float(np.linalg.norm(small))
        return small / norm if norm > 1e-6 else None  # a black picture shows no holder

    def _recognise(self, pattern: NDArray[np.float64]) -> _Look:
        likeness = [float(np.vdot(known.pattern, pattern)) for known in self._looks]
        if likeness and max(likeness) >= _SAME_LOOK:
            look = self._looks[int(np.argmax(likeness))]
            blended = (1 - _BLEND) * look.pattern + _BLEND * pattern
            look.pattern = blended / np.linalg.norm(blended)
            return look
        look = _Look(pattern)
        if len(self._looks) == _MOST_LOOKS:
            self._looks.remove(min(self._looks, key=lambda known: known.seen_for))
        self._looks.append(look)
        return look

"""Motion at a fixed rate, for formats that know no other. Pure.

A pose is measured when the recorder looked, so times are uneven. LeRobot and C3D count frames instead: frame
k is at k / rate. A frame at which a pose was measured is that pose, bit by bit. A frame between two
neighbouring poses lies on the straight line between them. Where the recorder did not look for longer, nothing
is known and all is NaN. No value lies outside what the two neighbours span, and none is made after the last
pose.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.motion import Motion
from models.pose import JOINTS

SAME_NS = 1_000
"""So near to its frame, a pose is measured there: float32 seconds, as LeRobot keeps them, are 4 µs apart
at the end of a minute."""
LONGEST_BRIDGE_NS = 500_000_000
"""Poses further apart are never joined: half a second is 1.5 times the interval of the usual three looks per
second (`pose_rate` of the station file), and long enough to reach for something and come back."""
HIGHEST_RATE = 240

_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Frames:
    """Poses at `rate` frames per second, the first at 0.

    `joints` is (F, 33, 4) float32 as in `Motion`; `measured` is (F,) bool: a pose was measured here, nothing
    was interpolated.
    """

    rate: int
    joints: NDArray[np.float32]
    measured: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.measured)


def common_rate(motions: Iterable[Motion]) -> int:
    """Return the whole frames per second that come nearest to how often poses were measured.

    From the median of all intervals; between 1 and 240; 1 if nothing was measured twice.
    """
    intervals = np.concatenate([np.diff(motion.times) for motion in motions])
    if not len(intervals):
        return 1
    return min(max(int(_SECOND / float(np.median(intervals)) + 0.5), 1), HIGHEST_RATE)


def longest_bridge_ns(motion: Motion) -> int:
    """Return how far two poses may be apart to be joined: 1.5 times the usual interval of this motion.

    A single look that failed makes twice the interval, and is a gap.
    """
    if len(motion.times) < 2:  # one pose has nothing to be joined to
        return 0
    return min(int(np.median(np.diff(motion.times))) * 3 // 2, LONGEST_BRIDGE_NS)


def frames(motion: Motion, rate: int) -> Frames:
    """Return the motion at `rate` frames per second."""
    times, joints = motion.times, motion.joints
    count = int((motion.span_ns + SAME_NS) * rate // _SECOND) + 1
    at = (np.arange(count, dtype=np.int64) * (2 * _SECOND) + rate) // (2 * rate)  # rounded half up
    after = np.minimum(np.searchsorted(times, at), len(times) - 1)
    before = np.maximum(after - 1, 0)
    nearest = np.where(np.abs(at - times[before]) < np.abs(times[after] - at), before, after)
    measured = np.abs(at - times[nearest]) <= SAME_NS
    between = ~measured & (times[after] - times[before] <= longest_bridge_ns(motion))
    values = np.full((count, JOINTS, 4), np.nan, np.float32)
    values[measured] = joints[nearest[measured]]
    values[between] = _joined(motion, at[between], before[between], after[between])
    return Frames(rate, values, measured)


def _joined(
    motion: Motion, at: NDArray[np.int64], before: NDArray[np.intp], after: NDArray[np.intp]
) -> NDArray[np.float32]:
    start, end = (motion.joints[index].astype(np.float64) for index in (before, after))
    span = (motion.times[after] - motion.times[before]).astype(np.float64)
    part = ((at - motion.times[before]) / span)[:, None, None]
    values = start + (end - start) * part  # NaN in either neighbour stays NaN
    values[..., 3] = np.minimum(start[..., 3], end[..., 3])  # no surer than the less sure neighbour
    return values.astype(np.float32)

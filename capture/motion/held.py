"""Poses that wait in memory: held back until they are surely the worker's, then handed over in pieces.

A pose is *held back* for `HELD_BACK` and until a later look has confirmed that exactly one person is there.
Whatever ends the session within that time, the pose is forgotten: somebody who comes in is not always seen in
the first picture, and not one pose of somebody else may be kept (decision 0021). What has waited long enough
is *confirmed*; it leaves in pieces of at most a minute.

Memory is allotted once for each session and overwritten with zeros where a pose has left or is forgotten.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.motion import LONGEST_MOTION_NS, Motion
from models.pose import JOINTS, Pose
from productivity.time import Instant, seconds

HELD_BACK = seconds(6.0)
"""Half hidden, somebody is perhaps found only once on the way through the picture. The rendered passer-by,
whom the detector finds at 2 of 14 looks, needs 4.8 s for it."""

_FIRST_ROOM = 256
"""Poses; a minute and what is held back at four looks per second. It grows for more."""

HandOver = Callable[[Instant, Motion], None]


class HeldPoses:
    """The poses of one session that have not left yet. Not for several threads."""

    def __init__(self, picture: tuple[int, int], hand_over: HandOver) -> None:
        self._picture = picture
        self._hand_over = hand_over
        self._times: NDArray[np.int64] = np.zeros(_FIRST_ROOM, np.int64)
        self._joints: NDArray[np.float32] = np.zeros((_FIRST_ROOM, JOINTS, 4), np.float32)
        self._count = 0
        self._confirmed = 0

    def __len__(self) -> int:
        """How many poses are in memory."""
        return self._count

    def add(self, at: Instant, pose: Pose) -> None:
        """Take a pose in; it is held back."""
        if self._count == len(self._times):
            self._make_room()
        self._times[self._count] = at
        joints = self._joints[self._count]
        joints[:, :2] = pose.joints[:, :2]
        joints[:, 2] = np.nan if pose.depths is None else pose.depths
        joints[:, 3] = pose.joints[:, 2]
        self._count += 1

    def confirm(self, at: Instant) -> None:
        """Take note that exactly one person, the worker, was there at `at`; hand over full minutes."""
        self._confirmed = int(np.searchsorted(self._times[: self._count], at - HELD_BACK, side="right"))
        while self._confirmed and self._times[self._confirmed - 1] - self._times[0] > LONGEST_MOTION_NS:
            self._hand_over_first()

    def finish(self, *, keep: bool) -> None:
        """Hand over what is confirmed, if it may be kept, and forget all the rest."""
        try:
            while keep and self._confirmed:
                self._hand_over_first()
        finally:
            self._forget(0, self._count)
            self._count = self._confirmed = 0

    def _hand_over_first(self) -> None:
        """Hand over the first minute of what is confirmed, or as much of it as there is."""
        begin = int(self._times[0])
        count = int(np.searchsorted(self._times[: self._confirmed], begin + LONGEST_MOTION_NS, side="right"))
        motion = Motion(self._times[:count] - begin, self._joints[:count].copy(), self._picture)
        try:
            self._hand_over(Instant(begin), motion)
        finally:
            motion.joints[:] = 0.0
            left = self._count - count
            self._times[:left] = self._times[count : self._count]
            self._joints[:left] = self._joints[count : self._count]
            self._forget(left, self._count)
            self._count, self._confirmed = left, self._confirmed - count

    def _forget(self, first: int, end: int) -> None:
        self._times[first:end] = 0
        self._joints[first:end] = 0.0

    def _make_room(self) -> None:
        times = np.zeros(2 * len(self._times), np.int64)
        joints = np.zeros((len(times), JOINTS, 4), np.float32)
        times[: self._count], joints[: self._count] = self._times, self._joints
        self._forget(0, self._count)
        self._times, self._joints = times, joints

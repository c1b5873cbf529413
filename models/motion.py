"""Poses of one person in a row: what is kept of a worker who opted in, and of nobody else."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.pose import JOINTS

LONGEST_MOTION_NS = 60_000_000_000
"""A minute: what is sealed, granted and used in one piece is short (specification of the vault)."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # no repr: it would print how somebody moved
class Motion:
    """One worker's poses at one station, at most a minute of them.

    `times` is (T,) int64: nanoseconds since the first pose, strictly increasing from 0. `joints` is
    (T, 33, 4) float32 in the order of `models.pose.Joint`: x, y in picture pixels, z in the same scale
    (distance from the camera relative to the hips, smaller is nearer), score in [0, 1]; NaN = the network
    does not give it. `picture` is the picture's (width, height) in pixels.
    """

    times: NDArray[np.int64]
    joints: NDArray[np.float32]
    picture: tuple[int, int]

    def __post_init__(self) -> None:
        """Refuse arrays of another shape, and times that do not fit, at the place where they arise."""
        count = len(self.times)
        if self.times.shape != (count,) or self.times.dtype != np.int64 or not count:
            msg = f"Motion.times: expected (T,) int64 with T > 0, found {self.times.shape} {self.times.dtype}"
            raise ValueError(msg)
        if self.joints.shape != (count, JOINTS, 4) or self.joints.dtype != np.float32:
            expected = f"({count}, {JOINTS}, 4) float32"
            msg = f"Motion.joints: expected {expected}, found {self.joints.shape} {self.joints.dtype}"
            raise ValueError(msg)
        if self.times[0] != 0 or np.any(np.diff(self.times) <= 0) or self.times[-1] > LONGEST_MOTION_NS:
            msg = "Motion.times: expected a rise from 0 to at most a minute"
            raise ValueError(msg)
        if min(self.picture) < 1:
            msg = f"Motion.picture: expected a width and a height in pixels, found {self.picture}"
            raise ValueError(msg)

    @property
    def span_ns(self) -> int:
        """From the first pose to the last."""
        return int(self.times[-1])

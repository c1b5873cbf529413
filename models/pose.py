"""The one carrier type that every pose network converts into, and the protocol of a pose engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""(H, W, 3) uint8, RGB, C-contiguous rows (a crop may be a view)."""

JOINTS = 33


class Joint(IntEnum):
    """Rows of `Pose.joints`: the 33 BlazePose landmarks; left and right are the person's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


@dataclass(frozen=True, slots=True, repr=False)  # no repr: it would print where somebody was
class Region:
    """A rotated square around one person, in picture pixels; rotation in radians, clockwise."""

    x: float
    y: float
    side: float
    rotation: float
    score: float = 1.0


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # no repr: it would print where somebody was
class Pose:
    """One person's joints in one picture.

    `joints` is (33, 3) float32: x, y in picture pixels, score in [0, 1]; NaN = the network does not
    give this joint. `presence` in [0, 1]: the network's belief that the region holds a person.
    `region` is where to look in the next picture. `depths` is (33,) float32: each joint's distance from the
    camera relative to the middle of the hips, in the scale of x and y, smaller is nearer; None = the network
    does not give it.
    """

    joints: NDArray[np.float32]
    presence: float
    region: Region
    depths: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        """Refuse arrays of another shape at the place where they arise."""
        if self.joints.shape != (JOINTS, 3) or self.joints.dtype != np.float32:
            msg = f"Pose.joints: expected (33, 3) float32, found {self.joints.shape} {self.joints.dtype}"
            raise ValueError(msg)
        depths = self.depths
        if depths is not None and (depths.shape != (JOINTS,) or depths.dtype != np.float32):
            msg = f"Pose.depths: expected (33,) float32, found {depths.shape} {depths.dtype}"
            raise ValueError(msg)


class PoseEngine(Protocol):
    """Finds people and their joints. Stateless between calls as far as results are concerned."""

    @property
    def name(self) -> str:
        """The engine's name as the command line knows it."""
        ...

    def regions(self, picture: Picture) -> Sequence[Region]:
        """Search the whole picture for people, best score first; slow."""
        ...

    def pose(self, picture: Picture, region: Region) -> Pose:
        """Estimate the pose in `region`. Always answers; `presence` says whether to believe it."""
        ...

    def close(self) -> None:
        """Free what the engine holds; it is not used afterwards."""
        ...


@runtime_checkable
class ClosePoseEngine(PoseEngine, Protocol):
    """An engine that can also say where somebody *might* be: to rule out that there is a second person."""

    def suspects(self, picture: Picture) -> Sequence[Region]:
        """Search as `regions` does, but sooner find somebody who is not there than overlook somebody."""
        ...

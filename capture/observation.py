"""What one look at a station yields: a handful of numbers that live in memory for seconds."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from models.pose import Joint, Pose
from productivity.time import Instant

_HAND_JOINTS = np.array(
    [
        [Joint.LEFT_WRIST, Joint.LEFT_INDEX, Joint.LEFT_PINKY],
        [Joint.RIGHT_WRIST, Joint.RIGHT_INDEX, Joint.RIGHT_PINKY],
    ]
)
_THICK_PARTS = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW),
    (Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW),
    (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_SHOULDER, Joint.RIGHT_HIP),
    (Joint.RIGHT_SHOULDER, Joint.LEFT_HIP),
)
_SEEN_FROM = 0.5  # joint score from which a hand counts as seen; the threshold that MediaPipe's drawing uses


class Sighting(Enum):
    """What the tracker can say about the worker at one instant."""

    SEEN = "seen"
    NOBODY = "nobody"
    LOST = "lost"  # somebody must be there, but the pose is not to be had


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # no repr: it would print where somebody was
class Observation:
    """One look at a station. Positions in picture pixels; NaN = not seen.

    hands: (2, 2) left and right hand, x and y; torso: (2,) middle of the hips; scale: torso length in pixels,
    the unit in which distances are judged; tools_away: (T,) 1 away from the holder, 0 in it, NaN hidden.
    """

    time: Instant
    sighting: Sighting
    hands: NDArray[np.float64]
    torso: NDArray[np.float64]
    scale: float
    tools_away: NDArray[np.float64]


def hands_of(pose: Pose) -> NDArray[np.float64]:
    """Return the (2, 2) centres of both hands, NaN for a hand that is hidden."""
    joints = pose.joints[_HAND_JOINTS].astype(np.float64)  # (2, 3, 3)
    wrist_seen = joints[:, 0, 2] >= _SEEN_FROM
    given = ~np.isnan(joints[..., 0])
    weight = given / np.maximum(given.sum(axis=1, keepdims=True), 1)
    centres: NDArray[np.float64] = (np.nan_to_num(joints[..., :2]) * weight[..., None]).sum(axis=1)
    centres[~wrist_seen] = np.nan
    return centres


def torso_of(pose: Pose) -> tuple[NDArray[np.float64], float]:
    """Return the (2,) middle of the hips and the torso length in pixels."""
    shoulders = pose.joints[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER], :2].astype(np.float64).mean(axis=0)
    hips = pose.joints[[Joint.LEFT_HIP, Joint.RIGHT_HIP], :2].astype(np.float64).mean(axis=0)
    return hips, float(np.hypot(*(shoulders - hips)))


def body_of(pose: Pose) -> NDArray[np.float64]:
    """Return (N, 2) points all over the body: its joints, and the middles of arms and torso."""
    joints = pose.joints[:, :2].astype(np.float64)
    middles = [joints[[*part]].mean(axis=0) for part in _THICK_PARTS]
    return np.concatenate([joints, middles])

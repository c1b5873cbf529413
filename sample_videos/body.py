"""A human skeleton: proportions, inverse kinematics, and the 33 joints of `models.pose.Joint`.

Segment lengths are shares of the body height after Drillis & Contini (1966), as printed in Winter,
*Biomechanics and Motor Control of Human Movement*, fig. 4.1. World coordinates as in `camera.py`.
"""

from dataclasses import dataclass
from math import cos, sin, sqrt, tan

import numpy as np

from models.pose import JOINTS, Joint
from sample_videos.motion import Vector, vector

UPPER_ARM = 0.186
FOREARM = 0.146
THIGH = 0.245
SHANK = 0.246
ANKLE_HEIGHT = 0.039
HIP_HEIGHT = 0.530
TRUNK = 0.288
SHOULDER_HALF = 0.115
HIP_HALF = 0.055
HEAD_RISE = 0.119
PALM = 0.052
FOOT = 0.152

HEAD_AXES = vector(0.0470, 0.0580, 0.0680)
"""Half width, half depth, half height of the head."""

MAX_STRETCH = 0.995
"""An arm or leg is never stretched further than this share of its length: no snapping knees."""

UP = vector(0.0, 0.0, 1.0)

FACE = {
    Joint.NOSE: (0.0, 1.10, -0.12),
    Joint.LEFT_EYE_INNER: (0.22, 0.94, 0.10),
    Joint.LEFT_EYE: (0.36, 0.90, 0.10),
    Joint.LEFT_EYE_OUTER: (0.50, 0.84, 0.10),
    Joint.RIGHT_EYE_INNER: (-0.22, 0.94, 0.10),
    Joint.RIGHT_EYE: (-0.36, 0.90, 0.10),
    Joint.RIGHT_EYE_OUTER: (-0.50, 0.84, 0.10),
    Joint.LEFT_EAR: (1.0, -0.02, 0.0),
    Joint.RIGHT_EAR: (-1.0, -0.02, 0.0),
    Joint.MOUTH_LEFT: (0.24, 0.82, -0.48),
    Joint.MOUTH_RIGHT: (-0.24, 0.82, -0.48),
}
"""Joints of the face on the head's ellipsoid: shares of its half axes (left, forward, up)."""


@dataclass(frozen=True, slots=True, eq=False)
class Foot:
    """A foot: (3,) place of its middle (z = lift above the floor) and heading (0 = to the camera)."""

    place: Vector
    heading: float


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """What an arm is asked to do.

    `target` (3,) where the wrist shall be; `aim` (3,) where the fingers point; `hang` in [0, 1] how far
    the arm hangs down and swings instead, by `swing` radians forwards.
    """

    target: Vector
    aim: Vector
    hang: float
    swing: float


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """All that decides a posture. Pairs are (left, right), the person's own.

    `hip` (2,) floor position of the pelvis; `facing` in radians, 0 = to the camera, positive = to the
    right of the picture; `twist` of the shoulders against the pelvis; `lean` (2,) radians to the left
    and forwards; `look` (3,) the point looked at.
    """

    hip: Vector
    facing: float
    twist: float
    lean: Vector
    look: Vector
    arms: tuple[Arm, Arm]
    feet: tuple[Foot, Foot]


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """A posture in space: (33, 3) joints in metres, and the frames that drawing needs.

    Rows of the (3, 3) frames are unit vectors: left, forward, up.
    """

    height: float
    joints: Vector
    neck: Vector
    head: Vector
    head_frame: Vector
    pelvis_frame: Vector
    trunk_frame: Vector


def unit(v: Vector) -> Vector:
    """Return `v` with length 1; a zero vector points up, so that a degenerate posture stays finite."""
    length = float(np.linalg.norm(v))
    return v / length if length > 1e-9 else UP


def two_bones(
    root: Vector, target: Vector, lengths: tuple[float, float], pole: Vector
) -> tuple[Vector, Vector]:
    """Return (middle joint, end) of two bones from `root` towards `target`, bent in direction `pole`.

    The end is the target where the bones reach it, else the nearest point on the same ray. Bone lengths
    are always kept.
    """
    upper, lower = lengths
    reach = target - root
    distance = float(np.clip(np.linalg.norm(reach), abs(upper - lower) + 0.02, MAX_STRETCH * (upper + lower)))
    axis = unit(reach)
    along = (upper * upper - lower * lower + distance * distance) / (2.0 * distance)
    aside = sqrt(max(upper * upper - along * along, 0.0))
    bend = pole - (pole @ axis) * axis
    if np.linalg.norm(bend) < 1e-6:  # the pole lies on the axis: any direction across it will do
        bend = np.cross(axis, vector(0.3, 1.0, 0.2))
    return root + along * axis + aside * unit(bend), root + distance * axis


def heading_frame(heading: float) -> Vector:
    """Return the rows left, forward, up of someone upright who faces `heading`."""
    return np.array([[cos(heading), sin(heading), 0.0], [sin(heading), -cos(heading), 0.0], UP])


def tilted(frame: Vector, lean: Vector, twist: float) -> Vector:
    """Return `frame` leaned to the left and forwards by `lean` radians, twisted about its new up axis."""
    left, forward = frame[0], frame[1]
    up = unit(UP + tan(float(lean[0])) * left + tan(float(lean[1])) * forward)
    turned = cos(twist) * left - sin(twist) * forward
    left = unit(turned - (turned @ up) * up)
    return np.array([left, np.cross(left, up), up])


def solve(stance: Stance, height: float) -> Skeleton:
    """Return the skeleton of a person of `height` metres in `stance`."""
    joints = np.full((JOINTS, 3), np.nan)
    pelvis_frame = heading_frame(stance.facing)
    pelvis = vector(*stance.hip, _pelvis_height(stance, pelvis_frame, height))
    trunk_frame = tilted(pelvis_frame, stance.lean, stance.twist)
    neck = pelvis + TRUNK * height * trunk_frame[2]
    head_frame = _head_frame(stance, trunk_frame, neck)
    head = neck + height * (0.55 * HEAD_RISE * trunk_frame[2] + 0.45 * HEAD_RISE * head_frame[2])
    head = head + 0.014 * height * trunk_frame[1]
    for joint, share in FACE.items():
        joints[joint] = head + (vector(*share) * HEAD_AXES * height) @ head_frame
    for side, sign in ((0, 1.0), (1, -1.0)):
        shoulder = neck + sign * SHOULDER_HALF * height * trunk_frame[0]
        _arm(joints, side, shoulder, stance.arms[side], trunk_frame, height)
        hip = pelvis + sign * HIP_HALF * height * pelvis_frame[0]
        _leg(joints, side, hip, stance.feet[side], pelvis_frame, height)
    return Skeleton(height, joints, neck, head, head_frame, pelvis_frame, trunk_frame)


def _pelvis_height(stance: Stance, frame: Vector, height: float) -> float:
    """Return how high the pelvis can be so that both legs reach their feet; a little below straight."""
    leg = 0.999 * MAX_STRETCH * (THIGH + SHANK) * height
    limits = [(HIP_HEIGHT - 0.012) * height]
    for side, foot in enumerate(stance.feet):
        hip = stance.hip + (HIP_HALF if side == 0 else -HIP_HALF) * height * frame[0][:2]
        ankle = _ankle(foot, height)
        apart = min(float(np.linalg.norm(ankle[:2] - hip)), 0.95 * leg)
        limits.append(float(ankle[2]) + sqrt(leg * leg - apart * apart))
    # A soft minimum: the pelvis rises and sinks in walking without corners.
    softness = 0.005
    return -softness * float(np.logaddexp.reduce([-limit / softness for limit in limits]))


def _ankle(foot: Foot, height: float) -> Vector:
    forward = heading_frame(foot.heading)[1]
    return np.asarray(foot.place - 0.25 * FOOT * height * forward + ANKLE_HEIGHT * height * UP)


def _head_frame(stance: Stance, trunk: Vector, neck: Vector) -> Vector:
    """Turn the head from straight ahead towards `stance.look`, as far as a neck goes."""
    wish = trunk @ (stance.look - neck - 0.15 * UP)
    turn = float(np.clip(np.arctan2(wish[0], max(wish[1], 0.05)), -0.9, 0.9))
    nod = float(np.clip(np.arctan2(-wish[2], max(float(np.hypot(wish[0], wish[1])), 0.05)), -0.3, 0.5))
    # People turn the eyes, too: the head does about two thirds of the way.
    return tilted(trunk, vector(0.0, 0.62 * nod), 0.62 * turn)


def _arm(joints: Vector, side: int, shoulder: Vector, arm: Arm, trunk: Vector, height: float) -> None:
    """Fill in the joints of one arm and its hand."""
    outward = trunk[0] * (1.0 if side == 0 else -1.0)
    lengths = (UPPER_ARM * height, FOREARM * height)
    down = sin(arm.swing) * trunk[1] - cos(arm.swing) * UP + 0.14 * outward
    hanging = shoulder + 0.97 * sum(lengths) * unit(down)
    target = (1.0 - arm.hang) * arm.target + arm.hang * hanging
    pole = 0.55 * outward - (0.35 + 0.65 * arm.hang) * trunk[1] - (1.0 - arm.hang) * UP
    elbow, wrist = two_bones(shoulder, target, lengths, pole)
    forearm = unit(wrist - elbow)
    pointing = unit((1.0 - arm.hang) * unit(arm.aim - wrist) + (0.6 + arm.hang) * forearm)
    thumbwards = 0.4 * trunk[1] + 0.5 * UP - 0.6 * outward
    across = unit(thumbwards - (thumbwards @ pointing) * pointing)
    joints[Joint.LEFT_SHOULDER + side] = shoulder
    joints[Joint.LEFT_ELBOW + side] = elbow
    joints[Joint.LEFT_WRIST + side] = wrist
    joints[Joint.LEFT_INDEX + side] = wrist + height * (PALM * pointing + 0.016 * across)
    joints[Joint.LEFT_PINKY + side] = wrist + height * (0.92 * PALM * pointing - 0.020 * across)
    joints[Joint.LEFT_THUMB + side] = wrist + height * (0.62 * PALM * pointing + 0.030 * across)


def _leg(joints: Vector, side: int, hip: Vector, foot: Foot, pelvis: Vector, height: float) -> None:
    """Fill in the joints of one leg and its foot."""
    forward = heading_frame(foot.heading)[1]
    bones = (THIGH * height, SHANK * height)
    knee, ankle = two_bones(hip, _ankle(foot, height), bones, pelvis[1] + 0.3 * forward)
    sole = ankle - (ANKLE_HEIGHT - 0.008) * height * UP
    joints[Joint.LEFT_HIP + side] = hip
    joints[Joint.LEFT_KNEE + side] = knee
    joints[Joint.LEFT_ANKLE + side] = ankle
    joints[Joint.LEFT_HEEL + side] = sole - 0.25 * FOOT * height * forward
    joints[Joint.LEFT_FOOT_INDEX + side] = sole + 0.68 * FOOT * height * forward

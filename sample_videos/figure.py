"""A clothed person: shaded limbs, trunk, hands and shoes over a skeleton."""

from dataclasses import dataclass

import numpy as np

from models.pose import Joint
from sample_videos.body import ANKLE_HEIGHT, HEAD_RISE, TRUNK, Skeleton
from sample_videos.camera import Camera
from sample_videos.canvas import Canvas, Colour, darker, rgb
from sample_videos.head import HeadLook, draw_head
from sample_videos.motion import Vector
from sample_videos.props import BENCH_FAR, BENCH_TOP
from sample_videos.scenario import PersonPart

FINGERS = 4
OVER_BENCH_Y = BENCH_FAR + 0.10
OVER_BENCH_Z = BENCH_TOP - 0.03
"""A wrist nearer to the camera and higher than these is above the bench top, not behind the bench."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a person looks: body height in metres, and colours."""

    height: float
    head: HeadLook
    shirt: Colour
    trousers: Colour
    shoes: Colour


def look_of(part: PersonPart) -> Look:
    """Return how the person of a scenario looks."""
    head = HeadLook(rgb(part.skin), rgb(part.hair), part.hair_length)
    return Look(part.height_m, head, rgb(part.shirt), rgb(part.trousers), rgb(part.shoes))


class Figure:
    """One person in one posture, drawn part by part, so that a bench can come between the parts."""

    def __init__(self, canvas: Canvas, camera: Camera, skeleton: Skeleton, look: Look) -> None:
        self._canvas = canvas
        self._camera = camera
        self._skeleton = skeleton
        self._look = look
        self._joints = camera.project(skeleton.joints)

    def body(self) -> None:
        """Draw legs, trunk and head, with the arms that lie behind the trunk before them."""
        self._arms([side for side in (0, 1) if not self._in_front(side)])
        legs = sorted((0, 1), key=lambda side: self._towards(self._skeleton.joints[Joint.LEFT_KNEE + side]))
        for side in legs:
            self._leg(side)
        self._trunk()
        self._neck()
        draw_head(self._canvas, self._camera, self._skeleton, self._look.head)

    def front_arms(self, *, over_bench: bool) -> None:
        """Draw the arms before the trunk whose hand is (or is not) above the bench top."""
        wrists = self._skeleton.joints[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]]
        above = [bool(wrist[1] < OVER_BENCH_Y and wrist[2] > OVER_BENCH_Z) for wrist in wrists]
        self._arms([side for side in (0, 1) if self._in_front(side) and above[side] == over_bench])

    def _arms(self, sides: list[int]) -> None:
        """Draw bare arms with short sleeves: the upper arms first, hands reach in front of them."""
        for side in sides:
            shoulder, elbow = (
                self._joints[joint + side] for joint in (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW)
            )
            self._limb(shoulder, elbow, (0.028, 0.0225), self._look.head.skin)
            sleeve = shoulder + 0.62 * (elbow - shoulder)
            self._limb(shoulder, sleeve, (0.0375, 0.0345), self._look.shirt, folds=0.10)
        for side in sides:
            elbow, wrist = (self._joints[joint + side] for joint in (Joint.LEFT_ELBOW, Joint.LEFT_WRIST))
            self._hand(side)
            self._limb(elbow, wrist, (0.0235, 0.0155), self._look.head.skin)

    def _hand(self, side: int) -> None:
        joints, skin = self._joints, self._look.head.skin
        wrist, pinky, index, thumb = (
            joints[joint + side]
            for joint in (Joint.LEFT_WRIST, Joint.LEFT_PINKY, Joint.LEFT_INDEX, Joint.LEFT_THUMB)
        )
        knuckles = 0.5 * (pinky + index)
        self._limb(wrist, knuckles, (0.0165, 0.0215), skin)
        for finger in range(FINGERS):
            root = pinky + (index - pinky) * finger / (FINGERS - 1)
            # Bent fingers: they run on from the palm, then curl towards the thumb.
            tip = root + 0.72 * (knuckles - wrist) + 0.28 * (thumb - root)
            self._limb(root, tip, (0.0088, 0.0070), darker(skin, 0.97 - 0.03 * (finger % 2)))
        tip = thumb + 0.55 * (thumb - wrist) + 0.25 * (index - thumb)
        self._limb(0.5 * (wrist + thumb), thumb, (0.011, 0.0095), skin)
        self._limb(thumb, tip, (0.0095, 0.0075), skin)

    def _leg(self, side: int) -> None:
        joints, trousers = self._joints, self._look.trousers
        hip, knee, ankle, heel, toe = (
            joints[joint + side]
            for joint in (
                Joint.LEFT_HIP,
                Joint.LEFT_KNEE,
                Joint.LEFT_ANKLE,
                Joint.LEFT_HEEL,
                Joint.LEFT_FOOT_INDEX,
            )
        )
        self._limb(heel, toe, (0.021, 0.019), self._look.shoes)
        self._limb(ankle, 0.55 * heel + 0.45 * toe, (0.024, 0.019), self._look.shoes)
        self._limb(hip, knee, (0.054, 0.036), trousers, folds=0.06)
        self._limb(knee, ankle, (0.036, 0.026), trousers, folds=0.08)

    def _trunk(self) -> None:
        """Draw pelvis and chest: hulls of circles that keep their depth when the body turns."""
        skeleton, project = self._skeleton, self._camera.project
        left, _, up = skeleton.trunk_frame
        h = skeleton.height
        hips = skeleton.joints[[Joint.LEFT_HIP, Joint.RIGHT_HIP]]
        pelvis = hips.mean(axis=0)
        waist = pelvis + 0.085 * h * up
        chest = pelvis + 0.205 * h * up
        top = skeleton.neck
        axis = (project(top), project(pelvis))
        sides = skeleton.joints[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]]

        def rings(*parts: tuple[Vector, float]) -> Vector:
            """Turn (place, radius in body heights) into (N, 3) picture circles."""
            places = project(np.array([place for place, _ in parts]))
            radii = np.array([radius for _, radius in parts]) * h * places[:, 2]
            return np.column_stack([places[:, :2], radii])

        lower = [(hip - 0.012 * h * up, 0.052) for hip in hips]
        lower += [(waist + sign * 0.034 * h * left, 0.048) for sign in (1, -1)]
        self._canvas.hull(rings(*lower), axis, self._look.trousers)
        belly = [(waist + sign * 0.034 * h * left - 0.030 * h * up, 0.052) for sign in (1, -1)]
        ribs = [(chest + sign * 0.042 * h * left, 0.060) for sign in (1, -1)]
        shoulders = [(side - 0.014 * h * up, 0.033) for side in sides]
        self._canvas.hull(rings(*belly, *ribs), axis, self._look.shirt, folds=0.09)
        self._canvas.hull(rings(*ribs, *shoulders, (top, 0.030)), axis, self._look.shirt, folds=0.06)

    def _neck(self) -> None:
        skeleton, h = self._skeleton, self._skeleton.height
        root = self._camera.project(skeleton.neck - 0.004 * TRUNK * h * skeleton.trunk_frame[2])
        top = self._camera.project(skeleton.head - 0.35 * HEAD_RISE * h * skeleton.head_frame[2])
        self._limb(root, root + 0.2 * (top - root), (0.041, 0.038), darker(self._look.shirt, 0.86))
        self._limb(root, top, (0.033, 0.031), darker(self._look.head.skin, 0.86))

    def _limb(
        self, a: Vector, b: Vector, radii: tuple[float, float], colour: Colour, folds: float = 0.0
    ) -> None:
        """Draw a limb between projected joints; radii are shares of the body height."""
        h = self._skeleton.height
        self._canvas.capsule(a, b, (radii[0] * h * float(a[2]), radii[1] * h * float(b[2])), colour, folds)

    def _towards(self, place: Vector) -> float:
        return float(place @ self._camera.towards)

    def _in_front(self, side: int) -> bool:
        """Tell whether an arm lies nearer to the camera than the trunk's axis."""
        joints = self._skeleton.joints
        arm = 0.4 * joints[Joint.LEFT_ELBOW + side] + 0.6 * joints[Joint.LEFT_WRIST + side]
        trunk = 0.5 * (joints[Joint.LEFT_HIP] + joints[Joint.RIGHT_HIP])
        trunk = trunk + 0.45 * TRUNK * self._skeleton.height * self._skeleton.trunk_frame[2]
        return self._towards(arm) > self._towards(trunk)


def floor_shadow(canvas: Canvas, camera: Camera, skeleton: Skeleton) -> None:
    """Darken the floor below the feet, which ties a person to the ground."""
    for side in (0, 1):
        ankle = skeleton.joints[Joint.LEFT_ANKLE + side].copy()
        ankle[2] = 0.5 * ANKLE_HEIGHT
        spot = camera.project(ankle)
        canvas.glow(spot + np.array([0.0, 3.0, 0.0]), 0.19 * float(spot[2]), (38.0, 38.0, 40.0), 0.55)

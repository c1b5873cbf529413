"""Walking: a plan of footfalls, so that no foot slides, and the arms that swing with it."""

from dataclasses import dataclass
from math import ceil, copysign, pi, sin

from sample_videos.motion import Track, Vector, cruise, vector, window

STEP_SECONDS = 0.55
STEP_METRES = 0.60
FOOT_LIFT = 0.07
STANCE_HALF = 0.115
"""Half the distance between the feet of somebody who stands."""
WALK_HALF = 0.065
"""The same for somebody who walks."""
ARM_SWING = 0.42
SIDEWAYS = 0.5 * pi
"""Heading of somebody who walks to the right of the picture."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk along the bench in [start, end), from x to x; the foot on the side of travel goes first."""

    start: float
    end: float
    origin: float
    target: float

    @property
    def heading(self) -> float:
        """Direction of travel: 90 degrees to the right or to the left of the camera's view."""
        return copysign(SIDEWAYS, self.target - self.origin)

    @property
    def first_foot(self) -> int:
        """0 = left, 1 = right: the foot nearer to the goal of somebody who faces the camera."""
        return 0 if self.target > self.origin else 1

    def arm_swing(self, t: float, side: int) -> float:
        """Return the angle by which an arm is swung forwards: against the leg of the same side."""
        phase = sin(pi * (t - self.start) / STEP_SECONDS - 0.5 * pi)
        sign = -1.0 if side == self.first_foot else 1.0
        return sign * ARM_SWING * phase * window(t, self.start, self.end, STEP_SECONDS)


def walk_seconds(origin: float, target: float) -> float:
    """Return how long the walk between two places takes: whole steps, and one to close the feet."""
    return (_steps(origin, target) + 1) * STEP_SECONDS


def plan_walk(walk: Walk, hip: Track, feet: tuple[Track, Track], y: float, *, arriving: bool) -> None:
    """Write the walk into the tracks of hip (x, y) and feet (x, y, heading, lift).

    `arriving` turns the last two footfalls to the camera, where the worker then stands at the bench.
    """
    steps = _steps(walk.origin, walk.target)
    length = (walk.target - walk.origin) / steps
    hip.move(walk.start, walk.end, vector(walk.target, y), ease=cruise(1.0 / (steps + 1)))
    for step in range(1, steps + 2):
        side = (walk.first_foot + step + 1) % 2
        begin = walk.start + (step - 1) * STEP_SECONDS
        standing = arriving and step >= steps
        place = (
            standing_foot(walk.target, y, side)
            if standing
            else _walking_foot(walk, step, steps, length, side, y)
        )
        feet[side].move(begin + 0.02, begin + STEP_SECONDS - 0.02, place, arc=FOOT_LIFT)


def side_step(start: float, end: float, target: float, y: float, feet: tuple[Track, Track]) -> None:
    """Move both feet sideways to a stance around x = `target`, the leading foot first."""
    lead = 0 if target > 0.5 * (feet[0].last[0] + feet[1].last[0]) else 1
    half = 0.5 * (end - start)
    for order, side in enumerate((lead, 1 - lead)):
        begin = start + order * half
        feet[side].move(begin, begin + half, standing_foot(target, y, side), arc=0.5 * FOOT_LIFT)


def standing_foot(x: float, y: float, side: int) -> Vector:
    """Return where a foot of somebody stands whose hips are at x, y: (x, y, heading, lift)."""
    sign = 1.0 if side == 0 else -1.0
    return vector(x + sign * STANCE_HALF, y, sign * 0.15, 0.0)


def _walking_foot(walk: Walk, step: int, steps: int, length: float, side: int, y: float) -> Vector:
    x = walk.origin + min(step, steps) * length
    # The left of somebody who walks to the right is away from the camera.
    away = 1.0 if (side == 0) == (walk.heading > 0) else -1.0
    return vector(x, y + away * WALK_HALF, walk.heading, 0.0)


def _steps(origin: float, target: float) -> int:
    return max(2, ceil(abs(target - origin) / STEP_METRES))

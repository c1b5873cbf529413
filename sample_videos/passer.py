"""People who walk by behind the bench and have nothing to do with the station."""

from dataclasses import dataclass

import numpy as np

from sample_videos.body import Arm, Foot, Stance
from sample_videos.figure import Look, look_of
from sample_videos.gait import Walk, plan_walk, walk_seconds
from sample_videos.motion import Track, vector
from sample_videos.scenario import PasserPart

PASSER_REACH = 3.6
"""Passers-by start and end their walk this far from the middle: outside of the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Passer:
    """Somebody who walks by behind the bench."""

    look: Look
    walk: Walk
    depth: float
    hip: Track
    feet: tuple[Track, Track]

    def stance(self, t: float) -> Stance:
        """Return the posture at `t`, inside of the walk."""
        ahead = vector(4.0 * np.sign(self.walk.heading), self.depth, 1.3) + vector(
            float(self.hip.at(t)[0]), 0.0, 0.0
        )
        arms = tuple(Arm(ahead, ahead, 1.0, self.walk.arm_swing(t, side)) for side in (0, 1))
        feet = tuple(
            Foot(vector(f[0], f[1], f[3]), float(f[2])) for f in (track.at(t) for track in self.feet)
        )
        return Stance(
            hip=self.hip.at(t),
            facing=self.walk.heading,
            twist=0.0,
            lean=vector(0.0, 0.04),
            look=ahead,
            arms=(arms[0], arms[1]),
            feet=(feet[0], feet[1]),
        )


def passer_by(part: PasserPart) -> Passer:
    """Return the passer-by of a scenario."""
    sign = 1.0 if part.towards == "right" else -1.0
    origin, target = -sign * PASSER_REACH, sign * PASSER_REACH
    walk = Walk(part.start_s, part.start_s + walk_seconds(origin, target), origin, target)
    hip = Track(vector(origin, part.depth_m))
    feet = (
        Track(vector(origin, part.depth_m, walk.heading, 0.0)),
        Track(vector(origin, part.depth_m, walk.heading, 0.0)),
    )
    plan_walk(walk, hip, feet, part.depth_m, arriving=False)
    return Passer(look_of(part.look), walk, part.depth_m, hip, feet)

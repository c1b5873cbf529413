"""What a worker does, at any instant: the posture, the part in the hands, and where the tool is."""

from dataclasses import dataclass
from math import pi, sin
from typing import Literal, TypeAlias

import numpy as np

from sample_videos.body import Arm, Foot, Stance
from sample_videos.gait import Walk
from sample_videos.motion import Track, Vector, vector, window
from sample_videos.truth import TruthRow

WorkKind: TypeAlias = Literal["pick", "assemble", "screw", "inspect", "press", "pack"]

RHYTHM: dict[WorkKind, tuple[tuple[float, float, float, float], ...]] = {
    # Per hand: amplitude in metres along x, y, z, and frequency in hertz.
    "pick": ((0.014, 0.012, 0.028, 0.80), (0.016, 0.012, 0.030, 0.95)),
    "assemble": ((0.011, 0.010, 0.012, 0.90), (0.012, 0.010, 0.011, 1.15)),
    "screw": ((0.003, 0.003, 0.010, 0.55), (0.004, 0.003, 0.003, 0.40)),
    "inspect": ((0.016, 0.012, 0.016, 0.40), (0.016, 0.012, 0.016, 0.40)),
    "press": ((0.008, 0.006, 0.022, 0.85), (0.006, 0.004, 0.006, 0.50)),
    "pack": ((0.010, 0.010, 0.026, 0.70), (0.011, 0.010, 0.026, 0.70)),
}
"""Small movements of the hands while they work; chosen by eye, below 15 cm/s."""


@dataclass(frozen=True, slots=True)
class Work:
    """A span in which both hands make the small movements of a kind of work."""

    start: float
    end: float
    kind: WorkKind
    phase: float

    def offset(self, t: float, side: int) -> Vector:
        """Return the (3,) displacement of a hand at `t`."""
        strength = window(t, self.start, self.end, 0.3)
        if strength == 0.0:
            return np.zeros(3)
        *amplitude, frequency = RHYTHM[self.kind][side]
        angle = 2.0 * pi * frequency * (t - self.start) + self.phase + side
        wave = vector(sin(angle), sin(0.7 * angle + 1.0), sin(angle + 1.6))
        return np.asarray(strength * vector(*amplitude) * wave)


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time in which something holds; `place` (3,) where a thing lies, None = in the hands."""

    start: float
    end: float
    place: tuple[float, float, float] | None = None

    def holds(self, t: float) -> bool:
        """Tell whether `t` is inside."""
        return self.start <= t < self.end


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """All that moves. Pairs are (left, right).

    Hip (x, y); facing and twist (1,); lean (2,); look, wrists and aims (3,); hang (1,) as in `body.Arm`;
    feet (x, y, heading, lift).
    """

    hip: Track
    facing: Track
    twist: Track
    lean: Track
    look: Track
    hang: Track
    wrists: tuple[Track, Track]
    aims: tuple[Track, Track]
    feet: tuple[Track, Track]


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """One worker's whole sample. `tool_side` is the hand (0 left, 1 right) that uses the tool."""

    tracks: Tracks
    works: tuple[Work, ...]
    walks: tuple[Walk, ...]
    part: tuple[Span, ...]
    tool: tuple[Span, ...]
    tool_side: int
    machine_down: tuple[Span, ...]
    truth: tuple[TruthRow, ...]
    sway: float

    def stance(self, t: float) -> Stance:
        """Return the posture at `t`."""
        tracks = self.tracks
        drift = 0.004 * vector(sin(0.9 * t + self.sway), sin(0.63 * t + 2.0 * self.sway))
        hang = float(tracks.hang.at(t)[0])
        return Stance(
            hip=tracks.hip.at(t) + drift,
            facing=float(tracks.facing.at(t)[0]),
            twist=float(tracks.twist.at(t)[0]),
            lean=tracks.lean.at(t) + 0.6 * drift,
            look=tracks.look.at(t),
            arms=(self._arm(t, 0, hang), self._arm(t, 1, hang)),
            feet=(self._foot(t, 0), self._foot(t, 1)),
        )

    def part_at(self, t: float) -> Span | None:
        """Return where the work piece is at `t`; None when there is none."""
        return next((span for span in self.part if span.holds(t)), None)

    def tool_in_hand(self, t: float) -> bool:
        """Tell whether the tool is out of its holder."""
        return any(span.holds(t) for span in self.tool)

    def _arm(self, t: float, side: int, hang: float) -> Arm:
        offset = sum((work.offset(t, side) for work in self.works if work.start <= t < work.end), np.zeros(3))
        swing = sum(walk.arm_swing(t, side) for walk in self.walks if walk.start <= t < walk.end)
        target = self.tracks.wrists[side].at(t) + offset
        return Arm(target, self.tracks.aims[side].at(t) + 0.7 * offset, hang, swing)

    def _foot(self, t: float, side: int) -> Foot:
        x, y, heading, lift = self.tracks.feet[side].at(t)
        return Foot(vector(x, y, lift), float(heading))

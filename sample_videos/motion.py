"""Smooth movement between key values: minimum-jerk moves on a time line."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float64]
"""(N,) float64; metres for places, radians for angles, as the name of the value says."""

Ease: TypeAlias = Callable[[float], float]
"""Progress of a move: maps elapsed share of time to covered share of the way, 0 to 0 and 1 to 1."""

MIN_JERK_PEAK = 1.875
"""Greatest speed of a minimum-jerk move, as a multiple of its mean speed."""


def vector(*numbers: float) -> Vector:
    """Return the numbers as a float64 array."""
    return np.array(numbers, dtype=np.float64)


def min_jerk(share: float) -> float:
    """Return the covered share of a minimum-jerk reach (Flash & Hogan 1985), clamped to [0, 1].

    Half of the way is covered at half of the time; speed and acceleration are zero at both ends.
    """
    s = min(max(share, 0.0), 1.0)
    return s * s * s * (10.0 + s * (6.0 * s - 15.0))


def cruise(ramp: float) -> Ease:
    """Return an ease with constant speed between two ramps, each `ramp` of the time (0 < ramp <= 0.5).

    The speed rises along a smoothstep, so that a walking body neither starts nor stops with a jerk.
    """
    speed = 1.0 / (1.0 - ramp)

    def rise(share: float) -> float:
        """Way covered while the speed rises: integral of 3u^2 - 2u^3."""
        u = share / ramp
        return speed * ramp * (u**3 - 0.5 * u**4)

    def ease(share: float) -> float:
        s = min(max(share, 0.0), 1.0)
        if s < ramp:
            return rise(s)
        if s > 1.0 - ramp:
            return 1.0 - rise(1.0 - s)
        return speed * (s - 0.5 * ramp)

    return ease


def window(t: float, start: float, end: float, ramp: float) -> float:
    """Return 1 inside [start, end], 0 outside, with minimum-jerk ramps inside the span."""
    ramp = min(ramp, 0.5 * (end - start))
    if ramp <= 0.0:
        return 0.0
    return min_jerk((t - start) / ramp) * min_jerk((end - t) / ramp)


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """A movement from one value to another in [start, end); `arc` raises the last component midway."""

    start: float
    end: float
    origin: Vector
    target: Vector
    ease: Ease
    arc: float

    def at(self, t: float) -> Vector:
        """Return the value at `t`, which may lie after the end."""
        if t >= self.end:
            return self.target
        share = self.ease((t - self.start) / (self.end - self.start))
        value = self.origin + share * (self.target - self.origin)
        if self.arc:
            # A hump with zero slope at both ends, so that the speed stays continuous.
            value[-1] += self.arc * 16.0 * (share * (1.0 - share)) ** 2
        return value


class Track:
    """A value over time: it rests, moves, and rests again."""

    def __init__(self, initial: Vector) -> None:
        self._initial = initial
        self._starts: list[float] = []
        self._moves: list[Move] = []

    @property
    def moves(self) -> tuple[Move, ...]:
        """All moves in order of time."""
        return tuple(self._moves)

    @property
    def last(self) -> Vector:
        """The value after the last move."""
        return self._moves[-1].target if self._moves else self._initial

    def move(
        self, start: float, end: float, target: Vector, *, ease: Ease = min_jerk, arc: float = 0.0
    ) -> None:
        """Append a move that begins at `start`, not before the end of the move before it.

        Raises `ValueError` for moves that overlap or run backwards: a scenario that is too fast.
        """
        if end < start or (self._moves and start < self._moves[-1].end - 1e-9):
            msg = f"move at {start:.3f} s: expected it after the move before, which ends at {self._end:.3f} s"
            raise ValueError(msg)
        self._starts.append(start)
        self._moves.append(Move(start, end, self.last, target, ease, arc))

    def jump(self, t: float, target: Vector) -> None:
        """Set the value at `t` without a movement: for what happens outside of the picture."""
        self.move(t, t, target)

    def at(self, t: float) -> Vector:
        """Return the value at `t`."""
        index = bisect_right(self._starts, t) - 1
        return self._initial if index < 0 else self._moves[index].at(t)

    @property
    def _end(self) -> float:
        return self._moves[-1].end if self._moves else 0.0

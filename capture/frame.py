"""What a source delivers: frames with true presentation times, and gaps where frames are missing."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from productivity.time import Duration, Instant


class FrameImage(Protocol):
    """A decoded picture that is converted only if somebody asks for it."""

    @property
    def width(self) -> int:
        """Pixels per row."""
        ...

    @property
    def height(self) -> int:
        """Rows."""
        ...

    def rgb(self) -> NDArray[np.uint8]:
        """Return (H, W, 3) uint8 RGB."""
        ...

    def luma(self) -> NDArray[np.uint8]:
        """Return (H, W) uint8 brightness, without conversion where the decoder has it."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture, valid for the half-open span [time, time + duration).

    `time` counts from the source's first frame, by presentation time, not by arrival. `duration` is the
    time until the next frame as the source states it (the nominal frame duration where it states none).
    `sequence` counts delivered frames of this camera from 0. `arrived` is when it arrived, or would have if
    nothing had held it up, in nanoseconds of the monotonic clock; None in a file that is read at any pace.
    """

    image: FrameImage
    time: Instant
    duration: Duration
    sequence: int
    camera: str
    arrived: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A span [time, time + duration) for which the source delivered nothing, and why."""

    time: Instant
    duration: Duration
    reason: str

"""Turns pictures with presentation times into frames and gaps that tile the time axis exactly."""

from capture.frame import Frame, FrameImage, Gap
from productivity.time import SECOND, Duration, Instant, after, since

NO_FRAMES = "no frames"

_BRIDGED_FRAMES = 5
"""Up to five nominal frame durations, at least one second, a picture counts as valid until its successor:
cameras drop single frames and lower their rate in the dark, and no worker state is that short."""


class Tiler:
    """Holds one picture back, because only its successor tells how long it was valid.

    Pictures that are not later than what is already delivered are left out: time never runs backwards.
    """

    def __init__(self, camera: str, nominal: Duration) -> None:
        self.camera = camera
        self.nominal = nominal
        self.limit = Duration(max(SECOND, _BRIDGED_FRAMES * nominal))
        self._held: FrameImage | None = None
        self._arrived: int | None = None  # when the held picture did
        self._from = Instant(0)  # start of the held picture; without one, end of what was delivered
        self._sequence = 0

    @property
    def position(self) -> Instant:
        """Start of the picture held back, or the end of everything delivered if none is held."""
        return self._from

    def push(self, image: FrameImage, time: Instant, arrived: int | None = None) -> list[Frame | Gap]:
        """Take the next picture, and return what its arrival completes; `arrived` as in `Frame`."""
        if self._held is None:
            if time < self._from:
                return []
            done: list[Frame | Gap] = list(self._gap(time, NO_FRAMES))
        elif time <= self._from:
            return []
        elif since(self._from, time) <= self.limit:
            done = [self._release(self._held, since(self._from, time))]
        else:
            done = self.fill(time, NO_FRAMES)
        self._held, self._arrived = image, arrived
        return done

    def fill(self, until: Instant, reason: str) -> list[Frame | Gap]:
        """Release the held picture for its nominal duration, and say why nothing follows it up to `until`."""
        done: list[Frame | Gap] = []
        if self._held is not None:
            done.append(self._release(self._held, self.nominal))
        return done + self._gap(until, reason)

    def finish(self, duration: Duration) -> list[Frame | Gap]:
        """Release the last picture; it has no successor, so the source states its duration."""
        return [] if self._held is None else [self._release(self._held, duration)]

    def _release(self, image: FrameImage, duration: Duration) -> Frame:
        frame = Frame(image, self._from, duration, self._sequence, self.camera, self._arrived)
        self._held = None
        self._from = after(self._from, duration)
        self._sequence += 1
        return frame

    def _gap(self, until: Instant, reason: str) -> list[Frame | Gap]:
        if until <= self._from:
            return []
        gap = Gap(self._from, since(self._from, until), reason)
        self._from = until
        return [gap]

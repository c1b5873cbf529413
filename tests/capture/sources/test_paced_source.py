"""A file that is played at its own pace."""

import threading
import time

from capture.sources.paced import PacedSource
from productivity.time import SECOND


class Scripted:
    """A source of ready-made frames."""

    def __init__(self, frames):
        self._frames = frames
        self.closed = False
        self.info = "info"

    def frames(self):
        yield from self._frames

    def close(self):
        self.closed = True


def test_no_frame_comes_before_its_time(world):
    frames = world.frames(0.4, rate=20.0)
    begun = time.monotonic_ns()
    with PacedSource(Scripted(frames)) as source:
        for expected, frame in zip(frames, source.frames(), strict=True):
            assert (frame.image, frame.time, frame.sequence) == (
                expected.image,
                expected.time,
                expected.sequence,
            )
            assert time.monotonic_ns() - begun >= frame.time


def test_each_frame_says_how_late_it_is(world):
    """The consumer takes 0.2 s for the first of two frames."""
    with PacedSource(Scripted(world.frames(0.1, rate=20.0))) as source:
        lateness = []
        for frame in source.frames():
            lateness.append((time.monotonic_ns() - frame.arrived) / SECOND)
            time.sleep(0.2)
    assert lateness[0] < 0.05
    assert 0.15 <= lateness[1] < 0.25


def test_closing_ends_the_wait_and_the_other_source(world):
    inner = Scripted([world.frame(0, SECOND), world.frame(3600 * SECOND, SECOND)])
    source = PacedSource(inner)
    threading.Timer(0.05, source.close).start()
    assert len(list(source.frames())) == 1  # an hour was not waited for
    assert inner.closed


def test_it_says_of_itself_what_the_other_says():
    assert PacedSource(Scripted([])).info == "info"

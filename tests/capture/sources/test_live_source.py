"""Cameras that stop, hang, return, or change, behind the interface that the real ones use."""

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest

from capture.frame import Frame, Gap
from capture.sources import live
from capture.sources.live import CAMERA_LOST, Disconnected, LiveSource, Shot
from productivity.errors import BadInput, SourceLost
from productivity.time import SECOND, Duration, seconds

NOMINAL = Duration(SECOND // 50)


@dataclass(eq=False)
class Blank:
    """A picture without content."""

    width: int = 64
    height: int = 64

    def rgb(self) -> np.ndarray:
        return np.zeros((self.height, self.width, 3), np.uint8)

    def luma(self) -> np.ndarray:
        return np.zeros((self.height, self.width), np.uint8)


@dataclass
class FakeCamera:
    """Delivers in real time what its script says, connection after connection; counts what is open."""

    script: list[Callable[[], Iterator[Shot]]]
    frame_duration: Duration = NOMINAL
    opened: int = 0
    open_now: int = 0
    shots: Iterator[Shot] = field(default_factory=lambda: iter(()))

    def __call__(self) -> "FakeCamera":
        if self.opened >= len(self.script):
            raise Disconnected("Connection refused")
        self.shots = self.script[self.opened]()
        self.opened += 1
        self.open_now += 1
        return self

    def read(self) -> Shot:
        shot = next(self.shots, None)
        if shot is None:
            raise Disconnected("end of the stream")
        return shot

    def close(self) -> None:
        self.open_now -= 1


def playing(count: int, *, start: int = 0, size: int = 64) -> Callable[[], Iterator[Shot]]:
    def shots() -> Iterator[Shot]:
        for number in range(count):
            time.sleep(NOMINAL / SECOND)
            yield Shot(Blank(size, size), start + number * NOMINAL)

    return shots


@pytest.fixture
def quick(monkeypatch):
    """Shorten the pauses, not the logic."""
    monkeypatch.setattr(live, "_TICK_S", 0.05)
    monkeypatch.setattr(live, "_FIRST_PAUSE_S", 0.1)


def collect(source: LiveSource, enough: Callable[[list[Frame | Gap]], bool]) -> list[Frame | Gap]:
    done: list[Frame | Gap] = []
    with source:
        for tile in source.frames():
            done.append(tile)
            if enough(done):
                break
    return done


def assert_tiling(tiles: list[Frame | Gap]) -> None:
    end = 0
    for tile in tiles:
        assert tile.time == end
        assert tile.duration > 0
        end += tile.duration


def shape(tiles: list[Frame | Gap]) -> list[str]:
    """Return the kinds of tiles, with neighbours of one kind taken together."""
    kinds = [tile.reason if isinstance(tile, Gap) else "frames" for tile in tiles]
    return [kind for number, kind in enumerate(kinds) if number == 0 or kinds[number - 1] != kind]


def test_a_cut_and_a_return_give_frames_gap_frames(quick):
    """The camera's clock starts anew; the length of the gap comes from ours."""
    camera = FakeCamera([playing(20), playing(500, start=-77 * SECOND)])
    begun = time.monotonic_ns()
    tiles = collect(LiveSource("bench", camera, camera="bench"), lambda done: len(done) > 40)
    elapsed = time.monotonic_ns() - begun
    assert_tiling(tiles)
    assert shape(tiles) == ["frames", CAMERA_LOST, "frames"]
    assert [tile.sequence for tile in tiles if isinstance(tile, Frame)][:3] == [0, 1, 2]
    end = tiles[-1].time + tiles[-1].duration
    assert abs(end - elapsed) < SECOND // 4
    assert camera.open_now == 0


def test_pictures_that_waited_in_buffers_do_not_stretch_the_time_axis(quick):
    """After its return the camera first sends two seconds of pictures at once."""

    def burst() -> Iterator[Shot]:
        for number in range(100):
            yield Shot(Blank(), number * NOMINAL)
        for number in range(100, 300):
            time.sleep(NOMINAL / SECOND)
            yield Shot(Blank(), number * NOMINAL)

    begun = time.monotonic_ns()
    camera = FakeCamera([playing(10), burst])
    tiles = collect(LiveSource("bench", camera, camera="bench"), lambda done: len(done) > 40)
    elapsed = time.monotonic_ns() - begun
    assert_tiling(tiles)
    assert shape(tiles) == ["frames", CAMERA_LOST, "frames"]
    assert abs(tiles[-1].time - elapsed) < SECOND // 4


def test_a_stall_becomes_a_gap_while_it_lasts_and_late_pictures_do_not_overlap(quick):
    """Pictures held up for 1.5 s by the network arrive all at once."""

    def stalling() -> Iterator[Shot]:
        yield from playing(10)()
        time.sleep(1.5)
        for number in range(10, 85):
            yield Shot(Blank(), number * NOMINAL)
        yield from playing(500, start=85 * NOMINAL)()

    tiles = collect(
        LiveSource("bench", FakeCamera([stalling]), camera="bench"),
        lambda done: isinstance(done[-1], Frame) and done[-1].time > 2 * SECOND,
    )
    assert_tiling(tiles)
    assert shape(tiles) == ["frames", "no frames", "frames"]
    lost = sum(tile.duration for tile in tiles if isinstance(tile, Gap))
    assert 0.2 * SECOND < lost < 1.2 * SECOND  # only what was more than a second late


def test_gaps_arrive_while_the_camera_is_away_and_patience_ends(quick):
    source = LiveSource("bench", FakeCamera([playing(3)]), camera="bench", patience=seconds(0.6))
    tiles: list[Frame | Gap] = []
    moments = []
    with source, pytest.raises(SourceLost) as lost:  # noqa: PT012 - the iteration raises
        for tile in source.frames():
            tiles.append(tile)
            moments.append(time.monotonic())
    assert str(lost.value) == "bench: no picture for 1 s (Connection refused)"
    assert_tiling(tiles)
    assert shape(tiles) == ["frames", CAMERA_LOST]
    assert all(later - earlier < 0.5 for earlier, later in pairwise(moments))
    assert sum(isinstance(tile, Gap) for tile in tiles) >= 4
    assert tiles[-1].time + tiles[-1].duration > 0.4 * SECOND


def test_the_pauses_between_attempts_grow(quick, monkeypatch):
    attempts = []

    def connect() -> FakeCamera:
        attempts.append(time.monotonic())
        if len(attempts) > 1:
            raise Disconnected("Connection refused")
        return FakeCamera([playing(2)])()

    monkeypatch.setattr(live.random, "uniform", lambda low, high: high)
    source = LiveSource("bench", connect, camera="bench", patience=seconds(1.2))
    with pytest.raises(SourceLost), source:
        list(source.frames())
    pauses = [b - a for a, b in pairwise(attempts[1:])]
    assert 3 <= len(attempts) <= 6
    assert all(later > earlier * 1.5 for earlier, later in pairwise(pauses))


def test_close_from_another_thread_ends_a_hanging_camera_quickly(quick):
    """The driver hangs for ever in `read`; nobody waits for it."""
    release = threading.Event()

    def hanging() -> Iterator[Shot]:
        yield Shot(Blank(), 0)
        release.wait(30)

    source = LiveSource("bench", FakeCamera([hanging]), camera="bench")
    threading.Timer(0.3, source.close).start()
    begun = time.monotonic()
    assert list(source.frames()) == []
    source.close()
    assert time.monotonic() - begun < 3
    release.set()


def test_the_first_failure_is_told_at_once():
    with pytest.raises(BadInput) as refusal:
        LiveSource("bench", FakeCamera([]), camera="bench")
    assert str(refusal.value) == "bench: camera does not deliver: found Connection refused"
    assert refusal.value.__context__ is None


def test_whatever_breaks_is_told_without_its_text():
    def connect() -> FakeCamera:
        raise RuntimeError("rtsp://user:secret@host/")

    with pytest.raises(BadInput) as refusal:
        LiveSource("bench", connect, camera="bench")
    assert str(refusal.value) == "bench: camera does not deliver: found unexpected RuntimeError"
    assert refusal.value.__context__ is None


def test_a_camera_with_a_tiny_picture_is_refused_and_freed():
    camera = FakeCamera([playing(500, size=32)])
    with pytest.raises(
        BadInput, match="bench: picture too small: expected at least 64x64 pixels, found 32x32"
    ):
        LiveSource("bench", camera, camera="bench")
    assert camera.open_now == 0


def test_a_camera_that_returns_with_another_picture_size_is_given_up(quick):
    camera = FakeCamera([playing(3), playing(500, size=128)])
    source = LiveSource("bench", camera, camera="bench")
    with pytest.raises(SourceLost, match="bench: picture size changed from 64x64 to 128x128"):
        list(source.frames())


def test_a_slow_consumer_costs_pictures_not_memory(quick):
    alive: list[weakref.ref] = []

    def fast() -> Iterator[Shot]:
        for number in range(2000):
            image = Blank()
            alive.append(weakref.ref(image))
            time.sleep(0.001)
            yield Shot(image, number * 1_000_000)

    source = LiveSource("bench", FakeCamera([fast]), camera="bench")
    most = 0
    with source:
        for tile in source.frames():
            time.sleep(0.1)
            gc.collect()
            most = max(most, sum(reference() is not None for reference in alive))
            if tile.time > 20_000_000:
                break
    assert 2 <= most <= live._MAILBOX + 4


def late_s(frame: Frame) -> float:
    return (time.monotonic_ns() - frame.arrived) / SECOND


def test_a_slow_start_and_a_slow_consumer_see_pictures_of_now():
    """Neither holds the camera up: what it films meanwhile does not pile up in buffers below us."""
    begun = 0.0

    def filming() -> Iterator[Shot]:
        """What nobody has read yet waits, as in a socket's buffer."""
        for number in range(1000):
            time.sleep(max(0.0, begun + number * NOMINAL / SECOND - time.monotonic()))
            yield Shot(Blank(), number * NOMINAL)

    begun = time.monotonic()
    source = LiveSource("bench", FakeCamera([filming]), camera="bench")
    time.sleep(1)
    behind, told = [], []
    with source:
        first = source._reader._arrived[0].shot.presented  # where the axis begins
        for frame in source.frames():
            behind.append(time.monotonic() - begun - (frame.time + first) / SECOND)
            told.append(late_s(frame))
            time.sleep(0.1)
            if len(behind) == 20:
                break
    assert max(behind) < 0.6
    assert np.abs(np.subtract(behind, told)).max() < 0.15


def test_what_waited_in_buffers_tells_that_it_is_old(quick):
    """Held up for 0.8 s by the network, pictures arrive all at once, and are not of now."""

    def stalling() -> Iterator[Shot]:
        yield from playing(10)()
        time.sleep(0.8)
        for number in range(10, 50):
            yield Shot(Blank(), number * NOMINAL)
        yield from playing(500, start=50 * NOMINAL)()

    told: list[tuple[int, float]] = []
    with LiveSource("bench", FakeCamera([stalling]), camera="bench") as source:
        for tile in source.frames():
            if isinstance(tile, Frame):
                told.append((tile.time // NOMINAL, late_s(tile)))
            if told and told[-1][0] > 60:
                break
    assert max(late for number, late in told if number < 9) < 0.3
    assert max(late for number, late in told if 10 <= number < 20) > 0.5
    assert told[-1][1] < 0.3

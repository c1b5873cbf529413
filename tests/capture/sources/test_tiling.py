"""Frames and gaps tile the time axis, whatever times the pictures carry."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from capture.frame import Frame, Gap
from capture.sources.tiling import Tiler
from productivity.time import SECOND, Duration, Instant

NOMINAL = Duration(SECOND // 10)


@dataclass(frozen=True)
class Blank:
    """A picture without content."""

    width: int = 64
    height: int = 64
    pixels: np.ndarray = field(default_factory=lambda: np.zeros((64, 64, 3), np.uint8))

    def rgb(self) -> np.ndarray:
        return self.pixels

    def luma(self) -> np.ndarray:
        return self.pixels[..., 0]


def tiles(*milliseconds: int, last: int = 100) -> list[tuple[str, int, int]]:
    """Return (kind, start, duration) in milliseconds for pictures presented at the given times."""
    tiler = Tiler("camera", NOMINAL)
    done: list[Frame | Gap] = []
    for time in milliseconds:
        done += tiler.push(Blank(), Instant(time * SECOND // 1000))
    done += tiler.finish(Duration(last * SECOND // 1000))
    return [(type(tile).__name__, tile.time // 1_000_000, tile.duration // 1_000_000) for tile in done]


def test_a_frame_lasts_until_its_successor():
    assert tiles(0, 40, 140, 640, last=70) == [
        ("Frame", 0, 40),
        ("Frame", 40, 100),
        ("Frame", 140, 500),
        ("Frame", 640, 70),
    ]


def test_each_frame_tells_its_own_arrival_and_not_its_successors():
    tiler = Tiler("camera", NOMINAL)
    done = [tile for n in range(3) for tile in tiler.push(Blank(), Instant(n * NOMINAL), arrived=100 + n)]
    assert [frame.arrived for frame in [*done, *tiler.finish(NOMINAL)]] == [100, 101, 102]


def test_a_hole_of_up_to_one_second_is_bridged():
    assert tiles(0, 1000) == [("Frame", 0, 1000), ("Frame", 1000, 100)]


def test_a_longer_hole_is_a_gap_after_the_nominal_duration():
    assert tiles(0, 1001) == [("Frame", 0, 100), ("Gap", 100, 901), ("Frame", 1001, 100)]


def test_slow_cameras_are_bridged_for_five_frames():
    tiler = Tiler("camera", Duration(2 * SECOND))
    assert tiler.push(Blank(), Instant(0)) == []
    assert [tile.duration for tile in tiler.push(Blank(), Instant(10 * SECOND))] == [10 * SECOND]


def test_pictures_with_the_same_or_an_earlier_time_are_left_out():
    assert tiles(0, 100, 100, 50, 200) == [("Frame", 0, 100), ("Frame", 100, 100), ("Frame", 200, 100)]


def test_a_picture_that_arrives_after_its_time_was_reported_missing_is_left_out():
    tiler = Tiler("camera", NOMINAL)
    tiler.push(Blank(), Instant(0))
    given_up = tiler.fill(Instant(2 * SECOND), "no frames")
    assert [(tile.time, tile.duration) for tile in given_up] == [
        (0, NOMINAL),
        (NOMINAL, 2 * SECOND - NOMINAL),
    ]
    assert tiler.push(Blank(), Instant(2 * SECOND - 1)) == []
    assert tiler.push(Blank(), Instant(2 * SECOND)) == []
    assert [tile.time for tile in tiler.finish(NOMINAL)] == [2 * SECOND]


def test_filling_up_to_the_past_only_releases_the_held_frame():
    tiler = Tiler("camera", NOMINAL)
    tiler.push(Blank(), Instant(0))
    assert [type(tile) for tile in tiler.fill(Instant(1), "camera lost")] == [Frame]
    assert tiler.fill(Instant(NOMINAL), "camera lost") == []


@given(
    st.lists(st.tuples(st.sampled_from(["push", "fill"]), st.integers(-2 * SECOND, 5 * SECOND))),
    st.integers(1, SECOND),
)
def test_tiles_neither_overlap_nor_leave_holes(steps: list[tuple[str, int]], nominal: int):
    """Random pictures, late, early and doubled, with random losses between them."""
    tiler = Tiler("camera", Duration(nominal))
    done: list[Frame | Gap] = []
    now = 0
    for kind, step in steps:
        now = max(0, now + step)
        done += tiler.push(Blank(), Instant(now)) if kind == "push" else tiler.fill(Instant(now), "away")
    done += tiler.finish(Duration(nominal))
    end = 0
    for tile in done:
        assert tile.time == end
        assert tile.duration > 0
        end += tile.duration
    assert sum(tile.duration for tile in done) == end == tiler.position
    frames = [tile for tile in done if isinstance(tile, Frame)]
    assert [frame.sequence for frame in frames] == list(range(len(frames)))

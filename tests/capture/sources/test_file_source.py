"""Video files: true presentation times, pictures on demand, release of the file."""

import gc
import threading
import weakref
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from capture.frame import Frame, Gap
from capture.sources.file import FileSource
from productivity.time import SECOND

MS = SECOND // 1000
ONE_BY_ONE = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "videos"


def tiles(path: Path) -> list[Frame | Gap]:
    with FileSource(path, camera="bench") as source:
        return list(source.frames())


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("name", ["video.mp4", "video.mkv", "video.ts"])
def test_frames_carry_their_presentation_times(render, name):
    with FileSource(render(name, times=range(0, 2000, 100)), camera="bench") as source:
        frames = list(source.frames())
    assert [frame.time for frame in frames] == [number * 100 * MS for number in range(20)]
    assert {frame.duration for frame in frames} == {100 * MS}
    assert [frame.sequence for frame in frames] == list(range(20))
    assert {frame.camera for frame in frames} == {"bench"}
    info = source.info
    assert (info.width, info.height, info.frame_duration, info.total) == (128, 96, 100 * MS, 2 * SECOND)


def test_variable_frame_rate_is_kept_and_long_holes_become_gaps(render):
    found = tiles(render("video.mkv", times=[0, 33, 100, 250, 1150, 5000, 5100, 5200]))
    times = [(type(tile).__name__, tile.time // MS) for tile in found]
    frames = [("Frame", time) for time in (0, 33, 100, 250, 1150)]
    assert times[:5] == frames
    assert times[5][0] == "Gap"
    assert times[6:] == [("Frame", 5000), ("Frame", 5100), ("Frame", 5200)]
    assert all(a.time + a.duration == b.time for a, b in pairwise(found))
    assert found[5].reason == "no frames"
    assert found[-1].duration == 100 * MS


def test_time_counts_from_the_first_picture_not_from_the_start_of_the_clock(render):
    found = tiles(render("video.ts", times=range(7000, 8000, 100)))
    assert found[0].time == 0
    assert found[-1].time + found[-1].duration == SECOND


def test_pictures_without_times_follow_each_other_at_the_nominal_rate(render):
    found = tiles(render("video.h264", times=range(0, 1000, 100)))
    assert [tile.time for tile in found] == [number * found[0].duration for number in range(10)]


FORMATS = [
    pytest.param("video.mp4", "libx264", "yuv420p", (128, 96), id="camera"),
    pytest.param("video.mp4", "libx264", "yuv420p10le", (128, 96), id="10-bit"),
    pytest.param("video.mp4", "libx264", "yuv444p", (66, 68), id="4:4:4"),
    pytest.param("video.mkv", "ffv1", "yuv420p", (65, 67), id="odd-size"),
    pytest.param("video.mkv", "ffv1", "yuv420p", (114, 96), id="padded-rows"),
    pytest.param("video.mkv", "mjpeg", "yuvj420p", (128, 96), id="full-range"),
    pytest.param("video.avi", "rawvideo", "bgr24", (128, 96), id="bottom-up-rgb"),
    pytest.param("video.mkv", "ffv1", "gray", (128, 96), id="grey"),
]


@pytest.mark.parametrize(("name", "codec", "pixel_format", "size"), FORMATS)
def test_pictures_have_their_colours_and_sides(render, name, codec, pixel_format, size):
    """The upper left is grey 40 + 2 n in picture n, the upper right is red."""
    path = render(name, codec=codec, pixel_format=pixel_format, size=size, times=range(0, 1000, 100))
    width, height = size
    with FileSource(path, camera="bench") as source:
        for frame in source.frames():
            rgb, luma = frame.image.rgb(), frame.image.luma()
            assert rgb.shape == (height, width, 3) == (frame.image.height, frame.image.width, 3)
            assert luma.shape == (height, width)
            assert rgb.dtype == luma.dtype == np.uint8
            assert rgb.flags.c_contiguous
            grey = 40 + 2 * frame.sequence
            coded = grey if pixel_format == "yuvj420p" else 16 + grey * 219 / 255
            # The red half is brighter (81 coded, 76 full range), so sides and rows cannot be mixed up.
            assert np.abs(rgb[4:28, 4:28].astype(float) - grey).mean() < 4
            assert abs(luma[4:28, 4:28].mean() - coded) < 4
            if pixel_format != "gray":
                assert np.abs(rgb[4:28, -28:-4] - np.array([200.0, 30, 30])).mean() < 6


def test_brightness_needs_no_conversion(render):
    """For camera video the brightness is a read-only view on the decoder's memory."""
    frame = tiles(render(times=range(0, 500, 100)))[2]
    luma = frame.image.luma()
    assert not luma.flags.writeable
    assert np.shares_memory(luma, np.frombuffer(memoryview(frame.image.decoded.planes[0]), np.uint8))


def test_full_range_mark_is_heeded():
    """Limited-range 235 is white; the same number in video marked full range is not."""
    from av.video.reformatter import VideoReformatter

    from capture.sources.image import DecodedImage

    found = []
    for mark in (1, 2):
        frame = av.VideoFrame(64, 64, "yuv420p")
        for plane, value in zip(frame.planes, (235, 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.color_range = mark
        found.append(int(DecodedImage(frame, VideoReformatter()).rgb()[32, 32, 0]))
    assert found == [255, 235]


@pytest.mark.parametrize(
    ("rotation", "dark_corner", "shape"),
    [
        pytest.param(0, (0, 0), (96, 128), id="upright"),
        pytest.param(90, (-1, 0), (128, 96), id="quarter-turn-left"),
        pytest.param(180, (-1, -1), (96, 128), id="upside-down"),
        pytest.param(-90, (0, -1), (128, 96), id="quarter-turn-right"),
    ],
)
def test_phone_videos_are_turned_upright(render, rotation, dark_corner, shape):
    frame = tiles(render(rotation=rotation, times=[0, 100]))[0]
    luma, rgb = frame.image.luma(), frame.image.rgb()
    assert (frame.image.height, frame.image.width) == luma.shape == rgb.shape[:2] == shape
    rows = slice(2, 30) if dark_corner[0] == 0 else slice(-30, -2)
    columns = slice(2, 30) if dark_corner[1] == 0 else slice(-30, -2)
    assert np.abs(rgb[rows, columns].astype(float) - 40).max() < 16
    assert abs(luma[rows, columns].mean() - (16 + 40 * 219 / 255)) < 4


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_recordings_that_begin_between_key_pictures_start_at_the_next_one(render, tmp_path, codec):
    """Camera recorders cut transport streams anywhere."""
    options = {"g": "17", "bf": "0", "sc_threshold": "0" if codec == "libx264" else "1000000000"}
    whole = render("video.ts", codec=codec, times=range(0, 6000, 100), options=options).read_bytes()
    path = tmp_path / "cut.ts"
    path.write_bytes(whole[: 188 * 3] + whole[len(whole) * 2 // 5 // 188 * 188 :])
    found = tiles(path)
    assert found[0].time == 0
    assert found[0].image.decoded.key_frame
    assert 1 * SECOND < found[-1].time + found[-1].duration < 6 * SECOND
    assert not any(frame.image.decoded.is_corrupt for frame in found)


def test_a_finished_or_dropped_iterator_releases_the_file(render):
    path = render()
    before = open_descriptors()
    source = FileSource(path, camera="bench")
    assert open_descriptors() > before
    list(source.frames())
    assert open_descriptors() == before

    source = FileSource(path, camera="bench")
    tile_iterator = source.frames()
    next(tile_iterator)
    del tile_iterator
    gc.collect()
    assert open_descriptors() == before


def test_a_closed_source_is_freed_without_the_garbage_collector(render):
    """Decoders hold megabytes; reference cycles would keep them until Python happens to collect."""
    path = render(rotation=90)
    gc.collect()
    gc.disable()
    try:
        source = FileSource(path, camera="bench")
        frame = next(iter(source.frames()))
        memory = weakref.ref(source)
        source.close()
        del source, frame
        assert memory() is None
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_close_twice_and_close_before_reading(render):
    source = FileSource(render(), camera="bench")
    source.close()
    source.close()
    assert [tile for tile in source.frames() if tile.time] == []


def test_close_from_another_thread_ends_the_frames(render):
    """The decoder is never freed while the reading thread is inside it."""
    source = FileSource(render(times=range(0, 60_000, 100)), camera="bench")
    count = 0
    for count, _ in enumerate(source.frames()):
        if count == 20:
            closer = threading.Thread(target=source.close)
            closer.start()
    closer.join()
    assert 20 <= count < 599


def test_the_public_clip_is_read_to_its_end():
    path = ONE_BY_ONE / "one-by-one-person-detection.mp4"
    if not path.exists():
        pytest.skip("the public clip is not on this machine")
    count = end = 0
    with FileSource(path, camera="bench") as source:
        for tile in source.frames():
            assert tile.time == end
            end += tile.duration
            count += 1
    assert count == 1394
    assert end == source.info.total

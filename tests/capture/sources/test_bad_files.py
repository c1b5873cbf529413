"""Bad files: one line that names the file, the place and what was expected; nothing else escapes."""

import contextlib
import os
import random
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from capture.sources.file import FileSource
from productivity.errors import BadInput
from productivity.time import SECOND

CLUSTER = b"\x1f\x43\xb6\x75"  # element of a Matroska file that holds about a second of pictures here


def play(path: Path) -> int:
    """Read everything; return the end of what was delivered in nanoseconds."""
    end = 0
    with FileSource(path, camera="bench") as source:
        for tile in source.frames():
            assert tile.time == end
            end += tile.duration
    return end


def missing(path: Path, render) -> None:
    pass


def directory(path: Path, render) -> None:
    path.mkdir()


def empty(path: Path, render) -> None:
    path.touch()


def pipe(path: Path, render) -> None:
    os.mkfifo(path)


def unreadable_link(path: Path, render) -> None:
    path.symlink_to(path)


def text(path: Path, render) -> None:
    path.write_text("cycle,start\n" * 500)


def play_list(path: Path, render) -> None:
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{render('other.ts')}\n#EXT-X-ENDLIST\n")


def audio_only(path: Path, render) -> None:
    with av.open(path, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=16_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.float32), format="fltp", layout="mono")
        frame.rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())


def sound_with_cover(path: Path, render) -> None:
    """Music players store a cover picture as a video stream of one picture."""
    with av.open(path, "w", format="mp4") as container:
        sound = container.add_stream("aac", rate=16_000)
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 128, 96, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.float32), format="fltp", layout="mono")
        frame.rate = 16_000
        container.mux(cover.encode(av.VideoFrame(128, 96, "yuvj420p")))
        container.mux(cover.encode())
        container.mux(sound.encode(frame))
        container.mux(sound.encode())


def one_by_one_pixel(path: Path, render) -> None:
    render("small.mkv", codec="ffv1", size=(1, 1), pixel_format="yuv444p", times=[0, 100]).rename(path)


def eight_k(path: Path, render) -> None:
    render("large.mkv", codec="mjpeg", size=(7680, 4320), pixel_format="yuvj420p", times=[0]).rename(path)


def zero_size(path: Path, render) -> None:
    video = bytearray(render("zero.avi", codec="rawvideo", pixel_format="bgr24", times=[0, 100]).read_bytes())
    at = video.index(b"strf") + 12  # BITMAPINFOHEADER: size, then width and height, 4 bytes each
    assert int.from_bytes(video[at : at + 4], "little") == 128
    video[at : at + 8] = bytes(8)
    path.write_bytes(video)


def unknown_coding(path: Path, render) -> None:
    video = render("coding.mkv", times=[0, 100]).read_bytes()
    assert video.count(b"V_MPEG4/ISO/AVC") == 1
    path.write_bytes(video.replace(b"V_MPEG4/ISO/AVC", b"V_NOBODYKNOWS/1"))


def index_missing(path: Path, render) -> None:
    video = render("whole.mp4").read_bytes()
    path.write_bytes(video[: len(video) * 2 // 3])


def cut_off(path: Path, render) -> None:
    """The header promises 4 s, the data end half-way."""
    video = render("whole.mp4", index_first=True).read_bytes()
    path.write_bytes(video[: len(video) // 2])


def cut_off_between_pictures(path: Path, render) -> None:
    """Matroska ends cleanly after any cluster, only the header knows that something is missing."""
    video = render("whole.mkv", times=range(0, 12_000, 100), options={"g": "10"}).read_bytes()
    clusters = video.split(CLUSTER)
    path.write_bytes(CLUSTER.join(clusters[: len(clusters) // 2]))


def damaged(path: Path, render) -> None:
    video = bytearray(render("whole.mp4", index_first=True, options={"bf": "0", "coder": "vlc"}).read_bytes())
    data = video.index(b"mdat") + 4
    at = data + (len(video) - data) * 6 // 10
    for place in range(at, at + 64):
        video[place] ^= 0x5A
    path.write_bytes(video)


def times_restart(path: Path, render) -> None:
    first = render("first.ts", times=range(0, 5000, 100)).read_bytes()
    path.write_bytes(first + first)


def size_changes(path: Path, render) -> None:
    first = render("first.h264", times=range(0, 1000, 100)).read_bytes()
    path.write_bytes(first + render("second.h264", size=(160, 96), times=range(0, 1000, 100)).read_bytes())


def mirrored(path: Path, render) -> None:
    render("mirror.mp4", mirrored=True).rename(path)


def tilted(path: Path, render) -> None:
    render("tilt.mp4", rotation=45).rename(path)


ROWS: list[tuple[Callable[[Path, object], None], str]] = [
    (missing, "no such file: expected a video file, found No such file or directory"),
    (unreadable_link, "no such file"),
    (directory, "expected a file, found a directory"),
    (empty, "empty file: expected a video, found 0 bytes"),
    (pipe, "expected a regular file, found a device or pipe"),
    (text, "not a video, or cut off: expected a complete MP4"),
    (play_list, "not a video, or cut off: expected a complete MP4"),
    (audio_only, "no video in the file: expected a video stream, found audio only"),
    (sound_with_cover, "no video in the file: expected a video stream, found a cover picture and audio only"),
    (one_by_one_pixel, "picture too small: expected at least 64x64 pixels, found 1x1"),
    (eight_k, "picture too large: expected at most 4096x4096 pixels, found 7680x4320"),
    (zero_size, "picture too small: expected at least 64x64 pixels, found 0x0"),
    (unknown_coding, "video of an unknown coding: expected for example H.264"),
    (index_missing, "not a video, or cut off: expected a complete MP4"),
    (cut_off, "damaged or cut-off video: expected an intact one"),
    (cut_off_between_pictures, "video is cut off: expected pictures up to 12.0 s, as its header says"),
    (damaged, "damaged or cut-off video: expected an intact one"),
    (times_restart, "at 4.9 s: damaged time axis: expected presentation times that run forwards"),
    (size_changes, "picture size changes: expected 128x96 as at the start, found 160x96"),
    (mirrored, "picture marked as mirrored or tilted: expected an upright picture"),
    (tilted, "picture marked as mirrored or tilted: expected an upright picture"),
]


@pytest.mark.parametrize(("make", "message"), ROWS, ids=[make.__name__ for make, _ in ROWS])
def test_bad_files_are_refused_in_one_line(tmp_path, render, make, message):
    # The video library recognises text files and play lists by their names.
    path = tmp_path / {text: "input.txt", play_list: "input.m3u8"}.get(make, "input.bin")
    make(path, render)
    with pytest.raises(BadInput) as refusal:
        play(path)
    assert str(refusal.value).startswith(f"{path}")
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(("make", "earliest", "latest"), [(cut_off, 1.0, 3.0), (damaged, 1.5, 3.5)])
def test_damage_is_placed_in_time_and_all_before_it_is_delivered(tmp_path, render, make, earliest, latest):
    path = tmp_path / "input.bin"
    make(path, render)
    end = 0
    with FileSource(path, camera="bench") as source, pytest.raises(BadInput) as refusal:  # noqa: PT012
        for tile in source.frames():  # opening succeeds, the iteration raises
            end = tile.time + tile.duration
    place = float(str(refusal.value).removeprefix(f"{path} at ").split(" s: ")[0])
    assert earliest <= place <= latest
    assert abs(end / SECOND - place) <= 0.5


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_damage_only_bad_input_comes_out(tmp_path, render, seed):
    """Cuts, flipped and zeroed bytes at random places of the header, the index and the pictures."""
    dice = random.Random(seed)
    name = dice.choice(["video.mp4", "video.mkv", "video.ts"])
    video = bytearray(render(name, times=range(0, 1500, 100)).read_bytes())
    at, length = dice.randrange(len(video)), dice.choice([1, 16, 500])
    if seed % 4 == 0:
        del video[at:]
    elif seed % 4 == 1:
        video[at : at + length] = bytes(length)
    else:
        video[at : at + length] = dice.randbytes(length)
    path = tmp_path / "damaged.bin"
    path.write_bytes(video)
    with contextlib.suppress(BadInput):  # some damage hits bytes that nobody reads
        assert play(path) > 0

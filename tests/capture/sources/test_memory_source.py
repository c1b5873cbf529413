"""Video in memory is read like a file, and nothing but this memory is read."""

import sys

import pytest

from capture.sources.file import FileSource
from capture.sources.memory import MemorySource
from productivity.errors import BadInput


@pytest.mark.parametrize("name", ["video.mp4", "video.mkv", "video.ts"])
def test_the_same_pictures_come_as_from_a_file(render, name):
    path = render(name, times=range(0, 2000, 100))
    with FileSource(path, camera="bench") as source:
        expected = [(frame.time, frame.duration, frame.image.rgb().tobytes()) for frame in source.frames()]
    with MemorySource(path.read_bytes(), "the clip", camera="bench") as source:
        assert source.info.label == "the clip"
        found = [(frame.time, frame.duration, frame.image.rgb().tobytes()) for frame in source.frames()]
    assert found == expected


opened: list[str] = []
listening = False


def listen(event, arguments):
    if listening and event == "open":
        opened.append(str(arguments[0]))


def test_no_file_is_opened(render):
    """An audit hook stays for the rest of the process, so it only listens while this test asks it to."""
    global listening
    content = render("video.mp4").read_bytes()
    sys.addaudithook(listen)
    listening = True
    with MemorySource(content, "the clip", camera="bench") as source:
        assert sum(1 for _ in source.frames()) == 40
    listening = False
    assert opened == []


def play_list(other):
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{other}\n#EXT-X-ENDLIST\n".encode()


def concatenation(other):
    return f"ffconcat version 1.0\nfile {other}\n".encode()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: b"", "the clip: empty file: expected a video, found 0 bytes"),
        (lambda _: b"cycle,start\n" * 500, "the clip: not a video, or cut off: expected a complete MP4"),
        (play_list, "the clip: not a video, or cut off"),
        (concatenation, "the clip: not a video, or cut off"),
        (lambda other: other.read_bytes()[:2000], "the clip: not a video, or cut off"),
    ],
    ids=["empty", "text", "a play list of a file", "a concatenation of a file", "cut off"],
)
def test_anything_else_is_refused(render, make, message):
    with pytest.raises(BadInput, match=message):
        MemorySource(make(render("other.mp4")), "the clip", camera="bench")

"""Video files."""

import stat
from pathlib import Path

import av
from av.container import InputContainer

from capture.sources.recorded import CONTAINERS, RecordedSource, not_a_video
from productivity.errors import BadInput


class FileSource(RecordedSource):
    """A video file, opened. Raises `BadInput` for what is none."""

    def __init__(self, path: Path, *, camera: str) -> None:
        _check_regular(path)
        super().__init__(_open(path), str(path), camera=camera)


def _check_regular(path: Path) -> None:
    """Refuse what is no file before the video library reads it: a named pipe would block it for ever."""
    label = str(path)
    try:
        status = path.stat()
    except OSError as fault:
        found = fault.strerror or "an error"
        raise BadInput("no such file", where=label, expected="a video file", found=found) from None
    if stat.S_ISDIR(status.st_mode):
        raise BadInput("not a video file", where=label, expected="a file", found="a directory")
    if not stat.S_ISREG(status.st_mode):
        raise BadInput("not a video file", where=label, expected="a regular file", found="a device or pipe")
    if status.st_size == 0:
        raise BadInput("empty file", where=label, expected="a video", found="0 bytes")


def _open(path: Path) -> InputContainer:
    label = str(path)
    try:
        # The prefix keeps names such as "concat:a|b" from being read as an address.
        return av.open(
            f"file:{path}",
            container_options={"format_whitelist": CONTAINERS, "protocol_whitelist": "file"},
        )
    except PermissionError:
        raise BadInput("file not readable", where=label, expected="permission to read it") from None
    except av.FFmpegError as fault:
        raise not_a_video(label, fault) from None

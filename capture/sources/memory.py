"""Video that exists in memory only."""

import io

import av
from av.container import InputContainer

from capture.sources.recorded import CONTAINERS, RecordedSource, not_a_video
from productivity.errors import BadInput


class MemorySource(RecordedSource):
    """The bytes of a video file; nothing is written, and no other file or host is read.

    `label` names it in errors. Raises `BadInput` for what is no video.
    """

    def __init__(self, content: bytes, label: str, *, camera: str) -> None:
        if not content:
            raise BadInput("empty file", where=label, expected="a video", found="0 bytes")
        super().__init__(_open(content, label), label, camera=camera)


def _open(content: bytes, label: str) -> InputContainer:
    # The bytes come through functions of ours. A container that names another file or address is refused by
    # the list of protocols: an empty list would mean that all are permitted.
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "none"}
    try:
        return av.open(io.BytesIO(content), mode="r", container_options=options)
    except av.FFmpegError as fault:
        raise not_a_video(label, fault) from None

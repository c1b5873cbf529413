"""One connection to a camera through the video library, whatever the camera is attached to."""

from collections.abc import Iterator

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from capture.sources.image import DecodedImage, check_size
from capture.sources.live import Disconnected, Shot
from productivity.time import SECOND, Duration

_RATE_UNKNOWN = 15
"""Frames per second where the camera states none; used for the last frame before a gap only."""


def open_camera(
    address: str, *, kind: str, options: dict[str, str], timeout: tuple[float, float] | None = None
) -> InputContainer:
    """Open a camera. Raises `Disconnected`, outside of any other exception: that one quotes the address."""
    av.logging.set_level(None)  # whoever asked for the library's log would find the address in it
    try:
        return av.open(address, format=kind, options=options, timeout=timeout)
    except av.FFmpegError as fault:
        reason = fault.strerror
    raise Disconnected(reason or "no answer")


class CameraConnection:
    """An opened camera; see `Connection`. Owns the container and frees it where it refuses it."""

    def __init__(self, container: InputContainer, *, label: str) -> None:
        self._container = container
        try:
            self._stream = _video_stream(container)
            check_size(self._stream.width, self._stream.height, where=label)
        except BaseException:
            self.close()
            raise
        rate = self._stream.average_rate or self._stream.guessed_rate or _RATE_UNKNOWN
        self._nominal = Duration(max(1, int(SECOND / rate)))
        self._converter = VideoReformatter()
        self._shots: Iterator[Shot] = self._read()

    @property
    def frame_duration(self) -> Duration:
        """The nominal frame duration as the camera describes its stream."""
        return self._nominal

    def read(self) -> Shot:
        """Wait for the next intact picture; see `Connection`."""
        return next(self._shots)

    def close(self) -> None:
        """Free socket or device."""
        self._container.close()
        self._shots = iter(())  # the generator knows this connection: a cycle would keep the decoder alive

    def _read(self) -> Iterator[Shot]:
        packets = self._container.demux(self._stream)
        # After a damaged picture all that follow are predicted from it, up to the next key picture.
        usable = False
        while True:
            for picture in _decode(_next_packet(packets)):
                usable = (usable or picture.key_frame) and not picture.is_corrupt
                tick = picture.time_base
                if usable and picture.pts is not None and tick is not None:
                    presented = picture.pts * tick.numerator * SECOND // tick.denominator
                    yield Shot(DecodedImage(picture, self._converter), presented)


def _video_stream(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise Disconnected("the camera offers no video")
    stream = container.streams.video[0]
    if stream.codec_context is None:
        raise Disconnected("video of an unknown coding")
    stream.thread_count = 1  # as for files: one thread per camera
    stream.thread_type = "NONE"
    return stream


def _next_packet(packets: "Iterator[Packet[VideoStream]]") -> "Packet[VideoStream]":
    packet, reason = None, "end of the stream"
    try:
        packet = next(packets, None)
    except av.FFmpegError as fault:
        reason = fault.strerror or "no answer"
    if packet is None or packet.size == 0:  # an empty packet announces the end
        raise Disconnected(reason)
    return packet


def _decode(packet: "Packet[VideoStream]") -> list[VideoFrame]:
    try:
        return packet.decode()
    except av.FFmpegError:
        return []  # one packet was damaged; the pictures that lack it are marked as corrupt

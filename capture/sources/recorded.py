"""Recorded video: pictures with the presentation times that the recording states.

A recording is refused rather than repaired: a study must not rest on pictures that the decoder made up. What
is checked: the container parses, every picture decodes without concealed errors, times run forwards, and the
last picture ends where the header says. (H.264 has no checksums; bytes that were replaced by other valid
coded data cannot be noticed by anybody.)
"""

import threading
from collections.abc import Iterator
from fractions import Fraction
from typing import Self

import av
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from capture.frame import Frame, Gap
from capture.sources.base import SourceInfo
from capture.sources.image import DecodedImage, check_size, quarter_turns
from capture.sources.tiling import Tiler
from productivity.errors import BadInput
from productivity.time import SECOND, Duration, Instant

CONTAINERS = "mov,matroska,avi,mpegts,mpeg,asf,flv,ogg,h264,hevc"
"""Formats that cameras, phones and screen recorders write. The video library would also "play" text files and
follow play lists to other files and hosts."""

_LONGEST_GAP = Duration(24 * 3600 * SECOND)
"""A file whose times jump by more than a day has a damaged time axis, not a break in the recording."""

_RATE_UNKNOWN = Fraction(25)
"""Frames per second where the file states none; used for the very last frame only."""


class RecordedSource:
    """An opened container, which this closes; its first picture is already decoded.

    One pass: `frames` is called once. `info.total` is None where the recording does not say how long it is.
    `label` names it in messages.
    """

    def __init__(self, container: InputContainer, label: str, *, camera: str) -> None:
        self._label = label
        self._lock = threading.Lock()  # `close` must not free the decoder while another thread is inside it
        self._closed = False
        self._container = container
        try:
            self._stream = _video_stream(self._container, self._label)
            self._nominal = _frame_duration(self._stream)
            self._last_pts: int | None = None
            self._decoded: Iterator[VideoFrame] = self._decode()
            self._converter = VideoReformatter()
            self._first = self._first_picture()
            self._start_pts = self._pts(self._first)
            self._turns = quarter_turns(self._first, where=self._label)
            image = self._image(self._first)
            check_size(image.width, image.height, where=self._label)
            self._info = SourceInfo(self._label, image.width, image.height, self._nominal, self._total())
        except BaseException:
            self.close()
            raise
        self._tiler = Tiler(camera, self._nominal)

    @property
    def info(self) -> SourceInfo:
        """What the recording is."""
        return self._info

    def frames(self) -> Iterator[Frame | Gap]:
        """Deliver every picture; see `Source`. Released when the iterator ends or is dropped."""
        last = self._first
        try:
            yield from self._tiler.push(self._image(last), Instant(0))
            for last in self._decoded:
                yield from self._place(last)
            if self._closed:
                return
            yield from self._tiler.finish(self._last_duration(last))
            self._check_complete()
        finally:
            self.close()

    def close(self) -> None:
        """Release the recording."""
        with self._lock:
            self._closed = True
            self._container.close()
            self._decoded = iter(())  # the generator knows this source: a cycle would keep the decoder alive

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _decode(self) -> Iterator[VideoFrame]:
        """Yield decoded pictures in presentation order, from the first one that needs no predecessor on."""
        packets = self._container.demux(self._stream)
        started = False
        while True:
            with self._lock:
                if self._closed:
                    return
                try:
                    packet = next(packets, None)
                    if packet is None:
                        return
                    started = started or packet.is_keyframe
                    pictures = packet.decode() if started else []
                except av.FFmpegError as fault:
                    raise self._damaged(fault.strerror or "undecodable data") from None
            yield from pictures

    def _first_picture(self) -> VideoFrame:
        first = next(self._decoded, None)
        if first is None:
            raise BadInput("no picture in the video", where=self._label, expected="at least one")
        return first

    def _pts(self, decoded: VideoFrame) -> int:
        """Return the presentation time in ticks; a picture without one follows its predecessor."""
        pts = decoded.pts
        if pts is None:
            step = Fraction(self._nominal, SECOND) / self._tick
            pts = 0 if self._last_pts is None else self._last_pts + max(1, round(step))
        self._last_pts = pts
        return pts

    def _place(self, decoded: VideoFrame) -> list[Frame | Gap]:
        before = self._tiler.position
        time = Instant(self._nanoseconds(self._pts(decoded) - self._start_pts))
        image = self._image(decoded)
        if image.width != self._info.width or image.height != self._info.height:
            expected = f"{self._info.width}x{self._info.height} as at the start"
            found = f"{image.width}x{image.height}"
            raise BadInput("picture size changes", where=self._at(time), expected=expected, found=found)
        jump = time - before
        if jump < -self._tiler.limit or jump > _LONGEST_GAP:
            expected = "presentation times that run forwards, without holes of a day"
            found = f"a jump of {jump / SECOND:.1f} s"
            raise BadInput("damaged time axis", where=self._at(before), expected=expected, found=found)
        return self._tiler.push(image, time)

    def _image(self, decoded: VideoFrame) -> DecodedImage:
        if decoded.is_corrupt:  # the decoder met errors and painted over them
            raise self._damaged("a picture that decodes only in part")
        return DecodedImage(decoded, self._converter, self._turns)

    def _last_duration(self, decoded: VideoFrame) -> Duration:
        stated = self._nanoseconds(decoded.duration or 0)
        return Duration(stated) if 0 < stated <= self._tiler.limit else self._nominal

    def _total(self) -> Duration | None:
        """Return the length that the header promises, counted from the first picture."""
        if self._stream.duration is not None:
            end = Fraction((self._stream.start_time or 0) + self._stream.duration) * self._tick
        elif self._container.duration is not None:
            end = Fraction((self._container.start_time or 0) + self._container.duration, av.time_base)
        else:
            return None
        total = end - self._start_pts * self._tick
        return Duration(int(total * SECOND)) if total > 0 else None

    def _check_complete(self) -> None:
        end, total = self._tiler.position, self._info.total
        if total is not None and end + self._tiler.limit < total:
            expected = f"pictures up to {total / SECOND:.1f} s, as its header says"
            raise BadInput("video is cut off", where=self._at(end), expected=expected, found="its end")

    @property
    def _tick(self) -> Fraction:
        return self._stream.time_base or Fraction(1, SECOND)

    def _nanoseconds(self, ticks: int) -> int:
        return ticks * self._tick.numerator * SECOND // self._tick.denominator

    def _damaged(self, found: str) -> BadInput:
        if self._last_pts is None:
            return BadInput("not decodable", where=self._label, expected="an intact video", found=found)
        time = Instant(self._nanoseconds(self._last_pts - self._start_pts))
        return BadInput(
            "damaged or cut-off video", where=self._at(time), expected="an intact one", found=found
        )

    def _at(self, time: Instant) -> str:
        return f"{self._label} at {time / SECOND:.1f} s"


def not_a_video(label: str, fault: av.FFmpegError) -> BadInput:
    """Return the error for what does not open."""
    # The index of an MP4 file may stand at its end, so a cut-off file often does not open at all.
    return BadInput(
        "not a video, or cut off",
        where=label,
        expected="a complete MP4, MOV, MKV, WebM, AVI, MPEG, ASF, FLV or Ogg file",
        found=fault.strerror or "an unknown format",
    )


def _video_stream(container: InputContainer, label: str) -> VideoStream:
    streams = [stream for stream in container.streams.video if _kind(stream) == "video"]
    if not streams:
        kinds = sorted({_kind(stream) for stream in container.streams}) or ["nothing"]
        raise BadInput(
            "no video in the file",
            where=label,
            expected="a video stream",
            found=f"{' and '.join(kinds)} only",
        )
    stream = streams[0]
    if stream.codec_context is None:
        raise BadInput("video of an unknown coding", where=label, expected="for example H.264")
    check_size(stream.codec_context.width, stream.codec_context.height, where=label)
    # One thread: cameras share the processor, more threads would only move the work, and cost switches.
    stream.thread_count = 1
    stream.thread_type = "NONE"
    return stream


def _kind(stream: Stream) -> str:
    """Return "video", "audio" and so on; the cover of a music file is coded as video, but it is a picture."""
    return "a cover picture" if stream.disposition & Disposition.attached_pic else stream.type


def _frame_duration(stream: VideoStream) -> Duration:
    rate = stream.average_rate or stream.guessed_rate or _RATE_UNKNOWN
    return Duration(max(1, int(SECOND / rate)))

"""Renders the small videos that these tests read, so that no binary file needs to be stored."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

Render = Callable[..., Path]

MILLISECOND = Fraction(1, 1000)


def picture(number: int, width: int, height: int) -> np.ndarray:
    """Grey noise below, and above it a left and a right half that tell the picture's number and its sides."""
    rng = np.random.default_rng(number)
    rgb = np.repeat(rng.integers(0, 255, (height, width, 1), np.uint8), 3, axis=2)
    rgb[: height // 2, : width // 2] = 40 + 2 * (number % 100)
    rgb[: height // 2, width // 2 :] = (200, 30, 30)
    return rgb


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Return a function that writes a video whose pictures are presented at the given milliseconds."""

    def write(
        name: str = "video.mp4",
        *,
        times: Sequence[int] = range(0, 4000, 100),
        size: tuple[int, int] = (128, 96),
        pixel_format: str = "yuv420p",
        codec: str = "libx264",
        rotation: float = 0,
        mirrored: bool = False,
        index_first: bool = False,
        options: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        container_options = {"movflags": "faststart"} if index_first else {}
        if name.endswith(".mp4"):
            container_options["video_track_timescale"] = "1000"
        with av.open(path, "w", options=container_options) as container:
            stream = container.add_stream(codec, rate=10, options=options or {})
            stream.width, stream.height, stream.pix_fmt = *size, pixel_format
            stream.time_base = stream.codec_context.time_base = MILLISECOND
            if rotation or mirrored:
                stream.set_display_rotation(rotation, hflip=mirrored)
            for number, time in enumerate(times):
                frame = av.VideoFrame.from_ndarray(picture(number, *size), format="rgb24")
                frame.pts, frame.time_base, frame.duration = time, MILLISECOND, 100
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path

    return write

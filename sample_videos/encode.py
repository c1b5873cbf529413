"""Writes frames as an H.264 file such as a plain network camera's: no B-frames, a key frame each 5 s."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av

from models.pose import Picture
from sample_videos.camera import HEIGHT, WIDTH

KEY_FRAME_SECONDS = 5


def write_video(path: Path, frames: Iterable[Picture], *, rate: int, quality: int) -> int:
    """Write the frames to `path` at `rate` per second; return how many there were.

    `quality` is x264's constant rate factor: less is better and larger. One encoder thread, so that
    the same frames give the same bytes. A file that was not finished is removed.
    """
    part = path.with_suffix(".part.mp4")
    interval = rate * KEY_FRAME_SECONDS
    options = {
        "crf": str(quality),
        "preset": "slow",
        "tune": "film",
        "x264-params": f"keyint={interval}:min-keyint={interval}:scenecut=0:bframes=0",
    }
    count = 0
    try:
        with av.open(str(part), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=rate, options=options)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.thread_count = 1
            stream.time_base = Fraction(1, rate)
            for picture in frames:
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts = count
                frame.time_base = Fraction(1, rate)
                container.mux(stream.encode(frame))
                count += 1
            container.mux(stream.encode(None))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count

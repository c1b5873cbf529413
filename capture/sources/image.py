"""A decoded picture that stays as the decoder left it until somebody asks for colours."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from av.sidedata.sidedata import SideDataContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from productivity.errors import BadInput

SMALLEST_SIDE = 64
"""Pixels. Below this a standing person is smaller than one cell of the pose network's 224-pixel input grid
(7 x 7 cells of 32 pixels), so there is nothing to see; such files are thumbnails or damaged headers."""

LARGEST_SIDE = 4096
"""Pixels. Covers 4K cameras (3840 and 4096 wide). One 8K picture takes 50 MB as YUV and 100 MB as RGB, which
alone is two thirds of the recorder's memory bound; ask the camera for its smaller stream."""

_TURNS = {(1, 0, 0, 1): 0, (0, -1, 1, 0): 1, (-1, 0, 0, -1): 2, (0, 1, -1, 0): 3}
"""Display matrix (a, b, c, d) -> counter-clockwise quarter turns."""


@dataclass(frozen=True, slots=True, eq=False)
class DecodedImage:
    """Wraps the decoder's frame; no pixel is touched before `rgb` or `luma` is called.

    `converter` is shared by all pictures of a source, which makes a conversion ten times as fast as setting
    one up per picture; so the pictures of one source are converted in one thread. `turns` is the number of
    counter-clockwise quarter turns that bring the picture upright (phones record lying pictures and note
    the rotation beside them).
    """

    decoded: VideoFrame
    converter: VideoReformatter
    turns: int = 0

    @property
    def width(self) -> int:
        """Pixels per row, upright."""
        return self.decoded.height if self.turns % 2 else self.decoded.width

    @property
    def height(self) -> int:
        """Rows, upright."""
        return self.decoded.width if self.turns % 2 else self.decoded.height

    def rgb(self) -> NDArray[np.uint8]:
        """Return (H, W, 3) uint8 RGB, C-contiguous, 0 to 255 whatever range and matrix the video has."""
        picture = np.asarray(self._converted("rgb24").to_ndarray(), np.uint8)
        return np.ascontiguousarray(np.rot90(picture, self.turns))

    def luma(self) -> NDArray[np.uint8]:
        """Return (H, W) uint8 brightness as coded, a read-only view on the decoder's memory where possible.

        The range is the video's own: black 16 to white 235, or 0 to 255 for full-range video ("yuvj420p").
        """
        decoded = self.decoded
        if not _has_luma_plane(decoded):
            # Any other format will do; converting to the same one would hand back the same memory.
            decoded = self._converted("yuv422p" if decoded.format.name == "yuv420p" else "yuv420p")
        return np.rot90(_first_plane(decoded), self.turns)

    def _converted(self, pixel_format: str) -> VideoFrame:
        # One thread, as in `RecordedSource`. The range is named: the library does not read it from the frame.
        return self.converter.reformat(
            self.decoded, format=pixel_format, src_color_range=self.decoded.color_range, threads=1
        )


def _has_luma_plane(decoded: VideoFrame) -> bool:
    """Say whether the first plane is 8-bit brightness, rows downwards (bottom-up planes start at the end)."""
    first = decoded.format.components[0]
    return first.is_luma and first.bits == 8 and decoded.format.is_planar and decoded.planes[0].line_size > 0


def _first_plane(decoded: VideoFrame) -> NDArray[np.uint8]:
    """View a plane of one byte per pixel as (H, W); the padding at the row ends is left out."""
    plane = decoded.planes[0]
    pixels: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8)
    rows = pixels.reshape(plane.height, plane.line_size)[:, : decoded.width]
    rows.flags.writeable = False  # the decoder still predicts later pictures from this memory
    return rows


def quarter_turns(decoded: VideoFrame, *, where: str) -> int:
    """Return the counter-clockwise quarter turns that bring a picture upright.

    Raises `BadInput` for a picture marked as mirrored or tilted: zones and left and right hands would be
    wrong without anybody noticing.
    """
    # Not `decoded.side_data`: it stays with the picture and points back to it, which keeps the decoder's
    # memory until the next garbage collection. The library's type hints do not know this constructor.
    mark = cast("Any", SideDataContainer)(decoded).get("DISPLAYMATRIX")
    if mark is None:
        return 0
    # libavutil/display.h: nine int32, 16.16 fixed point, rows (a, b, u), (c, d, v), (x, y, w).
    a, b, _, c, d = (round(value / 65536) for value in np.frombuffer(mark, np.int32)[:5])
    turns = _TURNS.get((a, b, c, d))
    if turns is None:
        expected = "an upright picture or whole quarter turns"
        raise BadInput("picture marked as mirrored or tilted", where=where, expected=expected)
    return turns


def check_size(width: int, height: int, *, where: str) -> None:
    """Refuse pictures in which nobody could be seen, and pictures that would burst the memory bound."""
    found = f"{width}x{height}"
    if width < SMALLEST_SIDE or height < SMALLEST_SIDE:
        expected = f"at least {SMALLEST_SIDE}x{SMALLEST_SIDE} pixels"
        raise BadInput("picture too small", where=where, expected=expected, found=found)
    if width > LARGEST_SIDE or height > LARGEST_SIDE:
        expected = f"at most {LARGEST_SIDE}x{LARGEST_SIDE} pixels"
        raise BadInput("picture too large", where=where, expected=expected, found=found)

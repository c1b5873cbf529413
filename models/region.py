"""Cuts a rotated square out of a picture for a network, and brings the network's points back.

Crop coordinates run from 0 to `size` on both axes; as in MediaPipe's ImageToTensorCalculator, crop position
u lies at picture position corner + u * side / size, without a half-pixel shift.
"""

import math

import numpy as np
from numpy.typing import NDArray

from models.extras import needs_edge
from models.pose import Picture, Region


def crop_to_picture(region: Region, size: int) -> NDArray[np.float64]:
    """Return the (2, 3) float64 matrix that takes crop coordinates (u, v, 1) to picture pixels (x, y)."""
    step = region.side / size
    across, down = step * math.cos(region.rotation), step * math.sin(region.rotation)
    half = size / 2
    return np.array(
        [
            [across, -down, region.x - half * (across - down)],
            [down, across, region.y - half * (down + across)],
        ]
    )


def crop(picture: Picture, region: Region, size: int) -> Picture:
    """Return (size, size, 3) uint8, what `region` shows; black where it reaches beyond the picture."""
    with needs_edge("cv2"):
        import cv2
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    result: Picture = cv2.warpAffine(picture, crop_to_picture(region, size), (size, size), flags=flags)  # type: ignore[assignment]
    return result


def to_picture(points: NDArray[np.float32], region: Region, size: int) -> NDArray[np.float32]:
    """Take (N, 2) crop coordinates to (N, 2) float32 picture pixels."""
    matrix = crop_to_picture(region, size)
    return (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)


def whole(picture: Picture) -> Region:
    """Return the upright square around the whole picture: cutting it out is letterboxing."""
    height, width = picture.shape[:2]
    return Region(width / 2, height / 2, float(max(width, height)), 0.0)


def around_person(x0: float, y0: float, x1: float, y1: float, score: float = 1.0) -> Region:
    """Return the region of a person from two points in picture pixels.

    (x0, y0) is the middle of the hips, (x1, y1) a point on the circle around the whole body, above the head
    of somebody who stands. Side 2 * 1.25 * distance, rotated until the body is upright
    (MediaPipe: pose_detection_to_roi.pbtxt, alignment_points_to_rects_calculator.cc).
    """
    rotation = math.pi / 2 - math.atan2(y0 - y1, x1 - x0)
    rotation -= 2 * math.pi * math.floor((rotation + math.pi) / (2 * math.pi))  # into [-pi, pi)
    return Region(x0, y0, 2.5 * math.hypot(x1 - x0, y1 - y0), rotation, score)

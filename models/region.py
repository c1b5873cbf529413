"""Cuts a rotated rectangle out of a picture for a network, and brings the network's points back.

A `Region` is a square; a network whose input is no square sees its middle, at full length. Crop coordinates
are pixels of the network's input. As in MediaPipe's ImageToTensorCalculator, crop position u lies at picture
position corner + u * step, without a half-pixel shift.
"""

import math
from functools import cache
from types import ModuleType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.extras import needs_edge
from models.pose import Joint, Picture, Region

Size: TypeAlias = tuple[int, int]
"""Height and width of a network's input in pixels."""

SEEN = 0.3
"""A joint with a lower score does not count for where the person is. Low, because a doubtful joint makes the
region a little too large, and a joint left out cuts it off."""


@cache
def _opencv() -> ModuleType:
    """Import OpenCV, with one thread: a crop is too small for two, and waking the second costs more."""
    with needs_edge("cv2"):
        import cv2
    cv2.setNumThreads(1)
    return cv2


def crop_to_picture(region: Region, size: Size) -> NDArray[np.float64]:
    """Return the (2, 3) float64 matrix that takes crop coordinates (u, v, 1) to picture pixels (x, y)."""
    height, width = size
    step = region.side / max(size)
    across, down = step * math.cos(region.rotation), step * math.sin(region.rotation)
    return np.array(
        [
            [across, -down, region.x - (across * width - down * height) / 2],
            [down, across, region.y - (down * width + across * height) / 2],
        ]
    )


def crop(picture: Picture, region: Region, size: Size, *, repeat_edge: bool = False) -> Picture:
    """Return (*size, 3) uint8, what `region` shows.

    Where it reaches beyond the picture there is black, or the picture's edge again. MediaPipe does the first
    for the detector and the second for the landmarks (border_mode of ImageToTensorCalculator).
    """
    cv2 = _opencv()
    matrix = crop_to_picture(region, size)
    left, top, right, bottom = _bounds(picture, matrix, size)
    matrix[:, 2] -= (left, top)
    # OpenCV warps four channels twice as fast as three, conversions included.
    result = cv2.warpAffine(
        cv2.cvtColor(picture[top:bottom, left:right], cv2.COLOR_RGB2RGBA),
        matrix,
        size[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE if repeat_edge else cv2.BORDER_CONSTANT,
    )
    return np.asarray(cv2.cvtColor(result, cv2.COLOR_RGBA2RGB), np.uint8)


def _bounds(picture: Picture, matrix: NDArray[np.float64], size: Size) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of the part of the picture that a crop touches; never empty."""
    height, width = size
    corners = matrix @ np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
    limits = np.array(picture.shape[1::-1])
    first = np.clip(np.floor(corners.min(axis=1)) - 1, 0, limits - 1).astype(int)
    last = np.clip(np.ceil(corners.max(axis=1)) + 2, first + 1, limits).astype(int)
    return int(first[0]), int(first[1]), int(last[0]), int(last[1])


def to_picture(points: NDArray[np.float32], region: Region, size: Size) -> NDArray[np.float32]:
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


def around_joints(joints: NDArray[np.float32], score: float) -> Region | None:
    """Return the region of a person from (33, 3) joints, for networks without auxiliary landmarks.

    The circle goes around the middle of the hips and holds every joint that was seen; it points from hips
    to shoulders. Without hips and shoulders: upright around the middle of what was seen. None if fewer than
    two joints were seen.
    """
    seen = joints[:, 2] >= SEEN  # False for NaN
    points = joints[:, :2].astype(np.float64)
    if np.count_nonzero(seen) < 2:
        return None
    trunk = [Joint.LEFT_HIP, Joint.RIGHT_HIP, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]
    if seen[trunk].all():
        centre = points[trunk[:2]].mean(axis=0)
        up = points[trunk[2:]].mean(axis=0) - centre
    else:
        centre = (points[seen].min(axis=0) + points[seen].max(axis=0)) / 2
        up = np.array([0.0, -1.0])
    radius = np.linalg.norm(points[seen] - centre, axis=1).max()
    top = centre + up / max(np.linalg.norm(up), 1e-6) * radius
    return around_person(float(centre[0]), float(centre[1]), float(top[0]), float(top[1]), score)

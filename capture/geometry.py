"""Distances between points and zones, for many points at once."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


def depth_inside(points: Points, polygon: Points) -> NDArray[np.float64]:
    """Return how deep points lie inside a polygon, in the unit of the coordinates.

    points: (..., 2), polygon: (M, 2) without repeated end. Result: (...); positive inside, negative outside
    (distance to the outline), NaN where a coordinate is NaN. Even-odd rule for self-crossing outlines.
    """
    start = polygon
    edge = np.roll(polygon, -1, axis=0) - start
    offset = points[..., None, :] - start
    along = np.einsum("...mc,mc->...m", offset, edge) / np.maximum(np.einsum("mc,mc->m", edge, edge), 1e-12)
    nearest = offset - np.clip(along, 0.0, 1.0)[..., None] * edge
    distance = np.sqrt(np.einsum("...mc,...mc->...m", nearest, nearest).min(axis=-1))
    crosses = (start[:, 1] > points[..., None, 1]) != ((start + edge)[:, 1] > points[..., None, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        x_there = start[:, 0] + (points[..., None, 1] - start[:, 1]) / edge[:, 1] * edge[:, 0]
    inside = np.sum(crosses & (points[..., None, 0] < x_there), axis=-1) % 2 == 1
    depth: NDArray[np.float64] = np.where(inside, distance, -distance)
    return depth

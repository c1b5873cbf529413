"""Distances between points and zones, for many points at once."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


class Polygon:
    """A zone's outline, (M, 2) without repeated end; even-odd rule where it crosses itself."""

    def __init__(self, corners: Points) -> None:
        following = np.concatenate([corners[1:], corners[:1]])
        self.corners = corners
        self._x, self._y = corners[:, 0], corners[:, 1]
        self._dx, self._dy = (following - corners).T
        self._length2 = np.maximum(self._dx**2 + self._dy**2, 1e-12)
        self._below, self._slope = following[:, 1], self._dx / np.where(self._dy == 0.0, 1.0, self._dy)

    def depth(self, points: Points) -> NDArray[np.float64]:
        """Return how deep points lie inside, in the unit of the coordinates.

        points: (..., 2). Result: (...); positive inside, negative outside (distance to the outline), NaN
        where a coordinate is NaN.
        """
        x, y = points[..., :1], points[..., 1:]
        from_x, from_y = x - self._x, y - self._y  # (..., M)
        along = ((from_x * self._dx + from_y * self._dy) / self._length2).clip(0.0, 1.0)
        beside_x, beside_y = from_x - along * self._dx, from_y - along * self._dy
        distance = np.sqrt((beside_x * beside_x + beside_y * beside_y).min(axis=-1))
        crosses = (self._y > y) != (self._below > y)
        inside = (crosses & (from_x < from_y * self._slope)).sum(axis=-1) & 1
        depth: NDArray[np.float64] = np.where(inside, distance, -distance)
        return depth

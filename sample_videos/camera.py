"""A pinhole camera in front of the bench, slightly above the heads, tilted down.

World coordinates in metres: x to the right of the picture, y away from the camera, z up; the origin is
on the floor where the worker stands.
"""

from dataclasses import dataclass
from math import cos, sin

import numpy as np

from sample_videos.motion import Vector, vector

WIDTH = 640
HEIGHT = 360
FRAME_RATE = 15


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera is: metres from the origin, radians of downward tilt, focal length in pixels."""

    distance: float
    height: float
    tilt: float
    focal: float

    @property
    def towards(self) -> Vector:
        """Unit vector from the scene to the camera, along the optical axis."""
        return vector(0.0, -cos(self.tilt), sin(self.tilt))

    @property
    def upwards(self) -> Vector:
        """Unit vector that points up in the picture."""
        return vector(0.0, sin(self.tilt), cos(self.tilt))

    def project(self, points: Vector) -> Vector:
        """Project (..., 3) world points to (..., 3): x, y in picture pixels, pixels per metre there."""
        relative = points - vector(0.0, -self.distance, self.height)
        depth = np.maximum(-(relative @ self.towards), 0.05)
        scale = self.focal / depth
        x = 0.5 * WIDTH + relative[..., 0] * scale
        y = 0.5 * HEIGHT - (relative @ self.upwards) * scale
        return np.stack([x, y, scale], axis=-1)

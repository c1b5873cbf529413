"""Drawing primitives: antialiased, lit from the upper left, on an oversized picture.

All coordinates and radii are picture pixels (640x360); the canvas multiplies them by its own scale.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pose import Picture
from sample_videos.camera import HEIGHT, WIDTH
from sample_videos.motion import Vector

Colour: TypeAlias = tuple[float, float, float]
"""Red, green, blue in 0..255."""

Field: TypeAlias = NDArray[np.float32]
"""(h, w) float32, one number per pixel of a part of the canvas."""

OVERSAMPLING = 2
LIGHT = np.array([-0.38, -0.55, 0.74], dtype=np.float32)
"""Direction to the lamp: left, up (y points down in pictures), to the viewer."""
AMBIENT = 0.58
DIFFUSE = 0.56
SUBPIXEL_BITS = 4


def rgb(code: str) -> Colour:
    """Return the colour of a code such as #1f3a5f."""
    return float(int(code[1:3], 16)), float(int(code[3:5], 16)), float(int(code[5:7], 16))


def darker(colour: Colour, share: float) -> Colour:
    """Return `colour` times `share`, clipped to white."""
    red, green, blue = (min(255.0, channel * share) for channel in colour)
    return red, green, blue


def lit(nx: Field, ny: Field, nz: Field) -> Field:
    """Return the brightness of a matt surface with the given unit normals."""
    facing = nx * LIGHT[0] + ny * LIGHT[1] + nz * LIGHT[2]
    return np.asarray(AMBIENT + DIFFUSE * np.maximum(facing, 0.0), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A rectangular part of the canvas: (h, w, 3) view, and the pixel coordinates of its grid."""

    image: NDArray[np.uint8]
    x: Field
    y: Field

    def blend(self, alpha: Field, colour: NDArray[np.float32]) -> None:
        """Lay `colour` ((3,) or (h, w, 3)) over the canvas with opacity `alpha`."""
        below = self.image.astype(np.float32)
        np.clip(below + alpha[..., None] * (colour - below) + 0.5, 0, 255, out=below)
        self.image[...] = below


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """An oversampled RGB picture to draw on."""

    image: NDArray[np.uint8] = field(
        default_factory=lambda: np.zeros((HEIGHT * OVERSAMPLING, WIDTH * OVERSAMPLING, 3), np.uint8)
    )

    def picture(self) -> Picture:
        """Return the picture at its final size."""
        return np.asarray(cv2.resize(self.image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)

    def copy(self) -> "Canvas":
        """Return a canvas with the same picture."""
        return Canvas(self.image.copy())

    def patch(self, left: float, top: float, right: float, bottom: float) -> Patch | None:
        """Return the part of the canvas inside the given picture rectangle, None when it is empty."""
        height, width = self.image.shape[:2]
        x0, x1 = max(0, int(left * OVERSAMPLING) - 2), min(width, int(right * OVERSAMPLING) + 3)
        y0, y1 = max(0, int(top * OVERSAMPLING) - 2), min(height, int(bottom * OVERSAMPLING) + 3)
        if x0 >= x1 or y0 >= y1:
            return None
        x = np.asarray(np.arange(x0, x1)[None, :] / OVERSAMPLING, np.float32)
        y = np.asarray(np.arange(y0, y1)[:, None] / OVERSAMPLING, np.float32)
        return Patch(self.image[y0:y1, x0:x1], x, y)

    def capsule(
        self, a: Vector, b: Vector, radii: tuple[float, float], colour: Colour, folds: float = 0.0
    ) -> None:
        """Draw a round limb from `a` to `b` whose radius goes linearly from one end to the other.

        `folds` in [0, 1] is the depth of wrinkles across the limb.
        """
        ra, rb = radii
        pad = max(radii)
        lows, highs = np.minimum(a[:2], b[:2]) - pad, np.maximum(a[:2], b[:2]) + pad
        patch = self.patch(lows[0], lows[1], highs[0], highs[1])
        if patch is None:
            return
        ax, ay = np.float32(a[0]), np.float32(a[1])
        dx, dy = np.float32(b[0] - a[0]), np.float32(b[1] - a[1])
        along = np.clip(((patch.x - ax) * dx + (patch.y - ay) * dy) / max(dx * dx + dy * dy, 1e-6), 0.0, 1.0)
        qx, qy = patch.x - ax - along * dx, patch.y - ay - along * dy
        radius = ra + (rb - ra) * along
        alpha = np.clip((radius - np.hypot(qx, qy)) * OVERSAMPLING + 0.5, 0.0, 1.0)
        nx, ny = qx / radius, qy / radius
        shade = lit(nx, ny, np.sqrt(np.clip(1.0 - nx * nx - ny * ny, 0.0, 1.0)))
        if folds:
            shade = shade * (1.0 + folds * np.sin(along * 17.0 + nx * 3.0) * np.sin(along * 7.3 + ny * 2.0))
        patch.blend(alpha, shade[..., None] * np.array(colour, np.float32))

    def hull(self, circles: Vector, axis: tuple[Vector, Vector], colour: Colour, folds: float = 0.0) -> None:
        """Draw the convex hull of (N, 3) circles (x, y, radius), shaded round about the line `axis`."""
        angles = np.linspace(0.0, 2.0 * np.pi, 20, endpoint=False)
        rim = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        points = (circles[:, None, :2] + circles[:, None, 2:] * rim).reshape(-1, 2)
        outline = cv2.convexHull(points.astype(np.float32))[:, 0]
        (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
        patch = self.patch(left, top, right, bottom)
        if patch is None:
            return
        mask = np.zeros(patch.image.shape[:2], np.uint8)
        corner = np.array([patch.x[0, 0], patch.y[0, 0]])
        fixed = np.rint((outline - corner) * OVERSAMPLING * (1 << SUBPIXEL_BITS)).astype(np.int32)
        cv2.fillConvexPoly(mask, fixed, (255,), cv2.LINE_AA, SUBPIXEL_BITS)
        start, end = axis
        along = (end - start)[:2] / max(float(np.linalg.norm((end - start)[:2])), 1e-6)
        across = np.array([-along[1], along[0]], np.float32)
        aside = (patch.x - np.float32(start[0])) * across[0] + (patch.y - np.float32(start[1])) * across[1]
        half = max(1.0, float(np.abs((outline - start[:2]) @ across).max()))
        bulge = np.clip(aside / half, -1.0, 1.0) * 0.92
        shade = lit(bulge * across[0], bulge * across[1], np.sqrt(1.0 - bulge * bulge))
        if folds:
            down = (patch.x - np.float32(start[0])) * along[0] + (patch.y - np.float32(start[1])) * along[1]
            wave = np.sin(down * 0.21 + aside * 0.16) * np.sin(down * 0.09 - aside * 0.23 + 1.0)
            shade = shade * (1.0 + folds * wave.astype(np.float32))
        patch.blend(mask.astype(np.float32) / 255.0, shade[..., None] * np.array(colour, np.float32))

    def polygon(self, points: Vector, colour: Colour) -> None:
        """Fill a convex polygon, (N, >=2) picture pixels, with one colour."""
        fixed = np.rint(points[:, :2] * OVERSAMPLING * (1 << SUBPIXEL_BITS)).astype(np.int32)
        cv2.fillConvexPoly(self.image, fixed, colour, cv2.LINE_AA, SUBPIXEL_BITS)

    def glow(self, centre: Vector, radius: float, colour: Colour, strength: float) -> None:
        """Add a soft light around `centre`: what a lamp does in a picture."""
        patch = self.patch(centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
        if patch is None:
            return
        distance = np.hypot(patch.x - np.float32(centre[0]), patch.y - np.float32(centre[1])) / radius
        alpha = strength * np.clip(1.0 - distance, 0.0, 1.0) ** 2
        patch.blend(alpha.astype(np.float32), np.array(colour, np.float32))

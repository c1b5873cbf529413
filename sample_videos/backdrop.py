"""The hall behind the bench: wall, floor, shelves. Drawn once for each sample, a little out of focus."""

import cv2
import numpy as np

from sample_videos.camera import HEIGHT, WIDTH, Camera
from sample_videos.canvas import OVERSAMPLING, Canvas, Colour, darker
from sample_videos.motion import vector
from sample_videos.props import Easel

WALL_DISTANCE = 2.8
WALL: Colour = (178.0, 183.0, 184.0)
FLOOR: Colour = (138.0, 136.0, 132.0)
SHELF: Colour = (96.0, 110.0, 128.0)
BOXES: tuple[Colour, ...] = (
    (150.0, 122.0, 92.0),
    (96.0, 118.0, 142.0),
    (168.0, 150.0, 104.0),
    (122.0, 132.0, 122.0),
)


def backdrop(camera: Camera, rng: np.random.Generator) -> Canvas:
    """Return the empty hall, seen by the camera."""
    canvas = Canvas()
    rows = np.arange(HEIGHT * OVERSAMPLING)[:, None] / OVERSAMPLING
    columns = np.arange(WIDTH * OVERSAMPLING)[None, :] / OVERSAMPLING
    foot = float(camera.project(vector(0.0, WALL_DISTANCE, 0.0))[1])
    wall = 1.04 - 0.10 * rows / HEIGHT - 0.07 * np.abs(columns / WIDTH - 0.42)
    floor = 0.86 + 0.20 * (rows - foot) / HEIGHT + 0.0 * columns
    on_wall = (rows < foot)[..., None]
    light = np.where(on_wall, wall[..., None] * np.array(WALL), floor[..., None] * np.array(FLOOR))
    canvas.image[...] = np.clip(light, 0, 255).astype(np.uint8)
    _clutter(Easel(canvas, camera), rng)
    blurred = cv2.GaussianBlur(canvas.image, (0, 0), 1.1 * OVERSAMPLING)
    return Canvas(np.asarray(blurred, np.uint8))


def _clutter(easel: Easel, rng: np.random.Generator) -> None:
    """Draw what stands along a wall: skirting, a window, a board, shelves with boxes, a pipe."""
    y = WALL_DISTANCE
    easel.cuboid(vector(-6.0, y, 0.0), vector(6.0, y + 0.01, 0.10), darker(WALL, 0.72))
    easel.cuboid(vector(0.55, y, 1.15), vector(2.05, y + 0.01, 2.25), (206.0, 216.0, 224.0))
    for x in (0.55, 1.30, 2.05):
        easel.cuboid(vector(x - 0.03, y - 0.02, 1.15), vector(x + 0.03, y, 2.25), darker(WALL, 0.80))
    easel.cuboid(vector(-0.95, y, 1.35), vector(-0.15, y + 0.01, 1.95), (196.0, 190.0, 172.0))
    for row in range(3):
        low = vector(-0.88, y - 0.01, 1.42 + 0.17 * row)
        easel.cuboid(low, low + vector(0.3 + 0.3 * float(rng.random()), 0.005, 0.08), (226.0, 226.0, 220.0))
    for x in (-2.75, -1.30):
        easel.cuboid(vector(x, y - 0.45, 0.0), vector(x + 0.06, y - 0.05, 2.1), SHELF)
    for level in range(4):
        top = 0.25 + 0.55 * level
        easel.cuboid(vector(-2.75, y - 0.45, top), vector(-1.24, y - 0.05, top + 0.04), SHELF)
        x = -2.65
        while x < -1.55:
            width = 0.22 + 0.22 * float(rng.random())
            colour = BOXES[int(rng.integers(len(BOXES)))]
            easel.block(
                vector(x + 0.5 * width, y - 0.25, top + 0.04),
                (width, 0.3, 0.2 + 0.2 * float(rng.random())),
                colour,
            )
            x += width + 0.04
    easel.bar(vector(2.55, y - 0.1, 0.0), vector(2.55, y - 0.1, 3.0), 0.045, (152.0, 150.0, 142.0))
    easel.block(vector(3.0, y - 0.3, 0.0), (0.5, 0.4, 1.0), (118.0, 130.0, 118.0))

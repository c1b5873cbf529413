"""What a camera makes of light: exposure, flicker of the lamps, darker corners, noise."""

from math import pi, sin

import numpy as np

from models.pose import Picture
from sample_videos.camera import FRAME_RATE, HEIGHT, WIDTH
from sample_videos.scenario import SensorPart

GAMMA = 2.2
FLICKER_SECONDS = 0.37
"""Period of the beat between lamps and shutter."""
CHROMA_NOISE = 0.5
"""Noise of single channels, as a share of the noise they have in common."""


class Sensor:
    """Turns a clean picture into a camera's; the noise depends only on seed and frame number."""

    def __init__(self, part: SensorPart, seed: int) -> None:
        self._part = part
        self._seed = seed
        y, x = np.mgrid[-1.0 : 1.0 : HEIGHT * 1j, -1.0 : 1.0 : WIDTH * 1j]
        corners = 1.0 - 0.09 * (x * x + y * y)
        self._corners = corners[..., None].astype(np.float32)

    def expose(self, picture: Picture, index: int) -> Picture:
        """Return frame `index` of the scene `picture`."""
        part = self._part
        t = index / FRAME_RATE
        flicker = 1.0 + part.flicker * (sin(2.0 * pi * t / FLICKER_SECONDS) + 0.6 * sin(0.5 * t))
        levels = np.arange(256) / 255.0
        curve = 255.0 * (part.exposure * flicker) ** (1.0 / GAMMA) * levels
        light = curve.astype(np.float32)[picture] * self._corners
        rng = np.random.default_rng((self._seed, index))
        common = rng.standard_normal((HEIGHT, WIDTH, 1), dtype=np.float32)
        single = rng.standard_normal((HEIGHT, WIDTH, 3), dtype=np.float32)
        light += part.noise * (common + CHROMA_NOISE * single)
        return np.asarray(np.clip(light + 0.5, 0.0, 255.0), np.uint8)

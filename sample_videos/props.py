"""Things made of cuboids and round bars: bench, bins, fixture, holder and tool, printer, carton, lamp."""

from dataclasses import dataclass

import numpy as np

from sample_videos.camera import Camera
from sample_videos.canvas import Canvas, Colour, darker
from sample_videos.motion import Vector, vector

BENCH_HALF_WIDTH = 1.10
BENCH_NEAR = -0.75
BENCH_FAR = -0.22
BENCH_TOP = 0.94

WOOD: Colour = (176.0, 170.0, 156.0)
STEEL: Colour = (112.0, 118.0, 124.0)
DARK: Colour = (52.0, 55.0, 60.0)
CARTON: Colour = (166.0, 124.0, 82.0)
TOOL: Colour = (248.0, 138.0, 14.0)
PIECE: Colour = (64.0, 92.0, 118.0)


@dataclass(frozen=True, slots=True)
class Easel:
    """A canvas with the camera that looks at the scene."""

    canvas: Canvas
    camera: Camera

    def cuboid(self, low: Vector, high: Vector, colour: Colour) -> None:
        """Draw a box between two corners: the visible side, the top, and the front last."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        if x0 > 0.0:
            self._face([(x0, y0, z0), (x0, y1, z0), (x0, y1, z1), (x0, y0, z1)], darker(colour, 0.92))
        if x1 < 0.0:
            self._face([(x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)], darker(colour, 0.70))
        if z1 < self.camera.height:
            self._face([(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)], darker(colour, 1.14))
        self._face([(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)], darker(colour, 0.86))

    def block(self, centre: Vector, size: tuple[float, float, float], colour: Colour) -> None:
        """Draw a box of (width, depth, height) that stands on `centre`."""
        half = vector(0.5 * size[0], 0.5 * size[1], 0.0)
        self.cuboid(centre - half, centre + half + vector(0.0, 0.0, size[2]), colour)

    def bar(self, a: Vector, b: Vector, radius: float, colour: Colour, tip: float | None = None) -> None:
        """Draw a round bar between two places; radii in metres."""
        start, end = self.camera.project(a), self.camera.project(b)
        far = radius if tip is None else tip
        self.canvas.capsule(start, end, (radius * float(start[2]), far * float(end[2])), colour)

    def lamp(self, centre: Vector, radius: float, colour: Colour, strength: float) -> None:
        """Add the glow of a lamp."""
        spot = self.camera.project(centre)
        self.canvas.glow(spot, radius * float(spot[2]), colour, strength)

    def _face(self, corners: list[tuple[float, float, float]], colour: Colour) -> None:
        self.canvas.polygon(self.camera.project(np.array(corners)), colour)


def draw_bench(easel: Easel, x: float) -> None:
    """Draw an open-frame bench: the worker's legs are seen below its top."""
    left, right = x - BENCH_HALF_WIDTH, x + BENCH_HALF_WIDTH
    under = BENCH_TOP - 0.05
    for y in (BENCH_FAR - 0.06, BENCH_NEAR + 0.04):
        for post in (left + 0.05, right - 0.05):
            easel.cuboid(vector(post - 0.03, y, 0.0), vector(post + 0.03, y + 0.05, under), STEEL)
    easel.cuboid(
        vector(left + 0.05, BENCH_FAR - 0.05, 0.22), vector(right - 0.05, BENCH_FAR - 0.01, 0.27), STEEL
    )
    easel.cuboid(vector(left, BENCH_NEAR, under), vector(right, BENCH_FAR, BENCH_TOP), WOOD)


def draw_work_places(easel: Easel, places: dict[str, Vector]) -> None:
    """Draw what stands at the work places; `places` are where the hands go, in world coordinates."""
    drawing = {
        "parts": _bins,
        "fixture": _fixture,
        "printer": _printer,
        "box": _carton,
        "inspection": _inspection_lamp,
        "holder": _holder,
    }
    for name, draw in drawing.items():
        if name in places:
            draw(easel, places[name])


def draw_tool(easel: Easel, centre: Vector) -> None:
    """Draw the screwdriver, upright, its bit down; `centre` is where a hand holds it."""
    easel.bar(centre + vector(0, 0, -0.04), centre + vector(0, 0, -0.14), 0.009, DARK, tip=0.006)
    easel.bar(centre + vector(0, 0, 0.085), centre + vector(0, 0, -0.045), 0.027, TOOL, tip=0.021)
    easel.bar(centre + vector(0, 0, 0.09), centre + vector(0, 0, 0.10), 0.020, DARK)


def draw_piece(easel: Easel, centre: Vector) -> None:
    """Draw the work piece."""
    easel.block(centre + vector(0, 0, -0.03), (0.12, 0.06, 0.05), PIECE)
    easel.bar(centre + vector(0, 0, 0.01), centre + vector(0, 0, 0.03), 0.018, STEEL)


def _standing(place: Vector, depth: float) -> Vector:
    """Return the point of the bench top below a place of the hands."""
    return vector(place[0], place[1] + depth, BENCH_TOP)


def _bins(easel: Easel, place: Vector) -> None:
    for offset, colour in (
        (-0.17, (58.0, 104.0, 158.0)),
        (0.0, (196.0, 168.0, 60.0)),
        (0.17, (156.0, 66.0, 58.0)),
    ):
        spot = _standing(place, -0.06) + vector(offset, 0.0, 0.0)
        easel.block(spot, (0.155, 0.20, 0.075), colour)
        inner = spot + vector(0.0, 0.0, 0.076)
        easel.block(inner, (0.125, 0.17, 0.001), darker(colour, 0.45))


def _fixture(easel: Easel, place: Vector) -> None:
    easel.block(_standing(place, 0.0), (0.24, 0.16, 0.03), DARK)
    easel.block(_standing(place, 0.0) + vector(0, 0, 0.03), (0.11, 0.09, 0.045), STEEL)


def _printer(easel: Easel, place: Vector) -> None:
    spot = _standing(place, 0.02)
    easel.block(spot, (0.22, 0.18, 0.08), (206.0, 208.0, 210.0))
    easel.block(spot + vector(0.0, -0.03, 0.081), (0.13, 0.05, 0.012), DARK)
    easel.block(spot + vector(0.08, -0.091, 0.05), (0.02, 0.002, 0.012), (60.0, 190.0, 90.0))


def _carton(easel: Easel, place: Vector) -> None:
    spot = _standing(place, -0.03)
    easel.block(spot, (0.34, 0.26, 0.11), CARTON)
    easel.block(spot + vector(0.0, 0.0, 0.111), (0.29, 0.21, 0.001), darker(CARTON, 0.42))


def _inspection_lamp(easel: Easel, place: Vector) -> None:
    top = vector(place[0], place[1], 1.93)
    easel.bar(top, top + vector(0.0, 0.0, 0.5), 0.010, DARK)
    easel.bar(top + vector(-0.11, 0, 0), top + vector(0.11, 0, 0), 0.028, (74.0, 92.0, 84.0))
    easel.bar(
        top + vector(-0.08, -0.02, -0.03), top + vector(0.08, -0.02, -0.03), 0.012, (255.0, 250.0, 226.0)
    )
    easel.lamp(top - vector(0.0, 0.0, 0.05), 0.5, (255.0, 250.0, 226.0), 0.35)


def _holder(easel: Easel, place: Vector) -> None:
    """Draw a balancer's cord with its hook: the tool hangs from it above head height, against the wall."""
    hook = place + vector(0.0, 0.0, 0.115)
    easel.bar(hook, hook + vector(0.0, 0.0, 0.8), 0.006, DARK)
    easel.bar(hook, hook + vector(0.0, 0.0, 0.045), 0.016, STEEL, tip=0.011)

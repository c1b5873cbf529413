"""Machines that move by themselves: a press with a lamp, a robot arm, a conveyor."""

from math import pi, sin

from sample_videos.canvas import Colour, darker
from sample_videos.motion import min_jerk, vector
from sample_videos.props import BENCH_TOP, CARTON, DARK, STEEL, Easel

GREEN: Colour = (60.0, 220.0, 96.0)
AMBER: Colour = (255.0, 176.0, 32.0)
RED: Colour = (255.0, 36.0, 30.0)
HOUSING: Colour = (150.0, 160.0, 166.0)
ROBOT: Colour = (228.0, 190.0, 54.0)
PRESS_PERIOD = 4.0
BOX_SPACING = 0.62
BELT_SPEED = 0.18


def draw_machine(easel: Easel, t: float, *, down: bool, stopped_at: float | None = None) -> None:
    """Draw the press beside the bench; when it is down its lamp is red and its head rests."""
    x, y = 1.55, 0.55
    easel.block(vector(x, y + 0.25, 0.0), (0.52, 0.5, 1.48), HOUSING)
    easel.block(vector(x, y - 0.001, 0.72), (0.40, 0.001, 0.60), darker(DARK, 0.75))
    phase = (stopped_at if stopped_at is not None else t) % PRESS_PERIOD / PRESS_PERIOD
    stroke = min_jerk(2.5 * phase) - min_jerk(2.5 * (phase - 0.5))
    head = vector(x, y - 0.02, 1.06 - 0.20 * stroke)
    easel.block(head, (0.26, 0.02, 0.16), STEEL)
    easel.block(vector(x, y - 0.02, 0.74), (0.30, 0.02, 0.06), STEEL)
    easel.block(vector(x + 0.19, y - 0.003, 0.50), (0.07, 0.002, 0.09), (210.0, 206.0, 190.0))
    lit_colour = RED if down else GREEN
    pole = vector(x - 0.12, y + 0.1, 1.48)
    for level, colour in enumerate((GREEN, AMBER, RED)):
        low = pole + vector(0, 0, 0.06 + 0.075 * level)
        shown = colour if colour == lit_colour else darker(colour, 0.28)
        easel.bar(low, low + vector(0, 0, 0.05), 0.030, shown)
        if colour == lit_colour:
            easel.lamp(low + vector(0, 0, 0.025), 0.13, colour, 0.75)


def draw_robot(easel: Easel, t: float, x: float) -> None:
    """Draw a robot on the bench that moves things from one side to the other."""
    base = vector(x - 0.1, -0.45, BENCH_TOP)
    swing = 0.55 * sin(2.0 * pi * t / 6.0) + 0.15 * sin(2.0 * pi * t / 2.3)
    elbow = base + vector(0.22 * sin(swing), 0.0, 0.42)
    reach = 0.34 * sin(swing + 0.9)
    tip = elbow + vector(reach, -0.03, -0.10 - 0.12 * sin(2.0 * pi * t / 3.0))
    easel.block(base, (0.22, 0.2, 0.09), DARK)
    if t % 1.0 < 0.5:  # its warning lamp blinks
        easel.lamp(base + vector(0.0, -0.1, 0.05), 0.10, AMBER, 0.9)
    easel.bar(base + vector(0, 0, 0.09), elbow, 0.065, ROBOT, tip=0.050)
    easel.bar(elbow, tip, 0.050, ROBOT, tip=0.034)
    easel.bar(tip, tip + vector(0.0, 0.0, -0.10), 0.020, DARK)


def draw_conveyor(easel: Easel, t: float) -> None:
    """Draw a belt behind the bench that carries cartons to the right."""
    left, right, top = -2.3, -0.45, 0.80
    for x in (left + 0.3, right - 0.1):
        easel.block(vector(x, 0.75, 0.0), (0.06, 0.06, top - 0.08), STEEL)
    easel.block(vector(0.5 * (left + right), 0.75, top - 0.10), (right - left, 0.4, 0.10), darker(DARK, 1.2))
    length = right - left - 0.3
    for number in range(int(length / BOX_SPACING) + 1):
        way = (BELT_SPEED * t + number * BOX_SPACING) % (BOX_SPACING * (int(length / BOX_SPACING) + 1))
        if way < length:
            easel.block(vector(left + 0.15 + way, 0.75, top), (0.24, 0.24, 0.17), CARTON)

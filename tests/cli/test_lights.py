"""The lamp at a station: what is permitted, what is seen, and what may be told about it."""

import pytest

from capture.outbox.report import Light
from capture.taken_back import Place
from cli.lights import FINEST_MS, NO_PICTURE, PATIENCE_S, Lights
from productivity.time import Duration, Instant

SUSPENDED = "the works agreement is suspended"


class Gate:
    """What is permitted at each station, and how finely its times may be told."""

    def __init__(self):
        self.refused, self.resolution_ms = {}, FINEST_MS

    def refusal(self, station):
        return self.refused.get(station)

    def place_of(self, station, at):
        return Place("a" * 32, self.resolution_ms) if self.resolution_ms else None


class World:
    def __init__(self):
        self.gate, self.now_s = Gate(), 100.0
        self.lights = Lights(["left", "right"], self.gate, lambda: self.now_s)

    def look(self, station, state=None):
        self.lights.recorded(station, Instant(0), Duration(1))
        self.lights.present(station, state)

    def shown(self, station="left"):
        (light,) = [one for one in self.lights() if one.station == station]
        return light.light, light.reason, light.state


@pytest.fixture
def world():
    return World()


def test_without_a_picture_nothing_is_recorded(world):
    assert world.shown() == (Light.NOT_RECORDING, NO_PICTURE, None)


def test_a_picture_that_is_looked_at_lights_the_lamp_of_its_station(world):
    world.look("left", "assembly")
    assert world.shown() == (Light.RECORDING, None, "assembly")
    assert world.shown("right") == (Light.NOT_RECORDING, NO_PICTURE, None)


def test_what_is_refused_is_not_recorded_and_says_why(world):
    world.look("left", "assembly")
    world.gate.refused["left"] = SUSPENDED
    assert world.shown() == (Light.NOT_RECORDING, SUSPENDED, None)


def test_a_camera_that_stops_puts_the_lamp_out(world):
    world.look("left", "assembly")
    world.now_s += PATIENCE_S
    assert world.shown()[0] is Light.RECORDING
    world.now_s += 0.1
    assert world.shown() == (Light.NOT_RECORDING, NO_PICTURE, None)


@pytest.mark.parametrize(
    ("resolution_ms", "state"),
    [(1000, "assembly"), (FINEST_MS, "assembly"), (FINEST_MS + 1, None), (900_000, None), (None, None)],
)
def test_the_state_is_told_only_where_times_may_be_as_fine_as_reports(world, resolution_ms, state):
    world.gate.resolution_ms = resolution_ms
    world.look("left", "assembly")
    assert world.shown() == (Light.RECORDING, None, state)


def test_nobody_there_is_no_state(world):
    world.look("left", "assembly")
    world.look("left")
    assert world.shown() == (Light.RECORDING, None, None)

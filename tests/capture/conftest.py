"""A complete little world behind the production interfaces: frames carry a script, the engine reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest

from capture.frame import Frame
from models.pose import JOINTS, Joint, Picture, Pose, Region
from productivity.time import Duration, Instant

WIDTH, HEIGHT = 640, 360
TORSO = 80.0


@dataclass(frozen=True)
class Person:
    """Where somebody's hips and hands are, in pixels; a hand of None is hidden."""

    hips: tuple[float, float] = (320.0, 220.0)
    left: tuple[float, float] | None = (350.0, 200.0)
    right: tuple[float, float] | None = (290.0, 200.0)
    torso: float = TORSO
    found: float = 0.95
    presence: float = 1.0


Script = Callable[[float], Person | None]


@dataclass
class ScriptedImage:
    """A picture whose first pixels hold the time in milliseconds."""

    millisecond: int
    conversions: list[int]
    width: int = WIDTH
    height: int = HEIGHT

    def rgb(self) -> Picture:
        self.conversions.append(self.millisecond)
        picture = np.zeros((self.height, self.width, 3), np.uint8)
        picture[:, :, 0] = self.millisecond >> 16 & 255
        picture[:, :, 1] = self.millisecond >> 8 & 255
        picture[:, :, 2] = self.millisecond & 255
        return picture

    def luma(self) -> np.ndarray:
        # Never the same twice, so that the motion gate stays open.
        rng = np.random.default_rng(self.millisecond)
        return rng.integers(0, 255, (45, 80), dtype=np.uint8).repeat(8, axis=0).repeat(8, axis=1)


@dataclass
class ScriptedEngine:
    """A pose engine that finds whoever the script says is there."""

    script: Script
    name: str = "scripted"
    searches: int = 0
    estimates: int = 0

    def _person(self, picture: Picture) -> Person | None:
        high, middle, low = (int(v) for v in picture[0, 0])
        return self.script((high << 16 | middle << 8 | low) / 1000)

    def regions(self, picture: Picture) -> Sequence[Region]:
        self.searches += 1
        person = self._person(picture)
        return [] if person is None else [_region(person)]

    def pose(self, picture: Picture, region: Region) -> Pose:
        self.estimates += 1
        person = self._person(picture)
        joints = np.zeros((JOINTS, 3), np.float32)
        if person is None:
            return Pose(joints, 0.0, region)
        x, y = person.hips
        joints[:] = (x, y, 0.9)
        joints[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER], 1] = y - person.torso
        sides = ((person.left, Joint.LEFT_WRIST), (person.right, Joint.RIGHT_WRIST))
        for hand, wrist in sides:
            rows = [wrist, wrist + 2, wrist + 4]
            joints[rows] = (x, y, 0.1) if hand is None else (*hand, 0.9)
        return Pose(joints, person.presence, _region(person))

    def close(self) -> None:
        """Hold nothing."""


def _region(person: Person) -> Region:
    return Region(person.hips[0], person.hips[1], 4 * TORSO, 0.0, person.found)


@dataclass
class World:
    """Frames of a script at a steady rate, an engine for them, and a record of what was looked at."""

    conversions: list[int] = field(default_factory=list)

    def engine(self, script: Script) -> ScriptedEngine:
        return ScriptedEngine(script)

    def frame(self, start: int, duration: int, sequence: int = 0) -> Frame:
        image = ScriptedImage(start // 1_000_000, self.conversions)
        return Frame(image, Instant(start), Duration(duration), sequence, "camera")

    def frames(self, seconds: float, *, start: float = 0.0, rate: float = 15.0) -> list[Frame]:
        count = round(seconds * rate)
        first = round(start * 1e9)
        edges = [first + round(k * 1e9 / rate) for k in range(count + 1)]
        return [self.frame(a, b - a, k) for k, (a, b) in enumerate(pairwise(edges))]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def person() -> type[Person]:
    return Person

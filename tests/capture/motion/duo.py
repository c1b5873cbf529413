"""Two people before one camera, and the truth about whose pose was kept.

`Body` says where somebody is at a moment; `DuoEngine` finds people as badly as detectors do: nobody behind
somebody else, the half hidden seldom, and a region shows whoever stands in front. The depths of a pose tell
whose it is: 1 for the worker who opted in, 2 for the other one.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from capture.gate import OpenGate
from capture.motion.channel import MotionPermission, MotionPort
from capture.station.file import parse_station
from capture.vision import watch
from models.motion import Motion
from models.pose import JOINTS, Joint, Pose, Region
from productivity.time import SECOND, Instant
from tests.capture.conftest import HEIGHT, TORSO, WIDTH, World

WORKER, OTHER = 1.0, 2.0
STATION = parse_station(
    """
fairtakt: station 1
name: bench
zones:
  parts: [[0.1, 0.4], [0.25, 0.4], [0.25, 0.6], [0.1, 0.6]]
states:
  - {name: part handling, category: cycle-bound, when: hand in parts}
""",
    "bench.yaml",
)
CHECK_IN = "c" * 32


@dataclass(frozen=True)
class Body:
    """Somebody at one moment; `near` orders who hides whom."""

    x: float
    y: float = 220.0
    near: float = 0.0
    torso: float = TORSO

    @property
    def is_in_view(self):
        reach = self.torso / 2
        return -reach < self.x < WIDTH + reach and -reach < self.y < HEIGHT + reach


Path = Callable[[float], Body | None]


@dataclass
class DuoEngine:
    """`missed`, `half_missed`: how often the detector overlooks somebody in plain view, and half hidden."""

    worker: Path
    other: Path
    seed: int = 0
    missed: float = 0.05
    half_missed: float = 0.8
    found_worker: Callable[[float], bool] = lambda _: True
    found_other: Callable[[float], bool] = lambda _: True
    name: str = "duo"
    luck: random.Random = field(init=False)

    def __post_init__(self):
        self.luck = random.Random(self.seed)

    def present(self, picture):
        high, middle, low = (int(v) for v in picture[0, 0])
        t = (high << 16 | middle << 8 | low) / 1000
        bodies = [(WORKER, self.worker(t)), (OTHER, self.other(t))]
        return t, [(who, body) for who, body in bodies if body is not None and body.is_in_view]

    def suspects(self, picture):
        t, present = self.present(picture)
        found = []
        for who, body in present:
            hidden = max((share_hidden(body, other) for _, other in present if other is not body), default=0)
            could_be_found = self.found_worker if who == WORKER else self.found_other
            if hidden > 0.6 or not could_be_found(t):
                continue
            if self.luck.random() >= (self.half_missed if hidden > 0.2 else self.missed):
                found.append(Region(body.x, body.y, 4 * body.torso, 0.0, 0.95))
        return found

    def regions(self, picture):
        return self.suspects(picture)

    def pose(self, picture, region):
        _, present = self.present(picture)
        inside = [
            (who, body)
            for who, body in present
            if np.hypot(body.x - region.x, body.y - region.y) < 0.75 * body.torso
        ]
        joints = np.zeros((JOINTS, 3), np.float32)
        if not inside:
            return Pose(joints, 0.0, region)
        who, body = max(inside, key=lambda one: one[1].near)
        joints[:] = (body.x, body.y, 0.9)
        joints[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER], 1] = body.y - body.torso
        depths = np.full(JOINTS, who, np.float32)
        return Pose(joints, 1.0, Region(body.x, body.y, 4 * body.torso, 0.0, 1.0), depths)

    def close(self):
        """Hold nothing."""


def share_hidden(body, other):
    """How much of a body somebody in front of it hides."""
    if other.near <= body.near:
        return 0.0
    return max(0.0, 1 - abs(body.x - other.x) / (1.2 * TORSO))


@dataclass
class Permitting:
    """Permits one session, from a check-in (s) to an end, and again and again: the port must not."""

    since: float = 1.0
    until: float = 1e6
    refused_from: float = 1e9
    session: str = CHECK_IN
    heard: float = 0.0
    """When the recorder hears of it, if that is later."""

    def keeps(self, station, at):
        if not max(self.since, self.heard) * SECOND <= at < self.refused_from * SECOND:
            return None
        since, until = (Instant(round(s * SECOND)) for s in (self.since, self.until))
        return MotionPermission(self.session, since, until)


@dataclass
class Kept:
    """A keeper in memory: copies what it is given, as sealing does, and hears how sessions end."""

    pieces: list = field(default_factory=list)
    endings: list = field(default_factory=list)
    given: list = field(default_factory=list)

    def keep(self, session, station, begin, motion):
        assert session == CHECK_IN
        assert station == "bench"
        self.given.append(motion)
        self.pieces.append((begin, Motion(motion.times.copy(), motion.joints.copy(), motion.picture)))

    def ended(self, session, station, ending):
        self.endings.append(ending)

    @property
    def times(self):
        """Instants of all poses, in seconds."""
        return [(begin + int(time)) / SECOND for begin, motion in self.pieces for time in motion.times]

    @property
    def whose(self):
        return {float(who) for _, motion in self.pieces for who in np.unique(motion.joints[:, :, 2])}


def film(engine, *, seconds=30.0, frames=None, permitting=None, gate=None, keeper=None, rate=6.0, take=None):
    """Record; return what was kept and the intervals."""
    kept = keeper or Kept()
    port = MotionPort(permitting or Permitting(), kept)
    frames = World().frames(seconds, rate=rate) if frames is None else frames
    intervals = watch(frames, [STATION], engine, gate or OpenGate(), motion=port)
    if take is None:
        return kept, list(intervals)
    seen = [next(intervals) for _ in range(take)]
    intervals.close()
    return kept, seen


def at_work(t):
    """Stand at the bench and move a little."""
    return Body(320 + 20 * np.sin(t))


def nobody(_):
    return None

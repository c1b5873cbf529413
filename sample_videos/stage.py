"""One sample as a function of time: the picture, and where each person's joints are in it."""

from dataclasses import dataclass
from math import radians

import numpy as np

from models.pose import Joint, Picture
from productivity.errors import BadInput
from productivity.states import NOT_RECORDED
from sample_videos.backdrop import backdrop
from sample_videos.body import Skeleton, solve
from sample_videos.camera import FRAME_RATE, WIDTH, Camera
from sample_videos.canvas import Canvas
from sample_videos.choreography import perform
from sample_videos.equipment import draw_conveyor, draw_machine, draw_robot
from sample_videos.figure import Figure, Look, floor_shadow, look_of
from sample_videos.motion import Vector, vector
from sample_videos.passer import passer_by
from sample_videos.performance import Performance
from sample_videos.props import Easel, draw_bench, draw_piece, draw_tool, draw_work_places
from sample_videos.scenario import HOLDER, Scenario, StationPart
from sample_videos.sensor import Sensor
from sample_videos.truth import TruthRow, tiled


@dataclass(frozen=True, slots=True, eq=False)
class Player:
    """A station with its worker and what the worker does; None where nobody works."""

    part: StationPart
    places: dict[str, Vector]
    look: Look | None
    performance: Performance | None


class Stage:
    """A sample made ready to be drawn. Raises `BadInput` when the script cannot be played."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        part = scenario.camera
        self.camera = Camera(part.distance_m, part.height_m, radians(part.tilt_deg), part.focal_px)
        self._players = tuple(
            _player(station, scenario.seed + number, f"{scenario.name}.yaml: stations.{number}.script")
            for number, station in enumerate(scenario.stations)
        )
        self._passers = tuple(passer_by(passer) for passer in scenario.passers_by)
        self._backdrop = backdrop(self.camera, np.random.default_rng(scenario.seed))
        self._sensor = Sensor(scenario.sensor, scenario.seed)

    @property
    def frame_count(self) -> int:
        """Number of frames: the longest script, in whole fifths of a second (three frames)."""
        lengths = [p.performance.truth[-1].end for p in self._players if p.performance is not None]
        seconds = self.scenario.duration_s or max(lengths)
        return 3 * int(np.ceil(seconds * FRAME_RATE / 3 - 1e-9))

    @property
    def duration(self) -> float:
        """Seconds of video."""
        return self.frame_count / FRAME_RATE

    @property
    def truth(self) -> tuple[TruthRow, ...]:
        """The truth of all stations, station by station; each tiles the whole video."""
        rows: list[TruthRow] = []
        for player in self._players:
            name = player.part.name
            if player.performance is None:
                rows += tiled([TruthRow(name, NOT_RECORDED, 0.0, self.duration, None)], self.duration)
            else:
                rows += tiled(player.performance.truth, self.duration)
        return tuple(rows)

    def workers(self, t: float) -> dict[str, Skeleton]:
        """Return the skeletons of all workers at `t` by station; those outside of the picture, too."""
        return {
            player.part.name: solve(player.performance.stance(t), player.look.height)
            for player in self._players
            if player.performance is not None and player.look is not None
        }

    def joints(self, t: float) -> dict[str, Vector]:
        """Return the exact joints in the picture, station -> (33, 3): x, y in pixels, pixels per metre."""
        return {name: self.camera.project(skeleton.joints) for name, skeleton in self.workers(t).items()}

    def in_picture(self, t: float) -> dict[str, bool]:
        """Tell for each station whether its worker's shoulders and hips are wholly in the picture."""
        trunk = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP]
        return {
            name: bool(np.all((joints[trunk, 0] > 0.0) & (joints[trunk, 0] < WIDTH)))
            for name, joints in self.joints(t).items()
        }

    def passes(self, t: float) -> bool:
        """Tell whether somebody walks by at `t`."""
        return any(passer.walk.start <= t < passer.walk.end for passer in self._passers)

    def frame(self, index: int) -> Picture:
        """Return frame `index` as the camera delivers it, (360, 640, 3) uint8 RGB."""
        return self._sensor.expose(self.draw(index / FRAME_RATE).picture(), index)

    def draw(self, t: float) -> Canvas:
        """Draw the scene at `t`, from back to front, without the camera's faults."""
        canvas = self._backdrop.copy()
        easel = Easel(canvas, self.camera)
        for passer in self._passers:
            if passer.walk.start <= t < passer.walk.end:
                skeleton = solve(passer.stance(t), passer.look.height)
                floor_shadow(canvas, self.camera, skeleton)
                figure = Figure(canvas, self.camera, skeleton, passer.look)
                figure.body()
                figure.front_arms(over_bench=False)
        self._equipment(easel, t)
        for player in self._players:
            self._player(easel, player, t)
        return canvas

    def _equipment(self, easel: Easel, t: float) -> None:
        """Draw what stands behind the bench and moves by itself."""
        kinds = self.scenario.equipment
        if "machine" in kinds:
            stops = [
                s for p in self._players if p.performance for s in p.performance.machine_down if s.holds(t)
            ]
            draw_machine(easel, t, down=bool(stops), stopped_at=stops[0].start if stops else None)
        if "conveyor" in kinds:
            draw_conveyor(easel, t)

    def _player(self, easel: Easel, player: Player, t: float) -> None:
        """Draw a station: the worker's body, the bench with its things, the hands above it."""
        figure, skeleton = None, None
        if player.performance is not None and player.look is not None:
            skeleton = solve(player.performance.stance(t), player.look.height)
            floor_shadow(easel.canvas, self.camera, skeleton)
            figure = Figure(easel.canvas, self.camera, skeleton, player.look)
            figure.body()
            figure.front_arms(over_bench=False)
        draw_bench(easel, player.part.bench_m)
        draw_work_places(easel, player.places)
        if "robot" in self.scenario.equipment:
            draw_robot(easel, t, player.part.bench_m)
        if HOLDER in player.places and not (player.performance and player.performance.tool_in_hand(t)):
            draw_tool(easel, player.places[HOLDER])
        if figure is not None and skeleton is not None and player.performance is not None:
            _draw_held(easel, player.performance, skeleton, t)
            figure.front_arms(over_bench=True)


def _draw_held(easel: Easel, performance: Performance, skeleton: Skeleton, t: float) -> None:
    """Draw the work piece and the tool, where they are."""
    hands = [_palm(skeleton, side) for side in (0, 1)]
    piece = performance.part_at(t)
    if piece is not None:  # carried in the hand that does not use the tool
        draw_piece(easel, hands[1 - performance.tool_side] if piece.place is None else vector(*piece.place))
    if performance.tool_in_hand(t):
        draw_tool(easel, hands[performance.tool_side])


def _palm(skeleton: Skeleton, side: int) -> Vector:
    """Return the place in a hand where things are held."""
    joints = skeleton.joints
    knuckles = 0.5 * (joints[Joint.LEFT_INDEX + side] + joints[Joint.LEFT_PINKY + side])
    return np.asarray(joints[Joint.LEFT_WRIST + side] + 0.85 * (knuckles - joints[Joint.LEFT_WRIST + side]))


def _player(part: StationPart, seed: int, where: str) -> Player:
    places = {str(name): vector(*p.at_m) + vector(part.bench_m, 0.0, 0.0) for name, p in part.places.items()}
    if part.worker is None or not part.script:
        return Player(part, places, None, None)
    try:
        performance = perform(part, seed)
    except ValueError as error:
        raise BadInput(str(error), where=where) from error
    return Player(part, places, look_of(part.worker), performance)

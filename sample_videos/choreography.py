"""From a script to a performance: which movement happens when, and what the truth says about it.

Truth convention: where the hands go from one work place to the next, the next state starts at the
temporal middle of that minimum-jerk movement. Walking away starts with the first step, and ends when
the worker is back at the bench with both feet still.
"""

from dataclasses import dataclass

import numpy as np

from sample_videos.gait import Walk, plan_walk, side_step, standing_foot, walk_seconds
from sample_videos.motion import Track, Vector, vector
from sample_videos.performance import Performance, Span, Tracks, Work, WorkKind
from sample_videos.scenario import (
    BREAK,
    FINAL_INSPECTION,
    HOLDER,
    LABELING,
    MANUAL_ASSEMBLY,
    MATERIAL_TRANSPORT,
    PACKAGING,
    PART_HANDLING,
    PLACES,
    SCREWING,
    WAITING,
    StationPart,
    StepPart,
)
from sample_videos.truth import TruthRow

HAND_GAP = 0.075
"""Half the distance between the wrists at a work place."""
CLASPED_GAP = 0.032
GRASP_SECONDS = 0.25
HIDING_SECONDS = 0.7
HIDDEN_SECONDS = 5.0
TURN_SECONDS = 0.7
TOOL_RAISE = 0.055
"""The hand with the tool works this much higher: the tip reaches down to the fixture."""
MACHINE_LEAD = 0.5
"""The lamp changes this long before the worker reacts."""
AWAY = {MATERIAL_TRANSPORT: 0, BREAK: 1}
"""States spent elsewhere, and the exit (0 = left, 1 = right) that leads there."""

KINDS: dict[str, WorkKind] = {
    PART_HANDLING: "pick",
    MANUAL_ASSEMBLY: "assemble",
    FINAL_INSPECTION: "inspect",
    LABELING: "press",
    PACKAGING: "pack",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the script with its span in seconds."""

    state: str
    start: float
    end: float
    cycle: int | None
    hidden_hand: int | None


def flatten(station: StationPart) -> tuple[Scene, ...]:
    """Turn the script into states in order of time, cycles numbered from 1; waiting belongs to none."""
    scenes: list[Scene] = []
    t, number = 0.0, 0
    for act in station.script:
        if act.cycle is not None:
            number += 1
            steps = [(str(state), step) for state, step in act.cycle.items()]
        else:
            between = ((MATERIAL_TRANSPORT, act.transport), (WAITING, act.waiting), (BREAK, act.pause))
            steps = [(state, length) for state, length in between if length is not None]
        for state, step in steps:
            if isinstance(step, StepPart):
                length, hidden = step.seconds, ("left", "right").index(step.hidden_hand)
            else:
                length, hidden = step, None
            cycle = number if act.cycle is not None and state != WAITING else None
            scenes.append(Scene(state, t, t + length, cycle, hidden))
            t += length
    return tuple(scenes)


def perform(station: StationPart, seed: int) -> Performance:
    """Return the performance of a station's script.

    Raises `ValueError` when a state is too short for its movements.
    """
    return _Choreographer(station, np.random.default_rng(seed)).play()


class _Choreographer:
    """Writes one worker's tracks, scene by scene."""

    def __init__(self, station: StationPart, rng: np.random.Generator) -> None:
        self._station = station
        self._rng = rng
        self._scenes = flatten(station)
        self._works: list[Work] = []
        self._walks: list[Walk] = []
        self._part: list[Span] = []
        self._tool: list[Span] = []
        self._down: list[Span] = []
        self._part_since: tuple[float, str | None] | None = None
        holder, fixture = self._place(HOLDER), self._place("fixture")
        self._tool_side = 0 if holder[0] >= fixture[0] else 1
        self._tracks = self._initial(PLACES[self._scenes[0].state])

    def play(self) -> Performance:
        for index, scene in enumerate(self._scenes):
            following = self._scenes[index + 1] if index + 1 < len(self._scenes) else None
            arrived = self._enter(scene, self._scenes[index - 1] if index else None)
            left = scene.end
            if following is not None and scene.state not in AWAY and following.state not in AWAY:
                left -= 0.5 * self._reach_seconds(scene, following)
            if left <= arrived:
                raise ValueError(
                    f"{scene.state} at {scene.start:.1f} s: expected more time than its reaches take"
                )
            self._stay(scene, arrived, left)
        return Performance(
            tracks=self._tracks,
            works=tuple(self._works),
            walks=tuple(self._walks),
            part=tuple(self._part),
            tool=tuple(self._tool),
            tool_side=self._tool_side,
            machine_down=tuple(self._down),
            truth=tuple(TruthRow(self._station.name, s.state, s.start, s.end, s.cycle) for s in self._scenes),
            sway=float(self._rng.uniform(0.0, 6.0)),
        )

    # -- places -----------------------------------------------------------------------------------

    def _place(self, name: str) -> Vector:
        """Return a place of the hands in world coordinates; the fixture stands in for what is absent."""
        places = {str(key): value for key, value in self._station.places.items()}
        part = places.get(name) or places["fixture"]
        return vector(*part.at_m) + vector(self._station.bench_m, 0.0, 0.0)

    def _stand(self, name: str) -> float:
        places = {str(key): value for key, value in self._station.places.items()}
        return places[name].stand_m + self._station.bench_m

    def _posture(self, name: str) -> tuple[float, Vector]:
        """Return twist and lean of the trunk that go with hands at a place."""
        aside = float(self._place(name)[0]) - self._stand(name)
        twist = float(np.clip(0.5 * np.arctan2(aside, 0.45), -0.45, 0.45))
        bow = 0.02 if name == "rest" else 0.04 if self._place(name)[2] > 1.25 else 0.13
        return twist, vector(np.clip(0.32 * aside, -0.16, 0.16), bow)

    def _hands(self, name: str) -> tuple[tuple[Vector, Vector], tuple[Vector, Vector]]:
        """Return wrists and aims, (left, right), of hands at a place."""
        centre = self._place(name)
        twist, _ = self._posture(name)
        gap = CLASPED_GAP if name == "rest" else HAND_GAP
        aside = gap * vector(np.cos(twist), np.sin(twist), 0.0)
        ahead = centre + vector(0.0, -0.035, -0.03)
        if name == "rest":  # the fingers of one hand lie over those of the other
            return (centre + aside, centre - aside), (centre - 2.0 * aside, centre + 2.0 * aside)
        return (centre + aside, centre - aside), (ahead, ahead)

    def _initial(self, name: str) -> Tracks:
        x = self._stand(name)
        twist, lean = self._posture(name)
        wrists, aims = self._hands(name)
        return Tracks(
            hip=Track(vector(x, 0.0)),
            facing=Track(vector(0.0)),
            twist=Track(vector(twist)),
            lean=Track(lean),
            look=Track(self._place(name)),
            hang=Track(vector(0.0)),
            wrists=(Track(wrists[0]), Track(wrists[1])),
            aims=(Track(aims[0]), Track(aims[1])),
            feet=(Track(standing_foot(x, 0.0, 0)), Track(standing_foot(x, 0.0, 1))),
        )

    # -- time -------------------------------------------------------------------------------------

    def _reach_seconds(self, before: Scene, after: Scene) -> float:
        """Return the time for the hands' way between two scenes at the bench."""
        origin = HOLDER if before.state == SCREWING else PLACES[before.state]
        target = HOLDER if after.state == SCREWING else PLACES[after.state]
        return _reach_time(self._place(origin), self._place(target))

    # -- scenes -----------------------------------------------------------------------------------

    def _enter(self, scene: Scene, before: Scene | None) -> float:
        """Bring the worker into the scene; return the instant from which the hands are there."""
        if scene.state in AWAY or before is None:
            return scene.start
        if before.state in AWAY:
            begin, seconds = scene.start, 0.7
        else:
            seconds = self._reach_seconds(before, scene)
            begin = scene.start - 0.5 * seconds
        end = begin + seconds
        if scene.state == SCREWING:
            if before.state != MANUAL_ASSEMBLY:
                self._reach("fixture", begin, end, sides=(1 - self._tool_side,))
            self._reach(HOLDER, begin, end, sides=(self._tool_side,))
        else:
            self._reach(PLACES[scene.state], begin, end)
        self._carry(before, scene, begin, end)
        return end

    def _carry(self, before: Scene, scene: Scene, begin: float, end: float) -> None:
        """Keep account of the work piece: it leaves the bins in the hands and lies in the fixture."""
        if before.state == PART_HANDLING:
            self._lay(begin, None)
        if self._part_since is None:
            return
        if scene.state == MANUAL_ASSEMBLY:
            self._lay(end, "fixture")
        elif scene.state in {FINAL_INSPECTION, LABELING, PACKAGING}:
            self._lay(begin, None)

    def _lay(self, t: float, place: str | None) -> None:
        """From `t` on the work piece lies at `place`, or is held for None."""
        self._drop(t)
        self._part_since = (t, place)

    def _drop(self, t: float) -> None:
        """At `t` the work piece leaves the place where it was."""
        if self._part_since is not None:
            since, place = self._part_since
            x, y, z = self._place(place) if place else (0.0, 0.0, 0.0)
            self._part.append(Span(since, t, (float(x), float(y), float(z)) if place else None))
        self._part_since = None

    def _stay(self, scene: Scene, arrived: float, left: float) -> None:
        """Fill the time between arriving at and leaving the places of the scene."""
        if scene.state in AWAY:
            self._go_away(scene)
        elif scene.state == WAITING:
            self._down.append(Span(scene.start - MACHINE_LEAD, scene.end - MACHINE_LEAD))
        elif scene.state == SCREWING:
            self._screw(arrived, left)
        else:
            self._work(arrived, left, KINDS[scene.state])
            if scene.state == PACKAGING:
                self._drop(0.5 * (arrived + left))
            if scene.hidden_hand is not None:
                self._hide(scene.hidden_hand, arrived, left)

    def _work(self, start: float, end: float, kind: WorkKind) -> None:
        self._works.append(Work(start, end, kind, float(self._rng.uniform(0.0, 6.28))))

    def _screw(self, arrived: float, left: float) -> None:
        """Take the tool from its holder, work with it at the fixture, hang it back."""
        side = self._tool_side
        taken = arrived + GRASP_SECONDS
        seconds = _reach_time(self._place(HOLDER), self._place("fixture"))
        returned = left - GRASP_SECONDS
        if returned - seconds <= taken + seconds:
            raise ValueError(
                f"{SCREWING} at {arrived:.1f} s: expected time for work between fetching and returning"
            )
        self._reach("fixture", taken, taken + seconds, sides=(side,), raised=TOOL_RAISE)
        self._work(taken + seconds, returned - seconds, "screw")
        self._reach(HOLDER, returned - seconds, returned, sides=(side,))
        self._tool.append(Span(taken, returned))

    def _hide(self, side: int, arrived: float, left: float) -> None:
        """Put one hand behind the back for a while; the other goes on working."""
        start = arrived + 0.5 * (left - arrived - HIDDEN_SECONDS) - HIDING_SECONDS
        if start < arrived:
            raise ValueError(f"hidden_hand at {arrived:.1f} s: expected a longer step")
        sign = 1.0 if side == 0 else -1.0
        back = vector(self._tracks.hip.last[0] + 0.05 * sign, 0.20, 1.02)
        wrist, aim = self._tracks.wrists[side], self._tracks.aims[side]
        came_from, pointed_at = wrist.last, aim.last
        end = start + 2.0 * HIDING_SECONDS + HIDDEN_SECONDS
        wrist.move(start, start + HIDING_SECONDS, back)
        aim.move(start, start + HIDING_SECONDS, back - vector(0.1 * sign, 0.0, 0.0))
        wrist.move(end - HIDING_SECONDS, end, came_from)
        aim.move(end - HIDING_SECONDS, end, pointed_at)

    # -- movements --------------------------------------------------------------------------------

    def _reach(
        self, name: str, start: float, end: float, *, sides: tuple[int, ...] = (0, 1), raised: float = 0.0
    ) -> None:
        """Move hands, and the body with them, to a place."""
        tracks = self._tracks
        wrists, aims = self._hands(name)
        lift = vector(0.0, 0.0, raised)
        hanging = tracks.hang.last[0] > 0.0
        for side in sides:
            if hanging:  # the arm rises from hanging: only `hang` moves, on a straight way
                tracks.wrists[side].jump(start, wrists[side])
                tracks.aims[side].jump(start, aims[side])
                continue
            arc = 0.05 * float(np.linalg.norm(wrists[side] - tracks.wrists[side].last))
            tracks.wrists[side].move(start, end, wrists[side] + lift, arc=arc)
            tracks.aims[side].move(start, end, aims[side] + lift, arc=arc)
        if hanging:
            tracks.hang.move(start, end, vector(0.0))
        if self._tool_side not in sides:  # the body follows the hand with the tool
            return
        twist, lean = self._posture(name)
        x = self._stand(name)
        tracks.twist.move(start, end, vector(twist))
        tracks.lean.move(start, end, lean)
        tracks.look.move(start, end, self._sight(name))
        if abs(x - tracks.hip.last[0]) > 0.02:
            side_step(start, end, x, 0.0, tracks.feet)
        tracks.hip.move(start, end, vector(x, 0.0))

    def _sight(self, name: str) -> Vector:
        """Return the point that is looked at: the work, or while waiting the machine on the right."""
        if name == "rest":
            return vector(self._station.bench_m + 1.6, 0.3, 1.45)
        return self._place(name)

    def _go_away(self, scene: Scene) -> None:
        """Walk out of the picture and back to the bench, where the feet stand still at the scene's end."""
        exit_x = self._station.exits_m[AWAY[scene.state]]
        tracks = self._tracks
        home = self._stand("fixture")
        leaves = Walk(
            scene.start, scene.start + walk_seconds(tracks.hip.last[0], exit_x), tracks.hip.last[0], exit_x
        )
        returns = Walk(scene.end - walk_seconds(exit_x, home), scene.end, exit_x, home)
        if returns.start <= leaves.end:
            raise ValueError(
                f"{scene.state} at {scene.start:.1f} s: expected more time than walking out and in takes"
            )
        self._turn(leaves.start, leaves.heading)
        plan_walk(leaves, tracks.hip, tracks.feet, 0.0, arriving=False)
        outside = leaves.end
        tracks.facing.jump(outside, vector(returns.heading))
        tracks.look.jump(outside, vector(home, -0.3, 1.3))
        for side in (0, 1):
            # Out of sight the feet change places: the one that will go first is behind.
            foot = tracks.feet[side].last.copy()
            foot[2] = returns.heading
            foot[1] = -foot[1]
            tracks.feet[side].jump(outside, foot)
        plan_walk(returns, tracks.hip, tracks.feet, 0.0, arriving=True)
        tracks.facing.move(returns.end - TURN_SECONDS, returns.end, vector(0.0))
        self._walks += [leaves, returns]

    def _turn(self, start: float, heading: float) -> None:
        """Turn from the bench; let the arms hang."""
        tracks, end = self._tracks, start + TURN_SECONDS
        tracks.facing.move(start, end, vector(heading))
        tracks.twist.move(start, end, vector(0.0))
        tracks.lean.move(start, end, vector(0.0, 0.04))
        tracks.hang.move(start, end, vector(1.0))
        tracks.look.move(start, end, vector(tracks.hip.last[0] + 4.0 * np.sign(heading), 0.0, 1.4))


def _reach_time(origin: Vector, target: Vector) -> float:
    """Return the seconds of an unhurried reach over a distance; chosen by eye, 0.5 s to 1 s."""
    return float(np.clip(0.40 + 0.42 * np.linalg.norm(target - origin), 0.5, 1.0))

"""Watches one station: frames in, state intervals out; everything in between is forgotten within seconds."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from capture.decoder import Decoder, Segment
from capture.evidence import Evidence, Moments, Truths
from capture.frame import Frame
from capture.geometry import Polygon
from capture.moments import LookWindow
from capture.motion.channel import Ending, MotionPort
from capture.motion.session import StationMotion
from capture.observation import Observation, Sighting, body_of, hands_of, torso_of
from capture.station import rules
from capture.station.file import Station
from capture.tools import HolderWatch
from capture.tracking import WorkerTracker
from models.pose import Picture, Pose, PoseEngine
from productivity.intervals import StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED, UNKNOWN
from productivity.time import SECOND, Duration, Instant, after, seconds

_LOOKS_PER_SECOND = (
    6.0  # how much evidence a second holds; more frames of the same scene are not more evidence
)
_FLOOR = 0.01  # no single moment may rule a state out
_UNKNOWN_SEEN, _UNKNOWN_NOBODY, _UNKNOWN_LOST = 0.08, 0.01, 0.9
_NOBODY_SHARE = 0.6  # a state of the station that explains an absence wins over plain absence
_SHORTEST_UNKNOWN = seconds(2.0)
_SHORTEST_NOBODY = seconds(2.0)
_SCALE_MEMORY = (
    15  # looks over which the torso length is averaged; bending forward shortens it in the picture
)


Fits = Callable[[str, Instant, Duration, NDArray[np.float64]], None]
"""Hears of a station, a frame's span, and (S + 2,) how well each state fits, then *unknown*, then nobody."""


class StationWatcher:
    """Holds what one station needs from frame to frame; pictures are looked at and let go."""

    def __init__(
        self,
        station: Station,
        engine: PoseEngine,
        width: int,
        height: int,
        on_fits: Fits = lambda _, __, ___, ____: None,
        motion: MotionPort | None = None,
    ) -> None:
        self._on_fits = on_fits
        size = np.array([width, height], dtype=np.float64)
        self._station = station
        self._zones = {name: Polygon(np.array(points) * size) for name, points in station.zones.items()}
        place = self._zones[station.place] if station.place else None
        crop = station.crop
        box = (
            int(crop.left * width),
            int(crop.top * height),
            max(int(crop.right * width), 1),
            max(int(crop.bottom * height), 1),
        )
        self._tracker = WorkerTracker(engine, box, place)
        self._motion = StationMotion(station.name, engine, box, (width, height), motion) if motion else None
        self._holders = [HolderWatch(self._zones[tool.holder]) for tool in station.tools.values()]
        spans = [
            a.duration for s in station.states for a in rules.atoms(s.when) if isinstance(a, rules.StillFor)
        ]
        self._window = LookWindow(spans, list(station.tools))
        shortest = [state.shortest for state in station.states]
        self._decoder = Decoder([*shortest, _SHORTEST_UNKNOWN, _SHORTEST_NOBODY])
        self._period = Duration(round(SECOND / station.pose_rate))
        self._next_look: Instant | None = None
        self._scales: list[float] = []

    @property
    def name(self) -> str:
        """The station's name."""
        return self._station.name

    @property
    def present(self) -> str | None:
        """The state that the station seems to be in; None while nobody is there or nothing can be said."""
        states, present = self._station.states, self._decoder.present
        if present is None or present > len(states):
            return None
        return states[present].name if present < len(states) else UNKNOWN

    def is_due(self, at: Instant) -> bool:
        """Tell whether the frame at this instant will be looked at; others are only counted."""
        return self._next_look is None or at >= self._next_look

    def see(self, frame: Frame, picture: "LazyPicture") -> list[StateInterval]:
        """Take a frame in and return the intervals that became final."""
        if self.is_due(frame.time):
            self._next_look = self._following_look(frame.time)
            self._window.add(self._look(picture, frame.time, frame.arrived))
        elif self._motion is not None:
            self._motion.pass_frame(frame.time, frame.arrived)
        self._window.extend(frame.time, frame.duration)
        return self._decode(self._window.settled())

    def interrupt(self, ending: Ending = Ending.STOP) -> list[StateInterval]:
        """Return what remains before a gap or the end, and start anew; motion of a session ends there."""
        self.end_motion(ending)
        intervals = self._decode(self._window.settled(last=True))
        intervals += self._intervals(self._decoder.finish())
        self._tracker.forget()
        self._next_look = None
        return intervals

    def end_motion(self, ending: Ending) -> None:
        """End the motion session, if one runs."""
        if self._motion is not None:
            self._motion.end(ending)

    def _following_look(self, at: Instant) -> Instant:
        if self._next_look is None or at - self._next_look > self._period:
            return after(at, self._period)
        return after(self._next_look, self._period)  # on average the asked rate, whatever the frame rate

    def _look(self, picture: "LazyPicture", at: Instant, arrived: int | None) -> Observation:
        luma = picture.luma()
        if self._tracker.unchanged(luma, at):
            if self._motion is not None:
                self._motion.look(None, Sighting.NOBODY, None, None, at, arrived)
            return self._observe(Sighting.NOBODY, None, luma, at)
        sighting, pose = self._tracker.look(picture.rgb(), luma, at)
        if self._motion is not None:
            self._motion.look(picture.rgb(), sighting, pose, self._tracker.track_since, at, arrived)
        return self._observe(sighting, pose, luma, at)

    def _observe(
        self, sighting: Sighting, pose: Pose | None, luma: NDArray[np.uint8], at: Instant
    ) -> Observation:
        hands, torso, body = np.full((2, 2), np.nan), np.full(2, np.nan), np.empty((0, 2))
        if pose is not None:
            hands = hands_of(pose)
            torso, scale = torso_of(pose)
            body = body_of(pose)
            self._scales = [*self._scales[1 - _SCALE_MEMORY :], scale]
        scale = float(np.median(self._scales)) if self._scales else 1.0
        away = np.array([holder.away(luma, at, hands, body, scale) for holder in self._holders])
        return Observation(at, sighting, hands, torso, scale, away)

    def _decode(self, looks: Iterable[tuple[list[tuple[Instant, Duration]], Moments]]) -> list[StateInterval]:
        segments: list[Segment] = []
        for frames, moments in looks:
            fits = self._fits(moments)  # (K, S)
            logs = np.log(np.maximum(fits, _FLOOR))
            beliefs = fits / fits.sum(axis=1, keepdims=True)
            for k, (time, duration) in enumerate(frames):
                self._on_fits(self.name, time, duration, fits[k])
                weight = _LOOKS_PER_SECOND * duration / SECOND
                segments += self._decoder.feed(time, duration, weight * logs[k], beliefs[k])
        return self._intervals(segments)

    def _fits(self, moments: Moments) -> NDArray[np.float64]:
        """Return (K, S + 2): how well each state fits, then *unknown*, then nobody."""
        lost = np.isnan(moments.present)
        nobody = moments.present == 0.0
        unknown: Truths = np.select([lost, nobody], [_UNKNOWN_LOST, _UNKNOWN_NOBODY], _UNKNOWN_SEEN)
        evidence = Evidence(moments, self._zones)
        absent = evidence.truth(rules.Absent()) * _NOBODY_SHARE
        own = [evidence.truth(state.when) for state in self._station.states]
        return np.stack([*own, unknown, absent], axis=1)

    def _intervals(self, segments: Iterable[Segment]) -> list[StateInterval]:
        states = self._station.states
        intervals = []
        for segment in segments:
            interval = StateInterval(self.name, UNKNOWN, segment.start, segment.duration, segment.confidence)
            if segment.state < len(states):
                interval = replace(interval, state=states[segment.state].name)
            elif segment.state == len(states) + 1:
                interval = replace(interval, state=NOT_RECORDED, confidence=1.0, reason=NOBODY_PRESENT)
            intervals.append(interval)
        return intervals


class LazyPicture:
    """A frame's picture, converted at most once however many stations look at it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._rgb: Picture | None = None

    def rgb(self) -> Picture:
        """Return (H, W, 3) uint8 RGB."""
        if self._rgb is None:
            self._rgb = self._frame.image.rgb()
        return self._rgb

    def luma(self) -> NDArray[np.uint8]:
        """Return (H, W) uint8 brightness."""
        return self._frame.image.luma()

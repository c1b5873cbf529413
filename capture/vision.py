"""The part that sees pictures: one function from frames to state intervals.

It opens no file and no socket, writes nothing and logs nothing; what leaves it are typed records of a few
bytes. So it can move into a process without rights without changing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from capture.frame import Frame, Gap
from capture.gate import STATE_DURATIONS, Gate
from capture.motion.channel import Ending, MotionPort
from capture.station.file import Station
from capture.watcher import Fits, LazyPicture, StationWatcher
from models.pose import PoseEngine
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED
from productivity.time import Duration, Instant, after

Present = Callable[[str, str | None], None]
"""Hears of a station and the state that it seems to be in; None: nobody there, not recorded, or unclear."""


def watch(
    frames: Iterable[Frame | Gap],
    stations: Sequence[Station],
    engine: PoseEngine,
    gate: Gate,
    on_present: Present = lambda _, __: None,
    on_fits: Fits = lambda _, __, ___, ____: None,
    motion: MotionPort | None = None,
) -> Iterator[StateInterval]:
    """Yield the state intervals of each station, in time order per station, as they become final.

    The intervals of a station tile the span of the frames and gaps exactly. Frames that the gate does not
    permit for a station, or not to their end, are not looked at for it; their time is *not recorded* with
    the gate's reason. `motion`: where poses of workers who opted in may go, and nothing else; the intervals
    are the same with it and without.
    """
    watchers: list[StationWatcher] = []
    try:
        yield from _watch(frames, stations, engine, gate, on_present, on_fits, motion, watchers)
    finally:  # does nothing after an end in good order
        for watcher in watchers:
            watcher.end_motion(Ending.FAILED)


def _watch(
    frames: Iterable[Frame | Gap],
    stations: Sequence[Station],
    engine: PoseEngine,
    gate: Gate,
    on_present: Present,
    on_fits: Fits,
    motion: MotionPort | None,
    watchers: list[StationWatcher],
) -> Iterator[StateInterval]:
    rests = [_Rest(station.name) for station in stations]
    for item in frames:
        if isinstance(item, Frame) and not watchers:
            image = item.image
            watchers += [
                StationWatcher(station, engine, image.width, image.height, on_fits, motion)
                for station in stations
            ]
        picture = LazyPicture(item) if isinstance(item, Frame) else None
        for index, rest in enumerate(rests):
            watcher = watchers[index] if watchers else None
            reason = item.reason if isinstance(item, Gap) else _refusal(gate, stations[index], item)
            if reason is not None:
                if watcher and not rest.open:
                    yield from watcher.interrupt(Ending.GAP if isinstance(item, Gap) else Ending.REFUSED)
                yield from rest.add(item.time, item.duration, reason)
                on_present(stations[index].name, None)
            elif watcher and isinstance(item, Frame) and picture is not None:
                gate.recorded(stations[index].name, item.time, item.duration)
                yield from rest.close()
                yield from watcher.see(item, picture)
                on_present(watcher.name, watcher.present)
    for index, rest in enumerate(rests):
        if watchers and not rest.open:
            yield from watchers[index].interrupt()
        yield from rest.close()


def _refusal(gate: Gate, station: Station, frame: Frame) -> str | None:
    decision = gate.allowed(station.name, STATE_DURATIONS, frame.time)
    permitted = decision.allowed and after(frame.time, frame.duration) <= decision.until
    return None if permitted else decision.reason


class _Rest:
    """Joins consecutive frames and gaps that are not recorded for the same reason."""

    def __init__(self, station: str) -> None:
        self._station = station
        self._interval: StateInterval | None = None

    @property
    def open(self) -> bool:
        """Whether the present moment is not recorded."""
        return self._interval is not None

    def add(self, start: Instant, duration: Duration, reason: str) -> Iterator[StateInterval]:
        """Prolong the rest, or begin a new one."""
        now = self._interval
        if now is not None and now.reason != reason:
            yield now
            now = None
        begun = start if now is None else now.start
        length = Duration(start + duration - begun)
        self._interval = StateInterval(self._station, NOT_RECORDED, begun, length, 1.0, reason)

    def close(self) -> Iterator[StateInterval]:
        """End the rest, if there is one."""
        if self._interval is not None:
            yield self._interval
            self._interval = None

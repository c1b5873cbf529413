"""The recorder: watches a source to its end, hands on what it sees, and hands back what it kept.

`stream` keeps nothing, so it may run for as long as a camera does; `record` keeps all of it, or nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from capture.frame import Frame, Gap
from capture.gate import Gate
from capture.motion.channel import MotionPort
from capture.sources.base import Source
from capture.station.file import Station
from capture.vision import Present, watch
from models.pose import PoseEngine
from productivity.cycles import count_cycles
from productivity.intervals import Cycle, StateInterval
from productivity.time import Duration, Instant, after
from productivity.timeline import Span, check_tiling

Progress = Callable[[Instant], None]
Listener = Callable[[StateInterval], None]


@dataclass(frozen=True, slots=True)
class StationRecording:
    """What was kept of one station: intervals that tile the span, and the cycles in them."""

    station: Station
    span: Span
    intervals: tuple[StateInterval, ...]
    cycles: tuple[Cycle, ...]


def stream(
    source: Source,
    stations: Sequence[Station],
    engine: PoseEngine,
    gate: Gate,
    *,
    on_interval: Listener,
    on_progress: Progress = lambda _: None,
    on_present: Present = lambda _, __: None,
    motion: MotionPort | None = None,
    until: Duration | None = None,
) -> Span:
    """Watch every station in one pass, to the end of the source or until `until` has been recorded.

    `on_interval` hears of each interval as soon as it is final, in time order per station; together they tile
    the span that is returned (promise 1), to the nanosecond. Closing the source from elsewhere ends a
    recording as the end of a file does: what was seen until then counts. `motion` takes poses of workers who
    opted in; without it, none are kept. Raises `BadInput` and `SourceLost`
    as the source does.
    """
    tally = _Tally(source, on_progress, until)
    edges = {station.name: Instant(0) for station in stations}
    for interval in watch(tally, stations, engine, gate, on_present, motion=motion):
        check_tiling([interval], Span(edges[interval.station], interval.end))
        edges[interval.station] = interval.end
        on_interval(interval)
    for edge in edges.values():
        check_tiling([], Span(edge, tally.end))
    return Span(Instant(0), tally.end)


def record(
    source: Source,
    stations: Sequence[Station],
    engine: PoseEngine,
    gate: Gate,
    *,
    on_interval: Listener = lambda _: None,
    on_progress: Progress = lambda _: None,
    on_present: Present = lambda _, __: None,
    motion: MotionPort | None = None,
    until: Duration | None = None,
) -> list[StationRecording]:
    """Do what `stream` does, and return what every interval and cycle was; if it raises, nothing is kept."""
    intervals: dict[str, list[StateInterval]] = {station.name: [] for station in stations}

    def keep(interval: StateInterval) -> None:
        intervals[interval.station].append(interval)
        on_interval(interval)

    span = stream(
        source,
        stations,
        engine,
        gate,
        on_interval=keep,
        on_progress=on_progress,
        on_present=on_present,
        motion=motion,
        until=until,
    )
    return [close_recording(station, span, intervals[station.name]) for station in stations]


def close_recording(station: Station, span: Span, intervals: Sequence[StateInterval]) -> StationRecording:
    """Return a station's recording; its intervals must tile the span."""
    check_tiling(intervals, span)
    definition = station.cycle
    cycles = count_cycles(intervals, definition.first, definition.last) if definition else []
    return StationRecording(station, span, tuple(intervals), tuple(cycles))


class _Tally(Iterable[Frame | Gap]):
    """Passes frames on and remembers how far they reach."""

    def __init__(self, source: Source, on_progress: Progress, until: Duration | None) -> None:
        self._source = source
        self._on_progress = on_progress
        self._until = until
        self.end = Instant(0)

    def __iter__(self) -> Iterator[Frame | Gap]:
        for item in self._source.frames():
            self.end = after(item.time, item.duration)
            yield item
            self._on_progress(self.end)
            if self._until is not None and self.end >= self._until:
                return

"""The recorder: watches a source to its end and hands back what it kept, complete or not at all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from capture.frame import Frame, Gap
from capture.gate import Gate
from capture.sources.base import Source
from capture.station.file import Station
from capture.vision import watch
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


def record(
    source: Source,
    stations: Sequence[Station],
    engine: PoseEngine,
    gate: Gate,
    *,
    on_progress: Progress = lambda _: None,
    on_interval: Listener = lambda _: None,
    until: Duration | None = None,
) -> list[StationRecording]:
    """Record every station in one pass, to the end of the source or until `until` has been recorded.

    `on_interval` hears of each interval as soon as it is final, in time order per station.
    Closing the source from elsewhere ends a recording as the end of a file does: what was seen until then is
    kept. Raises `BadInput` and `SourceLost` as the source does, and then keeps nothing.
    """
    tally = _Tally(source, on_progress, until)
    intervals: dict[str, list[StateInterval]] = {station.name: [] for station in stations}
    for interval in watch(tally, stations, engine, gate):
        intervals[interval.station].append(interval)
        on_interval(interval)
    span = Span(Instant(0), tally.end)
    return [_close(station, span, intervals[station.name]) for station in stations]


def _close(station: Station, span: Span, intervals: list[StateInterval]) -> StationRecording:
    check_tiling(intervals, span)  # promise 1: what is kept adds up to what was watched, to the nanosecond
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

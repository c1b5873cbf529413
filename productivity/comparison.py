"""A measured timeline against the truth: totals, boundaries, cycles and segment scores."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from productivity.errors import BadInput
from productivity.intervals import Cycle, StateInterval
from productivity.segmentation import Labelling, Scores, Segment, score
from productivity.states import NOT_RECORDED
from productivity.time import Duration
from productivity.timeline import Span, check_order, covering_span, fill_gaps


@dataclass(frozen=True, slots=True)
class Observation:
    """One station as one observer saw it: intervals in time order without overlap, and complete cycles.

    Time that no interval covers is *not recorded*.
    """

    station: str
    intervals: tuple[StateInterval, ...]
    cycles: tuple[Cycle, ...]


@dataclass(frozen=True, slots=True)
class StateError:
    """Time in one state, true and measured."""

    state: str
    truth: Duration
    measured: Duration

    @property
    def error(self) -> Duration:
        """Measured minus true; positive when too much was measured."""
        return Duration(self.measured - self.truth)


@dataclass(frozen=True, slots=True)
class BoundaryErrors:
    """Distances from true boundaries to the measured ones, and how many true ones have no counterpart."""

    distances: tuple[Duration, ...]
    unmatched: int

    @property
    def median(self) -> Duration | None:
        """The median distance, rounded down to a nanosecond; None without any matched boundary."""
        return Duration(int(median(self.distances))) if self.distances else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Agreement over one or several stations. `unjudged` is measured time outside the truth's span."""

    stations: tuple[str, ...]
    states: tuple[StateError, ...]
    true_cycles: int
    measured_cycles: int
    scores: Scores
    boundaries: BoundaryErrors
    unjudged: Duration


@dataclass(frozen=True, slots=True)
class _Judged:
    """One station, both sides cut to the truth's span and tiling it."""

    station: str
    truth: list[Segment]
    measured: list[Segment]
    true_cycles: int
    measured_cycles: int
    unjudged: Duration


def compare(
    pairs: Sequence[tuple[Observation, Observation]], background: Collection[str] = frozenset({NOT_RECORDED})
) -> Comparison:
    """Compare (truth, measured) of one or several stations; several are pooled as MS-TCN pools videos.

    The truth's span is what is judged: the measured side is cut to it, and a cycle belongs to it if its
    middle does. Labels in `background` are no segments for edit score and F1; they do count everywhere
    else. Raises `BadInput` when a truth is empty or intervals overlap.
    """
    judged = [_judge(truth, measured) for truth, measured in pairs]
    if not judged:
        raise BadInput("no station to compare", expected="at least one")
    distances, unmatched = _boundary_distances(judged)
    return Comparison(
        stations=tuple(one.station for one in judged),
        states=_state_errors(judged),
        true_cycles=sum(one.true_cycles for one in judged),
        measured_cycles=sum(one.measured_cycles for one in judged),
        scores=score([Labelling(one.measured, one.truth) for one in judged], background),
        boundaries=BoundaryErrors(distances, unmatched),
        unjudged=Duration(sum(one.unjudged for one in judged)),
    )


def _judge(truth: Observation, measured: Observation) -> _Judged:
    if not truth.intervals:
        raise BadInput("truth is empty", where=truth.station, expected="at least one interval")
    check_order(truth.intervals)
    check_order(measured.intervals)
    span = covering_span(truth.intervals)
    return _Judged(
        station=truth.station,
        truth=_segments(truth, span),
        measured=_segments(measured, span),
        true_cycles=len(truth.cycles),
        measured_cycles=sum(_middle_inside(cycle, span) for cycle in measured.cycles),
        unjudged=Duration(sum(_outside(interval, span) for interval in measured.intervals)),
    )


def _segments(observation: Observation, span: Span) -> list[Segment]:
    """Return the observation within `span` as segments; neighbours of one state are one segment."""
    tiled = fill_gaps(observation.intervals, span, station=observation.station, reason="")
    segments: list[Segment] = []
    for interval in tiled:
        same = segments and segments[-1].label == interval.state
        start = segments.pop().start if same else interval.start
        segments.append(Segment(interval.state, start, interval.end))
    return segments


def _middle_inside(cycle: Cycle, span: Span) -> bool:
    return 2 * span.start <= cycle.start + cycle.end < 2 * span.end


def _outside(interval: StateInterval, span: Span) -> int:
    inside = min(interval.end, span.end) - max(interval.start, span.start)
    return interval.duration - max(0, inside)


def _state_errors(judged: Sequence[_Judged]) -> tuple[StateError, ...]:
    truth = _time(segment for one in judged for segment in one.truth)
    measured = _time(segment for one in judged for segment in one.measured)
    return tuple(
        StateError(state, truth.get(state, Duration(0)), measured.get(state, Duration(0)))
        for state in truth | measured
    )


def _time(segments: Iterable[Segment]) -> dict[str, Duration]:
    sums: dict[str, Duration] = {}
    for segment in segments:
        sums[segment.label] = Duration(sums.get(segment.label, 0) + segment.end - segment.start)
    return sums


def _boundary_distances(judged: Sequence[_Judged]) -> tuple[tuple[Duration, ...], int]:
    """Return each true boundary's distance to the nearest measured one between the same two states.

    Where that change of states was never measured, the nearest change into the same state counts; where
    there is none either, the boundary is unmatched.
    """
    distances: list[Duration] = []
    unmatched = 0
    for one in judged:
        measured = [(before.label, after.label, after.start) for before, after in pairwise(one.measured)]
        for before, after in pairwise(one.truth):
            into = [(start, was) for was, now, start in measured if now == after.label]
            same = [start for start, was in into if was == before.label]
            candidates = same or [start for start, _ in into]
            if candidates:
                distances.append(Duration(min(abs(start - after.start) for start in candidates)))
            else:
                unmatched += 1
    return tuple(distances), unmatched

"""What a recording says about one station: a row for each worker state, ranked by total time."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from productivity.errors import BadInput
from productivity.intervals import Cycle, StateInterval
from productivity.states import NOT_RECORDED, RESERVED_STATES, UNKNOWN, StateCategory, WorkerState
from productivity.statistics import MeanInterval, mean_interval
from productivity.time import SECOND, Duration
from productivity.timeline import Span, check_tiling, merge_neighbours


class Unit(StrEnum):
    """What one sample of a state's duration is."""

    CYCLE = "cycle"
    OCCURRENCE = "occurrence"


@dataclass(frozen=True, slots=True)
class StateSummary:
    """One state's row. `share` is of the recorded span (eq. 7 on that span), in [0, 1].

    `mean` is in seconds per `unit`: per complete cycle for cycle-bound states (a cycle without the state
    counts as 0 s), per occurrence for the others; None without a sample, and for *unknown* and *not
    recorded*, which are no activity and have no mean, unit, category or value.
    """

    state: str
    category: StateCategory | None
    value_adding: bool | None
    total: Duration
    share: float
    occurrences: int
    unit: Unit | None
    mean: MeanInterval | None


@dataclass(frozen=True, slots=True)
class StationSummary:
    """A station's states by falling total, then *unknown*, then *not recorded*; both always have a row.

    The totals add up to the span exactly. `cycle_time` is in seconds per complete cycle.
    """

    station: str
    span: Span
    rows: tuple[StateSummary, ...]
    cycles: int
    cycle_time: MeanInterval | None


def summarise(
    station: str,
    states: Sequence[WorkerState],
    intervals: Sequence[StateInterval],
    cycles: Sequence[Cycle],
    span: Span,
) -> StationSummary:
    """Summarise one station's timeline.

    Requires intervals that tile the span (`check_tiling`), cycles in time order, and a worker state for
    each state that occurs; raises `BadInput` otherwise. States that never occurred have a row of zeros.
    """
    check_tiling(intervals, span)
    merged = merge_neighbours(intervals)
    occurrences = _durations(merged)
    known = {state.name: state for state in states}
    if strange := sorted(set(occurrences) - set(known) - RESERVED_STATES):
        raise BadInput(
            f"state {strange[0]!r} is not a state of this station",
            where=station,
            expected="one of " + ", ".join(repr(name) for name in known),
        )
    in_cycles = [time_in_cycle(cycle, merged) for cycle in cycles]
    rows = [_worked(state, occurrences.get(state.name, []), in_cycles, span) for state in states]
    rows.sort(key=lambda row: (-row.total, row.state))
    rest = [_rest(name, occurrences.get(name, []), span) for name in (UNKNOWN, NOT_RECORDED)]
    cycle_time = mean_interval([cycle.duration / SECOND for cycle in cycles]) if cycles else None
    return StationSummary(station, span, (*rows, *rest), len(cycles), cycle_time)


def time_in_cycle(cycle: Cycle, intervals: Sequence[StateInterval]) -> dict[str, Duration]:
    """Return the time in each state within one cycle. Requires intervals that tile it, in time order."""
    first = max(bisect_right(intervals, cycle.start, key=lambda interval: interval.start) - 1, 0)
    sums: dict[str, Duration] = {}
    for index in range(first, len(intervals)):
        interval = intervals[index]
        if interval.start >= cycle.end:
            break
        inside = min(interval.end, cycle.end) - max(interval.start, cycle.start)
        sums[interval.state] = Duration(sums.get(interval.state, 0) + inside)
    return sums


def _durations(merged: Sequence[StateInterval]) -> dict[str, list[Duration]]:
    durations: dict[str, list[Duration]] = {}
    for interval in merged:
        durations.setdefault(interval.state, []).append(interval.duration)
    return durations


def _worked(
    state: WorkerState,
    durations: Sequence[Duration],
    in_cycles: Sequence[Mapping[str, Duration]],
    span: Span,
) -> StateSummary:
    cyclic = state.category is StateCategory.CYCLE_BOUND
    samples = [sums.get(state.name, 0) for sums in in_cycles] if cyclic else durations
    return StateSummary(
        state=state.name,
        category=state.category,
        value_adding=state.value_adding,
        total=Duration(sum(durations)),
        share=_share(durations, span),
        occurrences=len(durations),
        unit=Unit.CYCLE if cyclic else Unit.OCCURRENCE,
        mean=mean_interval([sample / SECOND for sample in samples]) if samples else None,
    )


def _rest(name: str, durations: Sequence[Duration], span: Span) -> StateSummary:
    total = Duration(sum(durations))
    return StateSummary(name, None, None, total, _share(durations, span), len(durations), None, None)


def _share(durations: Sequence[Duration], span: Span) -> float:
    return sum(durations) / span.duration if span.duration else 0.0

"""What two observers saw at once: cycle by cycle, and each instant in both their words.

"Manual" is the study that is compared with (stopwatch, labelled video), "measured" the system under test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from productivity.comparison import Observation
from productivity.errors import BadInput
from productivity.intervals import Cycle, StateInterval
from productivity.timeline import Span, check_order, covering_span, fill_gaps


class Clustering(StrEnum):
    """What is taken as independent. Whatever lies within one is taken as correlated."""

    SESSION = "session"
    """Each session of each station: conclusions hold for these stations."""
    STATION = "station"
    """Each station: conclusions hold for stations like these. Needs more of them."""


@dataclass(frozen=True, slots=True)
class CyclePair:
    """The duration of one cycle as both observers have it."""

    manual_ns: int
    measured_ns: int


@dataclass(frozen=True, slots=True)
class StatePair:
    """The total of one state as both observers have it."""

    manual_ns: int
    measured_ns: int


@dataclass(frozen=True, slots=True)
class PairedSession:
    """One session of one station.

    `joint_ns` is the time for each (manual state, measured state); empty where the observers share no clock,
    as with a stopwatch sheet. `totals_ns` are the times in each state; `span_ns` is the observed time.
    `unmatched_cycles` are cycles that only one of the two has.
    """

    station: str
    session: str
    span_ns: int
    totals_ns: Mapping[str, StatePair]
    cycles: tuple[CyclePair, ...] = ()
    joint_ns: Mapping[tuple[str, str], int] = field(default_factory=dict)
    unmatched_cycles: int = 0

    def __post_init__(self) -> None:
        if self.span_ns <= 0:
            raise BadInput(
                "session has no observed time",
                where=f"{self.station} {self.session}",
                expected="a span above 0 ns",
                found=f"{self.span_ns} ns",
            )
        if any(pair.manual_ns <= 0 for pair in self.cycles):
            raise BadInput("manual cycle has no duration", where=f"{self.station} {self.session}")


def pair_session(session: str, manual: Observation, measured: Observation) -> PairedSession:
    """Pair two time lines of one station on one clock.

    The manual span is what is compared: the measured side is cut to it, and what either side leaves open
    counts as *not recorded*. Raises `BadInput` when the manual side is empty or intervals overlap.
    """
    if not manual.intervals:
        raise BadInput("manual study is empty", where=manual.station, expected="at least one interval")
    check_order(manual.intervals)
    check_order(measured.intervals)
    span = covering_span(manual.intervals)
    joint = _joint_time(_tiled(manual, span), _tiled(measured, span))
    inside = [cycle for cycle in measured.cycles if span.start <= cycle.start and cycle.end <= span.end]
    cycles = match_cycles(manual.cycles, inside)
    return PairedSession(
        station=manual.station,
        session=session,
        span_ns=span.duration,
        totals_ns=_totals(joint),
        cycles=cycles,
        joint_ns=joint,
        unmatched_cycles=len(manual.cycles) + len(inside) - 2 * len(cycles),
    )


def match_cycles(manual: Sequence[Cycle], measured: Sequence[Cycle]) -> tuple[CyclePair, ...]:
    """Pair cycles that each overlap the other the most. Both sides in time order, without overlap.

    However badly such a pair agrees, it counts: leaving it out would flatter the measuring system.
    """
    overlaps: dict[tuple[int, int], int] = {}
    i = j = 0
    while i < len(manual) and j < len(measured):
        common = min(manual[i].end, measured[j].end) - max(manual[i].start, measured[j].start)
        if common > 0:
            overlaps[i, j] = common
        # The cycle that ends first has met every cycle that it can meet.
        if manual[i].end <= measured[j].end:
            i += 1
        else:
            j += 1
    by_overlap = sorted(overlaps, key=lambda pair: overlaps[pair])
    best_for_manual = dict(by_overlap)
    best_for_measured = {j: i for i, j in by_overlap}
    return tuple(
        CyclePair(manual[i].duration, measured[j].duration)
        for i, j in sorted(best_for_manual.items())
        if best_for_measured[j] == i
    )


def clusters_of(sessions: Sequence[PairedSession], by: Clustering) -> list[list[PairedSession]]:
    """Group sessions into independent clusters, in order of first appearance."""
    groups: dict[tuple[str, ...], list[PairedSession]] = {}
    for one in sessions:
        key = (one.station,) if by is Clustering.STATION else (one.station, one.session)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _tiled(observation: Observation, span: Span) -> list[StateInterval]:
    return fill_gaps(observation.intervals, span, station=observation.station, reason="")


def _joint_time(
    manual: Sequence[StateInterval], measured: Sequence[StateInterval]
) -> dict[tuple[str, str], int]:
    """Return the time for each pair of states; both sides tile the same span."""
    joint: dict[tuple[str, str], int] = {}
    i = j = 0
    while i < len(manual) and j < len(measured):
        one, other = manual[i], measured[j]
        key = (one.state, other.state)
        joint[key] = joint.get(key, 0) + min(one.end, other.end) - max(one.start, other.start)
        # Of two that end together, the next step of the one left has no time in common: skip both.
        i, j = i + (one.end <= other.end), j + (other.end <= one.end)
    return joint


def _totals(joint: Mapping[tuple[str, str], int]) -> dict[str, StatePair]:
    states = dict.fromkeys(state for pair in joint for state in pair)
    return {
        state: StatePair(
            sum(time for (manual, _), time in joint.items() if manual == state),
            sum(time for (_, measured), time in joint.items() if measured == state),
        )
        for state in states
    }

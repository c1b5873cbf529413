"""Vertical aggregation: the time in a state of a work system is that of all its parts, eq. (6).

Time may be recorded at any level: what is recorded at a cell itself (attendance, cell feeding) is one more
part of the cell. Every total counts once, where it was recorded, so that no level loses or doubles time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from productivity.balance import PaidBelow
from productivity.evaluation import StateTime
from productivity.hierarchy import Hierarchy
from productivity.horizontal import weakest_unit
from productivity.levels import System
from productivity.records import RecordingMode
from productivity.sessions import IndependentUnit
from productivity.totals import Total


@dataclass(frozen=True, slots=True)
class Recorded:
    """The time in one state over one period, recorded in one work system itself, not in its parts."""

    system: str
    state: str
    modes: frozenset[RecordingMode]
    total: Total
    sources: tuple[str, ...]
    estimated: bool
    unit: IndependentUnit | None = None


def within(name: str, recorded: Mapping[str, Sequence[Recorded]], system: System) -> tuple[Recorded, ...]:
    """Return what was recorded in a work system and in all that it consists of, given it by system."""
    return tuple(one for node in system.within(name) for one in recorded.get(node.name, ()))


def state_times(
    recorded: Iterable[Recorded], hierarchy: Hierarchy, confidence: float
) -> tuple[StateTime, ...]:
    """Add recorded times up by state, ranked by falling total; equal totals by name.

    Estimates of different work systems are taken as independent of each other.
    """
    by_state: dict[str, list[Recorded]] = {}
    for one in recorded:
        by_state.setdefault(one.state, []).append(one)
    times = [_state_time(state, parts, hierarchy, confidence) for state, parts in by_state.items()]
    return tuple(sorted(times, key=lambda time: (-time.total_ns, time.state)))


def paid_below(name: str, paid: Mapping[str, int | None], system: System) -> PaidBelow:
    """Add up the paid times of a system's direct parts. Requires the paid time of each, None: not known."""
    parts = {node.name: paid[node.name] for node in system.children(name)}
    known = {part: duration_ns for part, duration_ns in parts.items() if duration_ns is not None}
    return PaidBelow(sum(known.values()), tuple(known), tuple(part for part in parts if part not in known))


def _state_time(state: str, parts: list[Recorded], hierarchy: Hierarchy, confidence: float) -> StateTime:
    total = sum((part.total for part in parts), Total(0))
    low, high = total.limits(confidence)
    units = [part.unit for part in parts if part.unit is not None]
    modes = frozenset[RecordingMode]().union(*(part.modes for part in parts))
    return StateTime(
        state=state,
        category=hierarchy.category(state),
        value_adding=hierarchy.value_adding(state),
        modes=tuple(mode for mode in RecordingMode if mode in modes),
        total_ns=total.duration_ns,
        low_ns=low,
        high_ns=high,
        standard_error_ns=total.standard_error_ns,
        freedom=total.freedom,
        estimated=any(part.estimated for part in parts),
        independent=weakest_unit(units) if units else None,
    )

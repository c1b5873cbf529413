"""Diagram data of an evaluation: ranking (Pareto), circle with the not recorded share, balance by category.

The same functions serve every system level. Portions are SP = T / T_paid, eq. (7).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from productivity.evaluation import Evaluation, StateTime
from productivity.hierarchy import Hierarchy
from productivity.records import RecordingMode
from productivity.states import NOT_RECORDED, StateCategory
from productivity.totals import Total


@dataclass(frozen=True, slots=True)
class Ranked:
    """One state in the ranking. `cumulative` adds up the portions down to and including this rank.

    `value_adding` is None where states were put together of which only some add value. Limits are None
    where the samples tell nothing about their spread.
    """

    rank: int
    state: str
    category: StateCategory
    value_adding: bool | None
    modes: tuple[RecordingMode, ...]
    total_ns: int
    portion: float
    low: float | None
    high: float | None
    cumulative: float
    estimated: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """One sector of the circle. `share` is of all that is in the circle, so that shares add up to 1."""

    name: str
    category: StateCategory | None
    value_adding: bool | None
    duration_ns: int
    share: float

    @property
    def recorded(self) -> bool:
        """Whether the sector is a worker state; the rest is hatched."""
        return self.category is not None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the balance from 0 to the paid time: the bar reaches from `start_ns` to `end_ns`."""

    name: str
    start_ns: int
    end_ns: int

    @property
    def duration_ns(self) -> int:
        """The time of the step."""
        return self.end_ns - self.start_ns


def ranking(
    evaluation: Evaluation, hierarchy: Hierarchy | None = None, depth: int | None = None
) -> tuple[Ranked, ...]:
    """Return the states over all categories by falling total, equal totals by name.

    With a hierarchy and a depth (1: directly below the categories) finer states are put together first;
    their estimates are taken as independent.
    """
    groups: dict[str, list[StateTime]] = {}
    for time in evaluation.states:
        groups.setdefault(_at_depth(time.state, hierarchy, depth), []).append(time)
    rows = [(name, _put_together(times), times) for name, times in groups.items()]
    rows.sort(key=lambda row: (-row[1].duration_ns, row[0]))
    ranked: list[Ranked] = []
    summed_ns = 0
    for rank, (name, total, times) in enumerate(rows, start=1):
        summed_ns += total.duration_ns
        low, high = _limits(total, times, evaluation)
        modes = {mode for time in times for mode in time.modes}
        ranked.append(
            Ranked(
                rank=rank,
                state=name,
                category=times[0].category,
                value_adding=_common(time.value_adding for time in times),
                modes=tuple(mode for mode in RecordingMode if mode in modes),
                total_ns=total.duration_ns,
                portion=evaluation.portion(total.duration_ns),
                low=low,
                high=high,
                cumulative=evaluation.portion(summed_ns),
                estimated=any(time.estimated for time in times),
            )
        )
    return tuple(ranked)


def circle(evaluation: Evaluation) -> tuple[Slice, ...]:
    """Return the sectors: the states by falling total, and what was not recorded last.

    The circle is the paid time; where more was recorded than paid, all that was recorded. Empty sectors
    are left out.
    """
    whole = evaluation.paid_ns + evaluation.excess_ns
    states = [
        Slice(time.state, time.category, time.value_adding, time.total_ns, time.total_ns / whole)
        for time in evaluation.states
        if time.total_ns
    ]
    rest = evaluation.not_recorded_ns
    return (*states, *([Slice(NOT_RECORDED, None, None, rest, rest / whole)] if rest else []))


def balance_steps(evaluation: Evaluation) -> tuple[Step, ...]:
    """Return eq. (1) as a staircase: the four categories, then *not recorded*.

    The last step ends at the paid time, or above it by `excess_ns`. Every step is there, even an empty one.
    """
    terms = [(category.value, evaluation.category_ns(category)) for category in StateCategory]
    steps: list[Step] = []
    edge = 0
    for name, duration_ns in (*terms, (NOT_RECORDED, evaluation.not_recorded_ns)):
        steps.append(Step(name, edge, edge + duration_ns))
        edge += duration_ns
    return tuple(steps)


def _at_depth(state: str, hierarchy: Hierarchy | None, depth: int | None) -> str:
    if hierarchy is None or depth is None:
        return state
    return next(iter(hierarchy.roll_up({state: 0}, depth)))


def _put_together(times: list[StateTime]) -> Total:
    parts = (
        Total(
            time.total_ns,
            None if time.standard_error_ns is None else time.standard_error_ns**2,
            time.freedom,
        )
        for time in times
    )
    return sum(parts, Total(0))


def _limits(
    total: Total, times: list[StateTime], evaluation: Evaluation
) -> tuple[float, float] | tuple[None, None]:
    low, high = (
        (times[0].low_ns, times[0].high_ns) if len(times) == 1 else total.limits(evaluation.confidence)
    )
    if low is None or high is None:
        return None, None
    return evaluation.portion(low), evaluation.portion(high)


def _common(values: Iterable[bool]) -> bool | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None

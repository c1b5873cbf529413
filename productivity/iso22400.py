"""Worker efficiency of ISO 22400-2, where a plant says which of its states make it up; nothing else is ISO.

ISO 22400-2 knows no name for waiting or irregular time; those stay elements of our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from productivity.errors import BadInput
from productivity.evaluation import Evaluation
from productivity.hierarchy import Hierarchy


@dataclass(frozen=True, slots=True)
class PersonnelStates:
    """Which states are what to ISO 22400-2; a state stands for all that refine it.

    `absent`: paid without attendance. `breaks`: breaks that the company authorised. `orders`: work on
    production orders.
    """

    absent: tuple[str, ...]
    breaks: tuple[str, ...]
    orders: tuple[str, ...]

    def check(self, hierarchy: Hierarchy) -> None:
        """Refuse, with `BadInput`, a state that is not in the hierarchy or that would count twice."""
        names = (*self.absent, *self.breaks, *self.orders)
        for name in names:
            above = hierarchy.path(name)
            if names.count(name) > 1 or any(other in above for other in names if other != name):
                raise BadInput(
                    f"state {name!r} would count twice",
                    where="ISO 22400 times",
                    expected="each state once, and none that another one contains",
                )


@dataclass(frozen=True, slots=True)
class WorkerEfficiency:
    """ISO 22400-2: APWT / APAT, both in nanoseconds.

    APWT, actual personnel work time: what is needed for the execution of production orders. APAT, actual
    personnel attendance time: being available for them, without authorised breaks. Not recorded time was
    attended as far as anybody knows, so it is part of APAT.
    """

    apwt_ns: int
    apat_ns: int

    @property
    def ratio(self) -> float | None:
        """The worker efficiency, in [0, 1]; None without any attendance."""
        return self.apwt_ns / self.apat_ns if self.apat_ns else None


def worker_efficiency(
    evaluation: Evaluation, hierarchy: Hierarchy, states: PersonnelStates
) -> WorkerEfficiency:
    """Return the worker efficiency of a work system. Requires states that `check` does not refuse."""

    def total(names: Sequence[str]) -> int:
        return sum(
            time.total_ns for time in evaluation.states if set(names) & set(hierarchy.path(time.state))
        )

    attended = evaluation.paid_ns + evaluation.excess_ns - total(states.absent) - total(states.breaks)
    return WorkerEfficiency(apwt_ns=total(states.orders), apat_ns=attended)

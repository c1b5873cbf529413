"""A work system's paid time, state by state: eq. (1), (7) and (8). Every level has the same figures."""

import math
from dataclasses import dataclass

from productivity.levels import Level
from productivity.records import Finding, RecordingMode
from productivity.sessions import IndependentUnit
from productivity.states import StateCategory


@dataclass(frozen=True, slots=True)
class StateTime:
    """The time in one state over a period.

    `low_ns` and `high_ns` are the limits at the evaluation's confidence, low never below 0. Documented time
    is exact: its limits equal its total. Limits and standard error are None when samples behind the total
    say nothing about their spread. `freedom` are the degrees of freedom that belong to the standard error
    (infinite for documented time). `estimated`: some of the total is that of variants that nobody
    recorded. `modes` are the recording modes behind the total, in the order of `RecordingMode`.
    `independent` says what the limits took as independent, for any part of the total; None: documented.
    """

    state: str
    category: StateCategory
    value_adding: bool
    modes: tuple[RecordingMode, ...]
    total_ns: int
    low_ns: int | None
    high_ns: int | None
    standard_error_ns: float | None = 0.0
    freedom: float = math.inf
    estimated: bool = False
    independent: IndependentUnit | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One work system in one period: eq. (1) holds exactly, in whole nanoseconds.

    `sum(states) + not_recorded_ns == paid_ns + excess_ns`. `excess_ns` is 0 unless more was recorded than
    paid; then a finding names the rows. `paid_given` is False where paid time is the sum of the parts, and
    `not_recorded_given` is True where T_NR was stated and not derived. `states` are ranked by falling total.
    `pieces` is None where nobody stated the output. `findings` concern this system and what it consists of.
    """

    system: str
    level: Level
    period: str
    paid_ns: int
    states: tuple[StateTime, ...]
    not_recorded_ns: int
    paid_given: bool = True
    not_recorded_given: bool = False
    excess_ns: int = 0
    pieces: int | None = None
    confidence: float = 0.95
    findings: tuple[Finding, ...] = ()

    @property
    def recorded_ns(self) -> int:
        """The time in all states together."""
        return sum(state.total_ns for state in self.states)

    def portion(self, duration_ns: int) -> float:
        """Return the state portion of a time, SP = T / T_paid, eq. (7); 0 when nothing was paid."""
        return duration_ns / self.paid_ns if self.paid_ns else 0.0

    def category_ns(self, category: StateCategory) -> int:
        """Return the time in all states of a category, a term of eq. (1)."""
        return sum(state.total_ns for state in self.states if state.category is category)

    @property
    def irregular_per_piece_ns(self) -> float | None:
        """I_irr = T_irr / OUT_act, eq. (8); None without a stated output or without any piece."""
        return self.category_ns(StateCategory.IRREGULAR) / self.pieces if self.pieces else None

    @property
    def value_adding_ns(self) -> int:
        """The time in value-adding states."""
        return sum(state.total_ns for state in self.states if state.value_adding)

    @property
    def non_value_adding_share(self) -> float:
        """The share of paid time that does not add value, not recorded time included; in [0, 1].

        The case study counts so: 494.0 h of value-adding states in 1127 h give its published 56 %.
        """
        return max(0.0, 1.0 - self.portion(self.value_adding_ns)) if self.paid_ns else 0.0

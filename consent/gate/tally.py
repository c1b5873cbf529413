"""When a campaign has seen enough at a station. Counts and sums only: no clock time, no cycle is kept.

The accuracy is judged after each session, by the rule of `productivity.stopping`: sessions are its units,
because cycles of one session resemble each other and would make the interval of eq. 2 look too narrow.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from consent.agreement.schema import Target
from consent.entries.vocabulary import Criterion
from productivity.cycles import count_cycles
from productivity.intervals import Cycle, StateInterval
from productivity.stopping import StopRule, look


@dataclass(frozen=True, slots=True)
class Tally:
    """Complete cycles of one campaign at one station: number and total time (ms) in each closed session."""

    sessions: tuple[tuple[int, int], ...] = ()
    number: int = 0
    total_ms: int = 0
    """Of the session that is open."""

    def add(self, cycles: Iterable[Cycle]) -> "Tally":
        """Return the tally with more cycles of the open session."""
        tally = self
        for cycle in cycles:
            tally = replace(
                tally, number=tally.number + 1, total_ms=tally.total_ms + cycle.duration // 1_000_000
            )
        return tally

    def close(self) -> "Tally":
        """Return the tally after the open session; one without a complete cycle tells nothing."""
        return Tally((*self.sessions, (self.number, self.total_ms))) if self.number else Tally(self.sessions)

    def reached(self, target: Target | None) -> Criterion | None:
        """Return which criterion of the target is met, if one is."""
        if target is None:
            return None
        if target.cycles is not None and sum(n for n, _ in self.sessions) + self.number >= target.cycles:
            return Criterion.CYCLES
        if target.accuracy_percent is None or not self.sessions:
            return None
        rule = StopRule(relative=target.accuracy_percent / 100)
        # `look` asks for samples and uses their number and sum alone.
        samples = [[total_ms / n] * n for n, total_ms in self.sessions]
        return Criterion.ACCURACY if look(rule, samples).stop else None


class CycleCounter:
    """Finds complete cycles while intervals come in, and keeps no more than those of the open cycle.

    Gives the cycles that `count_cycles` finds in all intervals together.
    """

    def __init__(self, first: str, last: str) -> None:
        self._first, self._last = first, last
        self._open: list[StateInterval] = []
        self._ended = False

    def add(self, interval: StateInterval) -> list[Cycle]:
        """Take the next interval of the station; return the cycle that it completes, if it does."""
        cycles: list[Cycle] = []
        if interval.state == self._first and (self._ended or not self._open):
            cycles = self.finish()
        if self._open or interval.state == self._first:
            self._open.append(interval)
            self._ended = self._ended or interval.state == self._last
        return cycles

    def finish(self) -> list[Cycle]:
        """Return what the end completes; the next interval begins anew."""
        cycles = count_cycles(self._open, self._first, self._last)
        self._open, self._ended = [], False
        return cycles

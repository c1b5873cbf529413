"""A state interval as files keep it: with its category and the number of its cycle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from productivity.errors import BadInput
from productivity.intervals import Cycle, StateInterval
from productivity.states import NOT_RECORDED, StateCategory, WorkerState
from productivity.time import SECOND, since

LATEST = 2**63 - 1
"""The last instant that files can hold, in nanoseconds: 292 years."""

CONFIDENCE_DIGITS = 4
"""Decimals kept of a confidence; more would be noise of the pose network."""


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One line of an interval file. `category` is None for *unknown* and *not recorded*."""

    interval: StateInterval
    category: StateCategory | None
    cycle: int | None


class Where(Protocol):
    """A place that an error text can name."""

    def __str__(self) -> str: ...


def interval_rows(
    intervals: Iterable[StateInterval], states: Sequence[WorkerState], cycles: Sequence[Cycle]
) -> list[IntervalRow]:
    """Return the rows of one station, each with its category and the cycle that it begins in.

    Requires intervals and cycles in time order.
    """
    categories = {state.name: state.category for state in states}
    rows: list[IntervalRow] = []
    ahead = list(reversed(cycles))
    for interval in intervals:
        while ahead and ahead[-1].end <= interval.start:
            ahead.pop()
        cycle = ahead[-1].number if ahead and ahead[-1].start <= interval.start else None
        rounded = replace(interval, confidence=round(interval.confidence, CONFIDENCE_DIGITS))
        rows.append(IntervalRow(rounded, categories.get(interval.state), cycle))
    return rows


def check_row(row: IntervalRow, where: Where) -> None:
    """Refuse a row that no recording can contain."""
    interval = row.interval
    problems = (
        (not interval.state, "state is empty", "a name", ""),
        (interval.start < 0, "start is negative", "0 ns or later", f"{interval.start} ns"),
        (interval.duration <= 0, "duration is not positive", "more than 0 ns", f"{interval.duration} ns"),
        (interval.end > LATEST, "end is too late", f"at most {LATEST} ns", f"{interval.end} ns"),
        # Written so that NaN, which compares with nothing, is refused too.
        (not 0 <= interval.confidence <= 1, "confidence is out of range", "0 to 1", str(interval.confidence)),
        (row.cycle is not None and row.cycle < 1, "cycle is out of range", "1 or more", str(row.cycle)),
        (
            bool(interval.reason) and interval.state != NOT_RECORDED,
            "reason without cause",
            f"a reason only with {NOT_RECORDED!r}",
            f"state {interval.state!r}",
        ),
    )
    for wrong, what, expected, found in problems:
        if wrong:
            raise BadInput(what, where=str(where), expected=expected, found=found)


def in_order(placed: Iterable[tuple[Where, IntervalRow]]) -> list[IntervalRow]:
    """Return rows by station (in order of appearance) and start; refuse overlaps within a station."""
    stations: dict[str, list[tuple[Where, IntervalRow]]] = {}
    for where, row in placed:
        check_row(row, where)
        stations.setdefault(row.interval.station, []).append((where, row))
    for rows in stations.values():
        rows.sort(key=lambda pair: pair[1].interval.start)
        for (_, before), (where, row) in pairwise(rows):
            if row.interval.start < before.interval.end:
                raise BadInput(
                    f"state {row.interval.state!r} overlaps state {before.interval.state!r}",
                    where=str(where),
                    expected=f"a start at {_seconds(before.interval.end)} or later",
                    found=_seconds(row.interval.start),
                )
    return [row for rows in stations.values() for _, row in rows]


def numbered_cycles(placed: Iterable[tuple[StateInterval, int | None]], where: str) -> list[Cycle]:
    """Return one station's cycles by the number beside each interval, from first row to last, in time order.

    Requires intervals in time order. Raises `BadInput` for cycles that overlap.
    """
    cycles: dict[int, Cycle] = {}
    for interval, number in placed:
        if number is None:
            continue
        start = cycles[number].start if number in cycles else interval.start
        cycles[number] = Cycle(interval.station, number, start, since(start, interval.end))
    found = sorted(cycles.values(), key=lambda cycle: cycle.start)
    for before, cycle in pairwise(found):
        if cycle.start < before.end:
            raise BadInput(
                f"cycles {before.number} and {cycle.number} overlap",
                where=f"{where} station {cycle.station!r}",
                expected="each cycle's rows in one stretch of time",
            )
    return found


def _seconds(instant: int) -> str:
    return f"{instant // SECOND}.{instant % SECOND:09d} s"

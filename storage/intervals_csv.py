"""State intervals as CSV: for spreadsheets, and readable by the works council without any tool."""

import csv
from collections.abc import Iterable
from pathlib import Path

from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.states import StateCategory
from productivity.time import Duration, Instant
from storage.files import File
from storage.rows import IntervalRow, in_order
from storage.table import TableRow, read_table

COLUMNS = ("station", "state", "category", "start_ns", "duration_ns", "confidence", "cycle", "reason")
"""Whole nanoseconds since the start of the recording; category and cycle are empty where there is none."""


def write_intervals_csv(path: Path, rows: Iterable[IntervalRow]) -> None:
    """Write rows as UTF-8 with a header; an existing file is overwritten."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(row) for row in rows)


def read_intervals_csv(path: File) -> list[IntervalRow]:
    """Read rows by station and start. Raises `BadInput` naming file, line and expectation."""
    return in_order((line.place, _row(line)) for line in read_table(path, COLUMNS))


def _cells(row: IntervalRow) -> tuple[object, ...]:
    interval = row.interval
    return (
        interval.station,
        interval.state,
        row.category.value if row.category else "",
        interval.start,
        interval.duration,
        interval.confidence,
        "" if row.cycle is None else row.cycle,
        interval.reason,
    )


def _row(line: TableRow) -> IntervalRow:
    interval = StateInterval(
        station=line["station"],
        state=line["state"],
        start=Instant(whole_number(line, "start_ns")),
        duration=Duration(whole_number(line, "duration_ns")),
        confidence=_number(line, "confidence"),
        reason=line["reason"],
    )
    cycle = whole_number(line, "cycle") if line["cycle"] else None
    return IntervalRow(interval, category_of(line["category"], line), cycle)


def whole_number(line: TableRow, column: str) -> int:
    """Return a cell as an int; digits with an optional sign and nothing else."""
    text = line[column]
    # int() would also take '1_000' and digits of other scripts; 19 digits are all that 64 bits hold.
    if not (text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= 20):
        raise BadInput(
            f"{column} is not a whole number", where=str(line.place), expected="digits", found=repr(text[:40])
        )
    return int(text)


def category_of(text: str, line: TableRow) -> StateCategory | None:
    """Return a cell as a state category; empty is none."""
    try:
        return StateCategory(text) if text else None
    except ValueError:
        raise BadInput(
            "category is unknown",
            where=str(line.place),
            expected=", ".join(StateCategory),
            found=repr(text[:40]),
        ) from None


def _number(line: TableRow, column: str) -> float:
    try:
        return float(line[column])
    except ValueError:
        raise BadInput(
            f"{column} is not a number",
            where=str(line.place),
            expected="0 to 1",
            found=repr(line[column][:40]),
        ) from None

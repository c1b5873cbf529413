"""Completed cycles as CSV."""

import csv
from collections.abc import Iterable
from pathlib import Path

from productivity.errors import BadInput
from productivity.intervals import Cycle
from productivity.time import Duration, Instant
from storage.intervals_csv import whole_number
from storage.table import read_table

COLUMNS = ("station", "cycle", "start_ns", "duration_ns")


def write_cycles_csv(path: Path, cycles: Iterable[Cycle]) -> None:
    """Write cycles as UTF-8 with a header; an existing file is overwritten."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((cycle.station, cycle.number, cycle.start, cycle.duration) for cycle in cycles)


def read_cycles_csv(path: Path) -> list[Cycle]:
    """Read cycles as they stand. Raises `BadInput` naming file, line and expectation."""
    cycles: list[Cycle] = []
    for line in read_table(path, COLUMNS):
        number, start, duration = (whole_number(line, column) for column in COLUMNS[1:])
        if number < 1 or start < 0 or duration <= 0:
            raise BadInput(
                "no cycle can be so",
                where=str(line.place),
                expected="cycle from 1, start_ns from 0, duration_ns above 0",
                found=f"{number}, {start}, {duration}",
            )
        cycles.append(Cycle(line["station"], number, Instant(start), Duration(duration)))
    return cycles

"""The exact truth of a sample: which state each station was in, from when to when."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from productivity.errors import BadInput

HEADER = ("station", "state", "start_s", "end_s", "cycle")


@dataclass(frozen=True, slots=True)
class TruthRow:
    """A half-open span [start, end) in seconds; `cycle` counts from 1, None outside of cycles."""

    station: str
    state: str
    start: float
    end: float
    cycle: int | None


def tiled(rows: Sequence[TruthRow], duration: float) -> tuple[TruthRow, ...]:
    """Return the rows, rounded to milliseconds, of which the last is prolonged to `duration`.

    Raises `ValueError` unless they begin at 0 and each begins where the one before ends.
    """
    edges = [0.0, *(row.end for row in rows)]
    for row, edge in zip(rows, edges, strict=False):
        if abs(row.start - edge) > 1e-6:
            raise ValueError(f"truth row at {row.start} s: expected it to start at {edge} s")
    rounded = [round(edge, 3) for edge in edges[:-1]] + [round(duration, 3)]
    return tuple(
        TruthRow(row.station, row.state, start, end, row.cycle)
        for row, start, end in zip(rows, rounded[:-1], rounded[1:], strict=True)
    )


def write_truth(path: Path, rows: Iterable[TruthRow]) -> None:
    """Write the rows as CSV, seconds with three decimals, an empty cycle outside of cycles."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for row in rows:
            cycle = "" if row.cycle is None else row.cycle
            writer.writerow((row.station, row.state, f"{row.start:.3f}", f"{row.end:.3f}", cycle))


def read_truth(path: Path) -> tuple[TruthRow, ...]:
    """Read a truth file; raises `BadInput` naming the line that is not what it must be."""
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != HEADER:
            raise BadInput("header", where=str(path), expected=",".join(HEADER), found=str(reader.fieldnames))
        for line in reader:
            try:
                cycle = int(line["cycle"]) if line["cycle"] else None
                row = TruthRow(
                    line["station"], line["state"], float(line["start_s"]), float(line["end_s"]), cycle
                )
            except (TypeError, ValueError) as error:
                where = f"{path}:{reader.line_num}"
                raise BadInput("row", where=where, expected="numbers in start_s, end_s and cycle") from error
            rows.append(row)
    return tuple(rows)

"""What was acquired, as CSV: one file for each kind of record, readable and writable by hand.

Durations are decimal numbers in a column that names its unit (`duration_h`, `duration_min`, `duration_s`)
and become whole nanoseconds exactly; writing uses seconds, in which every nanosecond has a decimal number.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from productivity.errors import BadInput
from productivity.records import (
    ALL_VARIANTS,
    Documented,
    NotRecorded,
    Output,
    PaidTime,
    RecordingMode,
    Records,
    Sampled,
    Unit,
)
from productivity.time import SECOND
from storage.intervals_csv import whole_number
from storage.rows import LATEST
from storage.table import TableRow, read_header, read_table

DURATIONS = {"duration_h": 3600 * SECOND, "duration_min": 60 * SECOND, "duration_s": SECOND}
"""Nanoseconds in the unit of each column that can hold a duration."""

Word = TypeVar("Word", bound=StrEnum)


class RecordFile(StrEnum):
    """The files that hold records; each may be absent."""

    SAMPLES = "samples.csv"
    DOCUMENTED = "documented.csv"
    OUTPUT = "output.csv"
    PAID = "paid.csv"
    NOT_RECORDED = "not_recorded.csv"


COLUMNS: dict[RecordFile, tuple[tuple[str, ...], tuple[str, ...]]] = {
    RecordFile.SAMPLES: (("system", "state", "mode"), ("variant", "unit", "session", "source")),
    RecordFile.DOCUMENTED: (("system", "period", "state", "mode"), ("occurrences", "source")),
    RecordFile.OUTPUT: (("system", "period"), ("variant", "pieces", "batches", "shifts", "source")),
    RecordFile.PAID: (("system", "period"), ("source",)),
    RecordFile.NOT_RECORDED: (("system", "period"), ("source",)),
}
"""Columns that must be there, and those that may be; all files but the output have a duration as well."""


def read_records(directory: Path) -> Records:
    """Read all record files of a directory; absent files are empty.

    `source` of a record is what its `source` column says, and the file and line where that is empty.
    Raises `BadInput` naming file, line and expectation.
    """
    return Records(
        sampled=_sampled(_rows(directory, RecordFile.SAMPLES)),
        documented=tuple(_made(row, _documented) for row in _rows(directory, RecordFile.DOCUMENTED)),
        output=tuple(_made(row, _output) for row in _rows(directory, RecordFile.OUTPUT)),
        paid=tuple(_made(row, _paid) for row in _rows(directory, RecordFile.PAID)),
        not_recorded=tuple(_made(row, _not_recorded) for row in _rows(directory, RecordFile.NOT_RECORDED)),
    )


def write_records(directory: Path, records: Records) -> None:
    """Write the record files of a directory that exists; kinds without any record get no file."""
    tables: dict[RecordFile, list[Sequence[object]]] = {
        RecordFile.SAMPLES: [
            (one.system, one.state, one.mode.value, one.variant, one.unit.value, session, one.source, _s(ns))
            for one in records.sampled
            for ns, session in zip(
                one.durations_ns, one.sessions or [""] * len(one.durations_ns), strict=True
            )
        ],
        RecordFile.DOCUMENTED: [
            (
                one.system,
                one.period,
                one.state,
                one.mode.value,
                one.occurrences,
                one.source,
                _s(one.duration_ns),
            )
            for one in records.documented
        ],
        RecordFile.OUTPUT: [
            (one.system, one.period, one.variant, one.pieces, one.batches, one.shifts, one.source)
            for one in records.output
        ],
        RecordFile.PAID: [(one.system, one.period, one.source, _s(one.duration_ns)) for one in records.paid],
        RecordFile.NOT_RECORDED: [
            (one.system, one.period, one.source, _s(one.duration_ns)) for one in records.not_recorded
        ],
    }
    for kind, rows in tables.items():
        if rows:
            write_table(directory / kind, header_of(kind), rows)


def header_of(kind: RecordFile, duration: str = "duration_s") -> tuple[str, ...]:
    """Return all columns of a file, with the duration in a unit of choice."""
    required, optional = COLUMNS[kind]
    return (*required, *optional, *(() if kind is RecordFile.OUTPUT else (duration,)))


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file in UTF-8; an existing file is overwritten."""
    path.write_text(table_text(header, rows), encoding="utf-8", newline="")


def table_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _rows(directory: Path, kind: RecordFile) -> list[TableRow]:
    path = directory / kind
    if not path.exists():
        return []
    required, optional = COLUMNS[kind]
    if kind is RecordFile.OUTPUT:
        return list(read_table(path, required, optional))
    given = [name for name in DURATIONS if name in read_header(path)]
    if len(given) != 1:
        raise BadInput(
            "duration column",
            where=str(path),
            expected="exactly one of " + ", ".join(DURATIONS),
            found=" and ".join(given) or "none",
        )
    return list(read_table(path, (*required, *given), optional))


def _made(row: TableRow, make: "Callable[[TableRow], _Record]") -> "_Record":
    """Make a record; what the record itself refuses is told with file and line."""
    try:
        return make(row)
    except BadInput as error:
        text, place = str(error), str(row.place)
        if text.startswith(place):
            raise
        raise BadInput(text.removeprefix(f"{_source(row)}: "), where=place) from None


_Record = TypeVar("_Record", Sampled, Documented, Output, PaidTime, NotRecorded)


def _sampled(rows: Iterable[TableRow]) -> tuple[Sampled, ...]:
    """Gather the rows of one state in one place, wherever they stand: they are its samples."""
    gathered: dict[tuple[str, ...], list[Sampled]] = {}
    for row in rows:
        one = _made(row, _sample)
        gathered.setdefault((one.system, one.state, one.mode, one.variant, one.unit), []).append(one)
    return tuple(_pooled(samples) for samples in gathered.values())


def _pooled(samples: Sequence[Sampled]) -> Sampled:
    sessions = tuple(session for one in samples for session in one.sessions)
    return replace(
        samples[0],
        durations_ns=tuple(ns for one in samples for ns in one.durations_ns),
        # A session for each sample, or none at all: half of them would say nothing.
        sessions=sessions if len(sessions) == len(samples) else (),
        source=rows_label([one.source for one in samples]),
    )


def rows_label(sources: Sequence[str]) -> str:
    """Return one label for several rows: "a.csv:2-4,7", and different files one after the other."""
    lines: dict[str, list[str]] = {}
    for source in dict.fromkeys(sources):
        stem, colon, line = source.rpartition(":")
        lines.setdefault(stem if colon else source, []).append(line if colon else "")
    return ", ".join(
        f"{stem}:{_ranges(numbers)}" if any(numbers) else stem for stem, numbers in lines.items()
    )


def _ranges(numbers: Sequence[str]) -> str:
    """Return 2, 3, 4, 7 as "2-4,7"; what is no plain number stays as it is."""
    runs: list[list[str]] = []
    for number in numbers:
        follows = runs and number.isdecimal() and runs[-1][-1].isdecimal()
        if follows and int(number) == int(runs[-1][-1]) + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _sample(row: TableRow) -> Sampled:
    return Sampled(
        system=name_in(row, "system"),
        state=name_in(row, "state"),
        mode=word_in(row, "mode", RecordingMode),
        durations_ns=(_duration(row),),
        sessions=(row["session"],) if row["session"] else (),
        variant=row["variant"] or ALL_VARIANTS,
        unit=word_in(row, "unit", Unit) if row["unit"] else Unit.PIECE,
        source=_source(row),
    )


def _documented(row: TableRow) -> Documented:
    return Documented(
        system=name_in(row, "system"),
        state=name_in(row, "state"),
        mode=word_in(row, "mode", RecordingMode),
        period=name_in(row, "period"),
        duration_ns=_duration(row),
        occurrences=whole_number(row, "occurrences") if row["occurrences"] else 1,
        source=_source(row),
    )


def _output(row: TableRow) -> Output:
    pieces, batches, shifts = (
        whole_number(row, column) if row[column] else 0 for column in ("pieces", "batches", "shifts")
    )
    return Output(
        name_in(row, "system"), name_in(row, "period"), row["variant"], pieces, batches, shifts, _source(row)
    )


def _paid(row: TableRow) -> PaidTime:
    return PaidTime(name_in(row, "system"), name_in(row, "period"), _duration(row), _source(row))


def _not_recorded(row: TableRow) -> NotRecorded:
    return NotRecorded(name_in(row, "system"), name_in(row, "period"), _duration(row), _source(row))


def name_in(row: TableRow, column: str) -> str:
    """Return a cell that must not be empty."""
    if not row[column]:
        raise BadInput(f"{column} is empty", where=str(row.place), expected="a name")
    return row[column]


def word_in(row: TableRow, column: str, words: type[Word]) -> Word:
    """Return a cell that holds one of a few words."""
    try:
        return words(row[column])
    except ValueError:
        raise BadInput(
            f"{column} is unknown",
            where=str(row.place),
            expected=" or ".join(words),
            found=repr(row[column][:40]),
        ) from None


def _source(row: TableRow) -> str:
    place = row.place
    return row["source"] or f"{place.path.parent.name}/{place.path.name}:{place.line}"


def _duration(row: TableRow) -> int:
    column = next(name for name in DURATIONS if name in row.cells)
    text = row[column]
    try:
        number = Decimal(text)
        # Compared before it is multiplied: '1e999999' must not become an integer of a million digits.
        if number.is_finite() and 0 <= number <= LATEST // DURATIONS[column]:
            return round(number * DURATIONS[column])
    except InvalidOperation:
        pass
    raise BadInput(
        f"{column} is not a duration",
        where=str(row.place),
        expected="a number from 0 with a decimal point",
        found=repr(text[:40]),
    )


def _s(nanoseconds: int) -> str:
    """Return seconds as a decimal number without trailing zeros."""
    whole, rest = divmod(nanoseconds, SECOND)
    return f"{whole}.{rest:09d}".rstrip("0").rstrip(".")

"""Records that somebody writes by hand, in data/by-hand: read and written as tables of text."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from productivity.errors import BadInput
from storage.durable import whole_directory
from storage.study.editing import ABSENT, Outdated, revision_of
from storage.study.folder import KNOWN_FILES, source_directory
from storage.study.origins import ORIGIN
from storage.study.records_csv import (
    DURATIONS,
    RecordFile,
    header_of,
    read_records,
    table_text,
)
from storage.study.template import BY_HAND
from storage.table import read_header, read_table


@dataclass(frozen=True, slots=True)
class HandTable:
    """A file of records as it is written: its columns, and each row's cells by column."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    revision: str


def read_by_hand(study: Path, kind: RecordFile) -> HandTable:
    """Return the records of a kind that were written by hand; all columns are there, also absent ones.

    Raises `BadInput` for a file that cannot be read, and where an import stands under this name: its rows may
    be those of a camera, which nobody reads without a look.
    """
    directory = source_directory(study, BY_HAND)
    if (directory / ORIGIN).exists():
        raise BadInput(f"data {BY_HAND!r} were imported", expected="data that were written by hand")
    path = directory / kind
    if not path.exists():
        return HandTable(header_of(kind, _usual_unit(kind)), (), ABSENT)
    given = [name for name in DURATIONS if name in read_header(path)]
    columns = header_of(kind, given[0] if given else _usual_unit(kind))
    table = read_table(path, (), columns)
    rows = tuple({column: row[column] for column in columns} for row in table)
    return HandTable(columns, rows, revision_of(path.read_bytes()))


def write_by_hand(study: Path, kind: RecordFile, rows: Sequence[Mapping[str, str]], revision: str) -> str:
    """Put these rows in place of the records of a kind; durable when this returns. Returns the revision.

    A column that a row lacks is empty. Raises `Outdated`, and `BadInput` naming the line of a row that
    cannot be read (the header is line 1); the study is then as it was.
    """
    known = read_by_hand(study, kind)
    if known.revision != revision:
        raise Outdated(f"{kind} was changed meanwhile", expected="the newest rows: load the page again")
    target = source_directory(study, BY_HAND)
    for number, row in enumerate(rows, start=2):
        if strange := row.keys() - set(known.columns):
            raise BadInput(
                f"unknown column {min(strange)[:40]!r}",
                where=f"{kind} line {number}",
                expected=", ".join(known.columns),
            )
    text = table_text(known.columns, [[row.get(column, "") for column in known.columns] for row in rows])
    with whole_directory(target, replaces=KNOWN_FILES) as directory:
        if target.exists():
            for path in target.iterdir():
                shutil.copyfile(path, directory / path.name)
        (directory / kind).write_text(text, encoding="utf-8", newline="")
        try:
            read_records(directory)
        except BadInput as error:
            raise BadInput(str(error).replace(f"{directory}/", "")) from None
    return revision_of(text.encode())


def _usual_unit(kind: RecordFile) -> str:
    return "duration_s" if kind is RecordFile.SAMPLES else "duration_h"

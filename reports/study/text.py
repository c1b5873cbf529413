"""Result tables as people read them, in the report and in the terminal. Needs no chart packages."""

from collections.abc import Sequence
from dataclasses import dataclass

from productivity.result_table import Kind, ResultTable, Value
from reports import numbers
from reports.study.words import StudyWords

NO_VALUE = "–"


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as people read it; `numeric` says which columns are aligned to the right."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]
    note: str = ""


def text_table(table: ResultTable, words: StudyWords, *, titled: bool = True) -> TextTable:
    """Return a result table as people read it."""
    return TextTable(
        title=table.title if titled else "",
        header=[column.title for column in table.columns],
        rows=[
            [cell_text(value, column.kind, words) for value, column in zip(row, table.columns, strict=True)]
            for row in table.rows
        ],
        numeric=[column.kind not in (Kind.TEXT, Kind.FLAG) for column in table.columns],
        note=table.note,
    )


def cell_text(value: Value, kind: Kind, words: StudyWords) -> str:
    """Return one value in the reader's language."""
    if value is None:
        return NO_VALUE
    if isinstance(value, str):
        return value
    plain = words.words
    match kind:
        case Kind.FLAG:
            return plain.yes if value else plain.no
        case Kind.SHARE:
            return numbers.percent(value, plain)
        case Kind.HOURS:
            return numbers.hours(int(value), plain)
        case Kind.MINUTES:
            return numbers.minutes(value, plain)
        case Kind.SECONDS:
            return numbers.seconds(value, plain)
        case Kind.NUMBER if isinstance(value, float):
            return numbers.decimal(value, 3, plain)
    return str(value)

"""Result tables as CSV: the international form for programs, the German form for a German Excel."""

import csv
import io
from dataclasses import dataclass

from productivity.result_table import Column, Kind, ResultTable, Value
from storage.exports.spreadsheet_text import harmless

_DIGITS = 15
"""Significant digits of a float; no measured number has more."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a CSV file is written: for which program, and so with which signs."""

    delimiter: str
    decimal_point: str
    encoding: str
    line_end: str
    titles: bool
    """Columns bear the titles that people read; otherwise the keys, which are the same in every language."""


INTERNATIONAL = Form(",", ".", "utf-8", "\n", titles=False)
"""RFC 4180 with a header of keys."""

GERMAN = Form(";", ",", "utf-8-sig", "\r\n", titles=True)
"""What Excel opens by double click in Germany; the byte order mark makes it read umlauts."""


def delimited_bytes(table: ResultTable, form: Form) -> bytes:
    """Return one table; durations and shares stand in the unit that the header names."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=form.delimiter, lineterminator=form.line_end)
    writer.writerow([_heading(column, form) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [_cell(value, column, form) for value, column in zip(row, table.columns, strict=True)]
        )
    return file.getvalue().encode(form.encoding)


def _heading(column: Column, form: Form) -> str:
    unit = column.kind.value if column.kind.nanoseconds or column.kind is Kind.SHARE else ""
    if form.titles:
        return harmless(f"{column.title} [{unit}]" if unit else column.title)
    return f"{column.key}_{'percent' if unit == '%' else unit}" if unit else column.key


def _cell(value: Value, column: Column, form: Form) -> str:
    shown = column.kind.in_unit(value)
    match shown:
        case None:
            return ""
        case bool():
            return "1" if shown else "0"
        case float():
            return f"{shown:.{_DIGITS}g}".replace(".", form.decimal_point)
        case int():
            return str(shown)
    return harmless(shown)

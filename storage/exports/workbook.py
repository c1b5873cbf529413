"""Result tables as an Excel workbook: one sheet per table.

Importing this module needs XlsxWriter; callers import it where they need it, not at their top.
"""

import io
from collections.abc import Sequence
from typing import Any

from productivity.errors import MissingExtra
from productivity.result_table import Kind, ResultTable, Value

try:
    import xlsxwriter  # type: ignore[import-untyped]
except ImportError:
    raise MissingExtra("server", "xlsxwriter") from None

_NUMBER_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "0.00##",
    Kind.SHARE: "0.0%",  # the cell holds the fraction, as a spreadsheet's own per cent does
    Kind.HOURS: "#,##0.0",
    Kind.MINUTES: "#,##0.0",
    Kind.SECONDS: "#,##0.00",
}
_WIDEST = 60
"""Letters; a wider column would push the others out of sight."""


def workbook_bytes(tables: Sequence[ResultTable]) -> bytes:
    """Return a workbook: one sheet per table, with number formats, frozen headings and filters.

    Text is always written as text: a name like "=1+1" stays a name. Durations are numbers in the unit of
    their heading, so that they can be summed.
    """
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        names = sheet_names([table.title for table in tables])
        for table, name in zip(tables, names, strict=True):
            _fill(book, book.add_worksheet(name), table)
    return content.getvalue()


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Return titles as Excel allows them: at most 31 letters, no bracket, colon, star, slash, each once."""
    names: list[str] = []
    for title in titles:
        plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in title).strip("' ") or "-"
        name, number = plain[:31], 2
        while name.casefold() in {taken.casefold() for taken in names}:
            suffix = f" {number}"
            name, number = plain[: 31 - len(suffix)] + suffix, number + 1
        names.append(name)
    return names


def _fill(book: Any, sheet: Any, table: ResultTable) -> None:  # noqa: ANN401  # XlsxWriter is untyped  # XlsxWriter has no types
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    formats = {
        kind: book.add_format({"num_format": code, "valign": "top"}) for kind, code in _NUMBER_FORMATS.items()
    }
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for index, column in enumerate(table.columns):
        unit = column.kind.value if column.kind.nanoseconds else ""
        title = f"{column.title} [{unit}]" if unit else column.title
        sheet.write_string(0, index, title, heading)
        texts = [len(str(row[index])) for row in table.rows if isinstance(row[index], str)]
        sheet.set_column(index, index, min(_WIDEST, max([12, *texts])))
        for number, row in enumerate(table.rows, start=1):
            _write(sheet, number, index, row[index], column.kind, formats.get(column.kind, text))
    sheet.freeze_panes(1, 1)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    if table.note:
        sheet.write_string(len(table.rows) + 2, 0, table.note)


def _write(sheet: Any, row: int, column: int, value: Value, kind: Kind, style: Any) -> None:  # noqa: ANN401
    shown = value if kind is Kind.SHARE else kind.in_unit(value)
    match shown:
        case None:
            sheet.write_blank(row, column, None, style)
        case bool():
            sheet.write_boolean(row, column, shown, style)
        case str():
            sheet.write_string(row, column, shown, style)
        case _:
            sheet.write_number(row, column, shown, style)

"""Foreign tables, CSV or Excel, as rows that know where they stand. Only the wanted columns are kept.

Damage of the file as a whole raises `BadInput`; a damaged row is told by its `problem`.
"""

import csv
import io
import lzma
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.xml.constants import ARC_STYLE

from productivity.errors import BadInput
from storage.files import File
from storage.importers.cells import Cell, text

LARGEST_WORKBOOK = 1 << 30
"""Bytes of a workbook when unpacked; more than a million full rows, so anything larger is a trap."""
LARGEST_STYLES = 4 << 20
"""Bytes of the styles in it when unpacked. Excel allows 64,000 formats of cells; each takes a hundred times
its bytes in memory."""
MOST_LINES = 1 << 20
"""Of a sheet: Excel has no more. A file can name a line far below; all empty ones before it would be made."""
MOST_CELLS = 1 << 26
"""Of a sheet, with the empty ones ahead of the last in each line: 64 columns of the longest sheet. A line
with one cell at its far end takes 30 bytes in a file, which pack well, and has 16,384 cells."""


_DAMAGE = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    LookupError,
    ValueError,
    TypeError,  # of an attribute that openpyxl does not know
    AttributeError,
    ArithmeticError,  # of numbers that are no dates
    RuntimeError,  # of encryption, and of methods of packing that nobody uses
    SyntaxError,  # of XML, from whichever parser
    DefusedXmlException,
)
"""What zipfile and openpyxl raise for workbooks that are none."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row: where it stands ("mes.csv:17"), its cells by column, and what is wrong with it as a row."""

    source: str
    cells: Mapping[str, Cell]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: all names in its header, and its rows with the wanted columns only."""

    header: tuple[str, ...]
    rows: tuple[GridRow, ...]


def read_grid(
    path: File,
    required: Collection[str],
    optional: Collection[str] = (),
    *,
    encoding: str = "utf-8",
    header_line: int = 1,
    sheet: str | None = None,
) -> Grid:
    """Read a table whose header stands in line `header_line`; the file's name tells CSV from Excel.

    The separator of a CSV file (comma, semicolon, tab) is the one that the required columns are found with.
    Empty rows are passed over. Raises `BadInput` for a file that cannot be read or lacks a required column.
    """
    suffix = path.suffix.lower()
    if suffix in {".xlsx", ".xlsm"}:
        lines = _workbook_lines(path, header_line, sheet)
    elif suffix in {".csv", ".tsv", ".txt"}:
        lines = _text_lines(path, header_line, encoding, required)
    else:
        raise BadInput(
            "not a table", where=path.name, expected=".csv, .tsv, .txt or .xlsx", found=repr(suffix)
        )
    _, first = next(lines)
    header = tuple(text(cell) for cell in first)
    wanted = _wanted(path, header, required, optional)
    rows = tuple(_row(path, line, cells, header, wanted) for line, cells in lines if any(map(_filled, cells)))
    return Grid(header, rows)


def _row(
    path: File, line: int, cells: Sequence[Cell], header: Sequence[str], wanted: Mapping[str, int]
) -> GridRow:
    source = f"{path.name}:{line}"
    if len(cells) < len(header) or any(map(_filled, cells[len(header) :])):
        return GridRow(
            source, {}, f"line of another length: expected {len(header)} cells, found {len(cells)}"
        )
    return GridRow(source, {name: cells[index] for name, index in wanted.items()})


def _filled(cell: Cell) -> bool:
    return cell is not None and cell != ""


def _wanted(
    path: File, header: Sequence[str], required: Collection[str], optional: Collection[str]
) -> dict[str, int]:
    for name in required:
        if name not in header:
            raise BadInput(
                f"column {name!r} is missing",
                where=path.name,
                expected=", ".join(required),
                found=", ".join(header)[:200],
            )
    for name in (*required, *optional):
        if header.count(name) > 1:
            raise BadInput(f"column {name!r} stands there twice", where=path.name, expected="one")
    return {name: header.index(name) for name in (*required, *optional) if name in header}


def _text_lines(
    path: File, header_line: int, encoding: str, required: Collection[str]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the header's line and cells, then those of each row; a row's line is the one it begins in."""
    try:
        # Spreadsheets begin UTF-8 files with a byte order mark; utf-8-sig reads files with and without.
        content = path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except OSError as error:
        raise BadInput(f"file cannot be read: {error.strerror}", where=path.name) from None
    except UnicodeDecodeError:
        raise BadInput(
            "text is in another encoding",
            where=path.name,
            expected=f"{encoding}, or the encoding named in the mapping (cp1252 for older Excel)",
        ) from None
    lines = io.StringIO(content, newline="")
    for _ in range(header_line - 1):
        lines.readline()
    start = lines.tell()
    first = lines.readline()
    if not first.strip():
        raise BadInput("no header", where=f"{path.name}:{header_line}", expected="names of columns")
    lines.seek(start)
    line = header_line
    try:
        reader = csv.reader(lines, delimiter=_separator(first, required), strict=True)
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = header_line + reader.line_num
    except csv.Error as error:
        raise BadInput(f"not a CSV file: {error}", where=f"{path.name}:{line}") from None


def _separator(header: str, required: Collection[str]) -> str:
    def found(separator: str) -> int:
        names = {name.strip() for name in next(csv.reader([header], delimiter=separator))}
        # Where no required column tells, the separator that makes more columns does.
        return 1000 * len(names & set(required)) + len(names)

    return max((",", ";", "\t"), key=found)


def _workbook_lines(path: File, header_line: int, sheet: str | None) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield as `_text_lines` does. Cells with a formula read as the value that was last calculated."""
    _refuse_inflated(path)
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drop-down lists and styles that it leaves out
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                if sheet is not None and sheet not in book.sheetnames:
                    raise BadInput(
                        f"sheet {sheet!r} is missing", where=path.name, expected=", ".join(book.sheetnames)
                    )
                table = book[sheet if sheet is not None else book.sheetnames[0]]
                # The stated size of a sheet is often wrong; without it, rows are as long as they are.
                table.reset_dimensions()
                # Other kinds of cells than `Cell` exist only where formulas or rich text are asked for.
                values = cast("Iterator[Sequence[Cell]]", table.iter_rows(header_line, values_only=True))
                yield from _sheet_lines(path, header_line, values)
            finally:
                book.close()
    except _DAMAGE as error:
        raise BadInput(
            f"not an Excel workbook, or damaged ({type(error).__name__})", where=path.name, expected=".xlsx"
        ) from None


def _sheet_lines(
    path: File, header_line: int, rows: Iterable[Sequence[Cell]]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield lines without the empty cells at their ends, but none shorter than the header."""
    width = total = 0
    for line, row in enumerate(rows, start=header_line):
        total += len(row)
        if line > MOST_LINES or total > MOST_CELLS:
            raise BadInput(
                "sheet is too large",
                where=f"{path.name}:{line}",
                expected=f"at most {MOST_LINES} lines and {MOST_CELLS} cells",
            )
        length = next((end for end in range(len(row), 0, -1) if _filled(row[end - 1])), 0)
        if line == header_line:
            width = length
        if not width:
            break
        cells = [cell.strip() if isinstance(cell, str) else cell for cell in row[:length]]
        yield line, cells + [None] * (width - length)
    if not width:
        raise BadInput("no header", where=f"{path.name}:{header_line}", expected="names of columns")


def unpacked_bytes(path: File) -> int:
    """Return how large a workbook says that it is when unpacked. Raises `BadInput` for what is none."""
    return sum(part.file_size for part in _parts(path))


def _parts(path: File) -> list[zipfile.ZipInfo]:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except OSError as error:
        reason = error.strerror or "damaged"
        raise BadInput(f"file cannot be read: {reason}", where=path.name) from None
    except _DAMAGE:
        raise BadInput("not an Excel workbook, or damaged", where=path.name, expected=".xlsx") from None


def _refuse_inflated(path: File) -> None:
    styles = max((part.file_size for part in _parts(path) if part.filename == ARC_STYLE), default=0)
    for what, size, most in (
        ("workbook is too large", unpacked_bytes(path), LARGEST_WORKBOOK),
        ("workbook has too many styles", styles, LARGEST_STYLES),
    ):
        if size > most:
            raise BadInput(what, where=path.name, expected=f"at most {most} bytes unpacked", found=str(size))

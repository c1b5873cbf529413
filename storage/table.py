"""CSV tables with a known header, read so that every complaint names the file and the line."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from productivity.errors import BadInput
from storage.files import File


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, as messages name it."""

    path: File
    line: int

    def __str__(self) -> str:
        return f"{self.path} line {self.line}"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line: its cells by column name, without surrounding blanks; an absent column reads as empty."""

    place: Place
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_header(path: File) -> tuple[str, ...]:
    """Return the column names in the first line of a CSV file."""
    return next(_lines(path))[1]


def read_table(path: File, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[TableRow]:
    """Yield the lines of a UTF-8 CSV file with a header of these columns, in any order.

    Blank lines are passed over. Raises `BadInput` for a file that cannot be read, for a missing, unknown
    or repeated column and for a line of another length.
    """
    lines = _lines(path)
    place, header = next(lines)
    _check_header(place, header, required, optional)
    for place, cells in lines:
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise BadInput(
                "line of another length",
                where=str(place),
                expected=f"{len(header)} cells",
                found=str(len(cells)),
            )
        yield TableRow(place, dict(zip(header, cells, strict=True)))


def _lines(path: File) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Yield the header first; a file without one is refused."""
    line = 0
    try:
        # Spreadsheets begin UTF-8 files with a byte order mark; utf-8-sig reads files with and without.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                line = reader.line_num
                yield Place(path, line), tuple(cell.strip() for cell in cells)
    except OSError as error:
        raise BadInput(f"file cannot be read: {error.strerror}", where=str(path)) from None
    except UnicodeDecodeError:
        raise BadInput("not a text file", where=str(path), expected="CSV in UTF-8") from None
    except csv.Error as error:
        raise BadInput(f"not a CSV file: {error}", where=str(Place(path, line + 1))) from None
    if line == 0:
        raise BadInput("file is empty", where=str(path), expected="a CSV file with a header")


def _check_header(
    place: Place, header: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> None:
    known = (*required, *optional)
    wrong = [f"column {name!r} is missing" for name in required if name not in header]
    wrong += [f"column {name!r} is unknown" for name in header if name not in known]
    wrong += [f"column {name!r} stands there twice" for name in known if header.count(name) > 1]
    if wrong:
        raise BadInput(
            wrong[0], where=str(place), expected=", ".join(required) + "".join(f" [, {n}]" for n in optional)
        )

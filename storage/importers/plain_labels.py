"""Labels as a plain table: state, start_s, end_s, in seconds from the beginning of the video.

The reference labelling of the plant server writes it, and anybody can by hand. `station` and `cycle` (the
number of the working cycle that the row belongs to) may be columns too.
"""

from collections.abc import Iterator

from storage.files import File
from storage.importers.cells import text
from storage.importers.grid import read_grid
from storage.importers.labels import NANOSECONDS, Label, exact_ns
from storage.importers.mapping import FileMapping
from storage.importers.report import ROW_REFUSED, Tally

REQUIRED, OPTIONAL = ("state", "start_s", "end_s"), ("station", "cycle")
_BEGIN = 1 << 16


def is_plain(path: File) -> bool:
    """Whether a text file looks like such a table. Looks at its beginning only; True is no promise."""
    try:
        with path.open("rb") as file:
            begin = file.read(_BEGIN)
    except OSError:
        return False
    return b"start_s" in begin


def plain_labels(path: File, mapping: FileMapping, tally: Tally) -> Iterator[Label]:
    """Yield a label for each row. Raises `BadInput` for a file without the three columns."""
    grid = read_grid(path, REQUIRED, OPTIONAL, encoding=mapping.encoding, header_line=mapping.header_line)
    for row in grid.rows:
        if row.problem:
            tally.read += 1
            tally.refuse(ROW_REFUSED, row.problem, row.source)
            continue
        state, start_s, end_s, station, cycle = (text(row.cells.get(name)) for name in (*REQUIRED, *OPTIONAL))
        start, end = exact_ns(start_s, NANOSECONDS), exact_ns(end_s, NANOSECONDS)
        if start is None or end is None:
            tally.read += 1
            tally.refuse(ROW_REFUSED, "start_s, end_s: expected seconds from 0", row.source)
        elif cycle and not (cycle.isascii() and cycle.isdigit() and len(cycle) < 10 and int(cycle)):
            tally.read += 1
            tally.refuse(ROW_REFUSED, "cycle: expected a number from 1", row.source)
        else:
            yield Label(row.source, station, state, start, end, int(cycle) if cycle else None)

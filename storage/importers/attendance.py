"""Attendance and absence lists: paid time, and the absences within it.

Absence that is paid (sickness, vacation) is part of the paid time, as in the case study of Czumanski &
Lödding 2012; absence that is mapped to nothing is not paid and is passed over. Rows are counts ("3 present, 8
hours each"), pseudonymous or aggregated. A list with names is refused as a whole; pseudonyms are not kept.
"""

from collections import defaultdict

from productivity.errors import BadInput
from productivity.records import Documented, PaidTime, RecordingMode, Records
from storage.files import File
from storage.importers.cells import text, whole
from storage.importers.grid import Grid, read_grid
from storage.importers.mapping import FileMapping
from storage.importers.personal import are_pseudonyms, is_about_a_person, names_a_person
from storage.importers.report import Imported, RowRefused, Tally
from storage.importers.tables import TableRow, read_rows, read_stretch, sources


def import_attendance(path: File, mapping: FileMapping) -> Imported:
    """Read paid time and paid absences. Raises `BadInput` for a file that is refused as a whole."""
    tally = Tally(path.name)
    grid, rows = read_rows(path, mapping, tally, ("system", "state"), ("end", "duration"))
    refuse_people(path, mapping, grid)
    paid: dict[tuple[str, str], int] = defaultdict(int)
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    absences: list[Documented] = []
    for row in rows:
        try:
            period, duration_ns, count = _row(row, tally)
            here = row.name("state") in mapping.present
            state = None if here else row.state()
            key = (row.system, period)
        except RowRefused as refused:
            tally.refuse(refused.code, refused.text, row.source, **refused.facts)
            continue
        tally.add_time(row.word("state"), duration_ns)
        if state is None and not here:
            tally.passed_over += 1
            continue
        tally.used += 1
        paid[key] += duration_ns
        places[key].append(row.source)
        if state is not None:
            mode = RecordingMode.OMD
            absences.append(Documented(key[0], state, mode, period, duration_ns, count, row.source))
    times = tuple(
        PaidTime(system, period, total, sources(places[system, period]))
        for (system, period), total in paid.items()
    )
    return Imported(tally.report(), Records(documented=tuple(absences), paid=times))


def _row(row: TableRow, tally: Tally) -> tuple[str, int, int]:
    stretch = read_stretch(row, tally)
    count = whole(row.cell("count"), row.mapping.notation) if row.word("count") else 1
    return row.period(stretch.day), stretch.duration_ns * count, count


def refuse_people(path: File, mapping: FileMapping, grid: Grid) -> None:
    """Refuse a list that names people, whether or not the mapping asks for those columns."""
    for header in grid.header:
        if names_a_person(header):
            raise BadInput(
                f"column {header!r} looks like people's names",
                where=path.name,
                expected="counts, pseudonyms or totals: leave this column out before importing",
            )
    about = [header for header in grid.header if is_about_a_person(header)]
    if not about:
        return
    values = read_grid(
        path, about, encoding=mapping.encoding, header_line=mapping.header_line, sheet=mapping.sheet
    )
    for header in about:
        # Only looked at to be refused; neither kept nor shown.
        if not are_pseudonyms(text(row.cells.get(header)) for row in values.rows):
            raise BadInput(
                f"column {header!r} holds more than pseudonyms",
                where=path.name,
                expected="codes such as W07, or the list without this column",
            )

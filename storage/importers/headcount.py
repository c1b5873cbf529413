"""How many people worked at a station on a day: counts, never names.

Roles as in an attendance list: `system` (the station), `date`, `count`. A list with names is refused.
"""

from storage.files import File
from storage.importers.attendance import refuse_people
from storage.importers.cells import moment, whole
from storage.importers.mapping import FileMapping
from storage.importers.report import ImportReport, RowRefused, Tally
from storage.importers.tables import read_rows
from storage.sql.measures import Headcount

TWICE = "day-stands-twice"


def import_headcount(file: File, mapping: FileMapping) -> tuple[list[Headcount], ImportReport]:
    """Read headcounts; `mapping` is one of an attendance list.

    Raises `BadInput` for a file that is refused as a whole.
    """
    tally = Tally(file.name)
    grid, rows = read_rows(file, mapping, tally, ("system", "date", "count"))
    refuse_people(file, mapping, grid)
    found: dict[tuple[str, object], Headcount] = {}
    for row in rows:
        try:
            day = moment(row.cell("date"), mapping.notation).day
            one = Headcount(row.system, day, whole(row.cell("count"), mapping.notation))
        except RowRefused as refused:
            tally.refuse(refused.code, refused.text, row.source, **refused.facts)
            continue
        if (one.station, day) in found:
            tally.refuse(TWICE, "another row says it of the same station and day", row.source)
            continue
        found[one.station, day] = one
        tally.used += 1
    return list(found.values()), tally.report()

"""Output: pieces, batches and shifts of a work system in a period."""

from collections import defaultdict

from productivity.records import ALL_VARIANTS, Output, Records
from storage.files import File
from storage.importers.cells import moment, whole
from storage.importers.mapping import FileMapping
from storage.importers.report import ROW_REFUSED, Imported, RowRefused, Tally
from storage.importers.tables import TableRow, read_rows, sources

COUNTS = ("pieces", "batches", "shifts")


def import_output(path: File, mapping: FileMapping) -> Imported:
    """Add the output up by system, period and variant. Raises `BadInput` for a file that is refused."""
    tally = Tally(path.name)
    _, rows = read_rows(path, mapping, tally, ("system",), COUNTS)
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    places: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in rows:
        try:
            key, counts = _counts(row)
        except RowRefused as refused:
            tally.refuse(refused.code, refused.text, row.source, **refused.facts)
            continue
        tally.used += 1
        sums[key] = [total + count for total, count in zip(sums[key], counts, strict=True)]
        places[key].append(row.source)
    output = tuple(
        Output(*key, pieces, batches, shifts, sources(places[key]))
        for key, (pieces, batches, shifts) in sums.items()
    )
    return Imported(tally.report(), Records(output=output))


def _counts(row: TableRow) -> tuple[tuple[str, str, str], list[int]]:
    notation = row.mapping.notation
    counts = [whole(row.cell(role), notation) if row.word(role) else 0 for role in COUNTS]
    if not any(row.word(role) for role in COUNTS):
        raise RowRefused(ROW_REFUSED, "pieces, batches, shifts: expected at least one count, found none")
    variant = row.word("variant") or ALL_VARIANTS
    if counts[2] and variant != ALL_VARIANTS:
        raise RowRefused(
            "shifts-of-a-variant", "shifts belong to no variant: expected a row of their own for them"
        )
    at = moment(row.cell("date"), notation) if row.word("date") else None
    return (row.system, row.period(at), variant), counts

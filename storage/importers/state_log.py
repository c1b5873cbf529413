"""Directly documented times: state logs of an MES or machines (OMD), and what workers noted (SR).

What is in one state at a time cannot have rows that overlap: of two that do, the later one is refused. That
is the `resource`; without one, the system as the file names it, in logs of machines. What workers noted is
checked only where there is a resource, because several of them may wait at the same time in one system.
"""

from collections import defaultdict
from dataclasses import dataclass

from productivity.records import Documented, RecordingMode, Records
from storage.files import File
from storage.importers.cells import whole
from storage.importers.mapping import FileMapping
from storage.importers.report import Imported, RowRefused, Tally
from storage.importers.tables import Stretch, TableRow, read_rows, read_stretch


@dataclass(frozen=True, slots=True)
class _Entry:
    row: TableRow
    resource: str  # empty where overlaps are no contradiction
    stretch: Stretch
    state: str | None


def import_state_log(path: File, mapping: FileMapping) -> Imported:
    """Read documented times. Raises `BadInput` for a file that is refused as a whole."""
    tally = Tally(path.name)
    _, rows = read_rows(path, mapping, tally, ("system", "state"), ("end", "duration"))
    entries: list[_Entry] = []
    for row in rows:
        try:
            stretch = read_stretch(row, tally)
            machine = row.name("system") if mapping.recording_mode is RecordingMode.OMD else ""
            resource = row.word("resource") or machine
            entries.append(_Entry(row, resource, stretch, row.state()))
        except RowRefused as refused:
            tally.refuse(refused.code, refused.text, row.source, **refused.facts)
    documented: list[Documented] = []
    for entry in refuse_overlaps(entries, tally):
        try:
            record = _record(entry, tally)
        except RowRefused as refused:
            tally.refuse(refused.code, refused.text, entry.row.source, **refused.facts)
            continue
        tally.add_time(entry.row.word("state"), entry.stretch.duration_ns)
        if record is None:
            tally.passed_over += 1
        else:
            tally.used += 1
            documented.append(record)
    return Imported(tally.report(), Records(documented=tuple(documented)))


def refuse_overlaps(entries: list[_Entry], tally: Tally) -> list[_Entry]:
    """Return the entries that begin when their resource is free, in the order of the file.

    Touching is no overlap, and a stretch without duration overlaps nothing.
    """
    by_resource: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        if entry.resource and entry.stretch.start is not None and entry.stretch.duration_ns:
            by_resource[entry.resource].append(entry)
    refused: set[str] = set()
    for same in by_resource.values():
        same.sort(key=_start)  # stable: of two that begin together, the first in the file stays
        last = same[0]
        for entry in same[1:]:
            overlap = min(_end(last), _end(entry)) - _start(entry)
            if overlap <= 0:
                last = entry
                continue
            refused.add(entry.row.source)
            tally.refuse(
                "overlap",
                "row overlaps another of the same resource, which is used",
                entry.row.source,
                last.row.source,
                overlap_ns=overlap,
            )
    return [entry for entry in entries if entry.row.source not in refused]


def _start(entry: _Entry) -> int:
    return entry.stretch.start.ns if entry.stretch.start else 0


def _end(entry: _Entry) -> int:
    return _start(entry) + entry.stretch.duration_ns


def _record(entry: _Entry, tally: Tally) -> Documented | None:
    row, stretch = entry.row, entry.stretch
    occurrences = whole(row.cell("occurrences"), row.mapping.notation) if row.word("occurrences") else 1
    period = row.period(stretch.day)
    if entry.state is None:
        return None
    if stretch.end is not None and not row.word("period") and row.period(stretch.end) != period:
        tally.warn("crosses-period", "row reaches into the next period and counts in its first", row.source)
    return Documented(
        system=row.system,
        state=entry.state,
        mode=row.mapping.recording_mode,
        period=period,
        duration_ns=stretch.duration_ns,
        occurrences=occurrences,
        source=row.source,
    )

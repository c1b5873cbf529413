"""Stopwatch sheets: a reduced time study, one row for each element of work that was timed.

Samples are durations per piece (batch, shift): rows of one piece and state add up, and a piece in which a
state did not occur counts with 0 for it, as the mean per piece needs it. Without a `number`, each row is a
piece. A piece with a refused row is left out as a whole: its missing time would count as 0.

Sheets may hold single times, or progress times of a watch that runs on (REFA: Fortschrittszeit). A
performance rating is never read: it judges a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from productivity.records import Records, Sampled, Unit
from storage.files import File
from storage.importers.cells import duration, hides_days, shown
from storage.importers.mapping import FileMapping
from storage.importers.report import ROW_REFUSED, Imported, RowRefused, Tally
from storage.importers.tables import TableRow, read_rows, sources

_RATINGS = ("rating", "performance", "leistungsgrad", "lg")


@dataclass(frozen=True, slots=True)
class _Group:
    """What is observed together: each of its pieces can hold each of its states."""

    system: str
    variant: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class _Piece:
    group: _Group
    session: str
    number: str


@dataclass(frozen=True, slots=True)
class _Element:
    """A row that could be read. `state` is None when it is passed over."""

    row: TableRow
    piece: _Piece
    state: str | None
    duration_ns: int


def import_stopwatch(path: File, mapping: FileMapping) -> Imported:
    """Read a time study. Raises `BadInput` for a file that is refused as a whole."""
    tally = Tally(path.name)
    grid, rows = read_rows(path, mapping, tally, ("system", "state", "duration"))
    for header in grid.header:
        if header.lower() in _RATINGS:
            text = f"column {header!r} is not read: a rating judges a person"
            tally.note("rating-not-read", text, path.name)
    numbered = "number" in mapping.constants or mapping.columns.get("number", "number") in grid.header
    elements = _whole_pieces(*_elements(rows, mapping, tally, numbered=numbered), tally)
    by_group: dict[_Group, list[_Element]] = defaultdict(list)
    for element in elements:
        tally.add_time(element.row.word("state"), element.duration_ns)
        by_group[element.piece.group].append(element)
        if element.state is None:
            tally.passed_over += 1
        else:
            tally.used += 1
    sampled = tuple(
        sample
        for group, same in by_group.items()
        for sample in _samples(group, same, mapping, tally, numbered=numbered)
    )
    return Imported(tally.report(), Records(sampled=sampled))


def _elements(
    rows: Iterable[TableRow], mapping: FileMapping, tally: Tally, *, numbered: bool
) -> tuple[list[_Element], set[_Piece]]:
    """Return what could be read, and the pieces in which something could not."""
    elements: list[_Element] = []
    broken: set[_Piece] = set()
    watch: dict[tuple[str, str], int | None] = defaultdict(int)
    for row in rows:
        piece = None
        try:
            group = _Group(row.system, row.word("variant") or mapping.variant, _unit(row))
            number = row.name("number") if numbered else row.source
            piece = _Piece(group, row.word("session") or mapping.session or "", number)
            lasted = _duration(row, watch, tally)
            elements.append(_Element(row, piece, row.state(), lasted))
        except RowRefused as refused:
            tally.refuse(refused.code, refused.text, row.source, **refused.facts)
            if piece is not None:
                broken.add(piece)
    return elements, broken


def _whole_pieces(elements: list[_Element], broken: set[_Piece], tally: Tally) -> Iterator[_Element]:
    for element in elements:
        if element.piece in broken:
            text = "another row of the same piece is refused, so the piece is left out"
            tally.refuse("piece-left-out", text, element.row.source)
        else:
            yield element


def _samples(
    group: _Group, elements: list[_Element], mapping: FileMapping, tally: Tally, *, numbered: bool
) -> Iterator[Sampled]:
    pieces = dict.fromkeys(element.piece for element in elements)
    for state in dict.fromkeys(element.state for element in elements if element.state is not None):
        rows = [element for element in elements if element.state == state]
        times: dict[_Piece, int] = defaultdict(int)
        for element in rows:
            times[element.piece] += element.duration_ns
        source = sources([element.row.source for element in rows])
        # Where a row is a piece, no row tells that another state did not occur.
        observed = list(pieces if numbered else times)
        _warn_of_absence(state, observed, times, source, tally)
        sessions = tuple(piece.session for piece in observed)
        yield Sampled(
            system=group.system,
            state=state,
            mode=mapping.recording_mode,
            durations_ns=tuple(times.get(piece, 0) for piece in observed),
            sessions=sessions if all(sessions) else (),
            variant=group.variant,
            unit=group.unit,
            source=source,
        )


def _warn_of_absence(
    state: str, observed: list[_Piece], times: dict[_Piece, int], source: str, tally: Tally
) -> None:
    """Warn where a whole session lacks a state: it may not have occurred, or not have been looked for."""
    for session in sorted({piece.session for piece in observed} - {piece.session for piece in times}):
        text = f"state {state!r} does not occur in session {session!r} and counts with 0 there"
        tally.warn("state-not-in-session", text, source, state=state, session=session)


def _unit(row: TableRow) -> Unit:
    stated = row.word("unit") or Unit.PIECE
    try:
        return Unit(stated)
    except ValueError:
        raise RowRefused(ROW_REFUSED, f"unit: expected {', '.join(Unit)}, found {shown(stated)}") from None


def _duration(row: TableRow, watch: dict[tuple[str, str], int | None], tally: Tally) -> int:
    """Return how long the row's element lasted; `watch` holds the last progress time of each session.

    After a progress time that cannot be read, the next element cannot be told either.
    """
    cell = row.cell("duration")
    session = (row.word("system"), row.word("session"))
    before = watch[session] if row.mapping.timing == "progress" else 0
    watch[session] = None
    reading = duration(cell, row.mapping.notation, row.mapping.duration)
    watch[session] = reading
    if before is None:
        raise RowRefused(ROW_REFUSED, "the progress time before this one is refused, so this is unknown too")
    if reading < before:
        what = "progress time is before the last one" if before else "duration is negative"
        raise RowRefused("negative-duration", f"{what}: {shown(cell)}", duration_ns=reading - before)
    if hides_days(cell):
        tally.note("rolled-over", "the workbook shows this duration without its days", row.source)
    return reading - before

"""Intervals of a span of time as columns: what the timelines component draws (docs/timelines.md).

Rows never become objects: 100,000 intervals are nine lists, made column by column. Where an engineer has
corrected an interval, its newest revision is what is shown; `columns.corrected` says so, and the original
stays in the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Select, and_, literal, select, union_all

from productivity.errors import BadInput
from productivity.states import NOT_RECORDED, RESERVED_STATES, UNKNOWN
from storage.sql.database import Database
from storage.sql.lookup import Selection, find_site, selected_stations
from storage.sql.tables import interval, revision, shift
from storage.sql.tables.base import LONG_NS
from storage.sql.value_adding import adds_value, value_adding

LONGEST_SPAN_MS = 104 * 86_400_000
"""For so many nanoseconds a JavaScript number holds exactly; the component refuses more."""

MOST_INTERVALS = 250_000
"""What is shown at once; more would be a request that nobody waits for, from a server that others need."""

MOST_STATES = 250
"""A pixel column of the component keeps its state in one byte."""

_MS = 1_000_000
_LONG_MS = LONG_NS // _MS


class State(TypedDict):
    """A state; `category` is None for *unknown* and *not recorded* only."""

    name: str
    category: str | None
    value_adding: bool


class Session(TypedDict):
    """A recording at a station."""

    id: str
    station: str


class Columns(TypedDict):
    """One value for each interval. `batch` and `position` are its identity, `corrected` is 0 or 1."""

    session: list[int]
    start_ms: list[int]
    duration_ns: list[int]
    state: list[int]
    confidence: list[int]
    reason: list[int]
    batch: list[int]
    position: list[int]
    corrected: list[int]


class Timeline(TypedDict):
    """What the component takes, and what a correction needs to know."""

    zone: str
    resolution_ms: int
    states: list[State]
    reasons: list[str]
    sessions: list[Session]
    shifts: list[tuple[int, int]]
    columns: Columns


def timeline(
    database: Database,
    selection: Selection,
    from_ms: int,
    to_ms: int,
    *,
    resolution_ms: int,
    most: int = MOST_INTERVALS,
) -> Timeline:
    """Return the intervals of the selected stations that lie in, or reach into, [from_ms, to_ms).

    Starts are rounded down to `resolution_ms`, as the works agreement demands; that is what counts here.
    Raises `NoSuch` for an unknown site, place or station, and `BadInput` for a span that is none, is longer
    than 104 days, or holds more than `most` intervals.
    """
    if not from_ms < to_ms <= from_ms + LONGEST_SPAN_MS:
        raise BadInput("span of time", expected="an end after the start, at most 104 days later")
    with database.snapshot() as connection:
        site = find_site(connection, selection.site)
        stations = selected_stations(connection, site.id, selection)
        rows = _rows(connection, list(stations), from_ms, to_ms, most)
        revised = _revised(connection, list(stations), from_ms, to_ms)
        said = value_adding(connection, {row[8] for row in rows})
        shifts = connection.execute(
            select(shift.c.start_ms, shift.c.end_ms)
            .where(shift.c.site_id == site.id, shift.c.end_ms > from_ms, shift.c.start_ms < to_ms)
            .order_by(shift.c.start_ms)
        ).all()
    states, reasons, sessions, columns = _columns(rows, revised, stations)
    return {
        "zone": site.time_zone,
        "resolution_ms": resolution_ms,
        "states": [
            {"name": label, "category": category, "value_adding": adds_value(name, said)}
            for label, name, category in _labelled(states)
        ],
        "reasons": reasons,
        "sessions": sessions,
        "shifts": [(row.start_ms, row.end_ms) for row in shifts],
        "columns": columns,
    }


def _rows(
    connection: Connection, stations: Sequence[int], from_ms: int, to_ms: int, most: int
) -> Sequence[Sequence[Any]]:
    names = ("session", "state", "category", "start_ms", "duration_ns", "confidence", "reason")
    columns = [interval.c[name] for name in (*names, "batch_id", "station_id", "position", "ordinal")]
    found = _within(select(*columns), stations, from_ms, to_ms).subquery()
    ordered = select(*(found.c[column.name] for column in columns[:-1])).order_by(
        found.c.session, found.c.ordinal, found.c.batch_id, found.c.position
    )
    result = connection.execute(ordered.limit(most + 1))
    assert result.cursor is not None  # noqa: S101  # a SELECT has one
    # The driver's own rows: what SQLAlchemy would add to each costs as much again.
    rows: Sequence[Sequence[Any]] = result.cursor.fetchall()
    if len(rows) > most:
        raise BadInput("span of time", expected=f"at most {most} intervals", found="more")
    return rows


def _within(wanted: Select[Any], stations: Sequence[int], from_ms: int, to_ms: int) -> Any:  # noqa: ANN401  # a compound select of the same columns
    """Three parts, each from an index: what begins in the span, and what reaches into it from before."""
    at = interval.c.station_id.in_(stations)
    # Written into the statement: an index of some rows is used only where the condition is seen to imply it.
    long = interval.c.duration_ns > literal(LONG_NS, literal_execute=True)
    start, before = interval.c.start_ms, interval.c.start_ms < from_ms
    return union_all(
        wanted.where(at, start >= from_ms, start < to_ms),
        wanted.where(at, before, start >= from_ms - _LONG_MS, ~long, _ends_after(from_ms)),
        wanted.where(at, before, long, _ends_after(from_ms)),
    )


def _ends_after(from_ms: int) -> ColumnElement[bool]:
    # Whole milliseconds, so that no start of any year overflows 64 bits.
    return interval.c.start_ms + interval.c.duration_ns // _MS > from_ms


def _revised(
    connection: Connection, stations: Sequence[int], from_ms: int, to_ms: int
) -> Mapping[tuple[int, int], tuple[str, str | None]]:
    """Return state and category by interval where there is a revision; the newest."""
    same = and_(revision.c.batch_id == interval.c.batch_id, revision.c.position == interval.c.position)
    wanted = (
        select(revision.c.batch_id, revision.c.position, revision.c.state, revision.c.category)
        .join(interval, same)
        .where(interval.c.station_id.in_(stations), interval.c.start_ms < to_ms, _ends_after(from_ms - 1))
        .order_by(revision.c.number)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(wanted)}


def _columns(
    rows: Sequence[Sequence[Any]],
    revised: Mapping[tuple[int, int], tuple[str, str | None]],
    stations: Mapping[int, str],
) -> tuple[list[tuple[str, str | None]], list[str], list[Session], Columns]:
    lists = list(zip(*rows, strict=True)) or [()] * 10
    session, state, category, start_ms, duration_ns, confidence, reason, batch, station_id, position = lists
    # Pairs are made, looked up and forgotten one by one: 100,000 that stay would cost as much as the rest.
    code_of = {kind: code for code, kind in enumerate(dict.fromkeys(zip(state, category, strict=True)))}
    codes = [code_of[kind] for kind in zip(state, category, strict=True)]
    corrected = [0] * len(rows)
    if revised:
        for number, identity in enumerate(zip(batch, position, strict=True)):
            if identity in revised:
                codes[number] = code_of.setdefault(revised[identity], len(code_of))
                corrected[number] = 1
    used = set(codes)
    shown = {code: _kind(*kind) for kind, code in code_of.items() if code in used}
    states = sorted(set(shown.values()), key=lambda kind: (kind[1] is None, kind[0], kind[1] or ""))
    number_of = {kind: number for number, kind in enumerate(states)}
    state_number = {code: number_of[kind] for code, kind in shown.items()}
    reasons = sorted({text for text in reason if text is not None})
    reason_number: dict[str | None, int] = {None: -1, **{text: n for n, text in enumerate(reasons)}}
    order = _in_order(zip(session, station_id, strict=True), start_ms, stations)
    session_number = {recording: number for number, recording in enumerate(order)}
    columns: Columns = {
        "session": [session_number[recording] for recording in zip(session, station_id, strict=True)],
        "start_ms": list(start_ms),
        "duration_ns": list(duration_ns),
        "state": [state_number[code] for code in codes],
        "confidence": list(confidence),
        "reason": [reason_number[text] for text in reason],
        "batch": list(batch),
        "position": list(position),
        "corrected": corrected,
    }
    sessions: list[Session] = [{"id": key.hex(), "station": stations[at]} for key, at in order]
    return states, reasons, sessions, columns


def _in_order(
    recordings: Iterable[tuple[bytes, int]], start_ms: Sequence[int], stations: Mapping[int, str]
) -> list[tuple[bytes, int]]:
    """Return each recording once: by name of the station, then by its beginning."""
    begins: dict[tuple[bytes, int], int] = {}
    for recording, at in zip(recordings, start_ms, strict=True):
        if recording not in begins:
            begins[recording] = at
    return sorted(begins, key=lambda recording: (stations[recording[1]], begins[recording], recording[0]))


def _kind(name: str, category: str | None) -> tuple[str, str | None]:
    """Return a state as it can be shown: one that is not reserved and has no category is *unknown*."""
    if name in RESERVED_STATES:
        return name, None
    return (name, category) if category is not None else (UNKNOWN, None)


def _labelled(states: Sequence[tuple[str, str | None]]) -> list[tuple[str, str, str | None]]:
    """Return label, name and category of each state; only where two share a name does the label tell which.

    Raises `BadInput` for more than the component can show.
    """
    if len(states) > MOST_STATES:
        raise BadInput("span of time", expected=f"at most {MOST_STATES} states", found=str(len(states)))
    names = [name for name, _ in states]
    taken = {*names, NOT_RECORDED, UNKNOWN}
    labelled = []
    for name, category in states:
        label = name
        if names.count(name) > 1:
            label = f"{name} ({category})"
            while label in taken:
                label += "'"
            taken.add(label)
        labelled.append((label, name, category))
    return labelled

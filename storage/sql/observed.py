"""Intervals of sessions in their order, for studies: durations and what they follow, no clock time.

Where an engineer has corrected an interval, its newest revision counts. Intervals are there until the end of
their retention, sealed or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, select

from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.lookup import Selection, find_site, selected_stations
from storage.sql.tables import interval, revision

MOST_INTERVALS = 250_000
MOST_SESSIONS = 2_000


@dataclass(frozen=True, slots=True)
class ObservedInterval:
    """An interval of a session. `ordinal` counts from 0 without gaps, unless a batch is missing."""

    ordinal: int
    state: str
    duration_ns: int
    confidence: int
    reason: str


@dataclass(frozen=True, slots=True)
class ObservedSession:
    """What a station's session has in a span of time, in its order."""

    station: str
    session: str
    intervals: tuple[ObservedInterval, ...]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session at a glance; `start_ms` as it is stored, at the resolution of the works agreement."""

    station: str
    session: str
    start_ms: int
    duration_ms: int
    intervals: int


def session_lines(database: Database, selection: Selection, from_ms: int, to_ms: int) -> list[SessionLine]:
    """Return the sessions with intervals that begin in [from_ms, to_ms), by station and start.

    Raises `NoSuch`, and `BadInput` for more than a page would show.
    """
    with database.snapshot() as connection:
        site = find_site(connection, selection.site)
        stations = selected_stations(connection, site.id, selection)
        here = interval.c.station_id, interval.c.session
        wanted = (
            select(
                *here,
                func.min(interval.c.start_ms).label("start_ms"),
                func.sum(interval.c.duration_ns // 1_000_000).label("duration_ms"),
                func.count().label("intervals"),
            )
            .where(
                interval.c.station_id.in_(stations),
                interval.c.start_ms >= from_ms,
                interval.c.start_ms < to_ms,
            )
            .group_by(*here)
            .limit(MOST_SESSIONS + 1)
        )
        rows = connection.execute(wanted).all()
    if len(rows) > MOST_SESSIONS:
        raise BadInput("span of time", expected=f"at most {MOST_SESSIONS} sessions", found="more")
    lines = [
        SessionLine(
            stations[row.station_id],
            row.session.hex(),
            row.start_ms,
            int(row.duration_ms),
            row.intervals,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.station, line.start_ms, line.session))


def observed_sessions(
    database: Database,
    selection: Selection,
    from_ms: int,
    to_ms: int,
    *,
    session: str | None = None,
    most: int = MOST_INTERVALS,
) -> list[ObservedSession]:
    """Return what begins in [from_ms, to_ms), session by session, by station and start; or one session only.

    Raises `NoSuch`, and `BadInput` for more than `most` intervals.
    """
    with database.snapshot() as connection:
        site = find_site(connection, selection.site)
        stations = selected_stations(connection, site.id, selection)
        inside = and_(
            interval.c.station_id.in_(stations), interval.c.start_ms >= from_ms, interval.c.start_ms < to_ms
        )
        if session is not None:
            inside = and_(inside, interval.c.session == _key(session))
        names = ("batch_id", "position", "station_id", "session", "ordinal", "state", "start_ms")
        columns = (*names, "duration_ns", "confidence", "reason")
        rows = connection.execute(
            select(*(interval.c[name] for name in columns)).where(inside).limit(most + 1)
        ).all()
        if len(rows) > most:
            raise BadInput("span of time", expected=f"at most {most} intervals", found="more")
        revised = _revised(connection, inside)
    found: dict[tuple[str, bytes], list[ObservedInterval]] = {}
    begins: dict[tuple[str, bytes], int] = {}
    for row in sorted(rows, key=lambda row: row.ordinal):
        key = stations[row.station_id], bytes(row.session)
        state = revised.get((row.batch_id, row.position), row.state)
        begins[key] = min(begins.get(key, row.start_ms), row.start_ms)
        found.setdefault(key, []).append(
            ObservedInterval(row.ordinal, state, row.duration_ns, row.confidence, row.reason or "")
        )
    order = sorted(found, key=lambda key: (key[0], begins[key], key[1]))
    return [ObservedSession(key[0], key[1].hex(), tuple(found[key])) for key in order]


def _key(session: str) -> bytes:
    try:
        return bytes.fromhex(session)
    except ValueError:
        raise BadInput("session", expected="32 hexadecimal digits") from None


def _revised(connection: Connection, inside: ColumnElement[bool]) -> Mapping[tuple[int, int], str]:
    same = and_(revision.c.batch_id == interval.c.batch_id, revision.c.position == interval.c.position)
    wanted = (
        select(revision.c.batch_id, revision.c.position, revision.c.state)
        .join(interval, same)
        .where(inside)
        .order_by(revision.c.number)
    )
    return {(row.batch_id, row.position): row.state for row in connection.execute(wanted)}

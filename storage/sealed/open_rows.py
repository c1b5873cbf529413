"""What is not sealed yet: where it begins, which stations have some of it, and its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from storage.sealed.content import DOCUMENTED_COLUMNS, INTERVAL_COLUMNS
from storage.sql.tables import documented, interval, revision, station

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class OpenRows:
    """Rows as they are read, the newest revisions of the intervals among them, and how many revisions."""

    intervals: Sequence[Sequence[Any]]
    documented: Sequence[Sequence[Any]]
    revised: Mapping[tuple[int, int], tuple[str, str | None]]
    revisions: int

    @property
    def count(self) -> int:
        """How many rows there are of both kinds."""
        return len(self.intervals) + len(self.documented)


def next_open(connection: Connection, site_id: int, from_ms: int, to_ms: int) -> int | None:
    """Return the first start of an open row of the site in [from_ms, to_ms)."""
    firsts = []
    for table in (interval, documented):
        first = (
            select(func.min(table.c.start_ms))
            .where(
                table.c.station_id == station.c.id,
                table.c.seal_id.is_(None),
                table.c.start_ms >= from_ms,
                table.c.start_ms < to_ms,
            )
            .scalar_subquery()
        )
        found = connection.execute(select(func.min(first)).where(station.c.site_id == site_id)).scalar()
        if found is not None:
            firsts.append(int(found))
    return min(firsts, default=None)


def open_counts(connection: Connection, site_id: int, spans: Spans) -> dict[int, int]:
    """Return how many open rows each station of the site has in these spans; one without any is left out."""
    counts: dict[int, int] = {}
    of_site = select(station.c.id).where(station.c.site_id == site_id)
    for table in (interval, documented):
        wanted = (
            select(table.c.station_id, func.count())
            .where(table.c.station_id.in_(of_site), is_open(table, spans))
            .group_by(table.c.station_id)
        )
        for station_id, count in connection.execute(wanted):
            counts[station_id] = counts.get(station_id, 0) + count
    return counts


def read_open(connection: Connection, stations: Sequence[int], spans: Spans) -> OpenRows:
    """Return the open rows of these stations; requires a snapshot, or rows and revisions may not fit."""

    def rows(table: Table, names: Sequence[str]) -> Sequence[Sequence[Any]]:
        wanted = select(*(table.c[name] for name in names)).where(
            table.c.station_id.in_(stations), is_open(table, spans)
        )
        result = connection.execute(wanted)
        assert result.cursor is not None  # noqa: S101  # a SELECT has one
        found: Sequence[Sequence[Any]] = result.cursor.fetchall()  # the driver's own rows: half the time
        return found

    revised: dict[tuple[int, int], tuple[str, str | None]] = {}
    revisions = 0
    wanted = (
        select(revision.c.batch_id, revision.c.position, revision.c.state, revision.c.category)
        .join(interval, same_interval())
        .where(interval.c.station_id.in_(stations), is_open(interval, spans))
        .order_by(revision.c.number)
    )
    for batch_id, position, state, category in connection.execute(wanted):
        revised[batch_id, position] = (state, category)
        revisions += 1
    return OpenRows(
        rows(interval, INTERVAL_COLUMNS), rows(documented, DOCUMENTED_COLUMNS), revised, revisions
    )


def is_open(table: Table, spans: Spans) -> ColumnElement[bool]:
    """Return the condition that a row of intervals or documented times is open and begins in the spans."""
    inside = [and_(table.c.start_ms >= begin, table.c.start_ms < end) for begin, end in spans]
    return and_(table.c.seal_id.is_(None), or_(*inside))


def same_interval() -> ColumnElement[bool]:
    """Return the condition that a revision is one of the interval."""
    return and_(revision.c.batch_id == interval.c.batch_id, revision.c.position == interval.c.position)

"""Totals of everything that was recorded, sealed and open alike, each interval exactly once.

Which rows are sealed is read from one snapshot: a row that is marked counts in its file, any other here.
Sealed files are held to the digest of their seal before they are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
from sqlalchemy import Connection, Table, select

from productivity.records import RecordingMode
from productivity.scale.totals import EXACT_DURATION, IntervalTotal, roll_up
from productivity.states import StateCategory
from storage.engines import MEMORY_MB, arrow_totals, duckdb_totals
from storage.sealed.directory import SealedDirectory, sealed_directory
from storage.sealed.open_rows import same_interval
from storage.sealed.periods import Calendar
from storage.sealed.sites import calendar_of, sites_of
from storage.sql.database import Database
from storage.sql.lookup import SiteRow
from storage.sql.tables import documented, interval, revision, seal, station

BY = ("site", "station", "mode", "state", "category", "period")
_SUMS = (EXACT_DURATION, "occurrences")
_ROWS = 100_000
"""Open rows in memory at a time."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The time in one state at a station in a month, by one mode of recording.

    `category` is None for *unknown* and *not recorded*. `duration_ns` is exact; mean and variance are those
    of `rows`, in whole milliseconds. A documented time is one row however many `occurrences` it has.
    """

    site: str
    station: str
    mode: RecordingMode
    state: str
    category: StateCategory | None
    month: str
    duration_ns: int
    occurrences: int
    rows: IntervalTotal


def read_aggregates(
    database: Database,
    root: Path,
    *,
    site_name: str | None = None,
    months: Sequence[str] | None = None,
    memory_mb: int = MEMORY_MB,
    spill: Path | None = None,
) -> list[Aggregate]:
    """Return all totals, of one site or of these months ("2026-11") only if so asked; sorted.

    Raises `NoSuch` for an unknown site, and `BadInput` for what is no month, or that names a sealed file
    which is missing or damaged.
    """
    with sealed_directory(root, writes=False) as files, database.snapshot() as connection:
        sites = sites_of(connection, site_name)
        sealed = _sealed_files(connection, files, [one.id for one in sites], months)
        totals = arrow_totals(
            (table for one in sites for table in _open_tables(connection, one, months)),
            BY,
            sums=_SUMS,
            memory_mb=memory_mb,
            spill=spill,
        )
        if months is not None:
            totals = [total for total in totals if total.key[BY.index("period")] in months]
        if sealed:
            totals += duckdb_totals(sealed, BY, sums=_SUMS, memory_mb=memory_mb, spill=spill)
    return [_aggregate(total) for total in roll_up(totals, range(len(BY)))]


def _aggregate(total: IntervalTotal) -> Aggregate:
    site, station_name, mode, state, category, month = map(str, total.key)
    duration_ns, occurrences = total.sums
    return Aggregate(
        site,
        station_name,
        RecordingMode(mode),
        state,
        StateCategory(category) if category else None,
        month,
        duration_ns,
        occurrences,
        total,
    )


def _sealed_files(
    connection: Connection, files: SealedDirectory, sites: Sequence[int], months: Sequence[str] | None
) -> list[Path]:
    wanted = select(seal.c.path, seal.c.digest).where(seal.c.site_id.in_(sites)).order_by(seal.c.path)
    if months is not None:
        wanted = wanted.where(seal.c.month.in_(months))
    return [files.verify(row.path, row.digest) for row in connection.execute(wanted)]


def _open_tables(connection: Connection, one: SiteRow, months: Sequence[str] | None) -> Iterator[Any]:
    """Yield what is open at a site, in portions, with the columns that are grouped by and added up.

    Of other months than those that are asked for there may be some, and most is left out.
    """
    names = _names(connection, one.id)
    revised = _revised(connection, list(names))
    calendar = calendar_of(connection, one)
    month_of = _Months(calendar)
    if months is not None and not months:
        return
    reach = None if months is None else calendar.reach(months)
    for batch, position, station_id, state, category, start, duration in _open(
        connection,
        interval,
        list(names),
        reach,
        ("batch_id", "position", "station_id", "state", "category", "start_ms", "duration_ns"),
    ):
        kinds = list(zip(state, category, strict=True))
        if revised:
            identities = zip(batch, position, strict=True)
            kinds = [revised.get(which, kind) for which, kind in zip(identities, kinds, strict=True)]
        yield _table(
            one.name,
            [names[number] for number in station_id],
            [RecordingMode.CV.value] * len(kinds),
            kinds,
            [month_of[at] for at in start],
            duration,
            [1] * len(kinds),
        )
    for station_id, mode, state, category, start, duration, occurrences in _open(
        connection,
        documented,
        list(names),
        reach,
        ("station_id", "mode", "state", "category", "start_ms", "duration_ns", "occurrences"),
    ):
        yield _table(
            one.name,
            [names[number] for number in station_id],
            mode,
            list(zip(state, category, strict=True)),
            [month_of[at] for at in start],
            duration,
            occurrences,
        )


def _table(
    site: str,
    stations: Sequence[str],
    modes: Sequence[str],
    kinds: Sequence[tuple[str, str | None]],
    months: Sequence[str],
    durations: Sequence[int],
    occurrences: Sequence[int],
) -> Any:  # noqa: ANN401  # pyarrow has no types
    return pa.table(
        {
            "site": pa.array([site] * len(stations), pa.string()),
            "station": pa.array(stations, pa.string()),
            "mode": pa.array(modes, pa.string()),
            "state": pa.array([name for name, _ in kinds], pa.string()),
            "category": pa.array([name or "" for _, name in kinds], pa.string()),
            "period": pa.array(months, pa.string()),
            "duration_ns": pa.array(durations, pa.int64()),
            "occurrences": pa.array(occurrences, pa.int64()),
        }
    )


def _open(
    connection: Connection,
    table: Table,
    stations: Sequence[int],
    reach: tuple[int, int] | None,
    names: Sequence[str],
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield open rows as columns, some at a time."""
    wanted = select(*(table.c[name] for name in names)).where(
        table.c.station_id.in_(stations), table.c.seal_id.is_(None)
    )
    if reach is not None:
        wanted = wanted.where(table.c.start_ms >= reach[0], table.c.start_ms < reach[1])
    # A server-side cursor on PostgreSQL: the open rows of a large plant do not fit into memory.
    with connection.execute(wanted, execution_options={"yield_per": _ROWS}) as result:
        for rows in result.partitions():
            yield list(zip(*rows, strict=True))


def _names(connection: Connection, site_id: int) -> dict[int, str]:
    rows = connection.execute(select(station.c.id, station.c.name).where(station.c.site_id == site_id))
    return {row.id: row.name for row in rows}


def _revised(
    connection: Connection, stations: Sequence[int]
) -> Mapping[tuple[int, int], tuple[str, str | None]]:
    wanted = (
        select(revision.c.batch_id, revision.c.position, revision.c.state, revision.c.category)
        .join(interval, same_interval())
        .where(interval.c.station_id.in_(stations), interval.c.seal_id.is_(None))
        .order_by(revision.c.number)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(wanted)}


class _Months(dict[int, str]):
    """The month that an open row which begins at an instant will be sealed under."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__()
        self._calendar = calendar

    def __missing__(self, at_ms: int) -> str:
        self[at_ms] = month = self._calendar.period(at_ms).month
        return month

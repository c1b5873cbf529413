"""What cameras recorded on each day, sealed and open alike, each interval exactly once.

A day is the site's calendar day on which the shift begins that an interval belongs to; outside of shifts, the
day on which the interval begins. A seal says so as well, so a day has the same time before and after sealing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq  # type: ignore[import-untyped]
from sqlalchemy import Connection, select

from productivity.errors import BadInput
from productivity.records import RecordingMode
from productivity.states import StateCategory
from storage.sealed.directory import SealedDirectory, sealed_directory
from storage.sealed.open_rows import same_interval
from storage.sealed.periods import Calendar
from storage.sealed.sites import calendar_of
from storage.sql.database import Database
from storage.sql.lookup import SiteRow, find_site
from storage.sql.tables import interval, revision, seal, station

_ROWS = 100_000
"""Rows in memory at a time."""
_MARGIN = timedelta(days=2)
"""A shift that begins on a day ends within the next two."""


@dataclass(frozen=True, slots=True)
class DayTotal:
    """The time in one state at a station on a day, by camera. `category` None: *unknown*, *not recorded*."""

    station: str
    state: str
    category: StateCategory | None
    day: date
    duration_ns: int


@dataclass(frozen=True, slots=True)
class Days:
    """The totals, sorted; and the days of which something is not sealed, so it may still be corrected."""

    totals: tuple[DayTotal, ...]
    not_sealed: tuple[date, ...]


def read_days(
    database: Database, root: Path, site_name: str, stations: Collection[str], first: date, last: date
) -> Days:
    """Return what was recorded at these stations from the first day to the last.

    Raises `NoSuch` for an unknown site, and `BadInput` that names a sealed file which is missing or damaged.
    """
    sums: dict[tuple[str, str, str, date], int] = defaultdict(int)
    open_days: set[date] = set()
    with sealed_directory(root, writes=False) as files, database.snapshot() as connection:
        one = find_site(connection, site_name)
        for name, state, category, day, duration in _open(connection, one, stations, first, last):
            sums[name, state, category, day] += duration
            open_days.add(day)
        for name, state, category, day, duration in _sealed(connection, files, one, stations, first, last):
            sums[name, state, category, day] += duration
    totals = tuple(
        DayTotal(name, state, StateCategory(category) if category else None, day, duration)
        for (name, state, category, day), duration in sorted(sums.items())
    )
    return Days(totals, tuple(sorted(open_days)))


_Row = tuple[str, str, str, date, int]


def _open(
    connection: Connection, one: SiteRow, stations: Collection[str], first: date, last: date
) -> Iterator[_Row]:
    zone = ZoneInfo(one.time_zone)
    rows = connection.execute(
        select(station.c.id, station.c.name).where(station.c.site_id == one.id, station.c.name.in_(stations))
    )
    names = {row.id: row.name for row in rows}
    here = (
        interval.c.station_id.in_(names),
        interval.c.seal_id.is_(None),
        interval.c.start_ms >= _begin(first, zone),
        interval.c.start_ms < _begin(last + _MARGIN, zone),
    )
    revised = {
        (row.batch_id, row.position): (row.state, row.category)
        for row in connection.execute(
            select(revision.c.batch_id, revision.c.position, revision.c.state, revision.c.category)
            .join(interval, same_interval())
            .where(*here)
            .order_by(revision.c.number)
        )
    }
    day_of = _DayOf(calendar_of(connection, one), zone)
    columns = ("batch_id", "position", "station_id", "state", "category", "start_ms", "duration_ns")
    wanted = select(*(interval.c[name] for name in columns)).where(*here)
    with connection.execute(wanted, execution_options={"yield_per": _ROWS}) as result:
        for row in result:
            day = day_of[row.start_ms]
            if first <= day <= last:
                state, category = revised.get((row.batch_id, row.position), (row.state, row.category))
                yield names[row.station_id], state, category or "", day, row.duration_ns


def _sealed(
    connection: Connection,
    files: SealedDirectory,
    one: SiteRow,
    stations: Collection[str],
    first: date,
    last: date,
) -> Iterator[_Row]:
    zone = ZoneInfo(one.time_zone)
    wanted = (
        select(seal.c.path, seal.c.digest, seal.c.start_ms)
        .where(
            seal.c.site_id == one.id,
            seal.c.start_ms >= _begin(first, zone),
            seal.c.start_ms < _begin(last + timedelta(days=1), zone),
        )
        .order_by(seal.c.path)
    )
    keys = ["station", "state", "category"]
    for row in connection.execute(wanted).all():
        file = files.verify(row.path, row.digest)
        try:
            table = pq.read_table(
                file, columns=[*keys, "duration_ns"], filters=[("mode", "==", RecordingMode.CV.value)]
            )
        except (OSError, ValueError) as error:  # pyarrow's errors are these
            raise BadInput(f"sealed file cannot be read ({type(error).__name__})", where=str(file)) from None
        day = datetime.fromtimestamp(row.start_ms / 1000, zone).date()
        grouped = table.group_by(keys).aggregate([("duration_ns", "sum")])
        for each in grouped.to_pylist():
            if each["station"] in stations:
                yield each["station"], each["state"], each["category"], day, each["duration_ns_sum"]


def _begin(day: date, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)


class _DayOf(dict[int, date]):
    """The day that an open interval which begins at an instant belongs to."""

    def __init__(self, calendar: Calendar, zone: ZoneInfo) -> None:
        super().__init__()
        self._calendar, self._zone = calendar, zone

    def __missing__(self, at_ms: int) -> date:
        begun = self._calendar.period(at_ms).start_ms
        self[at_ms] = day = datetime.fromtimestamp(begun / 1000, self._zone).date()
        return day

"""Seals closed shifts: their rows go into a Parquet file, without clock time, exactly once.

(1) What is open in a closed shift is read from one snapshot, with the corrections that count.
(2) The file is noted, written, and on the disk.
(3) One transaction records the seal and marks the rows that are in the file. It is given up if these are not
    exactly the rows that are open now, or if one of them has been corrected meanwhile.
(4) The note goes.

A crash before (3) leaves a file that the next run removes, a crash after it a note that the next run
forgets; in between there is nothing. What comes late for a sealed shift is open and gets a further file: none
is ever written anew. A file holds whole stations, at most some `MOST_ROWS` rows, so that (3) is short.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, and_, func, insert, select, update

from storage.sealed.content import sealed_content
from storage.sealed.directory import SealedDirectory, new_path, sealed_directory
from storage.sealed.open_rows import (
    OpenRows,
    Spans,
    is_open,
    next_open,
    open_counts,
    read_open,
    same_interval,
)
from storage.sealed.periods import Period
from storage.sealed.sites import calendar_of, sites_of
from storage.sql.database import Database
from storage.sql.lookup import SiteRow, find_site
from storage.sql.tables import documented, interval, revision, seal, station
from storage.sql.tables.base import DAY_MS

GRACE_MS = 3 * DAY_MS
"""How long after its end a shift stays open: for devices that were away, and for corrections. Its length
costs no privacy: rows with clock times are kept until the end of their retention anyway."""

MOST_ROWS = 200_000
"""Some 2 MB of Parquet, and about a second in which nobody else writes to SQLite."""

_TRIES = 5
_CHUNK = 500
"""Numbers in one statement."""


class _Changed(Exception):
    """Somebody corrected, sealed or deleted a row between reading and recording."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A file of sealed data: rows of one shift, or of one day outside of shifts, in UTC milliseconds."""

    site: str
    start_ms: int
    end_ms: int
    month: str
    rows: int
    path: str


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """A closed shift, or day outside of shifts, that has open rows."""

    site: str
    start_ms: int
    end_ms: int


def due(
    database: Database, *, now_ms: int, grace_ms: int = GRACE_MS, site_name: str | None = None
) -> list[DuePeriod]:
    """Return what `seal_closed` would seal now. Raises `NoSuch` for an unknown site."""
    with database.snapshot() as connection:
        return [
            DuePeriod(one.name, period.start_ms, period.end_ms)
            for one in sites_of(connection, site_name)
            for period in _closed(connection, one, now_ms - grace_ms)
        ]


def seal_closed(
    database: Database,
    root: Path,
    *,
    now_ms: int,
    grace_ms: int = GRACE_MS,
    site_name: str | None = None,
) -> list[Seal]:
    """Seal what has been closed for `grace_ms`; return the new seals. The server may be running.

    Raises `NoSuch` for an unknown site. What a crash left over is put right first.
    """
    with sealed_directory(root, writes=True) as files:
        settle(database, files)
        return seal_closed_in(database, files, site_name, grace_ms=grace_ms, now_ms=now_ms)


def seal_closed_in(
    database: Database, files: SealedDirectory, site_name: str | None, *, grace_ms: int, now_ms: int
) -> list[Seal]:
    """Do so in a directory that the caller has locked and settled."""
    with database.snapshot() as connection:
        work = [
            (one, period)
            for one in sites_of(connection, site_name)
            for period in _closed(connection, one, now_ms - grace_ms)
        ]
    return [
        made for one, period in work for made in _seal(database, files, one, period, period.spans, now_ms)
    ]


def seal_before(
    database: Database, files: SealedDirectory, site_name: str, before_ms: int, now_ms: int
) -> list[Seal]:
    """Seal all rows of a site that begin before `before_ms`, closed or not, in a locked directory."""
    with database.snapshot() as connection:
        one = find_site(connection, site_name)
        periods = list(_open_periods(connection, one, before_ms))
    seals = []
    for period in periods:
        spans = [(begin, min(end, before_ms)) for begin, end in period.spans if begin < before_ms]
        seals += _seal(database, files, one, period, spans, now_ms)
    return seals


def settle(database: Database, files: SealedDirectory) -> int:
    """Put right what a crash left over; return how many files without a seal were removed."""
    with database.reading() as connection:
        return files.settle(lambda path: is_sealed(connection, path))


def strays(database: Database, files: SealedDirectory) -> list[str]:
    """Return files that no seal names and no crash explains: nothing counts or removes them."""
    with database.reading() as connection:
        return files.strays(lambda path: is_sealed(connection, path))


def is_sealed(connection: Connection, path: str) -> bool:
    """Tell whether a seal names this file."""
    return connection.execute(select(seal.c.id).where(seal.c.path == path)).first() is not None


def _closed(connection: Connection, one: SiteRow, closed_ms: int) -> Iterator[Period]:
    """Yield the periods with open rows that ended at `closed_ms` or before."""
    for period in _open_periods(connection, one, closed_ms):
        if period.end_ms <= closed_ms:
            yield period


def _open_periods(connection: Connection, one: SiteRow, before_ms: int) -> Iterator[Period]:
    """Yield each period once that has open rows beginning before `before_ms`."""
    at = next_open(connection, one.id, 0, before_ms)
    if at is None:
        return
    calendar = calendar_of(connection, one)
    seen: set[Period] = set()
    while at is not None:
        period = calendar.period(at)
        if period not in seen:
            seen.add(period)
            yield period
        # On to the end of the span that this start lies in: the period may go on after a shift.
        at = next_open(
            connection, one.id, next(end for begin, end in period.spans if begin <= at < end), before_ms
        )


def _seal(
    database: Database, files: SealedDirectory, one: SiteRow, period: Period, spans: Spans, now_ms: int
) -> list[Seal]:
    with database.snapshot() as connection:
        counts = open_counts(connection, one.id, spans)
    seals = []
    for stations in _portions(counts):
        portion = _Portion(one, period, spans, stations)
        for _ in range(_TRIES):
            try:
                made = _seal_portion(database, files, portion, now_ms)
            except _Changed:
                continue
            if made is not None:
                seals.append(made)
            break
    return seals


def _portions(counts: dict[int, int]) -> Iterator[list[int]]:
    """Divide stations into portions of some `MOST_ROWS` rows."""
    portion: list[int] = []
    rows = 0
    for station_id, count in sorted(counts.items()):
        if portion and rows + count > MOST_ROWS:
            yield portion
            portion, rows = [], 0
        portion.append(station_id)
        rows += count
    if portion:
        yield portion


@dataclass(frozen=True, slots=True)
class _Portion:
    """What goes into one file: the open rows of these stations in these spans of the period."""

    site: SiteRow
    period: Period
    spans: Spans
    stations: Sequence[int]


def _seal_portion(database: Database, files: SealedDirectory, portion: _Portion, now_ms: int) -> Seal | None:
    # (1): what is read
    with database.snapshot() as connection:
        rows = read_open(connection, portion.stations, portion.spans)
        wanted = select(station.c.id, station.c.name).where(station.c.id.in_(portion.stations))
        names = {row.id: row.name for row in connection.execute(wanted)}
    if not rows.count:
        return None
    name, period = portion.site.name, portion.period
    content = sealed_content(name, period.month, names, rows.intervals, rows.revised, rows.documented)
    path = new_path(name, period.month)
    made = Seal(name, period.start_ms, period.end_ms, period.month, rows.count, path)
    # (2): the file
    files.announce(path)
    files.write(path, content)
    # (3): the seal
    try:
        with database.writing() as connection:
            seal_id = _record(connection, portion, made, hashlib.sha256(content).digest(), now_ms)
            _mark(connection, portion, rows, seal_id)
    except _Changed:
        files.remove(path)
        raise
    # (4) Only here: after any other error nobody knows what was committed, and the next run asks the table.
    files.agreed(path)
    return made


def _record(connection: Connection, portion: _Portion, made: Seal, digest: bytes, now_ms: int) -> int:
    values = {
        "site_id": portion.site.id,
        "start_ms": made.start_ms,
        "end_ms": made.end_ms,
        "month": made.month,
        "sealed_ms": now_ms,
        "rows": made.rows,
        "path": made.path,
        "digest": digest,
    }
    return int(connection.execute(insert(seal).values(values).returning(seal.c.id)).scalar_one())


def _mark(connection: Connection, portion: _Portion, rows: OpenRows, seal_id: int) -> None:
    """Mark the rows that were read, and no others. Raises `_Changed` if that is not possible any more."""
    # A batch is there with all its rows or not at all; so by its number nothing is marked that came later.
    batches = sorted({row[0] for row in rows.intervals})
    marked = 0
    for chunk in _chunks(batches):
        of_batch = interval.c.batch_id.in_(chunk)
        of_portion = and_(interval.c.station_id.in_(portion.stations), is_open(interval, portion.spans))
        marked += connection.execute(
            update(interval).where(of_batch, of_portion).values(seal_id=seal_id)
        ).rowcount
    for chunk in _chunks([row[0] for row in rows.documented]):
        of_chunk = and_(documented.c.id.in_(chunk), documented.c.seal_id.is_(None))
        marked += connection.execute(update(documented).where(of_chunk).values(seal_id=seal_id)).rowcount
    # After the marking, which holds the rows: who corrects one from now on waits, and finds it sealed.
    revisions = 0
    for chunk in _chunks(batches):
        revisions += connection.execute(
            select(func.count())
            .select_from(revision)
            .join(interval, same_interval())
            .where(interval.c.batch_id.in_(chunk), interval.c.seal_id == seal_id)
        ).scalar_one()
    if (marked, revisions) != (rows.count, rows.revisions):
        raise _Changed


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), _CHUNK):
        yield numbers[first : first + _CHUNK]

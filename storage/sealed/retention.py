"""The end of what a works agreement lets keep: rows with clock times first, sealed durations later.

What is to be deleted is sealed first, and the sealed files are looked at: rows are deleted only when their
durations stand in files that are whole. A damaged file is made anew as long as all of its rows are there.
Sealed durations are deleted file by file, each as soon as the beginning of its shift is too old.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from productivity.errors import BadInput
from storage.sealed.directory import SealedDirectory, sealed_directory
from storage.sealed.sealing import GRACE_MS, Seal, seal_before, seal_closed_in, settle
from storage.sql.database import Database
from storage.sql.lookup import find_site
from storage.sql.retention import AGGREGATES, Deletion, erase, note, overdue
from storage.sql.tables import documented, interval, seal, station
from storage.sql.tables.base import DAY_MS

_LONGEST_PERIOD_MS = 27 * 3_600_000
"""A day of 25 hours, and two for a job that runs each hour."""


class _Incomplete(Exception):
    """Some rows of a seal are deleted already."""


@dataclass(frozen=True, slots=True)
class Retained:
    """What was done. `log_emptied`: no deleted row stands in SQLite's write-ahead log any more."""

    seals: tuple[Seal, ...]
    deletions: tuple[Deletion, ...]
    log_emptied: bool


def retain(
    database: Database,
    root: Path,
    site_name: str,
    *,
    intervals_days: int,
    aggregates_days: int,
    now_ms: int,
    grace_ms: int = GRACE_MS,
) -> Retained:
    """Seal what is closed, then delete what a site keeps longer than its works agreement says.

    Rows of intervals are gone `intervals_days` after they began, sealed durations `aggregates_days` after
    their shift began; if the second is shorter, it holds for both. The server may be running. Raises
    `NoSuch` for an unknown site, and `BadInput` at the end if a sealed file is damaged and its rows are not
    all there to make it anew: these rows stay, everything else is done.
    """
    if min(intervals_days, aggregates_days) < 1:
        raise BadInput("retention", expected="1 day or more")
    intervals_days = min(intervals_days, aggregates_days)
    before_ms = now_ms - intervals_days * DAY_MS
    grace_ms = max(0, min(grace_ms, intervals_days * DAY_MS - _LONGEST_PERIOD_MS))
    with sealed_directory(root, writes=True) as files:
        settle(database, files)
        damaged = _damaged(database, files, site_name, before_ms)
        torn = [one for one in damaged if not _open_again(database, files, *one)]
        seals = seal_closed_in(database, files, site_name, grace_ms=grace_ms, now_ms=now_ms)
        seals += seal_before(database, files, site_name, before_ms, now_ms)
        made = erase(
            database,
            site_name,
            before_ms=before_ms,
            at_ms=now_ms,
            except_seals=[seal_id for seal_id, _ in torn],
        )
        made += _erase_seals(database, files, site_name, now_ms - aggregates_days * DAY_MS, now_ms)
    emptied = database.empty_log()
    if torn:
        raise BadInput(
            "sealed file is damaged, and some of its rows are deleted",
            where=str(files.file(torn[0][1])),
            expected="the file as a backup has it",
        )
    return Retained(tuple(seals), tuple(made), emptied)


def due(
    database: Database, site_name: str, *, intervals_days: int, aggregates_days: int, now_ms: int
) -> dict[str, int]:
    """Return how much of each kind `retain` would delete now, sealed yet or not. Raises `NoSuch`."""
    before_ms = now_ms - min(intervals_days, aggregates_days) * DAY_MS
    counts = overdue(database, site_name, before_ms)
    with database.reading() as connection:
        wanted = select(func.coalesce(func.sum(seal.c.rows), 0)).where(
            _too_old(connection, site_name, now_ms - aggregates_days * DAY_MS)
        )
        counts[AGGREGATES] = int(connection.execute(wanted).scalar_one())
    return counts


def _damaged(
    database: Database, files: SealedDirectory, site_name: str, before_ms: int
) -> list[tuple[int, str]]:
    """Return number and path of each seal whose rows are due and whose file is not what was sealed."""
    with database.snapshot() as connection:
        site_id = find_site(connection, site_name).id
        numbers: set[int] = set()
        for table in (interval, documented):
            of_site = table.c.station_id.in_(select(station.c.id).where(station.c.site_id == site_id))
            wanted = select(table.c.seal_id).where(of_site, table.c.start_ms < before_ms).distinct()
            numbers.update(number for number in connection.execute(wanted).scalars() if number is not None)
        rows = connection.execute(select(seal.c.id, seal.c.path, seal.c.digest).where(seal.c.id.in_(numbers)))
        return [(row.id, row.path) for row in rows if not _is_whole(files, row.path, row.digest)]


def _is_whole(files: SealedDirectory, path: str, digest: bytes) -> bool:
    try:
        files.verify(path, digest)
    except BadInput:
        return False
    return True


def _open_again(database: Database, files: SealedDirectory, seal_id: int, path: str) -> bool:
    """Take a seal back, file and all, if every row of it is there; they are open then, and sealed anew."""
    files.announce(path)
    try:
        with database.writing() as connection:
            _take_back(connection, seal_id)
    except _Incomplete:
        files.agreed(path)
        return False
    files.remove(path)
    return True


def _take_back(connection: Connection, seal_id: int) -> None:
    found = 0
    for table in (interval, documented):
        reopened = update(table).where(table.c.seal_id == seal_id).values(seal_id=None)
        found += connection.execute(reopened).rowcount
    gone = delete(seal).where(seal.c.id == seal_id).returning(seal.c.rows)
    if connection.execute(gone).scalar_one() != found:
        raise _Incomplete


def _erase_seals(
    database: Database, files: SealedDirectory, site_name: str, before_ms: int, now_ms: int
) -> list[Deletion]:
    """Delete the seals of shifts that began before `before_ms`, with their files."""
    with database.reading() as connection:
        paths = connection.execute(select(seal.c.path).where(_too_old(connection, site_name, before_ms)))
        doomed: Collection[str] = paths.scalars().all()
    if not doomed:
        return []
    for path in doomed:
        files.announce(path)
    with database.writing() as connection:
        site_id = find_site(connection, site_name).id
        rows = 0
        for path in doomed:
            gone = delete(seal).where(seal.c.path == path).returning(seal.c.rows)
            rows += connection.execute(gone).scalar_one()
        made = [Deletion(site_name, now_ms, AGGREGATES, before_ms, rows)]
        note(connection, site_id, made)
    for path in doomed:
        files.remove(path)
    return made


def _too_old(connection: Connection, site_name: str, before_ms: int) -> ColumnElement[bool]:
    site_id = find_site(connection, site_name).id
    return and_(seal.c.site_id == site_id, seal.c.start_ms < before_ms)

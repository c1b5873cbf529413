"""Deletes what has reached the end of its retention, and only what is sealed; keeps a note of each deletion.

What is deleted of a site, all in one transaction with the notes:

    intervals          and the revisions of them; the numbers of their batches are kept, for replays
    documented times   their keys are remembered, so that a replay does not count again
    salts              of accesses: without it, a commitment in the log cannot be opened to a person any more

SQLite overwrites what is deleted (`secure_delete`), and `Database.empty_log` empties the write-ahead log.
PostgreSQL frees the space for other rows when it vacuums the tables, which it does by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.sql.database import Database
from storage.sql.lookup import find_site
from storage.sql.tables import (
    access_view,
    deletion,
    documented,
    interval,
    revision,
    site,
    spent_key,
    station,
)

INTERVALS, REVISIONS, DOCUMENTED, SALTS = "intervals", "revisions", "documented times", "salts of accesses"
AGGREGATES = "sealed intervals"


@dataclass(frozen=True, slots=True)
class Deletion:
    """What was deleted: how many rows of a site, of what, older than `before_ms` (UTC milliseconds)."""

    site: str
    at_ms: int
    what: str
    before_ms: int
    rows: int


def erase(
    database: Database, site_name: str, *, before_ms: int, at_ms: int, except_seals: Collection[int] = ()
) -> list[Deletion]:
    """Delete what a site has of before `before_ms`, as far as it is sealed, and note it. Raises `NoSuch`.

    Nothing that is not sealed is deleted: seal first. Rows of `except_seals` stay: their files are damaged.
    """
    with database.writing() as connection:
        site_id = find_site(connection, site_name).id
        doomed = and_(_of_site(site_id, before_ms), _is_sealed(interval, except_seals))
        written = and_(_written(site_id, before_ms), _is_sealed(documented, except_seals))
        counts = {
            REVISIONS: connection.execute(
                delete(revision).where(
                    exists().where(
                        interval.c.batch_id == revision.c.batch_id,
                        interval.c.position == revision.c.position,
                        doomed,
                    )
                )
            ).rowcount
        }
        counts[INTERVALS] = connection.execute(delete(interval).where(doomed)).rowcount
        connection.execute(insert(spent_key).from_select(["key"], select(documented.c.key).where(written)))
        counts[DOCUMENTED] = connection.execute(delete(documented).where(written)).rowcount
        counts[SALTS] = connection.execute(
            update(access_view).where(_opened(site_id, before_ms)).values(salt=None)
        ).rowcount
        made = [Deletion(site_name, at_ms, what, before_ms, count) for what, count in counts.items() if count]
        note(connection, site_id, made)
    return made


def overdue(database: Database, site_name: str, before_ms: int) -> dict[str, int]:
    """Return how much a site has of before `before_ms`, sealed or not, by kind. Raises `NoSuch`."""
    with database.snapshot() as connection:
        site_id = find_site(connection, site_name).id
        counted = {
            INTERVALS: select(func.count()).select_from(interval).where(_of_site(site_id, before_ms)),
            DOCUMENTED: select(func.count()).select_from(documented).where(_written(site_id, before_ms)),
            SALTS: select(func.count()).select_from(access_view).where(_opened(site_id, before_ms)),
        }
        return {what: connection.execute(wanted).scalar_one() for what, wanted in counted.items()}


def deletions(database: Database, site_name: str | None = None) -> list[Deletion]:
    """Return the notes of all deletions, of one site or of all, newest first. Raises `NoSuch`."""
    wanted = (
        select(deletion, site.c.name)
        .join(site, site.c.id == deletion.c.site_id)
        .order_by(deletion.c.at_ms.desc(), deletion.c.id.desc())
    )
    with database.snapshot() as connection:
        if site_name is not None:
            wanted = wanted.where(deletion.c.site_id == find_site(connection, site_name).id)
        return [
            Deletion(row.name, row.at_ms, row.what, row.before_ms, row.rows)
            for row in connection.execute(wanted)
        ]


def erased_before_ms(database: Database, site_name: str) -> int:
    """Return until when the sealed intervals of a site are gone: of shifts that began before. 0: none."""
    made = deletions(database, site_name)
    return max((one.before_ms for one in made if one.what == AGGREGATES), default=0)


def note(connection: Connection, site_id: int, made: list[Deletion]) -> None:
    """Keep notes of what the same transaction deletes."""
    for one in made:
        values = {"at_ms": one.at_ms, "what": one.what, "before_ms": one.before_ms, "rows": one.rows}
        connection.execute(insert(deletion).values(site_id=site_id, **values))


def _of_site(site_id: int, before_ms: int) -> ColumnElement[bool]:
    return and_(interval.c.station_id.in_(_stations(site_id)), interval.c.start_ms < before_ms)


def _written(site_id: int, before_ms: int) -> ColumnElement[bool]:
    return and_(documented.c.station_id.in_(_stations(site_id)), documented.c.start_ms < before_ms)


def _opened(site_id: int, before_ms: int) -> ColumnElement[bool]:
    """Select accesses of the site, and those of no station: the shortest retention of any site counts."""
    here = or_(access_view.c.station_id.is_(None), access_view.c.station_id.in_(_stations(site_id)))
    return and_(here, access_view.c.at_ms < before_ms, access_view.c.salt.is_not(None))


def _is_sealed(table: Table, except_seals: Collection[int]) -> ColumnElement[bool]:
    return and_(table.c.seal_id.is_not(None), table.c.seal_id.not_in(list(except_seals)))


def _stations(site_id: int) -> Select[tuple[int]]:
    return select(station.c.id).where(station.c.site_id == site_id)

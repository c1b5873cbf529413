"""Station files: each writing is a revision, and a revision never changes.

Publishing is a writing too: it adds a revision with the same text, by whoever publishes it. So it can always
be told who published what and when, also where an earlier text was published again. What devices fetch is
the revision that was published last (`storage.sql.published`).
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, func, insert, select

from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.dialects import insert_new
from storage.sql.lookup import NoSuch, find_site, find_stations
from storage.sql.plant import check_name, hold_site
from storage.sql.tables import account, place, placement, station, station_file

MOST_REVISIONS = 500
"""That are listed; earlier ones stay, and can be read by their number."""


class StationTaken(BadInput):
    """A station of this name is there already."""


class Outdated(BadInput):
    """Somebody else has written meanwhile; `newest` is the number of the newest revision."""

    def __init__(self, newest: int) -> None:
        super().__init__("revision is not the newest any more", expected=f"revision {newest}")
        self.newest = newest


class OtherText(BadInput):
    """The revision holds another text than the one that was to be published."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One writing. `account` is who wrote or published it; `published_ms` None: a draft."""

    number: int
    digest: str
    """SHA-256 of the text in UTF-8, hexadecimal; recorders log it as their configuration."""
    account: str | None
    written_ms: int
    published_ms: int | None


@dataclass(frozen=True, slots=True)
class StationFiles:
    """A station, the place that it is in, and the newest and the published revision of its file."""

    station: str
    place: str | None
    newest: Revision | None
    published: Revision | None


def create_station(database: Database, site_name: str, name: str) -> None:
    """Make a station in no place. Raises `NoSuch` for an unknown site, `StationTaken`."""
    check_name("station", name)
    with database.writing() as connection:
        site_id = hold_site(connection, site_name)
        if insert_new(connection, station, {"site_id": site_id, "name": name}) is None:
            raise StationTaken("station of this name is there already", expected="a name that is free")


def stations_with_files(database: Database, site_name: str) -> list[StationFiles]:
    """Return every station of a site by name. Raises `NoSuch`."""
    with database.snapshot() as connection:
        site_id = find_site(connection, site_name).id
        rows = connection.execute(
            select(station.c.id, station.c.name, place.c.name.label("place"))
            .outerjoin(placement, placement.c.station_id == station.c.id)
            .outerjoin(place, place.c.id == placement.c.place_id)
            .where(station.c.site_id == site_id)
        ).all()
        newest = _last_of_each(connection, site_id, published=False)
        published = _last_of_each(connection, site_id, published=True)
    found = [StationFiles(row.name, row.place, newest.get(row.id), published.get(row.id)) for row in rows]
    return sorted(found, key=lambda one: (one.station.casefold(), one.station))


def station_with_files(database: Database, site_name: str, name: str) -> tuple[StationFiles, list[Revision]]:
    """Return a station and its revisions, newest first. Raises `NoSuch`."""
    with database.snapshot() as connection:
        known = _station(connection, site_name, name)
        inside = connection.execute(
            select(place.c.name).join(placement).where(placement.c.station_id == known)
        ).scalar()
        rows = connection.execute(
            _revisions()
            .where(station_file.c.station_id == known)
            .order_by(station_file.c.revision.desc())
            .limit(MOST_REVISIONS)
        ).all()
        published = connection.execute(
            _revisions()
            .where(station_file.c.station_id == known, station_file.c.published_ms.is_not(None))
            .order_by(station_file.c.published_ms.desc(), station_file.c.revision.desc())
            .limit(1)
        ).one_or_none()
    revisions = [_revision(row) for row in rows]
    newest = revisions[0] if revisions else None
    return StationFiles(name, inside, newest, None if published is None else _revision(published)), revisions


def text_of(database: Database, site_name: str, name: str, number: int) -> tuple[Revision, str]:
    """Return a revision and its text. Raises `NoSuch`."""
    with database.snapshot() as connection:
        return _read(connection, _station(connection, site_name, name), number)


def write(
    database: Database, site_name: str, name: str, text: str, *, base: int, account_id: int, at_ms: int
) -> Revision:
    """Add a draft and return it; where the newest revision has this very text, return that one.

    `base` is the newest revision that the writer knows of, 0 for none. Raises `NoSuch`, `Outdated`.
    """
    with database.writing() as connection:
        known = _held(connection, site_name, name)
        newest = _newest(connection, known)
        if newest != base:
            raise Outdated(newest)
        if newest:
            revision, stands = _read(connection, known, newest)
            if stands == text:
                return revision
        return _add(connection, known, newest + 1, text, account_id, at_ms, published_ms=None)


def publish(
    database: Database, site_name: str, name: str, number: int, *, digest: str, account_id: int, at_ms: int
) -> Revision:
    """Add a revision with the text of revision `number`, published, and return it.

    `digest` is that of the text that was looked at. Raises `NoSuch`, `OtherText`.
    """
    with database.writing() as connection:
        known = _held(connection, site_name, name)
        revision, text = _read(connection, known, number)
        if revision.digest != digest:
            raise OtherText("revision holds another text", expected="the digest of the text that was read")
        # Devices get what was published last; a clock that was set back must not turn that round.
        last = connection.execute(
            select(func.max(station_file.c.published_ms)).where(station_file.c.station_id == known)
        ).scalar()
        published_ms = max(at_ms, last or 0)
        return _add(
            connection,
            known,
            _newest(connection, known) + 1,
            text,
            account_id,
            at_ms,
            published_ms=published_ms,
        )


def _add(
    connection: Connection,
    station_id: int,
    number: int,
    text: str,
    account_id: int,
    at_ms: int,
    *,
    published_ms: int | None,
) -> Revision:
    name = connection.execute(select(account.c.name).where(account.c.id == account_id)).scalar()
    if name is None:
        raise NoSuch("no such account")
    digest = hashlib.sha256(text.encode()).digest()
    row = {
        "station_id": station_id,
        "revision": number,
        "text": text,
        "digest": digest,
        "account_id": account_id,
        "written_ms": at_ms,
        "published_ms": published_ms,
    }
    connection.execute(insert(station_file).values(row))
    return Revision(number, digest.hex(), name, at_ms, published_ms)


def _revisions() -> Select[tuple[int, int, bytes, str, int, int | None]]:
    return select(
        station_file.c.station_id,
        station_file.c.revision,
        station_file.c.digest,
        account.c.name,
        station_file.c.written_ms,
        station_file.c.published_ms,
    ).outerjoin(account, account.c.id == station_file.c.account_id)


def _revision(row: Row[tuple[int, int, bytes, str, int, int | None]]) -> Revision:
    return Revision(row.revision, row.digest.hex(), row.name, row.written_ms, row.published_ms)


def _read(connection: Connection, station_id: int, number: int) -> tuple[Revision, str]:
    here = station_file.c.station_id == station_id, station_file.c.revision == number
    row = connection.execute(_revisions().add_columns(station_file.c.text).where(*here)).one_or_none()
    if row is None:
        raise NoSuch("no such revision")
    return Revision(row.revision, row.digest.hex(), row.name, row.written_ms, row.published_ms), row.text


def _last_of_each(connection: Connection, site_id: int, *, published: bool) -> dict[int, Revision]:
    """Return by station the newest revision, or the one that was published last."""
    age = station_file.c.published_ms if published else station_file.c.revision
    rank = func.row_number().over(
        partition_by=station_file.c.station_id, order_by=(age.desc(), station_file.c.revision.desc())
    )
    ranked = (
        select(station_file.c.id, rank.label("rank"))
        .join(station, station.c.id == station_file.c.station_id)
        .where(station.c.site_id == site_id, *([age.is_not(None)] if published else []))
        .subquery()
    )
    rows = connection.execute(
        _revisions().join(ranked, ranked.c.id == station_file.c.id).where(ranked.c.rank == 1)
    ).all()
    return {row.station_id: _revision(row) for row in rows}


def _newest(connection: Connection, station_id: int) -> int:
    newest = select(func.max(station_file.c.revision)).where(station_file.c.station_id == station_id)
    return connection.execute(newest).scalar() or 0


def _station(connection: Connection, site_name: str, name: str) -> int:
    return find_stations(connection, find_site(connection, site_name).id, {name})[name]


def _held(connection: Connection, site_name: str, name: str) -> int:
    """Return a station's number; nobody else writes its file until the transaction ends."""
    known = _station(connection, site_name, name)
    connection.execute(select(station.c.id).where(station.c.id == known).with_for_update(key_share=True))
    return known

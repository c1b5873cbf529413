"""How a plant is divided: sites, areas, the cells in them, and the stations in those."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, exists, insert, select, update

from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.dialects import insert_new
from storage.sql.lookup import Selection, find_place, find_site, find_stations, selected_stations
from storage.sql.tables import NAME_CHARACTERS, place, placement, site, station


@dataclass(frozen=True, slots=True)
class Site:
    """A site and its time zone, such as Europe/Berlin."""

    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Place:
    """An area, where `area` is None, or a cell within one."""

    name: str
    area: str | None = None


@dataclass(frozen=True, slots=True)
class StationPlace:
    """A station, and the place that it is in: a cell, an area, or None."""

    name: str
    place: str | None = None


def sites(database: Database) -> list[Site]:
    """Return all sites by name."""
    with database.reading() as connection:
        return [
            Site(row.name, row.time_zone) for row in connection.execute(select(site).order_by(site.c.name))
        ]


def add_site(database: Database, new: Site) -> None:
    """Make a site; nothing changes if it is there. Raises `BadInput` if it is there in another time zone."""
    check_name("site", new.name)
    try:
        ZoneInfo(new.time_zone)
    except (ValueError, OSError, KeyError):
        raise BadInput("unknown time zone", expected="a name such as Europe/Berlin") from None
    with database.writing() as connection:
        insert_new(connection, site, {"name": new.name, "time_zone": new.time_zone})
        known = find_site(connection, new.name)
        if known.time_zone != new.time_zone:
            raise BadInput(
                "site has another time zone",
                where=new.name,
                expected=known.time_zone,
                found=new.time_zone,
            )


def places(database: Database, site_name: str) -> list[Place]:
    """Return a site's areas by name, each before its cells. Raises `NoSuch`."""
    area = place.alias()
    with database.reading() as connection:
        site_id = find_site(connection, site_name).id
        rows = connection.execute(
            select(place.c.name, area.c.name.label("area"))
            .outerjoin(area, area.c.id == place.c.parent_id)
            .where(place.c.site_id == site_id)
        ).all()
    found = [Place(row.name, row.area) for row in rows]
    return sorted(found, key=lambda one: (one.area or one.name, one.area is not None, one.name))


def put_place(database: Database, site_name: str, new: Place) -> None:
    """Make an area or a cell, or move one that is there.

    Raises `NoSuch` for an unknown site or area, and `BadInput` where an area would come to be in an area.
    """
    check_name("place", new.name)
    with database.writing() as connection:
        site_id = hold_site(connection, site_name)
        parent_id = None
        if new.area is not None:
            parent_id = find_place(connection, site_id, new.area)
            above = connection.execute(select(place.c.parent_id).where(place.c.id == parent_id)).scalar()
            if above is not None or new.area == new.name:
                raise BadInput("cell within a cell", where=new.name, expected="an area, which is in no other")
        insert_new(connection, place, {"site_id": site_id, "name": new.name, "parent_id": parent_id})
        known = find_place(connection, site_id, new.name)
        if (
            parent_id is not None
            and connection.execute(select(exists().where(place.c.parent_id == known))).scalar()
        ):
            raise BadInput("area has cells", where=new.name, expected="one without, to become a cell")
        connection.execute(update(place).where(place.c.id == known).values(parent_id=parent_id))


def rename_place(database: Database, site_name: str, name: str, new_name: str) -> None:
    """Give an area or cell another name. Raises `NoSuch`, and `BadInput` for a name that is taken."""
    check_name("place", new_name)
    with database.writing() as connection:
        site_id = hold_site(connection, site_name)
        known = find_place(connection, site_id, name)
        taken = select(place.c.id).where(place.c.site_id == site_id, place.c.name == new_name)
        if connection.execute(taken).scalar() not in {None, known}:
            raise BadInput("place of this name is there already", expected="a name that is free")
        connection.execute(update(place).where(place.c.id == known).values(name=new_name))


def remove_place(database: Database, site_name: str, name: str) -> None:
    """Remove a place that holds nothing. Raises `NoSuch`, and `BadInput` if it has cells or stations."""
    with database.writing() as connection:
        site_id = hold_site(connection, site_name)
        known = find_place(connection, site_id, name)
        inside = select(
            exists().where(place.c.parent_id == known), exists().where(placement.c.place_id == known)
        )
        if any(connection.execute(inside).one()):
            raise BadInput("place is not empty", where=name, expected="one without cells and stations")
        connection.execute(delete(place).where(place.c.id == known))


def stations(database: Database, selection: Selection) -> list[StationPlace]:
    """Return the selected stations by name. Raises `NoSuch` for an unknown site, place or station."""
    with database.snapshot() as connection:
        known = selected_stations(connection, find_site(connection, selection.site).id, selection)
        rows = connection.execute(
            select(placement.c.station_id, place.c.name)
            .join(place, place.c.id == placement.c.place_id)
            .where(placement.c.station_id.in_(known))
        ).all()
    inside = {row.station_id: row.name for row in rows}
    return [StationPlace(name, inside.get(number)) for number, name in known.items()]


def put_station(database: Database, site_name: str, new: StationPlace) -> None:
    """Make a station unless it is there, and put it into its place; with None, into none.

    Raises `NoSuch` for an unknown site or place.
    """
    check_name("station", new.name)
    with database.writing() as connection:
        site_id = hold_site(connection, site_name)
        insert_new(connection, station, {"site_id": site_id, "name": new.name})
        (known,) = find_stations(connection, site_id, {new.name}).values()
        connection.execute(delete(placement).where(placement.c.station_id == known))
        if new.place is not None:
            row = {"station_id": known, "place_id": find_place(connection, site_id, new.place)}
            connection.execute(insert(placement).values(row))


def check_name(what: str, name: str) -> None:
    """Refuse with `BadInput` what no row can be called."""
    if not 1 <= len(name) <= NAME_CHARACTERS or not name.isprintable() or not name.strip():
        raise BadInput(f"{what} has no usable name", expected=f"1 to {NAME_CHARACTERS} printable characters")


def hold_site(connection: Connection, name: str) -> int:
    """Return a site's number; nobody else divides it or its time until the transaction ends."""
    site_id = find_site(connection, name).id
    connection.execute(select(site.c.id).where(site.c.id == site_id).with_for_update(key_share=True))
    return site_id

"""Which site, place and stations somebody speaks of: from names to rows."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from productivity.errors import BadInput
from storage.sql.tables import NAME_CHARACTERS, place, placement, site, station


class NoSuch(BadInput):
    """What was asked for by name or number is not there, or not any more."""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site as its row says."""

    id: int
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Stations of one site: all, those in a place (an area with its cells), those of these names, or both."""

    site: str
    place: str | None = None
    stations: tuple[str, ...] | None = None


def find_site(connection: Connection, name: str) -> SiteRow:
    """Return a site. Raises `NoSuch`."""
    row = connection.execute(select(site).where(site.c.name == name)).one_or_none()
    if row is None:
        raise NoSuch("no such site", found=repr(name[:NAME_CHARACTERS]))
    return SiteRow(row.id, row.name, row.time_zone)


def find_place(connection: Connection, site_id: int, name: str) -> int:
    """Return the number of an area or cell. Raises `NoSuch`."""
    wanted = select(place.c.id).where(place.c.site_id == site_id, place.c.name == name)
    found = connection.execute(wanted).scalar()
    if found is None:
        raise NoSuch("no such place", found=repr(name[:NAME_CHARACTERS]))
    return int(found)


def find_stations(connection: Connection, site_id: int, names: set[str]) -> dict[str, int]:
    """Return the number of each of these stations by name. Raises `NoSuch` for the first that is missing."""
    wanted = select(station.c.name, station.c.id).where(station.c.site_id == site_id)
    known = {row.name: row.id for row in connection.execute(wanted)}
    if missing := sorted(names - known.keys()):
        raise NoSuch("no such station", found=repr(missing[0][:NAME_CHARACTERS]))
    return {name: known[name] for name in names}


def selected_stations(connection: Connection, site_id: int, selection: Selection) -> dict[int, str]:
    """Return the selection's stations, name by number, in the order of their names. Raises `NoSuch`."""
    wanted = select(station.c.id, station.c.name).where(station.c.site_id == site_id)
    if selection.place is not None:
        place_id = find_place(connection, site_id, selection.place)
        inside = or_(place.c.id == place_id, place.c.parent_id == place_id)
        placed = select(placement.c.station_id).join(place, place.c.id == placement.c.place_id).where(inside)
        wanted = wanted.where(station.c.id.in_(placed))
    if selection.stations is not None:
        known = find_stations(connection, site_id, set(selection.stations))
        wanted = wanted.where(station.c.id.in_(known.values()))
    rows = connection.execute(wanted).all()
    return {row.id: row.name for row in sorted(rows, key=lambda row: row.name)}

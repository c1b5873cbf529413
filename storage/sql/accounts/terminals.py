"""Which station a terminal stands at."""

from sqlalchemy import select

from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.dialects import insert_new
from storage.sql.lookup import find_site
from storage.sql.tables import NAME_CHARACTERS, site, station


def terminal_station(database: Database, name: str, site_name: str | None) -> int:
    """Return the number of a station; one that has recorded nothing yet is made.

    `site_name` may be left out where there is one site. Raises `NoSuch`, `BadInput`.
    """
    if not 0 < len(name) <= NAME_CHARACTERS or not name.isprintable():
        raise BadInput("station has no usable name", expected=f"1 to {NAME_CHARACTERS} printable characters")
    with database.writing() as connection:
        if site_name is None:
            names = list(connection.execute(select(site.c.name)).scalars())
            if len(names) != 1:
                raise BadInput("no site is named", expected="--site", found=f"{len(names)} sites")
            site_name = names[0]
        place = find_site(connection, site_name).id
        insert_new(connection, station, {"site_id": place, "name": name})
        wanted = select(station.c.id).where(station.c.site_id == place, station.c.name == name)
        return int(connection.execute(wanted).scalar_one())

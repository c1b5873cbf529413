"""Which sites are meant, and how their time is divided."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from storage.sealed.periods import Calendar
from storage.sql.lookup import SiteRow, find_site
from storage.sql.tables import shift, site


def sites_of(connection: Connection, name: str | None) -> list[SiteRow]:
    """Return one site, or all of them by name. Raises `NoSuch`."""
    if name is not None:
        return [find_site(connection, name)]
    rows = connection.execute(select(site).order_by(site.c.name))
    return [SiteRow(row.id, row.name, row.time_zone) for row in rows]


def calendar_of(connection: Connection, one: SiteRow) -> Calendar:
    """Return a site's calendar."""
    shifts = connection.execute(select(shift.c.start_ms, shift.c.end_ms).where(shift.c.site_id == one.id))
    return Calendar([(row.start_ms, row.end_ms) for row in shifts], ZoneInfo(one.time_zone))

"""What opens the log's entries about who looked: salts, beside the accounts and apart from the log."""

from collections.abc import Mapping

from sqlalchemy import insert, select

from consent.site.viewer import Committed
from storage.sql.database import Database
from storage.sql.tables import access_view, site, station


def keep_salts(
    database: Database,
    looks: Mapping[str | None, Committed],
    *,
    site_name: str,
    account_id: int,
    view: str,
    at_ms: int,
) -> None:
    """Keep what opens the entries of looks, by station of a site, before the entries are said.

    A salt whose entry was never taken in says that nobody looked.
    """
    with database.writing() as connection:
        names = [name for name in looks if name is not None]
        known = {
            row.name: row.id
            for row in connection.execute(
                select(station.c.name, station.c.id)
                .join(site, site.c.id == station.c.site_id)
                .where(site.c.name == site_name, station.c.name.in_(names))
            )
        }
        rows = [
            {
                "commitment": bytes.fromhex(committed.commitment),
                "salt": committed.salt,
                "account_id": account_id,
                "at_ms": at_ms,
                "view": view,
                "station_id": None if name is None else known.get(name),
            }
            for name, committed in looks.items()
        ]
        connection.execute(insert(access_view), rows)

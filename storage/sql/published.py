"""Station files that were published: what devices fetch."""

from sqlalchemy import bindparam, select

from storage.sql.database import Database
from storage.sql.tables import device, station, station_file

_NEWEST = (
    select(station_file.c.text)
    .join_from(device, station, station.c.site_id == device.c.site_id)
    .join(station_file, station_file.c.station_id == station.c.id)
    .where(
        device.c.name == bindparam("device"),
        station.c.name == bindparam("station"),
        station_file.c.published_ms.is_not(None),
    )
    .order_by(station_file.c.published_ms.desc(), station_file.c.revision.desc())
    .limit(1)
)


def station_file_of(database: Database, device_name: str, station_name: str) -> str | None:
    """Return what was published last for a station at the device's own site; None if nothing was."""
    with database.reading() as connection:
        return connection.execute(_NEWEST, {"device": device_name, "station": station_name}).scalar()

"""How each device is: its newest report, and no other."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from storage.sql.database import Database
from storage.sql.dialects import keep_newest
from storage.sql.records import DeviceReport, UnknownDevice
from storage.sql.tables import device, device_report, site

_DEVICE = select(device.c.id).where(device.c.name == bindparam("name"))


def keep(database: Database, report: DeviceReport, at_ms: int) -> bool:
    """Keep a report that was signed later than the one that stands; tell whether it does now.

    So a report that comes late, or comes again, changes nothing. Raises `UnknownDevice`.
    """
    with database.writing() as connection:
        device_id = connection.execute(_DEVICE, {"name": report.device}).scalar()
        if device_id is None:
            raise UnknownDevice
        row = {
            "device_id": device_id,
            "received_ms": at_ms,
            "created_s": report.created_s,
            "waiting": report.waiting,
            "condition": report.condition,
            "lights": report.lights,
        }
        return keep_newest(connection, device_report, row, key="device_id", age="created_s")


@dataclass(frozen=True, slots=True)
class Heard:
    """A device of a site and its newest report; `report` is None if none came yet."""

    device: str
    enrolled_ms: int
    retired_ms: int | None
    received_ms: int | None
    report: DeviceReport | None


def heard(database: Database, site_name: str) -> list[Heard]:
    """Return each device of a site by name, with its newest report."""
    wanted = (
        select(device, device_report)
        .join_from(device, site, site.c.id == device.c.site_id)
        .outerjoin(device_report, device_report.c.device_id == device.c.id)
        .where(site.c.name == site_name)
        .order_by(device.c.name)
    )
    with database.reading() as connection:
        rows = connection.execute(wanted).mappings().all()
    return [
        Heard(
            device=row[device.c.name],
            enrolled_ms=row[device.c.enrolled_ms],
            retired_ms=row[device.c.retired_ms],
            received_ms=row[device_report.c.received_ms],
            report=None
            if row[device_report.c.received_ms] is None
            else DeviceReport(
                device=row[device.c.name],
                created_s=row[device_report.c.created_s],
                waiting=row[device_report.c.waiting],
                condition=row[device_report.c.condition],
                lights=row[device_report.c.lights],
            ),
        )
        for row in rows
    ]

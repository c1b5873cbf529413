"""Figures for whoever watches over the server: sums and ages, no names of devices, stations or people."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select

from storage.sql.database import Database
from storage.sql.tables import batch, device, device_report, interval

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


@dataclass(frozen=True, slots=True)
class Devices:
    """Devices that may send, by when they last told how they are; and what waits in their outboxes."""

    minute: int
    hour: int
    day: int
    longer: int
    never: int
    waiting: int


def watch_devices(database: Database, now_ms: int) -> Devices:
    """Count devices by the age of their newest report: within a minute, else an hour, else a day."""
    age = now_ms - device_report.c.received_ms
    minute, hour, day = age <= MINUTE_MS, age <= HOUR_MS, age <= DAY_MS
    told = device_report.c.received_ms.is_not(None)
    counted = select(
        _count(minute),
        _count(hour & ~minute),
        _count(day & ~hour),
        _count(told & ~day),
        _count(~told),
        func.coalesce(func.sum(device_report.c.waiting), 0),
    )
    wanted = counted.select_from(device).outerjoin(device_report).where(device.c.retired_ms.is_(None))
    with database.reading() as connection:
        return Devices(*map(int, connection.execute(wanted).one()))


def missing_batches(database: Database) -> int:
    """Count the batches that never arrived, below the highest number of each boot that did."""
    boots = (
        select((func.max(batch.c.sequence) + 1 - func.count()).label("missing"))
        .group_by(batch.c.device_id, batch.c.boot)
        .subquery()
    )
    with database.reading() as connection:
        return int(connection.execute(select(func.coalesce(func.sum(boots.c.missing), 0))).scalar_one())


def oldest_open_ms(database: Database) -> int | None:
    """Return when the oldest interval began that is not sealed yet; None if all are."""
    with database.reading() as connection:
        wanted = select(func.min(interval.c.start_ms)).where(interval.c.seal_id.is_(None))
        return connection.execute(wanted).scalar()


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

"""Takes batches in exactly once, whatever their order and however often each comes; shows what is missing."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, insert, select

from storage.sql.database import Database
from storage.sql.dialects import insert_new
from storage.sql.records import Acceptance, BatchRecord, Gap, IntervalRecord, UnknownDevice
from storage.sql.tables import batch, device, interval, station
from storage.sql.tables.base import day_of

# Statements with places for values, built once: building them costs more than running them.
_SENDER = select(device.c.id, device.c.site_id).where(device.c.name == bindparam("name"))
_DIGEST = select(batch.c.digest).where(
    *(batch.c[name] == bindparam(name) for name in ("device_id", "boot", "sequence"))
)
_STATIONS = select(station.c.name, station.c.id).where(
    station.c.site_id == bindparam("site_id"), station.c.name.in_(bindparam("names", expanding=True))
)
_INTERVALS = insert(interval)


def accept(database: Database, record: BatchRecord, at_ms: int) -> Acceptance:
    """Store a batch with its intervals in one transaction; when this returns, it is committed.

    The row of the batch is what makes a replay harmless: it is there if and only if the intervals are.
    Raises `UnknownDevice`.
    """
    with database.writing() as connection:
        sender = connection.execute(_SENDER, {"name": record.device}).one_or_none()
        if sender is None:
            raise UnknownDevice
        number = {"device_id": sender.id, "boot": record.boot, "sequence": record.sequence}
        batch_id = insert_new(
            connection, batch, {**number, "digest": record.digest, "received_ms": day_of(at_ms)}
        )
        if batch_id is None:
            stored = connection.execute(_DIGEST, number).scalar_one()
            return Acceptance.DUPLICATE if stored == record.digest else Acceptance.CONFLICT
        stations = _stations(connection, sender.site_id, record.intervals)
        connection.execute(_INTERVALS, _rows(batch_id, stations, record.intervals))
    return Acceptance.STORED


def gaps(database: Database) -> list[Gap]:
    """Return what never arrived, by device, boot and number: below the highest number that did."""
    before = func.lag(batch.c.sequence, 1, -1).over(
        partition_by=(batch.c.device_id, batch.c.boot), order_by=batch.c.sequence
    )
    neighbours = select(
        batch.c.device_id, batch.c.boot, (before + 1).label("first"), (batch.c.sequence - 1).label("last")
    ).subquery()
    found = (
        select(device.c.name, neighbours.c.boot, neighbours.c.first, neighbours.c.last)
        .join_from(neighbours, device, device.c.id == neighbours.c.device_id)
        .where(neighbours.c.first <= neighbours.c.last)
        .order_by(device.c.name, neighbours.c.boot, neighbours.c.first)
    )
    with database.reading() as connection:
        return [Gap(*row) for row in connection.execute(found)]


def _stations(connection: Connection, site_id: int, intervals: Sequence[IntervalRecord]) -> dict[str, int]:
    """Return the number of each station by name; those that the site has not seen yet are made."""
    # In one order everywhere: two transactions that make the same stations cannot wait for each other.
    names = sorted({record.station for record in intervals})
    wanted = {"site_id": site_id, "names": names}
    known = {row.name: row.id for row in connection.execute(_STATIONS, wanted)}
    if len(known) < len(names):
        for name in names:
            if name not in known:
                insert_new(connection, station, {"site_id": site_id, "name": name})
        known = {row.name: row.id for row in connection.execute(_STATIONS, wanted)}
    return known


def _rows(
    batch_id: int, stations: dict[str, int], intervals: Sequence[IntervalRecord]
) -> list[dict[str, int | str | bytes | None]]:
    return [
        {
            "batch_id": batch_id,
            "position": position,
            "station_id": stations[record.station],
            "session": record.session,
            "ordinal": record.ordinal,
            "state": record.state,
            "category": record.category.value if record.category else None,
            "start_ms": record.start_ms,
            "duration_ns": record.duration_ns,
            "confidence": record.confidence,
            "cycle": record.cycle,
            "reason": record.reason,
        }
        for position, record in enumerate(intervals)
    ]

"""Erases what a batch holds: a device took it back, and it had reached the server before.

Its intervals become *not recorded*, one for each session and station and as long as they were together, as
in an outbox (`capture.outbox.purge`): times add up, and single lengths do not tell how work went. The batch
keeps its number and digest, so neither a replay nor a replacement brings anything back.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Row, delete, select, update

from productivity.states import NOT_RECORDED
from storage.sql.corrections import Sealed
from storage.sql.database import Database
from storage.sql.lookup import NoSuch
from storage.sql.records import UnknownDevice
from storage.sql.retention import Deletion, note
from storage.sql.tables import batch, device, interval, revision, site

ERASED = "intervals of a batch taken back"
"""What the note of the deletion calls them."""
REASON = "erased at the plant server"
_CERTAIN = 1000


def erase_batch(database: Database, device_name: str, boot: bytes, sequence: int, *, at_ms: int) -> int:
    """Erase the intervals of a batch and note it; return how many were erased, 0 if they were before.

    Raises `UnknownDevice`, `NoSuch` for a batch that is not here or has no intervals any more, and `Sealed`
    if the durations of any of them stand in the sealed data; nothing is changed then.
    """
    where = f"{device_name} {boot.hex()} {sequence}"
    with database.writing() as connection:
        sender = connection.execute(
            select(device.c.id, device.c.site_id, site.c.name)
            .join(site, site.c.id == device.c.site_id)
            .where(device.c.name == device_name)
        ).one_or_none()
        if sender is None:
            raise UnknownDevice
        batch_id = connection.execute(
            select(batch.c.id).where(
                batch.c.device_id == sender.id, batch.c.boot == boot, batch.c.sequence == sequence
            )
        ).scalar()
        if batch_id is None:
            raise NoSuch("no such batch", where=where, expected="device, boot and number as the device tells")
        # The rows are held until commit: neither a revision nor a seal comes in between.
        rows = connection.execute(
            select(interval)
            .where(interval.c.batch_id == batch_id)
            .order_by(interval.c.position)
            .with_for_update()
        ).all()
        if not rows:
            raise NoSuch("batch has no intervals any more", where=where, expected="one within its retention")
        if any(row.seal_id is not None for row in rows):
            raise Sealed(
                "batch is sealed",
                where=where,
                expected="one of a shift that is not sealed yet; sealed data go by retention only",
            )
        if all(row.state == NOT_RECORDED and row.reason == REASON for row in rows):
            return 0
        connection.execute(delete(revision).where(revision.c.batch_id == batch_id))
        _replace(connection, rows)
        note(connection, sender.site_id, [Deletion(sender.name, at_ms, ERASED, at_ms, len(rows))])
    return len(rows)


def _replace(connection: Connection, rows: Sequence[Row[tuple[object, ...]]]) -> None:
    """Let the first row of each session and station stand for the time of all of them."""
    firsts: dict[tuple[bytes, int], Row[tuple[object, ...]]] = {}
    lasted: dict[tuple[bytes, int], int] = {}
    for row in rows:
        place = row.session, row.station_id
        firsts.setdefault(place, row)
        lasted[place] = lasted.get(place, 0) + row.duration_ns
    kept = [first.position for first in firsts.values()]
    of_batch = interval.c.batch_id == rows[0].batch_id
    connection.execute(delete(interval).where(of_batch, interval.c.position.not_in(kept)))
    for place, first in firsts.items():
        connection.execute(
            update(interval)
            .where(of_batch, interval.c.position == first.position)
            .values(
                state=NOT_RECORDED,
                category=None,
                duration_ns=lasted[place],
                confidence=_CERTAIN,
                cycle=None,
                reason=REASON,
            )
        )

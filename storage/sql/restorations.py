"""What a restored backup lost, as far as it can be known.

Between the time of a backup and its restoration, devices were told that their batches are stored, and deleted
them. The restored tables do not hold them. Numbers below a later one of the same boot show as gaps; but a
device that began a new boot since never sends a later one. So its last boot before is told with an open end.
"""

from dataclasses import dataclass

from sqlalchemy import Select, case, func, select

from storage.sql.database import Database
from storage.sql.tables import batch, device, restoration


@dataclass(frozen=True, slots=True)
class LostSpan:
    """What was received between these times is lost; UTC milliseconds."""

    taken_ms: int
    restored_ms: int


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """Numbers of a boot of a device from `first` on may have been stored and lost; how many is not known."""

    device: str
    boot: bytes
    first: int


def lost_spans(database: Database) -> list[LostSpan]:
    """Return the spans that restorations lost, oldest first."""
    wanted = select(restoration.c.taken_ms, restoration.c.restored_ms).order_by(restoration.c.id)
    with database.reading() as connection:
        return [LostSpan(*row) for row in connection.execute(wanted)]


def open_ends(database: Database) -> list[OpenEnd]:
    """Return what may be missing at the end of boots: each device's last one before a restoration.

    A device sends its oldest boot first, so earlier boots were complete by then, but for gaps. Once a later
    number of the same boot arrives, what is missing before it is a gap, and no open end.
    """
    found: dict[OpenEnd, None] = {}
    with database.snapshot() as connection:
        for row in connection.execute(select(restoration).order_by(restoration.c.id)).all():
            ends = connection.execute(_ends(row.last_batch, row.taken_ms))
            found.update((OpenEnd(end.name, end.boot, end.first), None) for end in ends)
    return list(found)


def _ends(last_batch: int, taken_ms: int) -> Select[tuple[str, bytes, int]]:
    kept = batch.c.id <= last_batch
    newest = func.row_number().over(partition_by=batch.c.device_id, order_by=batch.c.id.desc())
    ranked = select(batch.c.device_id, batch.c.boot, newest.label("rank")).where(kept).subquery()
    known, highest = func.max(case((kept, batch.c.sequence))), func.max(batch.c.sequence)
    return (
        select(device.c.name, batch.c.boot, (known + 1).label("first"))
        .join_from(batch, device, device.c.id == batch.c.device_id)
        .join(ranked, (ranked.c.device_id == batch.c.device_id) & (ranked.c.boot == batch.c.boot))
        .where(ranked.c.rank == 1, device.c.retired_ms.is_(None) | (device.c.retired_ms > taken_ms))
        .group_by(device.c.name, batch.c.boot)
        .having(known == highest)
        .order_by(device.c.name)
    )

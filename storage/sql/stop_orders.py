"""Stop orders that the works council deposited: each is given out once, whoever asks at the same moment.

What a stop order is, and whether one still stops anything, is `consent.site.stop_orders`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select, update

from consent.site.stop_orders import StopOrder
from storage.sql.database import Database
from storage.sql.dialects import insert_new
from storage.sql.tables import stop_order


@dataclass(frozen=True, slots=True)
class Deposited:
    """A stop order as it was deposited."""

    id: int
    note: str


def deposit(database: Database, orders: Iterable[StopOrder], at_ms: int) -> int:
    """Keep stop orders, all or none; return how many were not known yet. A used one stays used."""
    new = 0
    with database.writing() as connection:
        for order in orders:
            row = {
                "agreement": order.agreement,
                "note": order.note,
                "digest": bytes.fromhex(order.digest),
                "deposited_ms": at_ms,
            }
            new += insert_new(connection, stop_order, row) is not None
    return new


def take_next(database: Database, agreement: str, at_ms: int) -> Deposited | None:
    """Return the oldest unused stop order of an agreement, used from now on; None if there is none."""
    oldest = (
        select(stop_order.c.id)
        .where(stop_order.c.agreement == agreement, stop_order.c.used_ms.is_(None))
        .order_by(stop_order.c.id)
        .limit(1)
        # PostgreSQL: who asks at the same moment gets the next one. SQLite has one writer at a time.
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(stop_order)
        .where(stop_order.c.id == oldest, stop_order.c.used_ms.is_(None))
        .values(used_ms=at_ms)
        .returning(stop_order.c.id, stop_order.c.note)
    )
    with database.writing() as connection:
        row = connection.execute(taken).one_or_none()
    return None if row is None else Deposited(row.id, row.note)


def put_back(database: Database, order: Deposited) -> None:
    """Let a stop order be given out again: it could not be handed in."""
    with database.writing() as connection:
        connection.execute(update(stop_order).where(stop_order.c.id == order.id).values(used_ms=None))


def unused(database: Database, agreement: str) -> list[str]:
    """Return the notes of the unused stop orders of an agreement, oldest first."""
    mine = select(stop_order.c.note).where(
        stop_order.c.agreement == agreement, stop_order.c.used_ms.is_(None)
    )
    with database.reading() as connection:
        return list(connection.execute(mine.order_by(stop_order.c.id)).scalars())


def count_unused(database: Database, agreement: str) -> int:
    """Return how many unused stop orders of an agreement there are."""
    number = select(func.count()).where(stop_order.c.agreement == agreement, stop_order.c.used_ms.is_(None))
    with database.reading() as connection:
        return int(connection.execute(number).scalar_one())

"""When a site works: its shifts, as an imported or written calendar says."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.lookup import find_site
from storage.sql.plant import check_name, hold_site
from storage.sql.tables import shift

LONGEST_SHIFT_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift, in UTC milliseconds: [start_ms, end_ms)."""

    name: str
    start_ms: int
    end_ms: int


def shifts(database: Database, site_name: str, from_ms: int, to_ms: int) -> list[Shift]:
    """Return the site's shifts that lie in, or reach into, [from_ms, to_ms), by start. Raises `NoSuch`."""
    with database.reading() as connection:
        site_id = find_site(connection, site_name).id
        rows = connection.execute(
            select(shift)
            .where(shift.c.site_id == site_id, shift.c.end_ms > from_ms, shift.c.start_ms < to_ms)
            .order_by(shift.c.start_ms)
        ).all()
    return [Shift(row.name, row.start_ms, row.end_ms) for row in rows]


def replace_shifts(
    database: Database, site_name: str, from_ms: int, to_ms: int, new: Sequence[Shift]
) -> None:
    """Put these shifts in the place of all that begin in [from_ms, to_ms), in one transaction.

    Raises `NoSuch` for an unknown site. Raises `BadInput`, and changes nothing, for a shift that begins
    outside the span, lasts no time or more than a day, or begins when another does.
    """
    begun: set[int] = set()
    for one in new:
        check_name("shift", one.name)
        if not from_ms <= one.start_ms < to_ms:
            raise BadInput("shift begins outside the span that is replaced", where=one.name)
        if not 0 < one.end_ms - one.start_ms <= LONGEST_SHIFT_MS:
            raise BadInput("shift", where=one.name, expected="an end after its start, at most 24 hours later")
        if one.start_ms in begun:
            raise BadInput("two shifts begin at the same time", where=one.name)
        begun.add(one.start_ms)
    with database.writing() as connection:
        site_id = hold_site(connection, site_name)
        connection.execute(
            delete(shift).where(
                shift.c.site_id == site_id, shift.c.start_ms >= from_ms, shift.c.start_ms < to_ms
            )
        )
        if new:
            connection.execute(
                insert(shift),
                [
                    {"site_id": site_id, "name": one.name, "start_ms": one.start_ms, "end_ms": one.end_ms}
                    for one in new
                ],
            )

"""How often somebody failed to sign in with a name, and how long that name has to wait.

Names are counted whether or not anybody has them, so that waiting tells nothing about who has an account. An
attempt is counted before the password is looked at and forgiven afterwards: a hundred attempts at the same
moment are a hundred, not one.

NIST SP 800-63B-4 section 3.2.2: no more than 100 failures in a row, with a wait that grows.
"""

from sqlalchemy import Connection, and_, delete, or_, select, update

from storage.sql.database import Database
from storage.sql.dialects import insert_new
from storage.sql.tables import attempt

FREE = 5
"""Failures in a row that cost no waiting: what a mistyped or half-forgotten password needs."""
FIRST_WAIT_MS = 30_000
LONGEST_WAIT_MS = 3_600_000
MOST = 100
"""After as many in a row the password counts no more until it is set anew."""
FORGOTTEN_MS = 30 * 86_400_000
"""Without another failure for so long, nothing happened. Bounds the table, with the next figure."""
FORGOTTEN_EARLY_MS = 86_400_000
"""The same for names that need not wait."""
NEVER_MS = 2**62
_TIDIED = 1000


def wait_ms(failures: int) -> int | None:
    """Return how long a name waits after so many failures in a row; None: until the password is set anew."""
    if failures >= MOST:
        return None
    if failures < FREE:
        return 0
    return min(FIRST_WAIT_MS << (failures - FREE), LONGEST_WAIT_MS)


def begin(database: Database, digest: bytes, at_ms: int) -> int:
    """Count an attempt as failed until it is forgiven; return 0, or the milliseconds that it came too early.

    What comes too early is not counted: nobody makes another one's wait longer than it is.
    """
    with database.writing() as connection:
        _forget_old(connection, at_ms)
        insert_new(connection, attempt, {"digest": digest, "failures": 0, "last_ms": at_ms})
        known = connection.execute(select(attempt).where(attempt.c.digest == digest).with_for_update()).one()
        if known.locked_until_ms is not None and known.locked_until_ms > at_ms:
            return int(known.locked_until_ms - at_ms)
        failures = known.failures + 1
        wait = wait_ms(failures)
        values = {
            "failures": failures,
            "last_ms": at_ms,
            "locked_until_ms": NEVER_MS if wait is None else at_ms + wait if wait else None,
        }
        connection.execute(update(attempt).where(attempt.c.id == known.id).values(values))
    return 0


def forgive_one(database: Database, digest: bytes) -> None:
    """Take one attempt back: the password was right, and a second factor is still to come."""
    with database.writing() as connection:
        connection.execute(
            update(attempt)
            .where(attempt.c.digest == digest, attempt.c.failures > 0)
            .values(failures=attempt.c.failures - 1, locked_until_ms=None)
        )


def forgive(connection: Connection, digest: bytes) -> None:
    """Forget the failures of a name: somebody signed in, or its password was set anew."""
    connection.execute(delete(attempt).where(attempt.c.digest == digest))


def _forget_old(connection: Connection, at_ms: int) -> None:
    early = and_(attempt.c.last_ms < at_ms - FORGOTTEN_EARLY_MS, attempt.c.failures < FREE)
    old = select(attempt.c.id).where(or_(attempt.c.last_ms < at_ms - FORGOTTEN_MS, early))
    # Rows that another transaction is busy with are left to the next attempt: nobody waits to tidy up.
    unused = old.limit(_TIDIED).with_for_update(skip_locked=True)
    connection.execute(delete(attempt).where(attempt.c.id.in_(unused)))

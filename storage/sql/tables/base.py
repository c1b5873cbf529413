"""What all tables share: names of constraints, kinds of columns."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, MetaData

NAME_CHARACTERS = 200
"""Longest name of a site, station, device or state, and longest reason; what the wire allows."""

metadata = MetaData(
    naming_convention={  # a name for each constraint, so that later migrations can speak of it
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite numbers rows by itself only where the key's type is spelled INTEGER; there that has 64 bits too.
ID = BigInteger().with_variant(Integer, "sqlite")

DAY_MS = 86_400_000

LONG_NS = 3_600_000_000_000
"""An hour: few intervals last longer, and those have an index of their own."""


def day_of(at_ms: int) -> int:
    """Return the beginning of the day (UTC) that a time falls on.

    All that is kept of when something was received: who sends at once sends when an interval ends, and starts
    are rounded so that nobody can tell that to the minute.
    """
    return at_ms - at_ms % DAY_MS


def only_where(condition: ColumnElement[bool]) -> dict[str, Any]:
    """Return what makes an index hold only some rows, on both databases."""
    return {"sqlite_where": condition, "postgresql_where": condition}

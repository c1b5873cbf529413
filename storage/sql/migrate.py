"""Brings the tables to the newest version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from productivity.errors import BadInput

_LOCK = 0x6661_6972
"""Any number that no other program on the same PostgreSQL server uses for an advisory lock ("fair")."""


def migrate(connection: Connection, target: str = "head") -> None:
    """Upgrade within the caller's transaction, so that a failure leaves the old version whole.

    Raises `BadInput` if the tables are of a version that this program does not know.
    """
    if connection.dialect.name == "postgresql":  # two servers that start at the same moment
        # Whoever starts a server waits for another's migration, however long: until the transaction's end.
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    try:
        command.upgrade(configuration(connection), target)
    except CommandError:
        raise BadInput(
            "tables are of an unknown version",
            where="database",
            expected="one that this or an earlier version of fairtakt has made",
        ) from None


def version_of(connection: Connection) -> str | None:
    """Return the version of the tables; None if there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(version: str) -> bool:
    """Whether this program has steps to a version, and so from it to the newest one."""
    script = ScriptDirectory(str(Path(__file__).with_name("migrations")))
    return version in {step.revision for step in script.walk_revisions()}


def configuration(connection: Connection) -> Config:
    """Return what Alembic needs to know to work on this connection."""
    config = Config()
    here = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(here).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

"""The one statement that SQLite and PostgreSQL both have and SQL has not: insert unless it is there."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> int | None:
    """Insert a row and return its id; None, and nothing changed, if a unique constraint holds such a row.

    Where another transaction is about to commit such a row, PostgreSQL waits for its outcome.
    """
    return connection.execute(_statement(table, connection.dialect.name), row).scalar()


@cache
def _statement(table: Table, dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(table.c.id)

"""The one statement that SQLite and PostgreSQL both have and SQL has not: insert unless it is there."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> int | None:
    """Insert a row and return its id; None, and nothing changed, if a unique constraint holds such a row.

    Where another transaction is about to commit such a row, PostgreSQL waits for its outcome.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)
    return connection.execute(statement).scalar()

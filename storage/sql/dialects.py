"""What SQLite and PostgreSQL both have and SQL has not: insert unless it is there, or in its place."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> int | None:
    """Insert a row and return its id; None, and nothing changed, if a unique constraint holds such a row.

    Where another transaction is about to commit such a row, PostgreSQL waits for its outcome.
    """
    return connection.execute(_statement(table, connection.dialect.name), row).scalar()


def keep_newest(connection: Connection, table: Table, row: dict[str, Any], *, key: str, age: str) -> bool:
    """Insert a row, or put it in the place of the one with its `key` if its column `age` is greater.

    Returns whether it stands now; two transactions at the same time leave the newer one.
    """
    return connection.execute(_newest(table, connection.dialect.name, key, age), row).scalar() is not None


def put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; each takes the place of the one with the same primary key."""
    if rows:
        connection.execute(_replacing(table, connection.dialect.name), list(rows))


@cache
def _replacing(table: Table, dialect: str) -> Executable:
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    keys = [column.name for column in table.primary_key]
    changed = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


@cache
def _newest(table: Table, dialect: str, key: str, age: str) -> Executable:
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    new = statement.excluded
    changed = {column.name: new[column.name] for column in table.columns if column.name != key}
    return statement.on_conflict_do_update(
        index_elements=[key], set_=changed, where=new[age] > table.c[age]
    ).returning(table.c[key])


@cache
def _statement(table: Table, dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(table.c.id)

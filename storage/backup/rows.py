"""Rows of a table as Parquet, and back; of any version of the tables, as they are found in the database."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    null,
    select,
    text,
)

from productivity.errors import BadInput

PART_ROWS = 50_000
"""Rows of one part: some megabytes in memory, whatever the size of the table."""
_AT_ONCE = 2_000
_KINDS: tuple[tuple[type, pa.DataType], ...] = (
    (Boolean, pa.bool_()),
    (Integer, pa.int64()),
    (LargeBinary, pa.binary()),
    (Date, pa.date32()),
    (String, pa.string()),
)


def reflect(connection: Connection) -> list[Table]:
    """Return the tables that the database has, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return found.sorted_tables


def parts(connection: Connection, table: Table, blanked: tuple[str, ...] = ()) -> Iterator[tuple[bytes, int]]:
    """Yield Parquet files with the rows of a table in order of its key, and the number of rows in each."""
    schema = pa.schema([_field(column) for column in table.columns])
    wanted = [null().label(column.name) if column.name in blanked else column for column in table.columns]
    query = select(*wanted).order_by(*table.primary_key.columns)
    rows = connection.execution_options(yield_per=PART_ROWS).execute(query)
    for some in rows.partitions():
        arrays = [
            pa.array(values, kind) for values, kind in zip(zip(*some, strict=True), schema.types, strict=True)
        ]
        file = io.BytesIO()
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), file, compression="zstd")
        yield file.getvalue(), len(some)


def load(connection: Connection, table: Table, contents: Iterable[tuple[str, bytes]]) -> int:
    """Insert the rows of a table's parts, each given with its name; return how many there were."""
    loaded = 0
    parents = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    read: Iterable[list[dict[str, Any]]] = (_read(table, name, content) for name, content in contents)
    if parents:  # such tables are small: places of a plant
        read = [_parents_first(table, parents, [row for rows in read for row in rows])]
    for rows in read:
        for start in range(0, len(rows), _AT_ONCE):
            connection.execute(insert(table), rows[start : start + _AT_ONCE])
        loaded += len(rows)
    _number_on(connection, table)
    return loaded


def _field(column: Column[Any]) -> pa.Field:
    for kind, arrow in _KINDS:
        if isinstance(column.type, kind):
            return pa.field(column.name, arrow)
    raise NotImplementedError(f"column {column} is of a kind that backups do not know")


def _read(table: Table, name: str, content: bytes) -> list[dict[str, Any]]:
    try:
        found = pq.read_table(pa.BufferReader(content))
    except pa.ArrowException:
        raise BadInput("not a Parquet file", where=name) from None
    expected = pa.schema([_field(column) for column in table.columns])
    if not found.schema.equals(expected):
        raise BadInput(
            "columns do not fit",
            where=name,
            expected=", ".join(expected.names),
            found=", ".join(found.schema.names)[:200] or "none",
        )
    return list(found.to_pylist())


def _parents_first(table: Table, parents: list[str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    (key,) = table.primary_key.columns
    ordered: list[dict[str, Any]] = []
    known: set[Any] = {None}
    while rows:
        ready = [row for row in rows if all(row[parent] in known for parent in parents)]
        if not ready:
            raise BadInput(f"rows of {table.name} refer to each other in a circle, or to none")
        ordered += ready
        known.update(row[key.name] for row in ready)
        rows = [row for row in rows if row[key.name] not in known]
    return ordered


def _number_on(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number new rows after the restored ones; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if column.server_default is None:
            continue
        sequence = text("SELECT setval(pg_get_serial_sequence(:t, :c), greatest(:last, 1), :last > 0)")
        last = connection.execute(select(column).order_by(column.desc()).limit(1)).scalar() or 0
        connection.execute(sequence, {"t": table.name, "c": column.name, "last": last})

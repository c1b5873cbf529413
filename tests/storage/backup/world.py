"""A plant with rows in every table, whatever tables there are; and its rows as plain values."""

import hashlib
from datetime import date, timedelta

from sqlalchemy import Boolean, Date, Integer, LargeBinary, select

from storage.backup.contents import BLANKED, LEFT_OUT
from storage.sql.devices import add_code, enrol
from storage.sql.records import BatchRecord, IntervalRecord
from storage.sql.tables import metadata, seal

ROWS = 3
SECRET = "argon2-or-totp"  # noqa: S105
TAKEN_MS, RESTORED_MS = 1_795_240_800_000, 1_795_327_200_000


def fill(database, data):
    """Give every table some rows, and the data directory sealed files and a study."""
    with database.writing() as connection:
        for table in metadata.sorted_tables:
            rows = [_row(table, number) for number in range(1, ROWS + 1)]
            connection.execute(table.insert(), rows[::-1])  # the last place is the parent of the first
        for number in range(1, ROWS + 1):
            content = f"sealed {number}".encode()
            path = f"site=north/month=2026-11/{number}.parquet"
            (data / "sealed" / path).parent.mkdir(parents=True, exist_ok=True)
            (data / "sealed" / path).write_bytes(content)
            change = {"path": path, "digest": hashlib.sha256(content).digest()}
            connection.execute(seal.update().where(seal.c.id == number).values(change))
    (data / "studies" / "assembly" / "data").mkdir(parents=True)
    (data / "studies" / "assembly" / "study.yaml").write_text("title: Montage Straße\n", encoding="utf-8")
    (data / "studies" / "assembly" / "data" / "empty.csv").write_bytes(b"")


def _row(table, number):
    return {column.name: _value(table, column, number) for column in table.columns}


def _value(table, column, number):
    if column.foreign_keys:
        (key,) = column.foreign_keys
        if key.column.table is table:
            return None if number == ROWS else ROWS
        return number if key.column.name == "id" else _value(key.column.table, key.column, number)
    if column.nullable and number == (2 if isinstance(column.type, Integer) else ROWS):
        return None
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Integer):
        return number if column.primary_key or column.name == "number" else 2**15 - 1 - number
    if isinstance(column.type, LargeBinary):
        return bytes([number]) * min(column.type.length or 32, 32)
    if isinstance(column.type, Date):
        return date(2026, 3, 28) + timedelta(days=number)
    if table.name in LEFT_OUT or column.name in BLANKED.get(table.name, ()):
        return f"{SECRET}-{number}"
    return f"ü{number}"[: column.type.length or 9]


def dump(database):
    """Return the rows of every table, in order, as plain values."""
    with database.reading() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


def files(directory):
    """Return every file below a directory with its content, but for hidden ones such as locks."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not any(step.startswith(".") for step in path.relative_to(directory).parts)
    }


def enrolled(database, *devices):
    for name in devices:
        enrol(database, add_code(database, "north", "UTC", hours=1, at_ms=0), name, "a key", 1)


def batch(sequence, *, device="edge-1", boot=bytes(16), digest=None, size=4):
    intervals = tuple(
        IntervalRecord(bytes(16), sequence * size + n, "bench", "assembling", None, n, 1, 900, None, None)
        for n in range(size)
    )
    return BatchRecord(device, boot, sequence, digest or sequence.to_bytes(32), intervals)

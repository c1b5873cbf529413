"""Takes a backup of a plant server while it runs.

1. One snapshot of all tables: each batch is in it with all its intervals, or not at all.
2. Of the sealed data exactly the files that the snapshot's seals name, each held to the digest of its seal.
   Nobody writes or removes any from before the snapshot until all are copied.
3. The studies, file by file.
4. The manifest.
"""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, select

from productivity.errors import BadInput
from storage.backup.archive import Writer, new_archive
from storage.backup.contents import BLANKED, KEPT, LEFT_OUT
from storage.backup.manifest import SEALED, STUDIES, TABLES, Manifest
from storage.backup.rows import parts, reflect
from storage.sealed.directory import sealed_directory
from storage.sql.database import Database
from storage.sql.migrate import is_known, version_of

KEY = ".key"
"""Ending of keys; none belongs into a study, and none goes into a backup."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished backup. `sha256` is that of the whole file, `version` that of the tables."""

    taken_ms: int
    version: str
    rows: int
    files: int
    bytes: int
    sha256: str


def take_backup(database: Database, data: Path | None, target: Path, at_ms: int) -> Taken:
    """Write a backup into a new file. `data` holds `sealed/` and `studies/`; None if there is none.

    `at_ms` is the time before the snapshot: what is received later may not be in it. Raises `BadInput`.
    """
    with new_archive(target) as writer, _still(data), database.snapshot() as connection:
        version = _version(connection)
        tables = reflect(connection)
        rows = _tables(writer, connection, tables)
        _sealed(writer, connection, tables, data)
        if data is not None:
            _studies(writer, data / "studies")
        files = sum(stored.rows is None for stored in writer.files.values())
        manifest = Manifest(version=version, taken_ms=at_ms, left_out=_left_out(), files=writer.files)
        sha256 = writer.finish(manifest)
        return Taken(at_ms, version, rows, files, writer.bytes, sha256)


@contextmanager
def _still(data: Path | None) -> Iterator[None]:
    """Keep the sealed data as it is; who seals or deletes waits."""
    if data is None or not (data / "sealed").is_dir():
        yield
        return
    with sealed_directory(data / "sealed", writes=False):
        yield


def _version(connection: Connection) -> str:
    version = version_of(connection)
    if version is None:
        raise BadInput("database holds no plant server", where="database")
    if not is_known(version):
        raise BadInput(
            "tables are of a newer version",
            where="database",
            expected="a backup by the fairtakt that made them",
        )
    return version


def _left_out() -> dict[str, str]:
    columns = {
        f"{table}.{column}": "nobody may sign in by it" for table in BLANKED for column in BLANKED[table]
    }
    return {**LEFT_OUT, **columns, "keys": "they are kept apart from what they protect"}


def _tables(writer: Writer, connection: Connection, tables: list[Table]) -> int:
    total = 0
    for table in tables:
        if table.name in LEFT_OUT:
            continue
        if table.name not in KEPT:  # somebody else's, or forgotten: in doubt nothing leaves
            raise BadInput("table that is none of the plant server's", where="database", found=table.name)
        for number, (content, rows) in enumerate(parts(connection, table, BLANKED.get(table.name, ()))):
            name = f"{TABLES}{table.name}/{number:08d}.parquet"
            writer.add(name, io.BytesIO(content), len(content), rows)
            total += rows
    return total


def _sealed(writer: Writer, connection: Connection, tables: list[Table], data: Path | None) -> None:
    seal = next((table for table in tables if table.name == "seal"), None)
    if seal is None:  # a version of the tables before there were seals
        return
    for path, digest in connection.execute(select(seal.c.path, seal.c.digest).order_by(seal.c.path)):
        if data is None:
            raise BadInput("there is sealed data", expected="--data, the directory that holds it")
        stored = _file(writer, SEALED + path, data / "sealed" / path)
        if stored != digest.hex():
            raise BadInput("sealed file is damaged", where=str(data / "sealed" / path), expected=digest.hex())


def _studies(writer: Writer, directory: Path) -> None:
    for path in _walk(directory):
        _file(writer, STUDIES + path.relative_to(directory).as_posix(), path)


def _walk(directory: Path) -> Iterator[Path]:
    """Yield the files below a directory in order; hidden ones are half-written, keys belong elsewhere."""
    if not directory.is_dir():
        return
    for path in sorted(directory.iterdir()):
        if path.name.startswith(".") or path.suffix == KEY:
            continue
        kind = path.lstat().st_mode
        if stat.S_ISDIR(kind):
            yield from _walk(path)
        elif stat.S_ISREG(kind):
            yield path
        else:
            raise BadInput("neither file nor directory", where=str(path), expected="no links in studies")


def _file(writer: Writer, name: str, path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise BadInput(
            "file is gone", where=str(path), expected="nobody to delete while a backup is made"
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        return writer.add(name, file, os.fstat(descriptor).st_size).sha256

"""Makes a plant server from a backup: complete, or not at all.

1. Every file of the backup is compared with its SHA-256 before anything is touched.
2. The data directory's files are written beside their places.
3. In one transaction: the tables of the backup's version are made, filled, brought to the newest version,
   and what was lost in between is noted.
4. At the end of the transaction the files take their names.

Whatever fails before the commit leaves database and directory as they were; a SQLite file that was not there
is left without tables. Known hole: kill -9 between step 4 and the commit leaves the files under their names
and the database empty. Restoring again accepts files that are exactly those of the backup.
Where a connection to PostgreSQL breaks during the commit, nobody knows its outcome: restore into a new one.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError

from consent.durable import sync_directory
from productivity.errors import BadInput
from storage.backup.archive import Archive
from storage.backup.contents import BLANKED, LEFT_OUT
from storage.backup.manifest import DATA
from storage.backup.rows import load, reflect
from storage.sql.database import Database, fault_of
from storage.sql.migrate import is_known, migrate
from storage.sql.tables import account, batch, device, restoration

PARTS = ("sealed", "studies")
"""Directories of the data directory that a backup holds."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands in the target now. `version` is that of the tables in the backup."""

    taken_ms: int
    restored_ms: int
    version: str
    rows: int
    files: int
    accounts: int
    devices: int


def restore_backup(
    source: Path,
    address: str,
    data: Path | None,
    at_ms: int,
    *,
    sha256: str | None = None,
) -> Restored:
    """Fill an empty database, and an empty data directory, from a backup.

    `sha256` is what the whole file must have. Raises `BadInput`; then nothing has changed.
    """
    with Archive(source) as archive:
        manifest = archive.manifest
        if not is_known(manifest.version):
            raise BadInput(
                "backup of a newer fairtakt", where=str(source), found=f"tables {manifest.version}"
            )
        if at_ms < manifest.taken_ms:
            raise BadInput("backup is from the future", where=str(source), expected="a clock that is right")
        if manifest.data() and data is None:
            raise BadInput("backup holds files", where=str(source), expected="--data, a directory for them")
        archive.verify(sha256)
        counted: list[Restored] = []
        with _staged(archive, data) as place:

            def fill(connection: Connection) -> None:
                rows = _fill(connection, archive)
                _note(connection, manifest.taken_ms, at_ms)
                _close(connection, at_ms)
                counted.append(_count(connection, archive, rows, at_ms))
                place()

            Database(address, _telling(fill)).close()
        return counted[0]


def _fill(connection: Connection, archive: Archive) -> int:
    if inspect(connection).get_table_names():
        raise BadInput("database is not empty", where="database", expected="a new one")
    migrate(connection, archive.manifest.version)
    tables = {table.name: table for table in reflect(connection)}
    if strange := archive.manifest.tables() - tables.keys() | archive.manifest.tables() & LEFT_OUT.keys():
        raise BadInput("tables that do not belong into a backup", found=", ".join(sorted(strange))[:80])
    rows = 0
    for name, table in tables.items():
        if name in LEFT_OUT:
            continue
        parts = ((part, archive.read(part)) for part in archive.manifest.parts(name))
        rows += load(connection, table, parts)
        if blanked := BLANKED.get(name):  # whatever the file says
            connection.execute(update(table).values(dict.fromkeys(blanked)))
    expected = sum(stored.rows or 0 for stored in archive.manifest.files.values())
    if rows != expected:
        raise BadInput("backup has another number of rows", expected=str(expected), found=str(rows))
    migrate(connection)
    return rows


def _note(connection: Connection, taken_ms: int, at_ms: int) -> None:
    last = connection.execute(select(func.coalesce(func.max(batch.c.id), 0))).scalar_one()
    values = {"taken_ms": taken_ms, "restored_ms": at_ms, "last_batch": last}
    connection.execute(insert(restoration).values(values))


def _close(connection: Connection, at_ms: int) -> None:
    """Close accounts of an identity provider: others need an invitation before anybody can sign in."""
    provided = account.c.issuer.is_not(None) & account.c.disabled_ms.is_(None)
    connection.execute(update(account).where(provided).values(disabled_ms=at_ms))


def _count(connection: Connection, archive: Archive, rows: int, at_ms: int) -> Restored:
    manifest = archive.manifest
    accounts, devices = (
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (account, device)
    )
    return Restored(manifest.taken_ms, at_ms, manifest.version, rows, len(manifest.data()), accounts, devices)


def _telling(fill: Callable[[Connection], None]) -> Callable[[Connection], None]:
    """Tell a fault of the database while rows are stored as what it is."""

    def told(connection: Connection) -> None:
        try:
            fill(connection)
        except DBAPIError as error:
            raise BadInput("rows cannot be stored", where="database", found=fault_of(error)) from None

    return told


@contextmanager
def _staged(archive: Archive, data: Path | None) -> Iterator[Callable[[], None]]:
    """Write the files beside their places; give a function that puts them there. On an error all are gone."""
    if data is None:
        yield lambda: None
        return
    made = not data.exists()
    _make(data)
    staging = data / f".restore.{secrets.token_hex(4)}.partial"
    placed: list[Path] = []
    try:
        present = [part for part in PARTS if _is_there(archive, data, part)]
        _write(archive, staging, [part for part in PARTS if part not in present])

        def place() -> None:
            for part in PARTS:
                if (staging / part).exists():
                    if (data / part).exists():
                        (data / part).rmdir()  # empty, or this fails
                    (staging / part).rename(data / part)
                    placed.append(data / part)
            sync_directory(data)

        yield place
    except BaseException:
        for path in placed:
            shutil.rmtree(path, ignore_errors=True)
        shutil.rmtree(staging, ignore_errors=True)
        if made:
            shutil.rmtree(data, ignore_errors=True)
        raise
    shutil.rmtree(staging)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BadInput(f"directory cannot be made: {error.strerror}", where=str(directory)) from None


def _is_there(archive: Archive, data: Path, part: str) -> bool:
    """Whether an interrupted restore has put these files there already. Raises `BadInput` for any others."""
    directory = data / part
    if not directory.exists():
        return False
    if not directory.is_dir():
        raise BadInput("not a directory", where=str(directory))
    found = {
        path.relative_to(data).as_posix(): path
        for path in directory.rglob("*")
        if not path.is_dir() and not path.name.startswith(".")  # a lock, for example
    }
    if not found:
        if any(directory.iterdir()):
            raise BadInput("directory is not empty", where=str(directory))
        return False
    wanted = {
        name.removeprefix(DATA): archive.manifest.files[name].sha256
        for name in archive.manifest.data()
        if name.startswith(f"{DATA}{part}/")
    }
    if {name: _sha256(path) for name, path in found.items()} != wanted:
        raise BadInput("directory is not empty", where=str(directory), expected="none, or an empty one")
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(archive: Archive, staging: Path, parts: list[str]) -> None:
    staging.mkdir(mode=0o700)
    for name in archive.manifest.data():
        path = staging / name.removeprefix(DATA)
        if path.relative_to(staging).parts[0] not in parts:
            continue
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as file:
            for chunk in archive.chunks(name):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    for directory in sorted((path for path in staging.rglob("*") if path.is_dir()), reverse=True):
        sync_directory(directory)

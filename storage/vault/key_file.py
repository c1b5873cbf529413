"""Workers' private keys in a SQLite file of their own, and how they are shredded so that no byte stays.

    DIRECTORY/keys.db        0600, in a directory of 0700 that holds nothing else
    DIRECTORY/keys.db-wal    write-ahead log; empty after each shredding
    DIRECTORY/.lock          held during each call: several processes may use the file, one at a time

Where a deleted key would stay in SQLite, and what is done about it:

* in the freed part of a page: `secure_delete=ON` overwrites it;
* in pages that were split or merged earlier: of these SQLite promises nothing, so `VACUUM` writes every page
  anew (of 100 keys shredded among 400, none was found without it either, with SQLite 3.40);
* in the write-ahead log, which keeps old pages: `wal_checkpoint(TRUNCATE)`, then fsync, because SQLite does
  not sync a log that it has cut, and a power loss could bring its content back.

A rollback journal instead would hold the old page, key included, in a file that SQLite unlinks and does not
overwrite. The log is cut in the same way, so neither is better on a bare disk; the write-ahead log is what
the rest of fairtakt uses, and its content can be checked to be gone. `temp_store=MEMORY` keeps the copy that
`VACUUM` makes off the disk.

Shredding, each step durable before the next:

1. The row is marked and loses its private key. From here on nothing is unwrapped.
2. The file is written anew, its log cut.
3. What lies elsewhere is destroyed (`storage.vault.protection`).
4. Every file below the directory is read back; no eight bytes in a row of the key may stand in any. What to
   search for stays in memory until that has passed. A process that did not begin the shredding knows it no
   more, and could not tell a copy: it accepts no file but its own beside the keys.
5. The row becomes a tombstone: no second key is ever made for this record.

Opening finishes what a crash left between 1 and 5. An external store that does not answer then, or a file in
the way, does not keep the file from opening; that record stays `unfinished`, and shredding it again is the
way on.

Known holes: a power loss between the commit of a new key and its first use may leave a key that nothing was
sealed for; memory, swap and core dumps hold keys in use, and one whose shredding is not confirmed; flash
keeps old blocks; nobody looks for copies outside the directory. None of this is in backups.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from consent.durable import sync_directory
from consent.vault.keys import unwrap_with
from consent.vault.permit import Permit
from productivity.errors import BadInput
from storage.vault.protection import InFile, Protection

FILE = "keys.db"
WINDOW = 8
"""Bytes in a row that must not stand anywhere: by chance they would once in 2**64 places."""
_LOCK = ".lock"
_OURS = frozenset({FILE, f"{FILE}-wal", f"{FILE}-shm", _LOCK})

_LIVE, _SHREDDING, _SHREDDED = 0, 1, 2
_VERSION = 1
_WORKER_KEY = """
CREATE TABLE worker_key (
    record TEXT PRIMARY KEY, public BLOB NOT NULL, private BLOB, state INTEGER NOT NULL DEFAULT 0,
    CHECK (state IN (0, 1, 2)), CHECK ((private IS NULL) = (state != 0))
) STRICT
"""
_PROTECTION = "CREATE TABLE protection (name TEXT PRIMARY KEY) STRICT"
_RECORD = "0123456789abcdef"
_RECORD_LENGTH = 32
_NAMED = 3
"""Files that an error names at most."""
_WAIT_S = 30


class KeyFile:
    """Workers' keys (`consent.vault.keys.WorkerKeys`) in a file; a context manager. For several threads."""

    def __init__(self, directory: Path, protection: Protection | None = None) -> None:
        """Open, or create; finish what a crash left. `BadInput` if it is no key file, or cannot be used.

        The protection is closed with the file, and if the file cannot be opened.
        """
        self._directory = directory
        self._protection = protection or InFile()
        self._unconfirmed: dict[str, bytes] = {}
        """By record, as it stood in the file: what must be found nowhere before its shredding is done."""
        self._threads = threading.RLock()
        self._lock: int | None = None
        self._connection: sqlite3.Connection | None = None
        try:
            self._lock = _make(directory)
            with self._locked():
                self._connection = _open(directory / FILE, self._protection.name)
                self._opened = _identity(directory / FILE)
            self._finish()
        except BaseException:
            self.close()
            raise

    def create(self, record: str) -> bytes:
        """Make the record's key, unless there is one; return its public half."""
        _require_record(record)
        with self._alone():
            row = self._row(record)
            if row is not None:
                return _usable(row)[0]
            private = X25519PrivateKey.generate()
            public = private.public_key().public_bytes_raw()
            protected = self._protection.protect(record, private.private_bytes_raw())
            with self._transaction():
                self._execute(
                    "INSERT INTO worker_key (record, public, private) VALUES (?, ?, ?)",
                    (record, public, protected),
                )
            return public

    def public(self, record: str) -> bytes:
        """Return the public half; `BadInput` if there is no such key, or if it was shredded."""
        with self._alone():
            return _usable(self._row(record))[0]

    def unwrap(self, permit: Permit, wrapped: bytes) -> bytes:
        """Return the data key of the permitted segment; `BadInput` if it cannot be unwrapped here."""
        record = permit.label.record
        with self._alone():
            protected = _usable(self._row(record))[1]
            private = self._protection.reveal(record, protected)
        return unwrap_with(_private(private), permit, wrapped)

    def shred(self, record: str) -> None:
        """Destroy the record's key; when this returns, no byte of it stays (`WorkerKeys.shred`)."""
        _require_record(record)
        with self._alone():
            row = self._row(record)
            if row is None or row[2] == _SHREDDED:
                self._unconfirmed.pop(record, None)  # another process has confirmed it
                return
            if row[1] is not None:
                self._unconfirmed[record] = row[1]
            with self._transaction():
                self._execute(
                    "UPDATE worker_key SET private = NULL, state = ? WHERE record = ?", (_SHREDDING, record)
                )
            self._write_anew()
            self._protection.destroy(record)
            self._confirm(record)

    def known(self) -> frozenset[str]:
        """Return the records whose key is here and not wholly shredded."""
        with self._alone():
            return frozenset(self._records(_LIVE)) | frozenset(self._records(_SHREDDING))

    def unfinished(self) -> frozenset[str]:
        """Return the records whose shredding has begun and is not confirmed; shred them again."""
        with self._alone():
            return frozenset(self._records(_SHREDDING))

    def close(self) -> None:
        """Close the file and its protection, once; what is in it stays."""
        with self._threads:
            self._protection.close()
            if self._lock is not None:
                with self._locked():
                    if self._connection is not None:
                        self._connection.close()
                os.close(self._lock)
                self._lock = None

    def _finish(self) -> None:
        with self._alone():
            left = self._records(_SHREDDING)
            if left:
                self._write_anew()
            for record in left:
                try:
                    self._protection.destroy(record)
                    self._confirm(record)
                except BadInput:  # it stays unfinished, and nothing is unwrapped with it
                    continue

    def _write_anew(self) -> None:
        """Leave nothing in the file but what its rows hold, and nothing at all in its log."""
        with self._faults():
            self._execute("VACUUM")
            busy = self._execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:  # nobody else can be reading, unless with other software
            raise BadInput("somebody is reading the key file: its log cannot be emptied", where=self._where)
        for path in (self._path, self._path.with_name(f"{FILE}-wal")):
            _sync(path)
        sync_directory(self._directory)

    def _confirm(self, record: str) -> None:
        """Bury a record whose key is nowhere any more; `BadInput` if it is, or if nobody can tell."""
        secret = self._unconfirmed.get(record)
        if secret is None:
            self._require_nothing_else()
        else:
            self._read_back(secret)
        self._bury(record)
        self._unconfirmed.pop(record, None)

    def _require_nothing_else(self) -> None:
        strange = sorted(path.name for path in self._directory.iterdir() if path.name not in _OURS)
        if strange:
            raise BadInput(
                "a shredded key may still stand in a file beside the key file",
                expected=f"nothing in that directory but {FILE}, its log and its lock",
                found=", ".join(map(repr, strange[:_NAMED])) + (" and more" * (len(strange) > _NAMED)),
            )

    def _read_back(self, secret: bytes) -> None:
        windows = {secret[at : at + WINDOW] for at in range(len(secret) - WINDOW + 1)}
        for path in sorted(self._directory.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                if any(window in content for window in windows):
                    raise BadInput(
                        "a shredded key can still be read", where=str(path), expected="nothing of it"
                    )

    def _bury(self, record: str) -> None:
        with self._transaction():
            self._execute(
                "UPDATE worker_key SET state = ?, public = x'' WHERE record = ?", (_SHREDDED, record)
            )

    def _row(self, record: str) -> tuple[bytes, bytes | None, int] | None:
        with self._faults():
            found: tuple[bytes, bytes | None, int] | None = self._execute(
                "SELECT public, private, state FROM worker_key WHERE record = ?", (record,)
            ).fetchone()
        return found

    def _records(self, state: int) -> list[str]:
        with self._faults():
            rows = self._execute(
                "SELECT record FROM worker_key WHERE state = ? ORDER BY record", (state,)
            ).fetchall()
        return [record for (record,) in rows]

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        assert self._connection is not None  # noqa: S101  # for the type checker; `_locked` has looked
        return self._connection.execute(statement, values)

    @property
    def _path(self) -> Path:
        return self._directory / FILE

    @property
    def _where(self) -> str:
        return str(self._path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._locked():
            # What would be written now into a file that was moved away would be lost.
            if _identity(self._path) != self._opened:
                raise BadInput(
                    "key file was replaced", where=self._where, expected="the file that was opened"
                )
            yield

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other threads and processes out: none reads or checkpoints while another writes."""
        with self._threads:
            if self._lock is None:
                raise BadInput("key file is closed", where=self._where)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._lock, fcntl.LOCK_UN)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._faults():
            self._execute("BEGIN IMMEDIATE")
            try:
                yield
                self._execute("COMMIT")
            except BaseException:
                if self._connection is not None and self._connection.in_transaction:
                    self._execute("ROLLBACK")
                raise

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            fault = getattr(error, "sqlite_errorname", type(error).__name__)  # its text might hold values
            raise BadInput(f"key file cannot be used ({fault})", where=self._where) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _usable(row: tuple[bytes, bytes | None, int] | None) -> tuple[bytes, bytes]:
    if row is None:
        raise BadInput("no key for this consent record", expected="one that was created")
    public, protected, state = row
    if state != _LIVE or protected is None:
        raise BadInput("key was shredded", expected="a consent record that has a key")
    return public, protected


def _private(content: bytes) -> X25519PrivateKey:
    try:
        return X25519PrivateKey.from_private_bytes(content)
    except ValueError:
        raise BadInput("key is damaged", expected="32 bytes, X25519") from None


def _require_record(record: str) -> None:
    if len(record) != _RECORD_LENGTH or not set(record) <= set(_RECORD):
        raise BadInput("not a consent record", expected=f"{_RECORD_LENGTH} hexadecimal digits")


def _make(directory: Path) -> int:
    """Make the directory if need be; return its lock."""
    try:
        if not directory.is_dir():
            directory.mkdir(mode=0o700)
            sync_directory(directory.parent)
        return os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadInput(f"keys cannot be opened: {error.strerror}", where=str(directory)) from None


def _open(path: Path, protection: str) -> sqlite3.Connection:
    # The mode before the first byte: SQLite gives its log the mode of the file.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    if path.stat().st_mode & 0o077:
        raise BadInput("others can read the keys", where=str(path), expected="mode 0600")
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_WAIT_S)
    try:
        for pragma in ("secure_delete=ON", "temp_store=MEMORY", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        _create_or_check(connection, path, protection)
        sync_directory(path.parent)
    except sqlite3.Error:
        connection.close()
        raise BadInput("not a key file, or the disk is full", where=str(path)) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _create_or_check(connection: sqlite3.Connection, path: Path, protection: str) -> None:
    if connection.execute("PRAGMA secure_delete").fetchone()[0] != 1:
        raise BadInput("this SQLite cannot overwrite what it deletes", where=str(path))
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
        # One transaction: a crash leaves a file that is empty or complete.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_WORKER_KEY)
        connection.execute(_PROTECTION)
        connection.execute("INSERT INTO protection VALUES (?)", (protection,))
        connection.execute(f"PRAGMA user_version={_VERSION}")
        connection.execute("COMMIT")
    elif version != _VERSION:
        raise BadInput("format of the key file", where=str(path), expected=str(_VERSION), found=str(version))
    begun = [name for (name,) in connection.execute("SELECT name FROM protection")]
    if begun != [protection]:
        expected = " ".join(begun)
        raise BadInput(
            "keys are protected in another way", where=str(path), expected=expected, found=protection
        )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _sync(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:  # SQLite removes an empty log when the last connection closes
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

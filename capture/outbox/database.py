"""The file of an outbox: SQLite, written by one connection of one process.

Contract: when `transaction` has returned, its changes survive kill -9 and power loss (WAL with
synchronous=FULL syncs the log at each commit). Whatever it raises has changed nothing.

One connection only: SQLite before 3.51.3 can lose a commit when two connections write or checkpoint at the
same moment (the WAL-reset bug), and Python brings the SQLite of the operating system. A lock beside the file
keeps a second process out; readers (`capture.outbox.status`) cannot checkpoint. Decision 0014.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from productivity.errors import BadInput, FairtaktError

LEAST_BYTES = 4 * 1024 * 1024
"""Below this, the allowances leave too little for intervals."""

WAL_ALLOWANCE = 1024 * 1024
"""Bytes that the write-ahead log may take: it is checkpointed at 256 KiB, and one change adds less."""

RESERVE = 512 * 1024
"""Bytes kept free for numbering a batch, and for *buffer full*: a short row per session and station."""

_CHECKPOINT_PAGES = 64
_SCHEMA_VERSION = 2
_SCHEMA = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, station TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX entry_by_place ON entry (session, station, id);
CREATE TABLE batch (
    id INTEGER PRIMARY KEY, boot TEXT NOT NULL, sequence INTEGER NOT NULL, entries INTEGER NOT NULL,
    body BLOB NOT NULL, purged INTEGER NOT NULL DEFAULT 0, refused INTEGER, UNIQUE (boot, sequence)
) STRICT;
CREATE TABLE purge (
    id INTEGER PRIMARY KEY, session TEXT, station TEXT, since_ms INTEGER, resolution_ms INTEGER NOT NULL,
    why TEXT NOT NULL, first_ordinal INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
_FROM_1 = "ALTER TABLE purge ADD COLUMN first_ordinal INTEGER NOT NULL DEFAULT 0;"


class OutboxUnwritable(FairtaktError):
    """The disk takes nothing more, or fails. What was put before stays; this put changed nothing."""


class Database:
    """The connection, the lock that makes it the only one, and how much of the disk is used."""

    def __init__(self, path: Path, limit_bytes: int) -> None:
        """Open or create; `BadInput` if another process holds it, or the file is no outbox."""
        if limit_bytes < LEAST_BYTES:
            raise BadInput("size limit of the outbox", expected=f"at least {LEAST_BYTES} bytes")
        self.path = path
        self._threads = threading.RLock()
        self._held = _hold(path)
        try:
            self._page_limit = limit_bytes - WAL_ALLOWANCE
            self.connection = _open(path, self._page_limit)
        except BaseException:
            os.close(self._held)
            raise

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep the other threads out for several transactions."""
        with self._threads:
            yield

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to one thread; commit on success, undo everything otherwise."""
        with self._threads:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self.connection
                    self.connection.execute("COMMIT")
                except BaseException:
                    if self.connection.in_transaction:  # SQLite itself undoes some failures
                        self.connection.execute("ROLLBACK")
                    raise
            except sqlite3.DatabaseError as error:
                raise OutboxUnwritable(f"{self.path}: the outbox cannot be written: {error}") from None

    def room(self) -> bool:
        """Tell whether entries still fit, with the reserve untouched; inside a transaction."""
        pages, free, size = (
            self.connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return bool((pages - free) * size + RESERVE < self._page_limit)

    def forget_log(self) -> None:
        """Empty the write-ahead log, in which old content would stay; raises if a reader is in the way."""
        with self._threads:
            try:
                busy = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError as error:
                raise OutboxUnwritable(f"{self.path}: the outbox cannot be written: {error}") from None
        if busy:
            raise OutboxUnwritable(f"{self.path}: somebody is reading the outbox: its log cannot be emptied")

    def close(self) -> None:
        """Close the file and let others have it; what is in it stays."""
        with self._threads:
            self.connection.close()
            os.close(self._held)


def _hold(path: Path) -> int:
    """Take the lock that makes this process the only one; the kernel drops it when the process ends."""
    try:
        held = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput("no such directory", where=str(path.parent)) from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise BadInput(
            "the outbox is in use by another process", where=str(path), expected="one recorder or sender"
        ) from None
    return held


def _open(path: Path, page_limit: int) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))  # nobody else's to read
    # The threads of one process share the connection, one at a time (`transaction`).
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    try:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",  # what is deleted is overwritten, free pages included
            "temp_store=MEMORY",
            f"wal_autocheckpoint={_CHECKPOINT_PAGES}",
            f"journal_size_limit={WAL_ALLOWANCE}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={page_limit // size}")
        _create_or_check(connection, path)
        _sync_directory(path.parent)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise BadInput(str(error), where=str(path), expected="an outbox, or a disk with room") from None
    except BaseException:
        connection.close()
        raise
    return connection


def _create_or_check(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
        # One transaction: a crash leaves a file that is empty or complete.
        connection.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version={_SCHEMA_VERSION};COMMIT;")
    elif version == 1:
        connection.executescript(f"BEGIN;{_FROM_1}PRAGMA user_version={_SCHEMA_VERSION};COMMIT;")
    elif version != _SCHEMA_VERSION:
        expected = f"1 or {_SCHEMA_VERSION}"
        raise BadInput("format of the outbox", where=str(path), expected=expected, found=str(version))


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

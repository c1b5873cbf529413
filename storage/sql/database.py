"""Opens the database and hands out transactions. What `writing` has committed survives a power loss.

SQLite: write-ahead log with `synchronous=FULL`, one connection that writes, and others that cannot. Before
3.51.3 SQLite could corrupt the log when two connections wrote or checkpointed at the same instant (the
WAL-reset bug). So each write, and the checkpoint when the writer closes, holds a lock on a file beside the
database: the server and `fairtakt device code` may run at the same time.

PostgreSQL: `synchronous_commit` is on for our connections, whatever the server's default is. A server that
drops packets ends a statement after half a minute, and so does a lock that is not given up; what address,
role or database set stands. Statements have no limit: migration, backup and retention may take long.

`snapshot` sees one state of all tables for as long as it is open, while others write: a backup is made of it.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from productivity.errors import BadInput, FairtaktError
from storage.sql.migrate import migrate

EXPECTED = "sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
_WAIT_S = 30
"""Seconds that a transaction waits for its turn."""
_READERS = 4
_TURN_S = 0.005
"""How often SQLite's lock is asked for: `flock` itself waits without end."""
_ANSWERS = {
    "connect_timeout": 10,  # seconds
    "tcp_user_timeout": _WAIT_S * 1000,  # milliseconds until what was sent must be acknowledged
    "keepalives_idle": 10,  # seconds of silence until a waiting connection asks whether the other side lives
    "keepalives_interval": 5,
}
"""How long a connection to PostgreSQL waits for a network that is silent; names and meanings are libpq's."""


class DatabaseBusy(FairtaktError):
    """Somebody else wrote for so long that nothing was begun; try again."""

    def __init__(self) -> None:
        super().__init__(f"database: another process writes: expected a turn within {_WAIT_S} s")


class Database:
    """An open database at the newest version of the tables; a context manager.

    `prepare` is what the first transaction does instead of bringing the tables to the newest version; with
    None the database must be there, and stays as it is. Raises `BadInput` when it cannot be opened. The
    address may hold a password, so no text repeats it.
    """

    def __init__(self, address: str, prepare: Callable[[Connection], None] | None = migrate) -> None:
        url = _parse(address)
        self._lock: int | None = None
        if url.get_backend_name() == "sqlite":
            self._writer, self._reader, self._lock = _open_sqlite(url, new=prepare is not None)
        else:
            self._writer = self._reader = _postgresql(url)
        try:
            if prepare is None:
                check_ready(self)
            else:
                with self.writing() as connection:
                    prepare(connection)
        except DBAPIError as error:
            self.close()
            raise BadInput(
                f"database cannot be used ({fault_of(error)})", where="database", expected=EXPECTED
            ) from None
        except BaseException:
            self.close()
            raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that is committed, durably, on leaving, and rolled back on an error.

        Raises `DatabaseBusy`, or what the driver raises, if there is no turn in time.
        """
        with self._writer.connect() as connection, self._locked(), connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees what was committed."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection that sees all tables as they are at its first statement, and cannot write.

        While it is open, SQLite's write-ahead log grows by what others write.
        """
        if self._reader is self._writer:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            with self._reader.connect().execution_options(**options) as connection, connection.begin():
                yield connection
            return
        with self._reader.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    def empty_log(self) -> bool:
        """Empty SQLite's write-ahead log, in which deleted rows still stand; PostgreSQL recycles its own.

        Returns whether it is empty now. It is not while somebody reads an earlier state: try again later.
        """
        if self._lock is None:
            return True
        connection = self._writer.raw_connection()
        try:
            with self._locked():
                cursor = connection.cursor()
                # A second for those who read to finish: meanwhile nobody writes.
                cursor.execute("PRAGMA busy_timeout=1000")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                answer = cursor.fetchone()
                cursor.execute(f"PRAGMA busy_timeout={_WAIT_S * 1000}")
                cursor.close()
        finally:
            connection.close()
        return answer is not None and answer[0] == 0

    def close(self) -> None:
        """Close all connections."""
        if self._reader is not self._writer:
            self._reader.dispose()
        with self._locked():
            self._writer.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # Threads of this process are kept apart by the pool, which holds one writer.
        if self._lock is None:
            yield
            return
        deadline = time.monotonic() + _WAIT_S
        while not _is_taken(self._lock):
            if time.monotonic() >= deadline:
                raise DatabaseBusy
            time.sleep(_TURN_S)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise BadInput("not a database address", where="database", expected=EXPECTED) from None
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise BadInput("unknown kind of database", where="database", expected=EXPECTED, found=url.drivername)
    if url.drivername == "sqlite" and (url.database in {None, "", ":memory:"} or url.query):
        raise BadInput("not a file", where="database", expected="sqlite:///FILE")
    return url


def _open_sqlite(url: URL, *, new: bool) -> tuple[Engine, Engine, int]:
    path = Path(str(url.database)).resolve()
    if not new and not path.is_file():
        raise BadInput("no such database", where=str(path))
    try:
        lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadInput(f"database cannot be opened: {error.strerror}", where=str(path)) from None
    writer = _sqlite_engine(path, "rwc", 1)
    event.listen(writer, "connect", _make_durable)
    # The transaction takes the write lock at its start: one that reads first cannot fail half-way.
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return writer, _sqlite_engine(path, "ro", _READERS), lock


def _sqlite_engine(path: Path, mode: str, connections: int) -> Engine:
    address = URL.create("sqlite", database=path.as_uri(), query={"mode": mode, "uri": "true"})
    return create_engine(
        address,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_WAIT_S,
        hide_parameters=True,
        connect_args={"timeout": _WAIT_S, "check_same_thread": False, "isolation_level": None},
    )


def _make_durable(connection: DBAPIConnection, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        _run(connection, f"PRAGMA {pragma}")


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=_WAIT_S,
        hide_parameters=True,
        # Whatever the server's default is: who waited for a lock must see what was written meanwhile.
        isolation_level="READ COMMITTED",
        connect_args={name: value for name, value in _ANSWERS.items() if name not in url.query},
    )
    event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: DBAPIConnection, _record: object) -> None:
    _run(connection, "SET synchronous_commit = on")
    # Asked for here and not in the address, so that a limit that somebody set is seen, wherever it was set.
    limit = f"set_config('lock_timeout', '{_WAIT_S}s', false)"
    _run(connection, f"SELECT {limit} WHERE current_setting('lock_timeout') = '0'")
    connection.commit()


def _run(connection: DBAPIConnection, statement: str) -> None:
    cursor = connection.cursor()
    cursor.execute(statement)
    cursor.close()


def fault_of(error: DBAPIError) -> str:
    """Return what kind of fault it is, such as SQLITE_FULL or 53100; its text might hold values."""
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return str(code or type(error.orig).__name__)


def check_ready(database: Database) -> None:
    """Ask the database for something; raises `DBAPIError` when it does not answer."""
    with database.reading() as connection:
        connection.execute(text("SELECT 1"))

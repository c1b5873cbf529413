"""Opening, durability, and who may write."""

import fcntl
import multiprocessing
import threading

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from productivity.errors import BadInput
from storage.sql.database import Database, DatabaseBusy, check_ready, fault_of
from storage.sql.migrate import migrate
from storage.sql.tables import site

LIMITS = ("lock", "statement")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("plant.db", "not a database address"),
        ("sqlite://", "not a file"),
        ("sqlite:///:memory:", "not a file"),
        ("sqlite:///x.db?mode=memory", "not a file"),
        ("mysql://u:hunter2@h/n", "database"),
        ("oracle+nosuch://u:hunter2@h/n", "database"),
        ("sqlite:////nowhere/at/all/x.db", "cannot be opened"),
        ("postgresql+psycopg://u:hunter2@127.0.0.1:1/n", "cannot be used"),
    ],
)
def test_what_is_no_database_is_refused_without_repeating_a_password(address, says):
    with pytest.raises(BadInput, match=says) as refused:
        Database(address)
    assert "hunter2" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused_and_stays(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("not a database, but long enough to be looked at " * 40)
    before = file.read_bytes()
    with pytest.raises(BadInput, match="cannot be used"):
        Database(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_commits_are_durable(database):
    with database.writing() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
            assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        else:
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_an_error_rolls_back(database):
    def half():
        with database.writing() as connection:
            connection.execute(site.insert().values(name="north", time_zone="UTC"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(site)).scalar() == 0


def test_sqlite_readers_cannot_write(tmp_path):
    with (
        Database(f"sqlite:///{tmp_path}/plant.db") as database,
        database.reading() as connection,
        pytest.raises(OperationalError, match="readonly"),
    ):
        connection.execute(site.insert().values(name="north", time_zone="UTC"))


def test_texts_of_database_errors_hold_no_values(database):
    with database.writing() as connection:
        connection.execute(site.insert().values(name="north", time_zone="UTC"))
    with pytest.raises(Exception, match="hide_parameters") as error, database.writing() as connection:
        connection.execute(site.insert().values(name="north", time_zone="secret-value"))
    assert "secret-value" not in str(error.value)


def test_a_ready_database_answers(database):
    check_ready(database)


def _write_many(address, name, count):
    with Database(address) as database:
        for number in range(count):
            with database.writing() as connection:
                connection.execute(site.insert().values(name=f"{name}{number}", time_zone="UTC"))


def test_processes_and_threads_that_write_take_turns(address):
    """Two processes of two threads each: every row arrives, and the file stays whole."""
    Database(address).close()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_many, args=(address, f"p{n}-", 60)) for n in range(2)]
    workers += [threading.Thread(target=_write_many, args=(address, f"t{n}-", 60)) for n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with Database(address) as database, database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(site)).scalar() == 240
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_sqlite_writers_hold_the_lock_beside_the_database(tmp_path):
    """The database's own lock is not enough: checkpoints of SQLite before 3.51.3 need more."""

    def is_free():
        with (tmp_path / "plant.db.lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        assert is_free()
        with database.writing():
            assert not is_free()
        with database.reading():
            assert is_free()
    assert is_free()


def test_a_file_that_others_lock_for_too_long_is_told_and_nothing_is_written(tmp_path, monkeypatch):
    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        monkeypatch.setattr("storage.sql.database._WAIT_S", 0)
        with (tmp_path / "plant.db.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(DatabaseBusy, match="another process writes"), database.writing():
                pytest.fail("no turn")
        with database.writing() as connection:
            connection.execute(site.insert().values(name="north", time_zone="UTC"))


def test_postgresql_that_does_not_answer_is_not_waited_for_without_end(postgresql):
    with Database(postgresql.new()) as opened, opened.reading() as connection:
        told = connection.connection.dbapi_connection.info.get_parameters()
        shown = [connection.execute(text(f"SHOW {name}_timeout")).scalar_one() for name in LIMITS]
    assert (told["connect_timeout"], told["tcp_user_timeout"], told["keepalives_idle"]) == (
        "10",
        "30000",
        "10",
    )
    assert shown == ["30s", "0"]  # a long statement is no fault


def test_limits_that_somebody_set_stand(postgresql):
    address = postgresql.new()
    limits = "&connect_timeout=3&tcp_user_timeout=4000&options=-c lock_timeout=5s"
    with Database(address + limits) as opened, opened.reading() as connection:
        told = connection.connection.dbapi_connection.info.get_parameters()
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "5s"
    assert (told["connect_timeout"], told["tcp_user_timeout"]) == ("3", "4000")
    with Database(address) as opened, opened.writing() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET lock_timeout = '7s'"))
    with Database(address) as opened, opened.reading() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "7s"


def test_a_lock_of_postgresql_that_is_not_given_up_ends_the_wait(postgresql):
    address = f"{postgresql.new()}&options=-c lock_timeout=50"
    with Database(address) as first, Database(address) as second:
        with first.writing() as connection:
            connection.execute(site.insert().values(id=1, name="north", time_zone="UTC"))
        change = site.update().values(name="south")
        with first.writing() as holds:
            holds.execute(change)
            with pytest.raises(OperationalError) as waited, second.writing() as waits:
                waits.execute(change)
    assert fault_of(waited.value) == "55P03"  # lock_not_available


def test_a_migration_waits_for_another_one_however_long(postgresql):
    with Database(postgresql.new()) as opened, opened.writing() as connection:
        migrate(connection)
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "0"


def test_who_waited_for_a_lock_sees_what_was_written_whatever_the_servers_default(postgresql):
    address = postgresql.new()
    with Database(address) as opened, opened.writing() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(
            text(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
        )
    with Database(address) as opened, opened.writing() as connection:
        assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"

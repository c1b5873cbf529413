"""What a backup gives back: everything but what somebody could sign in with."""

import io

import pytest
from pyarrow import parquet as pq
from sqlalchemy import insert, text

from storage.backup.archive import Archive
from storage.backup.contents import BLANKED, KEPT, LEFT_OUT
from storage.backup.restore import restore_backup
from storage.backup.take import take_backup
from storage.sql.batches import accept
from storage.sql.database import Database
from storage.sql.migrate import migrate
from storage.sql.records import Acceptance
from storage.sql.tables import account, batch, metadata
from tests.storage.backup import world


def test_each_table_is_kept_or_left_out_on_purpose():
    """Who adds a table decides here whether a backup holds it."""
    assert KEPT & LEFT_OUT.keys() == set()
    assert {*metadata.tables, "alembic_version"} == KEPT | LEFT_OUT.keys()
    for table, columns in BLANKED.items():
        assert set(columns) <= set(metadata.tables[table].columns.keys())


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_rows_and_files_come_back_on_either_database(source, file, new_address, tmp_path, data, target):
    """SQLite to PostgreSQL and back: the same values, sixty-four bits, bytes, days, umlauts and nulls."""
    address = new_address(target)
    done = restore_backup(file, address, tmp_path / "new", world.RESTORED_MS)
    before = world.dump(source)
    with Database(address) as restored:
        after = world.dump(restored)
    for name in KEPT - {"account", "restoration"}:
        assert after[name] == before[name], name
        assert len(after[name]) == world.ROWS
    assert after["restoration"][-1][1:] == (world.TAKEN_MS, world.RESTORED_MS, world.ROWS)
    assert world.files(tmp_path / "new") == world.files(data)
    assert (done.rows, done.files) == (world.ROWS * len(KEPT), 5)
    assert (done.accounts, done.devices) == (world.ROWS, world.ROWS)


def test_nothing_that_somebody_signs_in_with_is_in_the_file(file):
    """Not even compressed: parts are read back and searched."""
    with Archive(file) as archive:
        assert archive.manifest.tables().isdisjoint(LEFT_OUT)
        for name in archive.manifest.files:
            if name.startswith("tables/"):
                table = pq.read_table(io.BytesIO(archive.read(name)))
                assert world.SECRET not in str(table.to_pydict())
        left_out = archive.manifest.left_out
    assert left_out.keys() >= {"login", "passkey", "account.password", "account.totp", "keys"}


def test_after_restoring_nobody_can_sign_in(file, new_address):
    address = new_address("sqlite")
    restore_backup(file, address, file.parent / "new", world.RESTORED_MS)
    with Database(address) as restored:
        rows = world.dump(restored)
        with restored.reading() as connection:
            accounts = connection.execute(account.select()).all()
    for name in ("login", "passkey", "invitation", "enrolment_code", "attempt"):
        assert rows[name] == []
    assert {(row.password, row.totp, row.totp_step) for row in accounts} == {(None, None, None)}
    closed = {row.id: row.disabled_ms for row in accounts}
    assert closed[2] == world.RESTORED_MS  # it was open, at an identity provider
    assert all(row.disabled_ms for row in accounts if row.issuer is not None)


def test_keys_and_half_written_files_stay_behind(source, data, tmp_path):
    (data / "studies" / "assembly" / "council.key").write_text("secret")
    (data / "studies" / ".new.ab12.partial").mkdir()
    (data / "studies" / ".new.ab12.partial" / "half").write_text("half")
    (data / "server.secret").write_text("secret")
    (data / "sealed" / "unnamed.parquet").write_text("no seal names it")
    take_backup(source, data, tmp_path / "b", world.TAKEN_MS)
    restore_backup(tmp_path / "b", f"sqlite:///{tmp_path}/t.db", tmp_path / "new", world.RESTORED_MS)
    restored = world.files(tmp_path / "new").keys()
    assert len(restored) == 5
    assert not any("secret" in name or ".key" in name or "half" in name for name in restored)


def test_new_rows_are_numbered_after_the_restored_ones(file, new_address, kind):
    address = new_address(kind)
    restore_backup(file, address, file.parent / "new", world.RESTORED_MS)
    with Database(address) as restored, restored.writing() as connection:
        added = connection.execute(insert(metadata.tables["site"]).values(name="south", time_zone="UTC"))
        assert added.inserted_primary_key == (world.ROWS + 1,)


def test_a_batch_of_the_backup_is_not_accepted_twice(new_address, kind, tmp_path):
    with Database(new_address(kind, "first")) as first:
        world.enrolled(first, "edge-1")
        assert accept(first, world.batch(0), 5) is Acceptance.STORED
        take_backup(first, None, tmp_path / "b", 10)
        assert accept(first, world.batch(1), 15) is Acceptance.STORED
    address = new_address(kind)
    restore_backup(tmp_path / "b", address, None, 20)
    with Database(address) as second:
        assert accept(second, world.batch(0), 25) is Acceptance.DUPLICATE
        assert accept(second, world.batch(0, digest=bytes(31) + b"x"), 25) is Acceptance.CONFLICT
        assert accept(second, world.batch(1), 25) is Acceptance.STORED


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_of_an_older_version_is_brought_to_the_newest(new_address, tmp_path, target):
    """Made by the program of version 0001: as its tables were, and none of the later ones."""

    def old(connection):
        migrate(connection, "0001")
        connection.execute(text("INSERT INTO site VALUES (7, 'north', 'UTC')"))
        connection.execute(text("INSERT INTO device VALUES (3, 7, 'edge-1', 'a key', 1)"))
        boot = "X'" + "ab" * 16 + "'" if connection.dialect.name == "sqlite" else "'\\x" + "ab" * 16 + "'"
        connection.execute(text(f"INSERT INTO batch VALUES (9, 3, {boot}, 5, {boot}, 6)"))  # noqa: S608

    with Database(new_address("sqlite", "old"), old) as database:
        assert take_backup(database, None, tmp_path / "b", 10).version == "0001"
    address = new_address(target)
    assert restore_backup(tmp_path / "b", address, None, 20).version == "0001"
    with Database(address) as database, database.reading() as connection:
        row = connection.execute(batch.select()).one()
    assert (row.id, row.boot, row.sequence) == (9, b"\xab" * 16, 5)

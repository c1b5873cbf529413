"""Keys that are forgotten are gone: no byte of them in any file, whatever was killed."""

import os
import secrets
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from consent.vault.keys import wrap
from consent.vault.permit import issue
from productivity.errors import BadInput
from storage.vault.key_file import FILE, WINDOW, KeyFile
from tests.consent.vault.vault_world import VaultWorld, label_of, motion, same

ROOT = Path(__file__).resolve().parents[3]


def record_of(number):
    return f"{number:032x}"


def private_of(keys, record):
    return keys._row(record)[1]


def files_with(secret, root):
    """Every file below a directory in which any eight bytes in a row of the secret stand."""
    windows = [secret[at : at + WINDOW] for at in range(len(secret) - WINDOW + 1)]
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and any(window in path.read_bytes() for window in windows)
    )


def unwrap(keys, record, data_key=b"d" * 32, public=None):
    label = label_of(motion(), record=record)
    return keys.unwrap(issue(label), wrap(data_key, public or keys.public(record), label))


def test_a_key_is_made_once(key_file):
    public = key_file.create(record_of(1))
    assert key_file.create(record_of(1)) == public == key_file.public(record_of(1))
    assert key_file.create(record_of(2)) != public
    assert unwrap(key_file, record_of(1)) == b"d" * 32
    assert key_file.known() == {record_of(1), record_of(2)}


def test_keys_outlive_the_process(data):
    with KeyFile(data / "vault") as keys:
        public = keys.create(record_of(1))
    with KeyFile(data / "vault") as keys:
        assert keys.public(record_of(1)) == public
        assert unwrap(keys, record_of(1)) == b"d" * 32


def test_one_records_key_opens_nothing_of_another(key_file):
    key_file.create(record_of(1))
    other = key_file.create(record_of(2))
    with pytest.raises(BadInput, match="wrapped key cannot be opened"):
        unwrap(key_file, record_of(1), public=other)


def test_what_was_shredded_is_gone_for_good(key_file):
    public = key_file.create(record_of(1))
    key_file.shred(record_of(1))
    key_file.shred(record_of(1))
    for attempt in (key_file.create, key_file.public, lambda record: unwrap(key_file, record, public=public)):
        with pytest.raises(BadInput, match="key was shredded"):
            attempt(record_of(1))
    assert key_file.known() == key_file.unfinished() == frozenset()


def test_what_never_was_is_no_error(key_file):
    key_file.shred(record_of(1))
    with pytest.raises(BadInput, match="no key for this consent record"):
        key_file.public(record_of(1))


@pytest.mark.parametrize("keys", [1, 2, 60, 400])
def test_no_eight_bytes_of_a_shredded_key_stay_in_any_file(data, key_file, keys):
    """Pages are split and merged by hundreds of keys; every third is shredded, in random order."""
    records = [secrets.token_hex(16) for _ in range(keys)]
    for record in records:
        key_file.create(record)
    privates = {record: private_of(key_file, record) for record in records}
    assert all(files_with(secret, data) for secret in list(privates.values())[:20])  # the search finds them
    gone = records[:: 3 if keys < 100 else 40]
    for record in gone:
        key_file.shred(record)
        assert files_with(privates[record], data) == []
    for record in gone:
        assert files_with(privates[record], data) == []
    left = [record for record in records if record not in gone]
    assert key_file.known() == set(left)
    for record in left[:20]:
        assert unwrap(key_file, record) == b"d" * 32


def test_nothing_stays_after_keys_are_added_and_shredded_in_turn(data, key_file):
    gone = []
    for number in range(40):
        key_file.create(record_of(number))
        if number % 2:
            gone.append(private_of(key_file, record_of(number - 1)))
            key_file.shred(record_of(number - 1))
    assert [files_with(secret, data) for secret in gone] == [[]] * len(gone)


def test_the_check_would_find_what_sqlite_leaves(data, key_file, monkeypatch):
    """Without writing the file anew, the log still holds the key; reading back refuses to call it done."""
    key_file.create(record_of(1))
    monkeypatch.setattr(key_file, "_write_anew", lambda: None)
    with pytest.raises(BadInput, match="can still be read"):
        key_file.shred(record_of(1))
    assert key_file.unfinished() == {record_of(1)}
    monkeypatch.undo()
    key_file.shred(record_of(1))
    assert key_file.known() == frozenset()


@pytest.mark.parametrize("place", [".", "old"], ids=["beside it", "in a directory beside it"])
def test_a_copy_beside_the_key_file_keeps_a_shredding_from_being_done(data, key_file, place):
    """Asked again and again, it is never called done as long as the copy holds the key."""
    key_file.create(record_of(1))
    key_file.create(record_of(2))
    (data / "vault" / place).mkdir(exist_ok=True)
    copy = data / "vault" / place / "keys.db.bak-wal"
    shutil.copy(data / "vault" / f"{FILE}-wal", copy)
    for _ in range(3):
        with pytest.raises(BadInput, match=r"keys\.db\.bak-wal: a shredded key can still be read"):
            key_file.shred(record_of(1))
    assert key_file.unfinished() == {record_of(1)}
    with pytest.raises(BadInput, match="key was shredded"):
        key_file.public(record_of(1))
    copy.write_bytes(b"another file is in nobody's way")
    key_file.shred(record_of(1))
    assert key_file.known() == {record_of(2)}


def test_after_a_restart_nothing_else_may_lie_there(data, key_file):
    """Nobody knows any more what to search for, so no file beside the keys can be told from a copy."""
    key_file.create(record_of(1))
    copy = data / "vault" / "keys.db.bak-wal"
    shutil.copy(data / "vault" / f"{FILE}-wal", copy)
    with pytest.raises(BadInput, match="can still be read"):
        key_file.shred(record_of(1))
    key_file.close()
    with KeyFile(data / "vault") as keys:
        assert keys.unfinished() == {record_of(1)}
        for _ in range(2):
            with pytest.raises(BadInput, match="beside the key file") as told:
                keys.shred(record_of(1))
            assert "'keys.db.bak-wal'" in str(told.value)
            assert str(data) not in str(told.value)
        keys.create(record_of(2))
        assert unwrap(keys, record_of(2)) == b"d" * 32
        copy.unlink()
        keys.shred(record_of(1))
        assert keys.known() == {record_of(2)}
    with KeyFile(data / "vault") as keys:
        assert keys.unfinished() == frozenset()


def test_another_process_finishes_what_one_could_not(data, key_file):
    key_file.create(record_of(1))
    copy = data / "vault" / "copy"
    shutil.copy(data / "vault" / f"{FILE}-wal", copy)
    with pytest.raises(BadInput, match="can still be read"):
        key_file.shred(record_of(1))
    copy.unlink()
    with KeyFile(data / "vault") as other:
        assert other.unfinished() == frozenset()
    key_file.shred(record_of(1))
    assert key_file.known() == frozenset()


def test_killed_at_every_step_of_a_shredding(data):
    """Either it had not begun and the key is whole, or it is finished when the file is opened next."""
    command = [sys.executable, str(Path(__file__).with_name("kill_shredder.py"))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    outcomes = []
    for step in range(1, 60):
        directory = data / str(step)
        done = subprocess.run(
            [*command, str(directory), str(step)],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        assert done.stdout, done.stderr
        secret, *rest = done.stdout.split()
        with KeyFile(directory) as keys:
            outcomes.append("ab" * 16 in keys.known())
            assert keys.unfinished() == frozenset()
            if not outcomes[-1]:
                with pytest.raises(BadInput, match="key was shredded"):
                    keys.public("ab" * 16)
                assert files_with(bytes.fromhex(secret), directory) == []
            assert len(keys.known()) == 40 + outcomes[-1]
            assert unwrap(keys, record_of(3)) == b"d" * 32
        shutil.rmtree(directory)
        if rest == ["done"]:
            break
    else:
        pytest.fail("the shredding never came to its end")
    assert True in outcomes
    assert False in outcomes
    # Once it has begun it is never taken back.
    assert outcomes == sorted(outcomes, reverse=True)


def test_nobody_else_can_read_the_file(data, key_file):
    key_file.create(record_of(1))
    for path in (data / "vault").iterdir():
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path.name
    assert stat.S_IMODE((data / "vault").stat().st_mode) == 0o700


def test_a_file_that_others_can_read_is_not_used(data):
    KeyFile(data / "vault").close()
    (data / "vault" / FILE).chmod(0o640)
    with pytest.raises(BadInput, match="others can read the keys"):
        KeyFile(data / "vault")


def _no_database(path):
    path.write_bytes(b"SQLite format 4\0" + bytes(4096))
    path.chmod(0o600)


def _another_database(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()
    path.chmod(0o600)


def _a_newer_one(path):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=9")
    connection.close()
    path.chmod(0o600)


FILES = {
    "no database": (_no_database, "not a key file"),
    "another database": (_another_database, "format of the key file"),
    "a newer one": (_a_newer_one, "format of the key file"),
}


@pytest.mark.parametrize("name", FILES)
def test_another_file_is_not_used(data, name):
    make, why = FILES[name]
    (data / "vault").mkdir()
    make(data / "vault" / FILE)
    with pytest.raises(BadInput, match=why):
        KeyFile(data / "vault")


@pytest.mark.parametrize("record", ["", "ab", "AB" * 16, "ab" * 17, "../" + "a" * 29])
def test_a_record_that_is_none(key_file, record):
    for attempt in (key_file.create, key_file.shred):
        with pytest.raises(BadInput, match="not a consent record"):
            attempt(record)


def test_a_file_that_was_moved_away_is_not_written(data, key_file):
    key_file.create(record_of(1))
    (data / "vault" / FILE).rename(data / "elsewhere.db")
    with pytest.raises(BadInput, match="key file was replaced"):
        key_file.create(record_of(2))
    (data / "elsewhere.db").rename(data / "vault" / FILE)
    key_file.create(record_of(2))


def test_two_processes_take_turns(data, key_file):
    """Two handles as two processes have them: what one shreds, the other cannot use any more."""
    with KeyFile(data / "vault") as other:
        public = key_file.create(record_of(1))
        assert other.public(record_of(1)) == public
        secret = private_of(key_file, record_of(1))
        other.shred(record_of(1))
        with pytest.raises(BadInput, match="key was shredded"):
            key_file.public(record_of(1))
        assert files_with(secret, data) == []


def test_many_threads_make_one_key(key_file):
    found = []
    threads = [threading.Thread(target=lambda: found.append(key_file.create(record_of(1)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_vault_on_disk_and_a_withdrawal(data, key_file, disk_vault: VaultWorld):
    """Two workers; one withdraws: nothing of that key in any file, and the other's motion still opens."""
    first, second = disk_vault.consents(0), disk_vault.consents(1)
    segments = [disk_vault.seals(first, motion(600, 1)), disk_vault.seals(second, motion(600, 2))]
    evidence = disk_vault.uses(*segments)
    assert same(disk_vault.vault.open(evidence, segments[0]), motion(600, 1))
    secret = private_of(key_file, first)
    disk_vault.withdraws(first)
    key_file.shred(first)
    assert files_with(secret, data) == []
    with pytest.raises(BadInput, match="consent is not in force"):
        disk_vault.vault.open(evidence, segments[0])
    assert same(disk_vault.vault.open(evidence, segments[1]), motion(600, 2))

"""Nothing of the vault comes back through a backup: no keys, no motion; and copies open nothing."""

import shutil

import pytest

from consent.vault.sealing import sealed_bytes
from productivity.errors import BadInput
from storage.backup.restore import PARTS, restore_backup
from storage.backup.take import take_backup
from storage.sql.database import Database
from storage.vault.key_file import KeyFile
from storage.vault.segments import Segments
from tests.consent.vault.vault_world import VaultWorld, motion, same
from tests.storage.vault.test_key_file import files_with, private_of

pytest.importorskip("alembic", reason="the extra server is not installed")

AT_MS = 1_795_240_800_000


@pytest.fixture
def backed_up(data, tmp_path, key_file, disk_vault):
    """A plant with motion; a backup of it; the segment, its evidence, its record and private key."""
    record = disk_vault.consents()
    segment = disk_vault.seals(record, motion(60))
    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        take_backup(database, data, tmp_path / "plant.backup", AT_MS)
    return record, segment, disk_vault.uses(segment), private_of(key_file, record)


def test_neither_keys_nor_motion_are_in_a_backup(backed_up, tmp_path, disk_vault):
    _, segment, _, secret = backed_up
    content = (tmp_path / "plant.backup").read_bytes()
    assert not any(secret[at : at + 8] in content for at in range(25))
    sealed = disk_vault.segments.get(segment)
    assert sealed.wrapped_key not in content
    assert sealed.content[:64] not in content
    assert segment.encode() not in content
    assert not {"vault", "motion"} & set(PARTS)


def test_backup_shred_restore_and_nothing_opens(backed_up, data, tmp_path, key_file, disk_vault):
    record, segment, evidence, secret = backed_up
    assert same(disk_vault.vault.open(evidence, segment), motion(60))
    key_file.shred(record)
    target = tmp_path / "restored"
    restore_backup(tmp_path / "plant.backup", f"sqlite:///{tmp_path}/restored.db", target, AT_MS + 1)
    assert files_with(secret, target) == []
    with KeyFile(target / "vault") as keys:
        restored = VaultWorld(keys, Segments(target / "motion"))
        restored.site, restored.book = disk_vault.site, disk_vault.book
        restored.vault._entries = disk_vault.book
        with pytest.raises(BadInput, match="no such segment"):
            restored.vault.open(evidence, segment)


def test_a_copy_of_sealed_files_is_nothing_after_the_shredding(backed_up, data, key_file, disk_vault):
    """Somebody's own copy of the segments, put back: the key is gone, whatever the files say."""
    record, segment, evidence, _ = backed_up
    sealed = sealed_bytes(disk_vault.segments.get(segment))
    shutil.copytree(data / "motion", data.parent / "copy")
    key_file.shred(record)
    disk_vault.segments.erase(segment)
    shutil.rmtree(data / "motion")
    shutil.copytree(data.parent / "copy", data / "motion")
    assert sealed_bytes(disk_vault.segments.get(segment)) == sealed
    with pytest.raises(BadInput, match="key was shredded"):
        disk_vault.vault.open(evidence, segment)


def test_a_copy_of_the_key_file_does_not_open_what_was_withdrawn(backed_up, data, key_file, disk_vault):
    """Made by root, past every backup: the log still says that consent has ended."""
    record, segment, evidence, _ = backed_up
    key_file.close()
    shutil.copytree(data / "vault", data.parent / "copied keys")
    with KeyFile(data / "vault") as keys:
        keys.shred(record)
    disk_vault.withdraws(record)
    with KeyFile(data.parent / "copied keys") as old:
        assert record in old.known()
        disk_vault.vault._keys = old
        with pytest.raises(BadInput, match="consent is not in force"):
            disk_vault.vault.open(evidence, segment)

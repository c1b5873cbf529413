"""Consent records at the plant: whole or not there, for this account alone, and gone when erased."""

import json
import os
import stat
from pathlib import Path

import pytest

from consent.grants.files import GrantFiles
from productivity.errors import BadInput

SALT = bytes(range(32))


@pytest.fixture
def kept(tmp_path, record):
    files = GrantFiles(tmp_path)
    files.keep(record, SALT)
    return files


def test_a_record_and_its_salt_come_back(kept, record):
    assert kept.read(record.record_id) == (record, SALT)


def test_only_this_account_may_read_it(kept, record):
    path = kept.path(record.record_id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_was_erased_is_gone(kept, record):
    kept.erase(record.record_id)
    assert list(kept.plant.rglob("*.json")) == []
    for act in (kept.read, kept.erase):
        with pytest.raises(BadInput, match="no such consent record here: expected one not erased"):
            act(record.record_id)


def test_a_record_that_came_to_nothing_is_replaced(kept, record):
    kept.keep(record, bytes(32))
    assert kept.read(record.record_id) == (record, bytes(32))


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_disk_that_fails_leaves_what_was_there(kept, record, monkeypatch, call):
    def fail(*arguments, **options):
        raise OSError(28, "No space left on device")

    if call == "write":
        monkeypatch.setattr("consent.grants.files.node_text", fail)
    elif call == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="No space left"):
        kept.keep(record, bytes(32))
    monkeypatch.undo()
    assert kept.read(record.record_id) == (record, SALT)
    assert [path.name for path in kept.path(record.record_id).parent.iterdir()] == [
        f"{record.record_id}.json"
    ]


def test_a_record_is_on_disk_before_it_has_its_name(kept, record, monkeypatch):
    """First the content, then its name, then the folder: a power loss leaves no torn record."""
    steps, sync, rename = [], os.fsync, Path.replace
    monkeypatch.setattr(
        os, "fsync", lambda one: (steps.append(Path(f"/proc/self/fd/{one}").readlink().name), sync(one))
    )
    monkeypatch.setattr(Path, "replace", lambda one, to: (steps.append("renamed"), rename(one, to)))
    kept.keep(record, SALT)
    assert steps[-3].startswith(f".{record.record_id}.json.")
    assert steps[-2:] == ["renamed", "grants"]
    kept.erase(record.record_id)
    assert steps[-1] == "grants"
    assert len(steps) == 5


def test_a_file_that_was_changed_is_refused(kept, record):
    path = kept.path(record.record_id)
    value = json.loads(path.read_text(encoding="utf-8"))
    for content, message in (
        (json.dumps(value), "JSON is not in canonical form"),
        (path.read_text(encoding="utf-8")[:-10], "not JSON"),
        (b"\xff", "not a consent record"),
    ):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(BadInput, match=message):
            kept.read(record.record_id)


def test_a_file_under_another_name_is_refused(kept, record):
    kept.path(record.record_id).rename(kept.path("0" * 32))
    with pytest.raises(BadInput, match="file holds another record than its name says"):
        kept.read("0" * 32)

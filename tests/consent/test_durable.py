"""Files that survive a power loss, or leave nothing."""

import os
import stat

import pytest

from consent import durable
from consent.durable import replace, write_new
from productivity.errors import BadInput


def test_a_new_file_has_its_content_and_its_mode(tmp_path):
    write_new(tmp_path / "key", b"secret", mode=0o600)
    assert (tmp_path / "key").read_bytes() == b"secret"
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_what_is_there_is_never_overwritten(tmp_path):
    (tmp_path / "key").write_bytes(b"old")
    with pytest.raises(BadInput, match="key: file exists: expected a new name"):
        write_new(tmp_path / "key", b"new")
    assert (tmp_path / "key").read_bytes() == b"old"


def test_a_directory_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match="nowhere: no such directory"):
        write_new(tmp_path / "nowhere" / "key", b"new")


def test_a_file_is_replaced_and_readable_by_others_whatever_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        replace(tmp_path / "act", b"one")
        replace(tmp_path / "act", b"two")
    finally:
        os.umask(before)
    assert (tmp_path / "act").read_bytes() == b"two"
    assert stat.S_IMODE((tmp_path / "act").stat().st_mode) == 0o644


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_disk_that_fails_leaves_nothing_new(tmp_path, monkeypatch, fails_at):
    calls = []

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) == fails_at:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(durable.os, "fsync", fsync)
    with pytest.raises(OSError, match="Input/output"):
        write_new(tmp_path / "key", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    (tmp_path / "act").write_bytes(b"old")
    monkeypatch.setattr(durable.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space"):
        replace(tmp_path / "act", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"act": b"old"}


def test_what_need_not_last_waits_for_no_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(durable.os, "fsync", lambda _: pytest.fail("the disk was waited for"))
    replace(tmp_path / "lease", b"10 s", durable=False)
    assert (tmp_path / "lease").read_bytes() == b"10 s"

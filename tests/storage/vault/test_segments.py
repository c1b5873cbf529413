"""Sealed segments as files: durable, listed without an index beside them, erased with their keys."""

import os
import stat
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from consent.vault.sealing import seal, sealed_bytes
from productivity.errors import BadInput
from storage.vault import segments
from storage.vault.segments import Segments
from tests.consent.vault.vault_world import label_of, motion

PUBLIC = X25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()


def sealed_of(number=0, poses=3, **changes):
    what = motion(poses, number)
    label = label_of(what, segment=f"{number:02x}" * 16, **changes)
    return seal(what, label, PUBLIC, os.urandom)


@pytest.fixture
def root(data):
    return data / "motion"


@pytest.fixture
def store(root):
    return Segments(root)


def test_what_is_kept_comes_back(root, store):
    sealed = sealed_of(7)
    store.put(sealed)
    store.put(sealed)
    assert store.get("07" * 16) == sealed == Segments(root).get("07" * 16)
    path = root / "07" / f"{'07' * 16}.sealed"
    assert path.read_bytes() == sealed_bytes(sealed)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_lists_and_hours(store):
    first, second = "b1" * 16, "b2" * 16
    store.put(sealed_of(3, 31, record=first))
    store.put(sealed_of(1, 11, record=first, station="packing bench"))
    store.put(sealed_of(2, 21, record=second))
    assert [label.segment[:2] for label in store.labels()] == ["01", "02", "03"]
    assert [label.segment[:2] for label in store.labels(record=first)] == ["01", "03"]
    assert [label.segment[:2] for label in store.labels(station="assembly bench")] == ["02", "03"]
    assert store.labels(record=second, station="packing bench") == []
    assert store.milliseconds_by_station() == {"assembly bench": 5000, "packing bench": 1000}


def test_two_handles_see_the_same(root, store):
    other = Segments(root)
    store.put(sealed_of(1))
    assert len(other.labels()) == 1
    other.erase("01" * 16)
    assert store.labels() == []


def test_what_is_erased_is_gone(root, store):
    store.put(sealed_of(1))
    store.put(sealed_of(2))
    store.erase("01" * 16)
    store.erase("01" * 16)
    with pytest.raises(BadInput, match="no such segment"):
        store.get("01" * 16)
    assert [label.segment[:2] for label in store.labels()] == ["02"]
    assert list((root / "01").iterdir()) == []


def test_erasing_overwrites_before_it_removes(root, store):
    """A second name for the same file shows what its blocks hold afterwards: no wrapped key, no content."""
    sealed = sealed_of(1)
    store.put(sealed)
    other = root.parent / "other name"
    os.link(root / "01" / f"{'01' * 16}.sealed", other)
    store.erase("01" * 16)
    assert other.read_bytes() == bytes(len(sealed_bytes(sealed)))


def test_a_segment_loses_its_name_for_good_before_its_content(root, store, monkeypatch):
    """Else a power loss could bring its name back, with zeros behind it."""
    store.put(sealed_of(1))
    steps = []
    for name in ("sync_directory", "_overwrite"):
        real = getattr(segments, name)
        monkeypatch.setattr(
            segments, name, lambda path, name=name, real=real: (steps.append((name, path.suffix)), real(path))
        )
    store.erase("01" * 16)
    assert [name for name, _ in steps] == ["sync_directory", "_overwrite", "sync_directory"]
    assert steps[1] != ("_overwrite", ".sealed")


class Killed(BaseException):
    """The process is dead."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["sync_directory", "_overwrite"])
def test_a_kill_while_a_segment_is_erased_hides_no_other(root, store, monkeypatch, step, after):
    """What is half erased has lost its name; the next opening overwrites and removes it."""
    for number in (1, 2):
        store.put(sealed_of(number))
    other = root.parent / "other name"
    os.link(root / "01" / f"{'01' * 16}.sealed", other)
    real = getattr(segments, step)

    def dies(path):
        if after:
            real(path)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(segments, step, dies)
        with pytest.raises(Killed):
            store.erase("01" * 16)
    assert [path.name for path in root.rglob("*.sealed")] == [f"{'02' * 16}.sealed"]
    opened = Segments(root)
    assert [label.segment[:2] for label in opened.labels()] == ["02"]
    assert opened.unreadable == 0
    assert list((root / "01").iterdir()) == []
    assert set(other.read_bytes()) == {0}


def test_erasing_goes_on_where_a_disk_failed(root, store, monkeypatch):
    store.put(sealed_of(1))

    def fails(_):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(segments, "_overwrite", fails)
        for _ in range(2):
            with pytest.raises(OSError, match="Input/output"):
                store.erase("01" * 16)
        assert Segments(root).labels() == []  # and the store can be opened all the same
    store.erase("01" * 16)
    assert list((root / "01").iterdir()) == []


def test_another_under_the_same_number_is_refused(store):
    sealed = sealed_of(1)
    store.put(sealed)
    with pytest.raises(BadInput, match="another segment has this number"):
        store.put(replace(sealed, content=sealed.content[::-1]))
    assert store.get("01" * 16) == sealed


def test_a_file_under_another_name_is_refused(root, store):
    store.put(sealed_of(1))
    (root / "02").mkdir()
    (root / "01" / f"{'01' * 16}.sealed").rename(root / "02" / f"{'02' * 16}.sealed")
    with pytest.raises(BadInput, match="not what its name says"):
        store.get("02" * 16)
    opened = Segments(root)
    assert (opened.labels(), opened.unreadable) == ([], 1)


DAMAGE = {
    "empty": (lambda content: b"", "not a sealed segment"),
    "zeros": (lambda content: bytes(len(content)), "not a sealed segment"),
    "cut off": (lambda content: content[:50], "cut off"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_is_named_and_hides_no_other(root, store, name):
    """Lists leave it out and count it; whoever wants this one is told."""
    damage, why = DAMAGE[name]
    for number in (1, 2):
        store.put(sealed_of(number))
    path = root / "01" / f"{'01' * 16}.sealed"
    path.write_bytes(damage(path.read_bytes()))
    assert [label.segment[:2] for label in store.labels()] == ["02"]
    assert store.unreadable == 1
    with pytest.raises(BadInput, match=why):
        store.get("01" * 16)
    store.erase("01" * 16)
    assert len(store.labels()) == 1
    assert store.unreadable == 0


def test_a_file_that_may_not_be_read_hides_no_other(root, store, monkeypatch):
    for number in (1, 2):
        store.put(sealed_of(number))
    real = type(root).open

    def refuses(path, *arguments, **named):
        if path.name.startswith("01"):
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **named)

    monkeypatch.setattr(type(root), "open", refuses)
    assert [label.segment[:2] for label in store.labels()] == ["02"]
    assert store.unreadable == 1


def test_leftovers_of_a_kill_are_removed_and_nothing_else(root, store):
    store.put(sealed_of(1))
    leftover = root / "01" / f".{'02' * 16}.sealed.{'ab' * 8}"
    stranger = root / "01" / ".somebody else's"
    for path in (leftover, stranger):
        path.write_bytes(b"half")
    other = root.parent / "other name"
    os.link(leftover, other)
    assert len(Segments(root).labels()) == 1
    assert not leftover.exists()
    assert other.read_bytes() == bytes(4)  # its wrapped key may have been written already
    assert stranger.exists()


def test_a_full_disk_leaves_nothing(root, store, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.put(sealed_of(1))
    assert store.labels() == []
    assert [path for path in root.rglob("*") if path.suffix == ".sealed"] == []
    store.put(sealed_of(1))


@pytest.mark.parametrize("segment", ["", "../../etc/passwd", "AB" * 16, "ab" * 17])
def test_no_number_leads_out_of_the_directory(store, segment):
    for attempt in (store.get, store.erase):
        with pytest.raises(BadInput, match="not a segment"):
            attempt(segment)

"""Nothing acknowledged is lost, and the log always verifies: kills, disk errors, and the order of fsyncs."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from consent.log import directory as files_of_the_log
from consent.log.directory import Directory, locked_directory
from consent.log.verify import verify_log
from consent.log.writer import LogWriter, create_log
from productivity.errors import BadInput

ROOT = Path(__file__).resolve().parents[3]
KILLS = 300


def test_three_hundred_kills_lose_nothing(tmp_path):
    command = [
        sys.executable,
        str(Path(__file__).with_name("kill_writer.py")),
        str(tmp_path),
        str(KILLS),
        "1",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["kills"] == KILLS
    # Otherwise the kills came while nothing was being written, and the test would show nothing.
    assert report["interrupted"] > KILLS // 20
    assert report["entries"] > 0


class Disk:
    """The calls that reach the disk, in `log`; the one numbered `fails_at` fails."""

    def __init__(self, monkeypatch, fails_at=None, error=errno.EIO):
        self.calls = 0
        self.fails_at = fails_at
        self.error = error
        self.log = []
        for name in ("open", "write", "fsync"):
            monkeypatch.setattr(files_of_the_log.os, name, self.watched(name, getattr(os, name)))
        monkeypatch.setattr(Path, "replace", self.watched("replace", Path.replace))

    def watched(self, name, real):
        def call(*arguments, **named):
            self.calls += 1
            target = arguments[0]
            if name in ("write", "fsync"):
                target = Path(f"/proc/self/fd/{target}").readlink()
            self.log.append((name, str(target)))
            if self.calls == self.fails_at:
                if name == "write":  # a full disk takes a part
                    real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                raise OSError(self.error, os.strerror(self.error))
            return real(*arguments, **named)

        return call


@pytest.fixture
def begun(tmp_path, signer_of, entries):
    """A log with a partial bundle of 250 entries; returns its signer and acknowledged checkpoint."""
    signer = signer_of("log.example")
    with locked_directory(tmp_path) as files:
        create_log(files, signer)
        acknowledged = LogWriter(files, signer).append(entries(0, 250))
    return signer, acknowledged.checkpoint


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC])
def test_every_call_to_the_disk_may_fail_once(tmp_path, begun, entries, monkeypatch, error):
    """The batch crosses a tile, so full and partial tiles on two levels are written."""
    signer, before = begun
    number = 0
    while True:
        number += 1
        with locked_directory(tmp_path) as files:
            writer = LogWriter(files, signer)
            size = writer.checkpoint.size
            with monkeypatch.context() as patch:
                disk = Disk(patch, fails_at=number, error=error)
                try:
                    acknowledged = writer.append(entries(size, size + 270))
                except OSError:
                    acknowledged = None
            if acknowledged:
                break
            with pytest.raises(BadInput, match="opened anew"):
                writer.append([b"more"])
        with locked_directory(tmp_path) as files:
            found = LogWriter(files, signer).checkpoint
        assert found.size in (size, size + 270)
        assert verify_log(Directory(tmp_path), signer.verifier, earlier=[before]) == found
        before = found
    assert disk.calls < number
    assert number > 15
    after = verify_log(Directory(tmp_path), signer.verifier, earlier=[before])
    assert after == acknowledged.checkpoint


def test_recovery_may_fail_too(tmp_path, begun, monkeypatch):
    signer, before = begun
    for number in range(1, 6):
        with locked_directory(tmp_path) as files, monkeypatch.context() as patch:
            Disk(patch, fails_at=number)
            with pytest.raises(OSError, match="error"):
                LogWriter(files, signer)
        assert verify_log(Directory(tmp_path), signer.verifier) == before


def test_a_checkpoint_never_precedes_what_it_tells_of(tmp_path, begun, entries, monkeypatch):
    """Every new file, and every directory above it, is fsynced before the rename; the rename afterwards."""
    signer, _ = begun
    with locked_directory(tmp_path) as files:
        writer = LogWriter(files, signer)
        with monkeypatch.context() as patch:
            disk = Disk(patch)
            writer.append(entries(250, 800))
    renamed = disk.log.index(("replace", str(tmp_path / "checkpoint.new")))
    written = {Path(target) for name, target in disk.log if name == "write"}
    synced = {Path(target) for name, target in disk.log[:renamed] if name == "fsync"}
    assert tmp_path / "tile" / "entries" / "002" in written
    assert written <= synced
    above = {parent for path in written for parent in path.parents if parent.is_relative_to(tmp_path)}
    assert above <= synced
    assert ("fsync", str(tmp_path)) in disk.log[renamed:]


def test_leftovers_of_an_interrupted_append_are_removed(tmp_path, begun):
    """A full tile beyond the end would be taken for ours by readers who prefer full tiles (C2SP)."""
    signer, checkpoint = begun
    stale = ["tile/0/000", "tile/entries/000", "tile/0/000.p/255", "tile/1/000.p/1", "tile/entries/001.p/7"]
    for path in stale:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"torn")
    with locked_directory(tmp_path) as files:
        assert LogWriter(files, signer).checkpoint == checkpoint
    assert [path for path in stale if (tmp_path / path).exists()] == []
    assert (tmp_path / "tile/0/000.p/250").exists()


class PowerLoss:
    """Names and contents that a power loss would take back: whatever no fsync has reached since."""

    def __init__(self, monkeypatch):
        self.names, self.contents = set(), set()
        self.fsyncs = 0
        real = {name: getattr(os, name) for name in ("open", "write", "fsync", "mkdir")}
        replace = Path.replace

        def opens(path, flags, *more):
            new = bool(flags & os.O_CREAT) and not Path(path).exists()
            descriptor = real["open"](path, flags, *more)
            if new:
                self.names.add(Path(path))
            return descriptor

        def writes(descriptor, content):
            self.contents.add(target(descriptor))
            return real["write"](descriptor, content)

        def syncs(descriptor):
            real["fsync"](descriptor)
            self.fsyncs += 1
            self.contents.discard(target(descriptor))
            self.names = {name for name in self.names if name.parent != target(descriptor)}

        def makes(path, *more):
            real["mkdir"](path, *more)
            self.names.add(Path(path))

        def replaces(path, new):
            replace(path, new)
            self.names.add(Path(new))
            return new

        def target(descriptor):
            return Path(f"/proc/self/fd/{descriptor}").readlink()

        for name, call in (("open", opens), ("write", writes), ("fsync", syncs), ("mkdir", makes)):
            monkeypatch.setattr(os, name, call)
        monkeypatch.setattr(Path, "replace", replaces)

    @property
    def at_risk(self):
        return {path for path in self.names | self.contents if path.exists() and path.suffix != ".lock"}


def test_a_power_loss_after_any_acknowledgement_takes_nothing_back(tmp_path, signer_of, entries, monkeypatch):
    """Directories come and go: with full tiles, and with what a failed append left beyond the end."""
    signer = signer_of("log.example")
    (tmp_path / "log").mkdir()
    with monkeypatch.context() as patch, locked_directory(tmp_path / "log") as files:
        disk = PowerLoss(patch)
        create_log(files, signer)
        assert disk.at_risk == set()
        writer = LogWriter(files, signer)
        for count in (*[1] * 20, 236, *[1] * 5, 300, 1, 700, *[1] * 3):
            size = writer.checkpoint.size
            before = disk.fsyncs
            writer.append(entries(size, size + count))
            assert disk.at_risk == set()
        assert disk.fsyncs - before == 6  # bundle, tile, their directories; checkpoint, its directory
        writer.append(entries(1265, 1280))
        patch.setattr(files, "replace", failing(OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(OSError, match="No space left"):
            writer.append(entries(1280, 1290))  # nothing but partial tiles, in new directories
        patch.setattr(files, "replace", type(files).replace.__get__(files))
        assert (tmp_path / "log" / "tile" / "entries" / "005.p").exists()
        writer = LogWriter(files, signer)
        assert not (tmp_path / "log" / "tile" / "entries" / "005.p").exists()
        writer.append(entries(1280, 1290))
        assert disk.at_risk == set()
    assert not (tmp_path / "log" / "tile" / "entries" / "000.p").exists()
    assert verify_log(Directory(tmp_path / "log"), signer.verifier).size == 1290


def failing(error):
    def fails(*_):
        raise error

    return fails

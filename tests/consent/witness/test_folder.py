"""The memory on disk: one holder at a time, old or new but never torn, remembered before it is answered."""

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from consent import durable
from consent.witness.folder import MemoryFolder
from consent.witness.memory import MemoryBusy
from consent.witness.witness import Witness
from productivity.errors import BadInput

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 100


@pytest.fixture
def on_disk(world, tmp_path):
    """The world's witness with a memory on disk."""
    world.folder = tmp_path
    world.witness = Witness(world.signer, [world.log.verifier], MemoryFolder(tmp_path), world.clock)
    return world


def test_what_was_written_is_read_by_the_next_holder(tmp_path):
    with MemoryFolder(tmp_path).held("log.example") as place:
        assert place.read() is None
        place.write(b"one")
        place.write(b"two")
    with MemoryFolder(tmp_path).held("log.example") as place:
        assert place.read() == b"two"
    with MemoryFolder(tmp_path).held("other.example") as place:
        assert place.read() is None


def test_a_memory_is_not_begun_by_a_mistyped_name(tmp_path):
    with pytest.raises(BadInput, match="nowhere: no such directory"):
        MemoryFolder(tmp_path / "nowhere")


def test_a_memory_that_is_gone_signs_nothing(on_disk):
    on_disk.ask("a", 0, 5)
    on_disk.folder.rename(on_disk.folder.with_name("unplugged"))
    assert on_disk.ask("a", 5, 300).status == 503
    on_disk.folder.with_name("unplugged").rename(on_disk.folder)
    assert on_disk.ask("a", 5, 300).status == 200


def test_a_file_that_no_note_can_be_signs_nothing(on_disk):
    on_disk.ask("a", 0, 5)
    (file,) = on_disk.folder.glob("*.note")
    with file.open("wb") as opened:
        opened.truncate(1 << 40)  # a hole: takes no room on the disk
    assert on_disk.ask("a", 5, 300).status == 503


def test_a_torn_file_beside_the_memory_is_ignored(on_disk):
    """What a power loss leaves in the middle of a write."""
    on_disk.ask("a", 0, 5)
    (file,) = on_disk.folder.glob("*.note")
    file.with_suffix(".new").write_bytes(file.read_bytes()[:40])
    assert on_disk.ask("a", 5, 300).status == 200


def test_a_holder_keeps_out_threads_and_lets_go_in_the_end(tmp_path):
    memory = MemoryFolder(tmp_path, patience_s=0.05)
    with memory.held("log.example"):
        with pytest.raises(MemoryBusy), memory.held("log.example"):
            pass
        with memory.held("other.example"):
            pass
    with memory.held("log.example"):
        pass


def test_threads_wait_for_each_other(tmp_path):
    memory, inside, most = MemoryFolder(tmp_path), [], []

    def work():
        for _ in range(20):
            with memory.held("log.example") as place:
                inside.append(1)
                most.append(len(inside))
                place.write(b"%d" % (int(place.read() or b"0") + 1))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    with memory.held("log.example") as place:
        assert place.read() == b"80"


class Disk:
    """The calls that reach the disk, in `log`; the one numbered `fails_at` fails."""

    def __init__(self, monkeypatch, fails_at=None):
        self.log, self.fails_at = [], fails_at
        monkeypatch.setattr(durable.os, "fsync", self.watched("fsync", os.fsync))
        monkeypatch.setattr(Path, "replace", self.watched("replace", Path.replace))

    def watched(self, name, real):
        def call(*arguments):
            target = arguments[0]
            path = Path(f"/proc/self/fd/{target}").readlink() if name == "fsync" else target
            self.log.append((name, "file" if path.is_file() else "directory"))
            if len(self.log) == self.fails_at:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(*arguments)

        return call


def test_a_co_signature_is_on_disk_before_it_is_answered(on_disk, monkeypatch):
    with monkeypatch.context() as patch:
        disk = Disk(patch)
        assert on_disk.ask("a", 0, 5).status == 200
    assert disk.log == [("fsync", "file"), ("replace", "file"), ("fsync", "directory")]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_call_to_the_disk_may_fail(on_disk, monkeypatch, number):
    """Nothing is handed out then; the memory is the old or the new one, and both go on."""
    on_disk.ask("a", 0, 5)
    with monkeypatch.context() as patch:
        Disk(patch, fails_at=number)
        answer = on_disk.ask("a", 5, 300)
    assert answer.status == 503
    assert "—" not in answer.body
    size = on_disk.witness.remembered()["log.example"].checkpoint.size
    assert size == (5 if number < 3 else 300)
    assert on_disk.ask("a", size, 520).status == 200


@pytest.fixture
def racers(tmp_path):
    """Two processes with one memory."""
    command = [sys.executable, str(Path(__file__).with_name("witness_process.py")), "race", str(tmp_path)]
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    both = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment, bufsize=1)
        for _ in range(2)
    ]
    yield both
    for one in both:
        one.stdin.close()
        one.wait(10)
        one.stdout.close()


def test_two_processes_cannot_both_win_with_two_histories(world, tmp_path, racers):
    """Each round both ask at once to go from 300 to 520, with two histories; one wins, one hears 409."""
    requests = [world.request(history, 300, 520).hex() for history in "ab"]
    world.witness = Witness(world.signer, [world.log.verifier], MemoryFolder(tmp_path), world.clock)
    world.clock.now_s = 1
    world.ask("a", 0, 300)
    (file,) = tmp_path.glob("*.note")
    begin = file.read_bytes()
    winners = []
    for number in range(ROUNDS):
        file.write_bytes(begin)
        order = (0, 1) if number % 2 else (1, 0)
        for place in order:
            racers[place].stdin.write(f"{requests[place]}\n")
            racers[place].stdin.flush()
        answers = [one.stdout.readline().split(maxsplit=1) for one in racers]
        assert sorted(status for status, _ in answers) == ["200", "409"]
        winner = 0 if answers[0][0] == "200" else 1
        assert answers[1 - winner][1] == "520\n"
        remembered = world.witness.remembered()["log.example"].checkpoint
        assert remembered == world.checkpoint("ab"[winner], 520)
        winners.append(winner)
    assert 0 < sum(winners) < ROUNDS  # else they did not race

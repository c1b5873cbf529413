"""Co-signed checkpoints beside the log, and in the place of its checkpoint."""

import pytest

from consent.log.cosigned import open_cosigned, read_cosigned, store_cosigned
from consent.log.directory import Directory, locked_directory
from consent.log.verify import verify_log
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, cosign, parse_note, sign
from productivity.errors import BadInput


@pytest.fixture
def world(tmp_path, signer_of, entries):
    """A log of 300 entries on disk, with its notes at sizes 5 and 300."""

    class World:
        log = signer_of("log.example")
        witness = signer_of("council.example/witness", KeyType.COSIGNATURE)
        keys = (log.verifier, witness.verifier)
        directory = tmp_path

        def cosigned(self, size, at):
            return str(cosign(parse_note(self.notes[size]), self.witness, at))

        def store(self, note):
            with locked_directory(tmp_path) as files:
                return store_cosigned(files, note, *self.keys)

        def kept(self):
            return read_cosigned(tmp_path, *self.keys)

    world = World()
    with locked_directory(tmp_path) as files:
        create_log(files, world.log)
        writer = LogWriter(files, world.log)
        world.notes = {end: writer.append(entries(first, end)).note for first, end in ((0, 5), (5, 300))}
    return world


def test_what_is_stored_is_read_in_order(world):
    for size, at in ((300, 30), (5, 20), (300, 4), (5, 100)):
        done = world.store(world.cosigned(size, at))
        assert (done.checkpoint.size, done.posix_s) == (size, at)
        assert done.path == f"cosigned/{size}.{at}"
    found = [(one.checkpoint.size, one.posix_s) for one in world.kept()]
    assert found == [(5, 20), (5, 100), (300, 4), (300, 30)]
    assert verify_log(
        Directory(world.directory), world.keys[0], earlier=[one.checkpoint for one in world.kept()]
    )


def test_an_empty_log_may_be_co_signed_too(log_of, signer_of):
    files, writer, _ = log_of()
    log, witness = signer_of("log.example"), signer_of("w.example", KeyType.COSIGNATURE)
    note = str(cosign(parse_note(files.read("checkpoint")), witness, 7))
    writer.append([b"one"])
    assert store_cosigned(files, note, log.verifier, witness.verifier).path == "cosigned/0.7"


def test_storing_again_changes_nothing(world):
    note = world.cosigned(5, 20)
    world.store(note)
    file = world.directory / "cosigned" / "5.20"
    before = (file.read_bytes(), file.stat().st_ino)
    world.store(note)
    assert (file.read_bytes(), file.stat().st_ino) == before
    assert file.read_text(encoding="utf-8") == note
    assert world.kept()[0].note == note


def test_only_the_two_signatures_are_kept(world, signer_of):
    """A note may carry others; the latest of several co-signatures counts."""
    stranger = signer_of("stranger.example", KeyType.COSIGNATURE)
    note = parse_note(world.cosigned(5, 20))
    for signer, at in ((world.witness, 50), (stranger, 70), (world.witness, 40)):
        note = cosign(note, signer, at)
    done = world.store(str(note))
    assert done.posix_s == 50
    assert done.note == world.cosigned(5, 50)


def test_a_note_without_both_signatures_is_not_stored(world, signer_of):
    alone = sign(parse_note(world.notes[5]).text, signer_of("stranger.example"))
    for note in (
        world.notes[5],
        str(cosign(alone, world.witness, 5)),
        world.cosigned(5, 20).replace("\n5\n", "\n6\n"),
    ):
        with pytest.raises(BadInput):
            world.store(note)
    assert not (world.directory / "cosigned").exists()


def test_a_checkpoint_of_another_history_is_not_stored(world, log_of, signer_of):
    """Signed by the same key: the log itself has forked, and its own directory shows it."""
    _, _, (done,) = log_of([b"another"] * 5)
    with pytest.raises(BadInput, match=r"cosigned/5\.20: co-signed checkpoint is not of this log's history"):
        world.store(str(cosign(parse_note(done.note), world.witness, 20)))
    _, _, (done,) = log_of([b"another"] * 301)
    with pytest.raises(BadInput, match="log is shorter"):
        world.store(str(cosign(parse_note(done.note), world.witness, 20)))


def test_there_must_be_a_log(world, memory_files):
    with pytest.raises(BadInput, match="no log here"):
        store_cosigned(memory_files(), world.cosigned(5, 20), *world.keys)


def test_a_log_without_co_signatures_has_none(world):
    assert world.kept() == []


@pytest.mark.parametrize("place", range(0, 290, 17))
def test_a_changed_file_is_named(world, place):
    world.store(world.cosigned(5, 20))
    file = world.directory / "cosigned" / "5.20"
    changed = bytearray(file.read_bytes())
    changed[place] ^= 1
    file.write_bytes(bytes(changed))
    with pytest.raises(BadInput, match=r"cosigned/5\.20: "):
        world.kept()


def test_a_file_under_another_name_is_named(world):
    world.store(world.cosigned(5, 20))
    (world.directory / "cosigned" / "5.20").rename(world.directory / "cosigned" / "5.9999999999")
    with pytest.raises(BadInput, match=r"cosigned/5.9999999999: file is not what its name says.*5\.20"):
        world.kept()


def test_what_a_crash_left_is_not_read(world):
    world.store(world.cosigned(5, 20))
    (world.directory / "cosigned" / "5.30.new").write_bytes(b"torn")
    assert len(world.kept()) == 1


def test_a_witness_key_is_needed(world):
    with pytest.raises(BadInput, match="not a witness's"):
        open_cosigned(world.notes[5], world.log.verifier, world.log.verifier)


def test_the_published_checkpoint_may_carry_the_co_signature(world, entries):
    """Recovery keeps it, verification can require it, and the next append goes on without it."""
    note = world.cosigned(300, 20)
    with locked_directory(world.directory) as files:
        LogWriter(files, world.log).publish_cosigned(note)
    for _ in range(2):
        with locked_directory(world.directory) as files:
            writer = LogWriter(files, world.log)
        assert (world.directory / "checkpoint").read_text(encoding="utf-8") == note
        required = [world.witness.verifier]
        assert verify_log(Directory(world.directory), world.log.verifier, required=required).size == 300
    with locked_directory(world.directory) as files:
        writer = LogWriter(files, world.log)
        writer.append(entries(300, 301))
    with pytest.raises(BadInput, match="lacks a signature"):
        verify_log(Directory(world.directory), world.log.verifier, required=required)
    assert verify_log(Directory(world.directory), world.log.verifier).size == 301


def test_only_the_current_checkpoint_is_published_again(world, signer_of):
    foreign = sign(parse_note(world.notes[300]).text, signer_of("stranger.example"))
    extended = sign(parse_note(world.notes[300]).text + "more\n", world.log)
    with locked_directory(world.directory) as files:
        writer = LogWriter(files, world.log)
        for note in (world.cosigned(5, 20), str(cosign(foreign, world.witness, 20)), str(extended)):
            with pytest.raises(BadInput):
                writer.publish_cosigned(note)
        assert (world.directory / "checkpoint").read_text(encoding="utf-8") == world.notes[300]
        assert writer.append([b"goes on"]).checkpoint.size == 301


def test_after_a_disk_error_the_writer_must_be_opened_anew(log_of, signer_of, monkeypatch):
    files, writer, (done,) = log_of([b"one"])
    note = str(cosign(parse_note(done.note), signer_of("w.example", KeyType.COSIGNATURE), 5))

    def fail(path, content):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(files, "replace", fail)
        with pytest.raises(OSError, match="Input/output"):
            writer.publish_cosigned(note)
    for act in (lambda: writer.publish_cosigned(note), lambda: writer.append([b"two"])):
        with pytest.raises(BadInput, match="opened anew"):
            act()

"""The council's own copy: whole and verified before anything is co-signed, whatever the plant serves."""

import pytest

from consent.log import directory as files_of_the_log
from consent.log.directory import Directory, locked_directory
from consent.log.http import Unreachable
from consent.log.tiles import TILE_WIDTH
from consent.log.verify import verify_log
from consent.log.writer import LogWriter, create_log
from consent.notes import parse_note
from consent.witness.copy import LogCopy
from consent.witness.witness import Witness
from productivity.errors import BadInput

SIZES = [0, 1, 5, 256, 300, 301, 520, 600]


@pytest.fixture
def copying(world, tmp_path):
    """The world's witness, which copies history "a" into a directory."""
    world.kept = tmp_path
    world.copy = LogCopy(world.files["a"], tmp_path, world.log.verifier)
    world.witness = Witness(world.signer, [world.log.verifier], world.memory, world.clock, world.copy)
    world.verified = lambda **named: verify_log(Directory(tmp_path), world.log.verifier, **named)
    return world


def contents(directory):
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def test_the_copy_grows_with_each_co_signature(copying):
    """At every size it verifies, carries the co-signature, and holds the bytes of the original."""
    old = 0
    for size in SIZES:
        assert copying.ask("a", old, size).status == 200
        found = copying.verified(required=[copying.signer.verifier])
        assert found == copying.checkpoint("a", size)
        old = size
    copied = contents(copying.kept)
    assert {path for path in copied if ".p/" not in path} == {
        "checkpoint", "tile/0/000", "tile/0/001", "tile/entries/000", "tile/entries/001",
    }  # fmt: skip
    for path in copied.keys() - {"checkpoint"}:
        assert copied[path] == copying.files["a"].files[path]


@pytest.mark.parametrize(
    ("old", "size"), [(old, size) for old in SIZES for size in (1, 256, 300, 600) if old <= size]
)
def test_the_copy_catches_up_from_any_size(copying, old, size):
    copying.ask("a", 0, old)
    assert copying.ask("a", old, size).status == 200
    assert copying.verified() == copying.checkpoint("a", size)


def test_a_copy_may_begin_later_than_the_memory(copying):
    copying.witness = Witness(copying.signer, [copying.log.verifier], copying.memory, copying.clock)
    copying.ask("a", 0, 520)
    copying.witness = Witness(
        copying.signer, [copying.log.verifier], copying.memory, copying.clock, copying.copy
    )
    assert copying.ask("a", 520, 520).status == 200
    assert copying.verified() == copying.checkpoint("a", 520)


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"])
@pytest.mark.parametrize("spoil", ["missing", "changed", "cut off", "one less", "one more", "another length"])
def test_withheld_or_wrong_entries_get_no_co_signature(copying, path, spoil):
    copying.ask("a", 0, 5)
    before, files = contents(copying.kept), copying.files["a"].files
    request = copying.request("a", 5, 600)
    good = files[path]
    first = 2 + int.from_bytes(good[:2], "big")
    wrong = {
        "missing": None,
        "changed": good[:-1] + b"!",
        "cut off": good[:-1],
        "one less": good[first:],
        "one more": good + good[:first],
        "another length": good + bytes(2) * 400,
    }[spoil]
    if wrong is None:
        del files[path]
    else:
        files[path] = wrong
    answer = copying.witness.add_checkpoint(request)
    assert (answer.status, "—" in answer.body) == (503, False)
    assert contents(copying.kept) == before
    assert len(copying.memory.written) == 1
    files[path] = good
    assert copying.witness.add_checkpoint(request).status == 200
    assert copying.verified() == copying.checkpoint("a", 600)


def test_entries_that_were_copied_before_must_stay_the_same(copying):
    """A changed beginning of the partial bundle would make a bundle that its own tile contradicts."""
    copying.ask("a", 0, 5)
    files = copying.files["a"].files
    request = copying.request("a", 5, 300)
    files["tile/entries/000"] = files["tile/entries/000"].replace(b"entry 3 ", b"entry 4 ", 1)
    with pytest.raises(BadInput, match="not those that were copied before"):
        copying.copy.follow(copying.checkpoint("a", 300), None)
    assert copying.witness.add_checkpoint(request).status == 503
    assert copying.verified() == copying.checkpoint("a", 5)


def test_a_source_that_is_away_gets_no_co_signature(copying):
    def away(path):
        raise Unreachable("plant: no answer")

    request = copying.request("a", 0, 300)
    real, copying.files["a"].read = copying.files["a"].read, away
    assert copying.witness.add_checkpoint(request).status == 503
    copying.files["a"].read = real
    assert copying.witness.add_checkpoint(request).status == 200


def test_another_history_gets_no_co_signature_even_if_the_memory_is_lost(copying):
    """The copy is a second memory."""
    copying.ask("a", 0, 520)
    copying.memory.notes.clear()
    copying.files["a"].files = copying.files["b"].files
    for size in (301, 520, 600):
        assert copying.ask("b", 0, size).status == 503
    assert copying.verified() == copying.checkpoint("a", 520)


def test_a_co_signature_is_dated_after_the_copy_was_made(copying, noon_s):
    """Else a plant would refuse it as old, after a copy that took long."""
    real = copying.copy.follow

    def slowly(*arguments):
        real(*arguments)
        copying.clock.now_s += 600

    copying.copy.follow = slowly
    copying.ask("a", 0, 5)
    assert copying.witness.remembered()["log.example"].posix_s == noon_s + 600


def test_a_copy_that_is_ahead_is_kept(copying):
    """After a kill between copying and remembering, a delayed request for a smaller size may come."""
    copying.copy.follow(copying.checkpoint("a", 520), parse_note(copying.notes["a"][520]))
    with pytest.raises(BadInput, match="holds more entries"):
        copying.copy.follow(copying.checkpoint("a", 300), parse_note(copying.notes["a"][300]))
    assert copying.ask("a", 0, 300).status == 503
    assert copying.ask("a", 0, 600).status == 200
    assert copying.verified() == copying.checkpoint("a", 600)


def test_a_file_of_the_copy_is_never_written_again(copying, monkeypatch):
    """A kill in the middle of it would tear what the copy's checkpoint tells of."""
    real, rewritten = files_of_the_log.WritableDirectory.write, []

    def watch(self, files):
        rewritten.extend(path for path in files if (copying.kept / path).exists())
        real(self, files)

    monkeypatch.setattr(files_of_the_log.WritableDirectory, "write", watch)
    for old, size in ((0, 5), (5, 300), (300, 301), (301, 520), (520, 520)):
        assert copying.ask("a", old, size).status == 200
    assert rewritten == []


def test_a_copy_is_of_one_log(copying, signer_of):
    with locked_directory(copying.kept) as files:
        create_log(files, signer_of("second.example"))
    assert copying.ask("a", 0, 5).status == 503


def test_two_cannot_copy_at_once(copying):
    with locked_directory(copying.kept):
        assert copying.ask("a", 0, 5).status == 503
    assert copying.ask("a", 0, 5).status == 200


def test_a_copy_is_not_begun_by_a_mistyped_name(copying):
    with pytest.raises(BadInput, match="nowhere: no such directory"):
        LogCopy(copying.files["a"], copying.kept / "nowhere", copying.log.verifier)


def test_a_co_signed_note_that_came_too_late_is_not_published(copying):
    copying.ask("a", 0, 5)
    late = copying.witness.visit(copying.files["a"], copying.log.verifier)  # 600 by now
    copying.copy.publish(type(late)(copying.notes["a"][5].partition("\n\n")[0] + "\n", late.signatures))
    assert copying.verified() == copying.checkpoint("a", 600)


def test_every_call_to_the_disk_may_fail_once(copying, monkeypatch):
    """The copy then is what it was or the whole new one; what lies beyond its end is removed later."""
    copying.ask("a", 0, 5)
    number = size = 0
    while True:
        number += 1
        with monkeypatch.context() as patch:
            fail_at(patch, number)
            answer = copying.ask("a", 5, 520)
        size = copying.verified().size
        assert size in (5, 520)
        if answer.status == 200:
            break
        assert answer.status == 503
        assert len(copying.memory.written) == 1
    assert number > 15
    assert copying.verified(required=[copying.signer.verifier]).size == 520
    fresh = contents(copying.kept)
    # Partial files of sizes in between may be there or not; nothing else is.
    assert {path for path in fresh if ".p/" not in path and path != "checkpoint"} == {
        "tile/0/000", "tile/0/001", "tile/entries/000", "tile/entries/001",
    }  # fmt: skip


def fail_at(patch, number):
    """Let the call to the disk with this number fail."""
    calls = []

    def watched(real):
        def call(*arguments):
            calls.append(1)
            if len(calls) == number:
                raise OSError(5, "Input/output error")
            return real(*arguments)

        return call

    for name in ("write", "fsync"):
        patch.setattr(files_of_the_log.os, name, watched(getattr(files_of_the_log.os, name)))
    patch.setattr(files_of_the_log.Path, "replace", watched(files_of_the_log.Path.replace))


def test_leftovers_of_a_forged_log_do_not_stay(copying, memory_files, monkeypatch):
    """Many full bundles are written before the root is known to be wrong; the next attempt removes them."""
    forged = memory_files()
    create_log(forged, copying.log)
    LogWriter(forged, copying.log).append([b"forged %d" % number for number in range(TILE_WIDTH * 40)])
    honest = copying.files["a"].files
    monkeypatch.setattr("consent.witness.copy._WRITE_AT_FILES", 4)
    writer_files = dict(forged.files)
    writer_files["tile/entries/039"] = writer_files["tile/entries/039"].replace(b"forged", b"FORGED", 1)
    copying.files["a"].files = writer_files
    with pytest.raises(BadInput, match="do not make the root"):
        copying.witness.visit(copying.files["a"], copying.log.verifier)
    assert (copying.kept / "tile" / "0" / "030").exists()
    copying.files["a"].files = honest
    assert copying.ask("a", 0, 300).status == 200
    assert copying.verified() == copying.checkpoint("a", 300)
    assert set(contents(copying.kept)) == {
        "checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/entries/000", "tile/entries/001.p/44",
        "tile/1/000.p/1",
    }  # fmt: skip


def test_the_longest_entries_are_written_in_pieces(copying, memory_files, monkeypatch):
    """What waits in memory is bounded by bytes as well."""
    written = []
    real = files_of_the_log.WritableDirectory.write

    def watch(self, files):
        written.append(sum(map(len, files.values())))
        real(self, files)

    monkeypatch.setattr(files_of_the_log.WritableDirectory, "write", watch)
    monkeypatch.setattr("consent.witness.copy._WRITE_AT_BYTES", 1 << 20)
    files = memory_files()
    create_log(files, copying.log)
    writer = LogWriter(files, copying.log)
    writer.append([bytes(8_000) for _ in range(TILE_WIDTH * 3)])
    copying.files["a"].files = files.files
    copying.witness.visit(copying.files["a"], copying.log.verifier)
    assert len(written) == 4  # each bundle with its tile, then the partial tile
    assert max(written) < 1 << 22


def test_only_the_log_that_the_copy_is_of_needs_it(copying, log_of, signer_of, entries):
    files, _, _ = log_of(entries(0, 7), name="second.example")
    second = signer_of("second.example").verifier
    logs = [copying.log.verifier, second]
    witness = Witness(copying.signer, logs, copying.memory, copying.clock, copying.copy)
    witness.visit(files, second)
    assert contents(copying.kept) == {}
    witness.visit(copying.files["a"], copying.log.verifier)
    assert copying.verified() == copying.checkpoint("a", 600)

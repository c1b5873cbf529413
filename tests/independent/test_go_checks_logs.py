"""golang.org/x/mod rebuilds the logs that we write, and follows the proofs that we make of them."""

import hashlib
import random
import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from consent.log.checkpoint import Checkpoint
from consent.log.directory import Directory, locked_directory
from consent.log.proof import LogProof
from consent.log.reader import LogReader
from consent.log.writer import MAX_BATCH, LogWriter, create_log
from consent.notes import cosign, parse_note, sign

TILES = {1: 1, 2: 1, 255: 1, 256: 2, 257: 3, 65_536: 258, 70_000: 277}
"""Sizes around a full tile of the lowest level and of the next, and beyond; how many tiles such a log has,
worked out by hand: on each level the full ones and the partial one."""
SIZES = tuple(TILES)


def entry_of(index):
    """An entry like no other; among the first are an empty one and one of the greatest length."""
    return {0: b"", 1: bytes(65_535)}.get(index, b"entry %d " % index * (1 + index % 5))


@dataclass(frozen=True, slots=True)
class Written:
    """A log as it lay on disk at one size."""

    directory: Path
    checkpoint: Checkpoint


@pytest.fixture(scope="module")
def logs(tmp_path_factory, log_signer):
    """One log that grows, and a copy of it at each size."""
    root = tmp_path_factory.mktemp("logs")
    growing = root / "growing"
    growing.mkdir()
    written = {}
    with locked_directory(growing) as files:
        create_log(files, log_signer)
        writer = LogWriter(files, log_signer)
        for size in SIZES:
            while (start := writer.checkpoint.size) < size:
                writer.append([entry_of(index) for index in range(start, min(size, start + MAX_BATCH))])
            shutil.copytree(growing, root / str(size))
            written[size] = Written(root / str(size), writer.checkpoint)
    return written


@pytest.fixture
def small_log(logs, tmp_path):
    """A copy to damage, with a full and a partial tile and two levels."""
    shutil.copytree(logs[257].directory, tmp_path / "log")
    return tmp_path / "log"


@pytest.mark.parametrize("size", SIZES)
def test_a_log_is_rebuilt(ask, logs, log_signer, size):
    """Record hashes, root and every tile are those of tlog."""
    read = ask("log", directory=logs[size].directory, keys=[str(log_signer.verifier)])
    assert (read["size"], read["root"], read["tiles"]) == (size, logs[size].checkpoint.root, TILES[size])


@pytest.mark.parametrize(
    "path",
    [
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/1",
    ],
)
def test_a_damaged_file_of_a_log_is_refused(ask, refused, small_log, log_signer, path):
    """A changed bit at the ends and in between, a byte less, a byte more, and no file."""
    file, keys = small_log / path, [str(log_signer.verifier)]
    content = file.read_bytes()
    draw = random.Random(path)
    places = {0, len(content) - 1, *(draw.randrange(len(content)) for _ in range(20))}
    damaged = [flipped(content, at, draw.randrange(8)) for at in places]
    for other in (*damaged, content[:-1], content + b"\0"):
        file.write_bytes(other)
        with pytest.raises(refused):
            ask("log", directory=small_log, keys=keys)
    file.unlink()
    with pytest.raises(refused, match="no such file"):
        ask("log", directory=small_log, keys=keys)
    file.write_bytes(content)
    assert ask("log", directory=small_log, keys=keys)["size"] == 257


def test_a_checkpoint_that_its_entries_do_not_make_is_refused(ask, refused, small_log, log_signer):
    """The log's own key has signed it, and the tiles fit the entries."""
    forged = Checkpoint("plant.example/log", 257, hashlib.sha256(b"another root").digest())
    (small_log / "checkpoint").write_text(str(sign(str(forged), log_signer)), encoding="utf-8")
    with pytest.raises(refused, match="entries do not make the root"):
        ask("log", directory=small_log, keys=[str(log_signer.verifier)])


def test_a_checkpoint_of_another_log_is_refused(ask, refused, small_log, log_signer):
    other = Checkpoint("plant.example/other", 257, bytes(32))
    (small_log / "checkpoint").write_text(str(sign(str(other), log_signer)), encoding="utf-8")
    with pytest.raises(refused, match="checkpoint of another log"):
        ask("log", directory=small_log, keys=[str(log_signer.verifier)])


def indexes(size):
    return sorted({0, 1, 2, size // 3, size // 2, 255, 256, 65_535, 65_536, size - 1} & set(range(size)))


@pytest.mark.parametrize("size", SIZES)
def test_our_inclusion_proofs_hold(ask, refused, logs, size):
    log = logs[size]
    reader = LogReader(Directory(log.directory), log.checkpoint)
    for index in indexes(size):
        right = {
            "index": index,
            "size": size,
            "entry": entry_of(index),
            "root": log.checkpoint.root,
            "proof": reader.inclusion(index),
        }
        ask("inclusion", **right)
        for wrong in changes(right, ("index", "entry", "root", "proof")):
            with pytest.raises(refused):
                ask("inclusion", **wrong)


@pytest.mark.parametrize(("old", "new"), [*pairwise(SIZES), (1, 70_000), (255, 70_000), (257, 257)])
def test_our_consistency_proofs_hold(ask, refused, logs, old, new):
    log, earlier = logs[new], logs[old].checkpoint
    right = {
        "size": new,
        "root": log.checkpoint.root,
        "old_size": old,
        "old_root": earlier.root,
        "proof": LogReader(Directory(log.directory), log.checkpoint).consistency(earlier),
    }
    ask("consistency", **right)
    for wrong in changes(right, ("old_size", "root", "old_root", "proof")):
        with pytest.raises(refused):
            ask("consistency", **wrong)


@pytest.fixture(scope="module")
def proof_of_an_entry(logs, log_signer, witness):
    """Entry 250 of 257, under a checkpoint that the council's witness has co-signed."""
    log = logs[257]
    note = cosign(parse_note((log.directory / "checkpoint").read_bytes()), witness, 1_803_801_600)
    hashes = LogReader(Directory(log.directory), log.checkpoint).inclusion(250)
    return LogProof(250, tuple(hashes), str(note))


@pytest.fixture(scope="module")
def keys(log_signer, witness):
    return [str(log_signer.verifier), str(witness.verifier)]


def test_our_proof_file_holds(ask, proof_of_an_entry, logs, keys):
    content = str(proof_of_an_entry).encode()
    opened = ask("proof file", content=content, entry=entry_of(250), keys=keys)
    assert (opened["size"], opened["root"]) == (257, logs[257].checkpoint.root)


def test_a_proof_file_may_carry_something_extra(ask, proof_of_an_entry, keys):
    proof = LogProof(proof_of_an_entry.index, proof_of_an_entry.hashes, proof_of_an_entry.note, b"more")
    assert ask("proof file", content=str(proof).encode(), entry=entry_of(250), keys=keys)["size"] == 257


def test_a_changed_bit_of_a_proof_file_is_refused(ask, refused, proof_of_an_entry, keys):
    content = str(proof_of_an_entry).encode()
    for at in range(len(content)):
        for bit in range(8):
            with pytest.raises(refused):
                ask("proof file", content=flipped(content, at, bit), entry=entry_of(250), keys=keys)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"index 250\n", b"index 0250\n"),
        (b"index 250\n", b"index +250\n"),
        (b"index 250\n", b""),
        (b"@v1\n", b"@v1 \n"),
        (b"\n\nplant", b"\nplant"),
    ],
)
def test_another_spelling_of_a_proof_file_is_refused(ask, refused, proof_of_an_entry, keys, right, wrong):
    content = str(proof_of_an_entry).encode()
    assert content.count(right) == 1
    with pytest.raises(refused):
        ask("proof file", content=content.replace(right, wrong), entry=entry_of(250), keys=keys)


def test_a_proof_file_of_another_entry_is_refused(ask, refused, proof_of_an_entry, keys):
    content = str(proof_of_an_entry).encode()
    for entry in (entry_of(249), flipped(entry_of(250), 0, 0), b""):
        with pytest.raises(refused, match="invalid transparency proof"):
            ask("proof file", content=content, entry=entry, keys=keys)


def changes(right, fields):
    """Yield the question with one field changed: each hash by a bit, a number by one, a hash more or less."""
    for field in fields:
        match right[field]:
            case int() as number:
                others = [number - 1, number + 1]
            case bytes() as content:
                others = [
                    flipped(content, at, 3) for at in {0, len(content) // 2, len(content) - 1} if content
                ]
            case proof:
                others = [[*proof, hashlib.sha256(b"one more").digest()]]
                others += [proof[:-1]] if proof else []
                others += [
                    [*proof[:at], flipped(step, 31, 7), *proof[at + 1 :]] for at, step in enumerate(proof)
                ]
        yield from (right | {field: other} for other in others)


def flipped(content, at, bit):
    changed = bytearray(content)
    changed[at] ^= 1 << bit
    return bytes(changed)

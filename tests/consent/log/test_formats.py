"""Tile paths, entry bundles, checkpoints and proofs as the C2SP documents write them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from consent.log.proof import LogProof, check_proof, parse_proof
from consent.log.reader import LogReader
from consent.log.tiles import (
    full_tiles,
    join_entries,
    levels,
    partial_width,
    split_entries,
    tile_path,
)
from consent.notes import KeyType, cosign, parse_note, sign
from productivity.errors import BadInput

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
CHECKPOINT = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 1_234_067, 256, "tile/0/x001/x234/067"),
        (1, 1_000, 256, "tile/1/x001/000"),
        (2, 999, 256, "tile/2/999"),
        (0, 273, 112, "tile/0/273.p/112"),
        ("entries", 1_234_067, 5, "tile/entries/x001/x234/067.p/5"),
    ],
)
def test_paths_of_tiles(level, number, width, path):
    assert tile_path(level, number, width) == path


def test_the_tree_of_seventy_thousand_of_the_specification():
    assert [(full_tiles(level, 70_000), partial_width(level, 70_000)) for level in levels(70_000)] == [
        (273, 112),
        (1, 17),
        (0, 1),
    ]
    assert [(full_tiles(level, 256), partial_width(level, 256)) for level in levels(256)] == [(1, 0), (0, 1)]
    assert list(levels(0)) == []


@given(entries=st.lists(st.binary(max_size=300), max_size=256))
def test_bundles_come_apart_as_they_were_put_together(entries):
    assert split_entries(join_entries(entries), "") == entries


def test_a_bundle_has_its_lengths_in_front():
    assert join_entries([b"one", b""]) == b"\x00\x03one\x00\x00"


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x03on", b"\x00\x01a\x00"])
def test_a_bundle_cut_off_is_refused(bundle):
    with pytest.raises(BadInput, match="here: entry bundle is cut off"):
        split_entries(bundle, "here")


def test_the_checkpoint_of_the_specification():
    checkpoint = parse_checkpoint(CHECKPOINT)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert str(checkpoint) == CHECKPOINT
    assert parse_checkpoint(CHECKPOINT + "an extension\n") == checkpoint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty", "\n"),
        ("two lines", "a\n1\n"),
        ("no origin", f"\n1\n{ROOT}\n"),
        ("leading zero", f"a\n01\n{ROOT}\n"),
        ("sign", f"a\n+1\n{ROOT}\n"),
        ("no number", f"a\none\n{ROOT}\n"),
        ("other digits", f"a\n١\n{ROOT}\n"),
        ("endless number", f"a\n{'9' * 5000}\n{ROOT}\n"),
        ("short root", f"a\n1\n{base64.b64encode(bytes(31)).decode()}\n"),
        ("root with stray bits", f"a\n1\n{ROOT.replace('I=', 'J=')}\n"),
        ("empty extension", f"{CHECKPOINT}\nmore\n"),
    ],
)
def test_what_is_no_checkpoint_is_refused(name, text):
    with pytest.raises(BadInput, match="not a checkpoint"):
        parse_checkpoint(text)


def test_a_checkpoint_must_be_of_the_log_that_signed_it(signer_of):
    signer = signer_of("log.example")
    note = sign(str(Checkpoint("other.example", 0, bytes(32))), signer)
    with pytest.raises(BadInput, match="of another log"):
        open_checkpoint(note, signer.verifier)


@pytest.fixture
def proof(log_of, entries):
    """Proof of entry 7 of 300."""
    files, writer, _ = log_of(entries(0, 300))
    hashes = LogReader(files, writer.checkpoint).inclusion(7)
    return LogProof(7, tuple(hashes), files.files["checkpoint"].decode(), b"salt")


def test_a_proof_holds_without_the_log(proof, signer_of):
    checkpoint = check_proof(parse_proof(str(proof)), b"entry 7", signer_of("log.example").verifier)
    assert checkpoint.size == 300


def test_a_proof_is_written_as_the_specification_has_it(proof):
    lines = str(proof).split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra c2FsdA==", "index 7"]
    assert lines[3 + len(proof.hashes)] == ""
    assert lines[4 + len(proof.hashes)] == "log.example"
    assert parse_proof(str(proof)) == proof


def test_the_only_entry_of_a_log_needs_no_hash(log_of, signer_of):
    files, _, _ = log_of([b"alone"])
    alone = LogProof(0, (), files.files["checkpoint"].decode())
    assert str(alone).startswith("c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example\n1\n")
    check_proof(parse_proof(str(alone)), b"alone", signer_of("log.example").verifier)


def test_another_entry_or_place_is_refused(proof, signer_of):
    key = signer_of("log.example").verifier
    with pytest.raises(BadInput, match="not in the tree"):
        check_proof(proof, b"entry 8", key)
    with pytest.raises(BadInput, match="not in the tree"):
        check_proof(LogProof(6, proof.hashes, proof.note), b"entry 7", key)


def test_a_proof_needs_the_cosignature_that_the_policy_asks_for(proof, signer_of):
    key, witness = signer_of("log.example").verifier, signer_of("witness.example", KeyType.COSIGNATURE)
    with pytest.raises(BadInput, match="lacks a signature"):
        check_proof(proof, b"entry 7", key, required=[witness.verifier])
    cosigned = cosign(parse_note(proof.note), witness, 1)
    check_proof(LogProof(7, proof.hashes, str(cosigned)), b"entry 7", key, required=[witness.verifier])


def test_every_changed_byte_of_a_proof_is_noticed(proof, signer_of):
    """But for the extra data, which nobody has signed."""
    key = signer_of("log.example").verifier
    content = str(LogProof(7, proof.hashes, proof.note)).encode()
    undetected = []
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 + place % 127
        try:
            check_proof(parse_proof(changed.decode("utf-8", "surrogateescape")), b"entry 7", key)
            undetected.append(place)
        except BadInput:
            pass
    assert undetected == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("another version", "@v1", "@v2"),
        ("no index", "index 7\n", ""),
        ("leading zero", "index 7", "index 07"),
        ("negative", "index 7", "index -7"),
        ("empty extra", "extra c2FsdA==", "extra "),
        ("no checkpoint", "\n\n", "\n"),
        ("a line that is no hash", "index 7\n", "index 7\nYQ==\n"),
        ("a line that is no base64", "index 7\n", "index 7\n*\n"),
        ("too many hashes", "index 7\n", "index 7\n" + f"{ROOT}\n" * 64),
    ],
)
def test_what_is_no_proof_is_refused(proof, name, old, new):
    changed = str(proof).replace(old, new, 1)
    assert changed != str(proof)
    with pytest.raises(BadInput, match="log proof"):
        parse_proof(changed)


@pytest.mark.parametrize("index", [-1, 300])
def test_there_is_no_proof_of_what_is_not_there(log_of, entries, index):
    files, writer, _ = log_of(entries(0, 300))
    reader = LogReader(files, writer.checkpoint)
    with pytest.raises(BadInput, match="no such entry"):
        reader.inclusion(index)
    with pytest.raises(BadInput, match="no such entry"):
        reader.entry(index)


def test_a_reader_gives_no_proof_out_of_damaged_tiles(log_of, entries):
    files, writer, _ = log_of(entries(0, 300))
    files.files["tile/0/000"] = bytes(8192)
    with pytest.raises(BadInput, match="not in the tree"):
        LogReader(files, writer.checkpoint).inclusion(7)
    files.files["tile/0/000"] = bytes(31)
    with pytest.raises(BadInput, match="too short"):
        LogReader(files, writer.checkpoint).inclusion(7)
    files.files["tile/entries/000"] = b""
    with pytest.raises(BadInput, match="too short"):
        LogReader(files, writer.checkpoint).entry(7)

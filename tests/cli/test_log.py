"""`fairtakt log` as a works council types it."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from cli.log import log
from consent.log.directory import locked_directory
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, Signer
from productivity.errors import BadInput


def signer(name, seed, type_=KeyType.ED25519):
    return Signer(name, type_, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


LOG = signer("log.example", 1)
WITNESS = signer("witness.example", 2, KeyType.COSIGNATURE)


@pytest.fixture
def place(tmp_path):
    """A log of 300 entries in `log`, its checkpoint of size 5 in `old`, keys, and entry 7 in `entry`."""
    (tmp_path / "log").mkdir()
    with locked_directory(tmp_path / "log") as files:
        create_log(files, LOG)
        writer = LogWriter(files, LOG)
        old = writer.append([b"entry %d" % number for number in range(5)])
        writer.append([b"entry %d" % number for number in range(5, 300)])
    (tmp_path / "old").write_text(old.note, encoding="utf-8")
    (tmp_path / "log.vkey").write_text(f"{LOG.verifier}\n")
    (tmp_path / "witness.vkey").write_text(f"{WITNESS.verifier}\n")
    (tmp_path / "entry").write_bytes(b"entry 7")
    return tmp_path


def run(*words):
    return CliRunner().invoke(log, [str(word) for word in words], catch_exceptions=False)


def test_a_whole_log_verifies_against_an_earlier_checkpoint(place):
    done = run("verify", place / "log", "--log-key", place / "log.vkey", "--earlier", place / "old")
    assert done.exit_code == 0
    assert "log.example: 300 entries, all of them fit" in done.output
    assert "no earlier checkpoint" not in done.output


def test_without_an_earlier_checkpoint_it_says_what_is_not_shown(place):
    done = run("verify", place / "log", "--log-key", place / "log.vkey")
    assert "no earlier checkpoint was given" in done.output


def test_a_changed_log_is_refused_with_its_first_wrong_entry(place):
    bundle = place / "log" / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes().replace(b"entry 42", b"entry 43"))
    with pytest.raises(BadInput, match="tile/entries/000: entry 42 does not fit"):
        run("verify", place / "log", "--log-key", place / "log.vkey")


def test_a_missing_cosignature_is_refused(place):
    with pytest.raises(BadInput, match=r"lacks a signature.*witness\.example"):
        run("verify", place / "log", "--log-key", place / "log.vkey", "--witness", place / "witness.vkey")


def test_a_proof_is_taken_out_and_checked_without_the_log(place):
    proof, key = place / "seven.tlog-proof", place / "log.vkey"
    assert run("prove", place / "log", 7, "--log-key", key, "--out", proof).exit_code == 0
    (place / "log").rename(place / "gone")
    assert "entry 7 of 300" in run("check", proof, place / "entry", "--log-key", key).output
    (place / "entry").write_bytes(b"entry 8")
    with pytest.raises(BadInput, match="not in the tree"):
        run("check", proof, place / "entry", "--log-key", key)


def test_a_proof_overwrites_nothing(place):
    with pytest.raises(BadInput, match="file exists"):
        run("prove", place / "log", 7, "--log-key", place / "log.vkey", "--out", place / "entry")
    assert (place / "entry").read_bytes() == b"entry 7"


@pytest.mark.parametrize("index", [300, 10**30])
def test_an_entry_that_is_not_there_has_no_proof(place, index):
    with pytest.raises(BadInput, match="no such entry"):
        run("prove", place / "log", index, "--log-key", place / "log.vkey", "--out", place / "proof")
    assert not (place / "proof").exists()


def test_files_that_are_not_there_are_named(place):
    with pytest.raises(BadInput, match=r"nowhere\.vkey: no such file"):
        run("verify", place / "log", "--log-key", place / "nowhere.vkey")
    with pytest.raises(BadInput, match="no log here"):
        run("verify", place, "--log-key", place / "log.vkey")

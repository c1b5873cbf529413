"""golang.org/x/mod opens the notes that we sign, and none that differs from them in one bit."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from capture.yaml_document import parse_document
from consent.agreement.form import agreement_hash, canonical_text
from consent.agreement.schema import Agreement
from consent.agreement.signing import countersign, sign_agreement
from consent.log.checkpoint import Checkpoint
from consent.notes import KeyType, cosign, sign

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "agreement" / "agreement.yaml"
POSIX_S = 1_803_801_600  # 28 February 2027


@pytest.fixture(scope="module")
def parties(signer_of):
    return [signer_of(f"plant.example/{name}") for name in ("employer", "council")]


@pytest.fixture(scope="module")
def party_keys(parties):
    return [str(signer.verifier) for signer in parties]


@pytest.fixture(scope="module")
def agreement(party_keys):
    text = EXAMPLE.read_text(encoding="utf-8")
    for key in party_keys:
        text = text.replace("key: null", f"key: {key}", 1)
    return parse_document(text, "agreement.yaml", Agreement, "works agreement")


@pytest.fixture(scope="module")
def signed_by_one(agreement, parties):
    return sign_agreement(agreement, parties[0])


@pytest.fixture(scope="module")
def signed_by_both(signed_by_one, parties):
    return str(countersign(signed_by_one, parties[1]).note).encode()


@pytest.fixture(scope="module")
def checkpoint():
    return Checkpoint("plant.example/log", 70_000, hashlib.sha256(b"a root").digest())


@pytest.fixture(scope="module")
def cosigned(checkpoint, log_signer, witness):
    return str(cosign(sign(str(checkpoint), log_signer), witness, POSIX_S)).encode()


@pytest.fixture(scope="module")
def checkpoint_keys(log_signer, witness):
    return [str(log_signer.verifier), str(witness.verifier)]


def test_an_agreement_with_both_signatures_opens(ask, agreement, signed_by_both, party_keys):
    """Its text hashes to the name that later versions and grants give it."""
    text = ask("note", content=signed_by_both, keys=party_keys)["text"]
    assert text == canonical_text(agreement)
    assert hashlib.sha256(text.encode()).hexdigest() == agreement_hash(agreement)


def test_an_agreement_with_one_signature_is_not_signed_by_both(ask, refused, signed_by_one, party_keys):
    content = str(signed_by_one.note).encode()
    assert ask("note", content=content, keys=party_keys[:1])["text"] == signed_by_one.note.text
    with pytest.raises(refused, match="signed by 1 of 2 keys"):
        ask("note", content=content, keys=party_keys)


def test_a_changed_byte_of_an_agreement_is_refused(ask, refused, signed_by_both, party_keys):
    for at in range(len(signed_by_both)):
        with pytest.raises(refused):
            ask("note", content=flipped(signed_by_both, at, bit=at % 8), keys=party_keys)


def test_a_checkpoint_with_a_cosignature_opens(ask, checkpoint, cosigned, checkpoint_keys):
    opened = ask("checkpoint", content=cosigned, keys=checkpoint_keys)
    assert opened["size"] == checkpoint.size
    assert opened["root"] == checkpoint.root


def test_a_checkpoint_without_the_cosignature_is_refused(
    ask, refused, checkpoint, log_signer, checkpoint_keys
):
    with pytest.raises(refused, match="signed by 1 of 2 keys"):
        ask("checkpoint", content=str(sign(str(checkpoint), log_signer)).encode(), keys=checkpoint_keys)


def test_a_changed_bit_of_a_checkpoint_is_refused(ask, refused, cosigned, checkpoint_keys):
    """The log's signature, the witness's, its time, and all that they sign."""
    for at in range(len(cosigned)):
        for bit in range(8):
            with pytest.raises(refused):
                ask("checkpoint", content=flipped(cosigned, at, bit), keys=checkpoint_keys)


def test_a_key_in_the_other_type_is_another_key(ask, refused, cosigned, log_signer, witness):
    """A witness's key cannot stand for a log's: the type is part of the key ID."""
    other = replace(witness.verifier, type=KeyType.ED25519)
    with pytest.raises(refused, match="signed by 1 of 2 keys"):
        ask("checkpoint", content=cosigned, keys=[str(log_signer.verifier), str(other)])


def flipped(content, at, bit):
    changed = bytearray(content)
    changed[at] ^= 1 << bit
    return bytes(changed)

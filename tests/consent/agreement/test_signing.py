"""Signatures: both parties, nobody else, and not one byte may change."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.agreement.form import canonical_text
from consent.agreement.lifecycle import BOTH, State
from consent.agreement.schema import Agreement
from consent.agreement.signing import countersign, open_agreement, sign_agreement
from consent.agreement.vocabulary import Party
from consent.notes import KeyType, Signer, open_note
from productivity.errors import BadInput


@pytest.fixture
def stranger():
    """A key of the same name as the council's, but not the council's."""
    return Signer(
        "plant.example/council", KeyType.ED25519, Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    )


@pytest.fixture
def signed(agreement, signers):
    return countersign(sign_agreement(agreement, signers[Party.EMPLOYER]), signers[Party.COUNCIL])


@pytest.mark.parametrize("first", list(Party))
def test_both_sign_in_any_order(agreement, signers, first):
    second = next(party for party in Party if party is not first)
    once = sign_agreement(agreement, signers[first])
    assert once.standing.state is State.SIGNED_BY_ONE
    twice = countersign(open_agreement(str(once.note), "one.note"), signers[second])
    opened = open_agreement(str(twice.note), "two.note")
    assert opened.agreement == agreement
    assert opened.signed_by == BOTH
    assert opened.standing.state is State.SIGNED_BY_BOTH


def test_it_is_an_ordinary_note_over_the_canonical_text(agreement, signed, signers):
    """Any C2SP reader that holds the keys can open it, without knowing what an agreement is."""
    opened = open_note(str(signed.note), [], required=[signer.verifier for signer in signers.values()])
    assert opened.text == canonical_text(agreement)


def test_a_stranger_cannot_sign(agreement, stranger):
    with pytest.raises(BadInput, match="key is of neither party"):
        sign_agreement(agreement, stranger)


def test_nobody_signs_twice(agreement, signers):
    once = sign_agreement(agreement, signers[Party.COUNCIL])
    with pytest.raises(BadInput, match="expected the party that has not signed"):
        countersign(once, signers[Party.COUNCIL])


def test_nobody_signs_before_both_keys_are_named(document, signers):
    """The other key could not be filled in any more: it would be another text."""
    document["parties"]["works_council"]["key"] = None
    with pytest.raises(BadInput, match="a key of each party"):
        sign_agreement(Agreement.model_validate(document), signers[Party.EMPLOYER])


def test_signatures_of_others_count_for_nothing(agreement, signed, stranger, signers):
    own = str(sign_agreement(agreement, signers[Party.EMPLOYER]).note)
    foreign = str(signed.note).splitlines(keepends=True)[-1].replace("council", "neighbour")
    assert open_agreement(own + foreign, "sample").signed_by == {Party.EMPLOYER}


def test_an_agreement_that_names_other_keys_than_the_known_ones_is_refused(signed, signers, stranger):
    trusted = {party: signer.verifier for party, signer in signers.items()}
    assert open_agreement(str(signed.note), "sample", trusted=trusted).signed_by == BOTH
    with pytest.raises(BadInput, match="another key for the works council"):
        open_agreement(str(signed.note), "sample", trusted=trusted | {Party.COUNCIL: stranger.verifier})


def test_every_changed_byte_is_detected(signed, signers):
    """Each byte of the file, one after the other: refused, or a signature is missing."""
    content = str(signed.note).encode()
    trusted = {party: signer.verifier for party, signer in signers.items()}
    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= 0x01
        try:
            opened = open_agreement(bytes(changed), "sample", trusted=trusted)
        except BadInput:
            continue
        assert opened.signed_by != BOTH, f"byte {at}"


@pytest.mark.parametrize("kept", ["nothing", "text", "half of a signature", "unfinished line"])
def test_a_shortened_file_is_refused(signed, kept):
    content = str(signed.note)
    parts = {
        "nothing": "",
        "text": signed.note.text,
        "half of a signature": content[: content.index("— ") + 60],
        "unfinished line": content[:-1],
    }
    with pytest.raises(BadInput):
        open_agreement(parts[kept], "sample")

"""Signed notes: examples that others published, then every rule with a note that breaks just that rule."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from consent.notes import (
    MAX_SIGNATURES,
    KeyType,
    Note,
    Signature,
    Signer,
    Verifier,
    add_signature,
    cosign,
    open_note,
    parse_note,
    parse_verifier,
    sign,
)
from productivity.errors import BadInput

# The known answer of Go's golang.org/x/mod/sumdb/note, also in the C2SP world.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_that_go_signed_opens():
    opened = open_note(NEUMANN_NOTE, [parse_verifier(NEUMANN)])
    assert opened.text.startswith("If you think")
    assert [signature.verifier.name for signature in opened.signatures] == ["PeterNeumann"]


def test_a_verifier_key_is_written_as_it_was_read():
    assert str(parse_verifier(NEUMANN + "\n")) == NEUMANN


def test_a_note_is_written_as_it_was_read():
    assert str(parse_note(NEUMANN_NOTE)) == NEUMANN_NOTE
    assert parse_note(NEUMANN_NOTE.encode()) == parse_note(NEUMANN_NOTE)


def test_every_changed_bit_of_a_published_note_is_noticed():
    content = NEUMANN_NOTE.encode()
    for place in range(len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            with pytest.raises(BadInput):
                open_note(bytes(changed), [parse_verifier(NEUMANN)])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one line", "agreed\n"),
        ("empty lines inside", "first\n\nsecond\n"),
        ("ends with an empty line", "first\n\n"),
        ("looks like a signature", "— somebody AAAAAAAA\n"),
        ("German", "Vereinbarung für Arbeitsplätze\n"),
    ],
)
def test_what_is_signed_opens(signer_of, name, text):
    signer = signer_of("employer.example")
    assert open_note(str(sign(text, signer)), [signer.verifier]).text == text


@given(text=st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_signing(text):
    signer = Signer("a", KeyType.ED25519, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert open_note(str(sign(text + "\n", signer)), [signer.verifier]).text == text + "\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty", ""),
        ("no line feed at the end", "agreed"),
        ("line feed alone", "\n"),
        ("carriage return", "agreed\r\n"),
        ("tab", "agreed\t\n"),
        ("lone surrogate", "agreed \ud800\n"),
    ],
)
def test_text_that_cannot_stand_in_a_note_is_not_signed(signer_of, name, text):
    with pytest.raises(BadInput):
        sign(text, signer_of("employer.example"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("no signature", "agreed\n"),
        ("no empty line", "agreed\n— a AAAAAAAA\n"),
        ("no last line feed", "agreed\n\n— a AAAAAAAA"),
        ("hyphen for dash", "agreed\n\n- a AAAAAAAA\n"),
        ("no name", "agreed\n\n—  AAAAAAAA\n"),
        ("plus in name", "agreed\n\n— a+b AAAAAAAA\n"),
        ("key ID alone", "agreed\n\n— a AAAAAA==\n"),
        ("no base64", "agreed\n\n— a AAAA*AAA\n"),
        ("base64 with stray bits", "agreed\n\n— a AAAAAAB=\n"),
        ("unpadded base64", "agreed\n\n— a AAAAAAA\n"),
        ("text behind the signature", "agreed\n\n— a AAAAAAAA more\n"),
        ("no UTF-8", b"agreed\xff" + "\n\n— a AAAAAAAA\n".encode()),
        ("control character", "agr\x00eed\n\n— a AAAAAAAA\n"),
        ("too many signatures", "agreed\n\n" + "— a AAAAAAAA\n" * (MAX_SIGNATURES + 1)),
    ],
)
def test_what_is_no_note_is_refused(name, content):
    if isinstance(content, str):
        content = content.encode()
    with pytest.raises(BadInput):
        parse_note(content)


def test_sixteen_signatures_are_accepted(signer_of):
    """C2SP asks for at least as many."""
    signers = [signer_of(f"witness{number}.example") for number in range(16)]
    note = sign("agreed\n", *signers)
    assert len(open_note(str(note), [signer.verifier for signer in signers]).signatures) == 16


def test_signatures_of_unknown_keys_are_ignored(signer_of):
    employer, stranger = signer_of("employer.example"), signer_of("stranger.example")
    opened = open_note(sign("agreed\n", stranger, employer), [employer.verifier])
    assert [signature.verifier for signature in opened.signatures] == [employer.verifier]


def test_a_key_of_the_same_name_is_another_key(signer_of):
    employer = signer_of("employer.example")
    imposter = Verifier("employer.example", KeyType.ED25519, signer_of("stranger.example").verifier.public)
    with pytest.raises(BadInput, match="not signed by any known key"):
        open_note(sign("agreed\n", employer), [imposter])


def test_a_wrong_signature_of_a_known_key_rejects_the_note(signer_of):
    employer, council = signer_of("employer.example"), signer_of("council.example")
    good = sign("agreed\n", employer, council)
    wrong = Signature(council.name, council.verifier.key_id, bytes(64))
    with pytest.raises(BadInput, match=r"council\.example.*wrong signature"):
        open_note(Note(good.text, (*good.signatures, wrong)), [employer.verifier, council.verifier])


def test_required_keys_must_all_have_signed(signer_of):
    employer, council = signer_of("employer.example"), signer_of("council.example")
    required = [employer.verifier, council.verifier]
    note = sign("agreed\n", employer)
    with pytest.raises(BadInput, match=r"lacks a signature.*council\.example"):
        open_note(note, [], required=required)
    assert len(open_note(add_signature(note, council), [], required=required).signatures) == 2


def test_two_keys_that_nobody_can_tell_apart_are_refused(signer_of, monkeypatch):
    employer = signer_of("employer.example")
    twin = Verifier(employer.name, KeyType.ED25519, signer_of("stranger.example").verifier.public)
    monkeypatch.setattr(Verifier, "key_id", b"same")
    with pytest.raises(BadInput, match="share name and key ID"):
        open_note(sign("agreed\n", employer), [employer.verifier, twin])


def test_a_witness_signs_the_time_with_the_text(signer_of):
    """The bytes are put together here by hand, after tlog-cosignature."""
    log, witness = signer_of("log.example"), signer_of("witness.example", KeyType.COSIGNATURE)
    note = cosign(sign("log.example\n0\nroot\n", log), witness, 1_679_315_147)
    value = base64.b64decode(str(note).splitlines()[-1].split(" ")[2])
    assert value[:4] == witness.verifier.key_id
    assert value[4:12] == (1_679_315_147).to_bytes(8, "big")
    message = b"cosignature/v1\ntime 1679315147\nlog.example\n0\nroot\n"
    witness.private.public_key().verify(value[12:], message)
    opened = open_note(str(note), [log.verifier, witness.verifier])
    assert [signature.posix_s for signature in opened.signatures] == [None, 1_679_315_147]


def test_a_changed_time_of_a_cosignature_is_noticed(signer_of):
    witness = signer_of("witness.example", KeyType.COSIGNATURE)
    note = cosign(sign("a\n0\nroot\n", signer_of("log.example")), witness, 100)
    value = bytearray(note.signatures[1].value)
    value[7] += 1
    later = Signature(witness.name, witness.verifier.key_id, bytes(value))
    changed = Note(note.text, (note.signatures[0], later))
    with pytest.raises(BadInput, match="wrong signature"):
        open_note(changed, [witness.verifier])


def test_a_cosignature_of_an_impossible_time_is_refused(signer_of):
    """C2SP: the time must not exceed 2**63 - 1."""
    witness = signer_of("witness.example", KeyType.COSIGNATURE)
    time = 2**63
    value = time.to_bytes(8, "big") + witness.private.sign(f"cosignature/v1\ntime {time}\na\n".encode())
    note = Note("a\n", (Signature(witness.name, witness.verifier.key_id, value),))
    with pytest.raises(BadInput, match="impossible time"):
        open_note(note, [witness.verifier])


@pytest.mark.parametrize("length", [0, 7, 8, 71, 73])
def test_a_cosignature_of_a_wrong_length_is_refused(signer_of, length):
    witness = signer_of("witness.example", KeyType.COSIGNATURE)
    broken = Signature(witness.name, witness.verifier.key_id, bytes(length))
    with pytest.raises(BadInput, match="wrong signature"):
        open_note(Note("a\n", (broken,)), [witness.verifier])


def test_keys_sign_what_their_type_says(signer_of):
    witness = signer_of("witness.example", KeyType.COSIGNATURE)
    with pytest.raises(BadInput, match="checkpoints only"):
        sign("agreed\n", witness)
    with pytest.raises(BadInput, match="witness key"):
        cosign(sign("agreed\n", signer_of("a")), signer_of("b"), 0)
    with pytest.raises(BadInput, match="POSIX time"):
        cosign(sign("agreed\n", signer_of("a")), witness, -1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty", ""),
        ("no parts", "PeterNeumann"),
        ("key ID of another", NEUMANN.replace("c74f20a3", "c74f20a4")),
        ("name of another", NEUMANN.replace("Peter", "Petra")),
        ("unknown type", "a+00000000+" + base64.b64encode(b"\x02" + bytes(32)).decode()),
        ("short key", "a+00000000+" + base64.b64encode(b"\x01" + bytes(31)).decode()),
        ("no key", "a+00000000+"),
        ("no base64", "a+00000000+*"),
    ],
)
def test_what_is_no_verifier_key_is_refused(name, text):
    with pytest.raises(BadInput):
        parse_verifier(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\t", "line\n", "no\u00a0break"])
def test_names_that_cannot_stand_in_a_line_are_refused(name):
    with pytest.raises(BadInput, match="key name"):
        Verifier(name, KeyType.ED25519, bytes(32))


def test_a_private_key_never_shows_itself(signer_of):
    signer = signer_of("employer.example")
    assert signer.private.private_bytes_raw().hex() not in repr(signer)
    assert "rivate" not in repr(signer)

"""A sealed segment: the worked way there and back, and every part that was exchanged or changed."""

import hashlib
import hmac
import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.vault import binding
from consent.vault.content import unpack
from consent.vault.keys import WRAPPED_BYTES, unwrap_with, wrap
from consent.vault.permit import Permit, issue
from consent.vault.sealing import HEAD_BYTES, opened, read_head, read_sealed, seal, sealed_bytes
from consent.vault.segment import SegmentLabel
from productivity.errors import BadInput
from tests.consent.vault.vault_world import label_of, motion, same

WORKER = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = WORKER.public_key().public_bytes_raw()


def sealed_of(what=None, public=PUBLIC, random=os.urandom, **changes):
    what = what or motion()
    return seal(what, label_of(what, **changes), public, random)


def unsealed(sealed, private=WORKER):
    permit = issue(sealed.label)
    return opened(permit, sealed, unwrap_with(private, permit, sealed.wrapped_key))


@pytest.mark.parametrize("poses", [1, 2, 600])
def test_what_is_sealed_opens(poses):
    what = motion(poses)
    assert same(unsealed(read_sealed(sealed_bytes(sealed_of(what)))), what)


def test_worked_by_hand():
    """Written from the description, with HKDF of RFC 5869 in four lines: nothing of `sealing` but `seal`."""
    what = motion()
    sealed = sealed_of(what, random=lambda size: b"k" * size)
    about = (
        bytes.fromhex("a1" * 16 + "b2" * 16 + "c3" * 32 + "d4" * 16)
        + (300).to_bytes(4, "big")
        + b"assembly bench"
    )
    info = b"fairtakt vault 1 content key and commitment\n" + about
    extracted = hmac.digest(bytes(32), b"k" * 32, "sha256")
    first = hmac.digest(extracted, info + b"\x01", "sha256")
    second = hmac.digest(extracted, first + info + b"\x02", "sha256")
    assert sealed.commitment == second.hex()
    content = ChaCha20Poly1305(first).decrypt(bytes(12), sealed.content, about)
    assert same(unpack(content), what)
    assert len(sealed.wrapped_key) == WRAPPED_BYTES == 80


def test_the_same_motion_is_never_sealed_alike():
    one, other = sealed_of(), sealed_of()
    assert one.content != other.content
    assert one.commitment != other.commitment
    assert one.wrapped_key[:32] != other.wrapped_key[:32]


def test_nothing_of_the_motion_can_be_read_in_the_file():
    what = motion(600)
    content = sealed_bytes(sealed_of(what))
    floats = what.joints.tobytes()
    assert not any(floats[at : at + 8] in content for at in range(0, len(floats), 4096))
    assert b"PAR1" not in content
    assert b"left_wrist" not in content


EXCHANGED = {
    "segment": {"segment": "ff" * 16},
    "grant": {"record": "ff" * 16},
    "agreement": {"agreement": "ff" * 32},
    "session": {"session": "ff" * 16},
    "station": {"station": "packing bench"},
    "span": {"span_ms": 301},
}


@pytest.mark.parametrize("part", EXCHANGED)
def test_a_label_belongs_to_its_segment(part):
    sealed = sealed_of()
    with pytest.raises(BadInput, match="wrapped key cannot be opened"):
        unsealed(replace(sealed, label=replace(sealed.label, **EXCHANGED[part])))


@pytest.mark.parametrize("part", EXCHANGED)
def test_a_label_belongs_to_its_content_too(part):
    """Even to somebody who has the data key and wraps it anew."""
    sealed = sealed_of(random=lambda size: b"k" * size)
    label = replace(sealed.label, **EXCHANGED[part])
    with pytest.raises(BadInput, match="not the one that was committed to"):
        opened(issue(label), replace(sealed, label=label), b"k" * 32)


def test_wrapped_keys_cannot_be_exchanged():
    one, other = sealed_of(), sealed_of(motion(seed=1), segment="ee" * 16)
    with pytest.raises(BadInput, match="wrapped key cannot be opened"):
        unsealed(replace(one, wrapped_key=other.wrapped_key))


def test_another_data_key_is_told_by_the_commitment():
    """Wrapped rightly, for the right worker and label, and yet not the key that was committed to."""
    sealed = sealed_of()
    with pytest.raises(BadInput, match="not the one that was committed to"):
        unsealed(replace(sealed, wrapped_key=wrap(b"x" * 32, PUBLIC, sealed.label)))


def test_a_wrong_commitment_is_refused():
    with pytest.raises(BadInput, match="not the one that was committed to"):
        unsealed(replace(sealed_of(), commitment="00" * 32))


def test_contents_cannot_be_exchanged():
    one, other = sealed_of(), sealed_of(motion(seed=1), segment="ee" * 16)
    with pytest.raises(BadInput, match="content was changed"):
        unsealed(replace(one, content=other.content))


def test_another_workers_key_opens_nothing():
    with pytest.raises(BadInput, match="wrapped key cannot be opened"):
        unsealed(sealed_of(), X25519PrivateKey.generate())


def test_a_label_must_fit_its_motion():
    with pytest.raises(BadInput, match="label does not fit"):
        sealed_of(span_ms=299)


@pytest.mark.parametrize("public", [b"", b"x" * 31, b"x" * 33])
def test_a_key_that_is_none(public):
    with pytest.raises(BadInput, match="not a public key"):
        sealed_of(public=public)


def test_every_changed_bit_is_detected():
    content = sealed_bytes(sealed_of(motion(1)))
    for place in range(0, len(content), 1 if len(content) < 400 else 7):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(BadInput):
            unsealed(read_sealed(bytes(changed)))


def test_every_cut_is_detected():
    content = sealed_bytes(sealed_of(motion(1)))
    for length in (*range(0, 300, 7), len(content) - 1):
        with pytest.raises(BadInput):
            unsealed(read_sealed(content[:length]))


def test_bytes_behind_the_end_are_detected():
    with pytest.raises(BadInput, match="content was changed"):
        unsealed(read_sealed(sealed_bytes(sealed_of()) + b"\0"))


FILES = {
    "nothing": (b"", "not a sealed segment"),
    "another file": (b"PAR1" * 100, "not a sealed segment"),
    "a newer version": (b"fairtakt motion 2\n" + bytes(400), "newer fairtakt"),
    "a label that is too short": (b"fairtakt motion 1\n" + b"\x00\x54" + bytes(400), "another length"),
    "a label longer than the file": (b"fairtakt motion 1\n" + b"\xff\xff" + bytes(400), "cut off"),
    "a label without a station's name": (b"fairtakt motion 1\n" + b"\x00\x55" + bytes(400), "station cannot"),
    "a station that is no text": (b"fairtakt motion 1\n\x00\x55" + bytes(84) + b"\xff" + bytes(400), "UTF-8"),
    "no content": (sealed_bytes(sealed_of())[:240], "content has a wrong length"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_strictly(name):
    content, why = FILES[name]
    with pytest.raises(BadInput, match=why):
        read_sealed(content)


def test_a_file_without_end_is_not_read():
    with pytest.raises(BadInput, match="too long"):
        read_sealed(sealed_bytes(sealed_of()) + bytes(1 << 25))


def test_the_label_stands_at_the_head():
    longest = sealed_of(station="ü" * 80)
    assert read_head(sealed_bytes(longest)[:HEAD_BYTES])[0] == longest.label


hexadecimal = st.text("0123456789abcdef", min_size=32, max_size=32)
labels = st.builds(
    SegmentLabel,
    segment=hexadecimal,
    record=hexadecimal,
    agreement=st.text("0123456789abcdef", min_size=64, max_size=64),
    session=hexadecimal,
    station=st.text(min_size=1, max_size=80).filter(str.isprintable),
    span_ms=st.integers(0, 60_000),
)


@given(labels, labels)
def test_labels_have_one_spelling_each(one, other):
    assert binding.read(binding.bound(one)) == one
    assert (binding.bound(one) == binding.bound(other)) == (one == other)


@given(st.binary(max_size=420))
def test_bytes_are_a_label_in_its_own_spelling_or_none(content):
    try:
        label = binding.read(content)
    except BadInput:
        return
    assert binding.bound(label) == content


@settings(max_examples=20, deadline=None)
@given(labels, st.integers(1, 3), st.integers(0, 99))
def test_whatever_the_label_it_opens(label, poses, seed):
    what = motion(poses, seed)
    sealed = seal(what, replace(label, span_ms=what.span_ns // 10**6), PUBLIC, os.urandom)
    assert read_sealed(sealed_bytes(sealed)) == sealed
    assert same(unsealed(sealed), what)


def test_a_permit_cannot_be_made_by_hand():
    with pytest.raises(TypeError, match="logged use"):
        Permit(label_of(motion()), object())


def test_a_permit_is_for_one_segment():
    sealed = sealed_of()
    other = issue(replace(sealed.label, segment="ee" * 16))
    with pytest.raises(BadInput, match="permit is for another"):
        opened(other, sealed, b"k" * 32)


def test_no_repr_shows_a_secret():
    sealed = sealed_of()
    assert hashlib.sha256(sealed.content).hexdigest() not in repr(sealed)
    assert sealed.wrapped_key.hex()[:16] not in repr(sealed)
    assert "b'" not in repr(sealed)

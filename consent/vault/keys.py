"""Workers' keys: one X25519 pair for each consent record. Whoever has the private half opens what was kept.

The data key of a segment is wrapped for the public half with HPKE (RFC 9180, base mode: DHKEM(X25519,
HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305): 32 bytes become 80, the ephemeral key (32), the data key (32)
and a tag (16). HPKE's `info` is the segment's label, so a wrapped key fits no other segment.

A key per record and not per worker: consent ends record by record, and so does what it opened.
"""

from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from consent.vault.binding import bound
from consent.vault.permit import Permit
from consent.vault.segment import SegmentLabel
from productivity.errors import BadInput

DATA_KEY_BYTES = 32
WRAPPED_BYTES = 80

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_INFO = b"fairtakt vault 1 data key\n"


class WorkerKeys(Protocol):
    """Where private halves lie. Nothing of this leaves a store but public halves and single data keys."""

    def create(self, record: str) -> bytes:
        """Make the record's key, unless there is one; return its public half (32 bytes).

        When this returns, the key survives a power loss: segments that are sealed for it can be opened. The
        same record gets the same answer for ever; `BadInput` if its key was shredded, for there is no second.
        """
        ...

    def public(self, record: str) -> bytes:
        """Return the public half; `BadInput` if there is no such key, or if it was shredded."""
        ...

    def unwrap(self, permit: Permit, wrapped: bytes) -> bytes:
        """Return the data key of the permitted segment; `BadInput` if it cannot be unwrapped here.

        That is: no such key, a shredded one, one whose shredding has begun, or a wrapped key that is not of
        this segment.
        """
        ...

    def shred(self, record: str) -> None:
        """Destroy the record's key. A record without a key, or whose key is gone, is no error.

        From the first moment on, nothing is unwrapped any more. When this returns, no byte of the private
        half stays in any file of the store, free pages and logs of a database included, and an external
        store has confirmed that it holds none. If it raises, this is not so yet, and must be tried again;
        a crash in between is made good when the store is opened next. What a storage device keeps of
        overwritten blocks is beyond any program.
        """
        ...

    def known(self) -> frozenset[str]:
        """Return the records whose key is here and not wholly shredded."""
        ...


def wrap(data_key: bytes, public: bytes, label: SegmentLabel) -> bytes:
    """Return a segment's data key (32 bytes), wrapped for a worker's public half (80 bytes)."""
    if len(data_key) != DATA_KEY_BYTES:
        raise BadInput("data key has a wrong length", expected=f"{DATA_KEY_BYTES} bytes")
    return _SUITE.encrypt(data_key, read_public(public), info=_INFO + bound(label))


def unwrap_with(private: X25519PrivateKey, permit: Permit, wrapped: bytes) -> bytes:
    """Return the data key of the permitted segment; for stores of keys. `BadInput` if it is of another."""
    if len(wrapped) != WRAPPED_BYTES:
        raise BadInput("wrapped key has a wrong length", expected=f"{WRAPPED_BYTES} bytes")
    try:
        data_key = _SUITE.decrypt(wrapped, private, info=_INFO + bound(permit.label))
    except (InvalidTag, ValueError):
        data_key = b""
    if len(data_key) != DATA_KEY_BYTES:
        raise BadInput(
            "wrapped key cannot be opened", expected="one that was wrapped for this record and segment"
        )
    return data_key


def read_public(public: bytes) -> X25519PublicKey:
    """Return the key of 32 bytes; `BadInput` if they are none that anything can be wrapped for."""
    try:
        return X25519PublicKey.from_public_bytes(public)
    except ValueError:
        raise BadInput("not a public key", expected="32 bytes, X25519") from None

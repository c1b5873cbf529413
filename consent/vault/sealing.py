"""Seals motion as it leaves memory, and the file of a sealed segment.

1. A random data key for each segment, and for nothing else.
2. HKDF-SHA256 makes two values of it, bound to the label: the content's key and the commitment.
3. The content, Parquet bytes, under ChaCha20-Poly1305 (RFC 8439); associated data is the label: segment,
   grant, agreement, session, span and station (`consent.vault.binding`).
4. The data key wrapped for the worker's public half (`consent.vault.keys`).

Why a commitment: ChaCha20-Poly1305 does not commit. Somebody can make one ciphertext that opens under two
keys, each time as another motion (Len, Grubbs, Ristenpart 2021, *Partitioning oracle attacks*). The log holds
the commitment, so what is opened later is what was sealed then. Key and commitment come from the same HKDF
call, so there is no second way from one to the other.

Why a constant nonce: each key encrypts once. Why no padding: the length tells the number of poses, and the
label tells the span anyway. Pure, but for the randomness that HPKE draws itself.
"""

import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consent.vault import binding
from consent.vault.content import MOST_POSES, pack, unpack
from consent.vault.keys import DATA_KEY_BYTES, WRAPPED_BYTES, wrap
from consent.vault.permit import Permit
from consent.vault.segment import SealedSegment, SegmentLabel
from models.motion import Motion
from models.pose import JOINTS
from productivity.errors import BadInput

LARGEST_CONTENT = MOST_POSES * JOINTS * 32 + (1 << 16)
"""Bytes: what does not compress at all, and room for Parquet's own."""
LARGEST_SEALED = LARGEST_CONTENT + 1024
"""Bytes of a sealed segment's file; nothing longer is read."""

_DERIVED = b"fairtakt vault 1 content key and commitment\n"
_KEY_BYTES, _COMMITMENT_BYTES, _TAG_BYTES = 32, 32, 16
_NONCE = bytes(12)
_MAGIC = b"fairtakt motion "
_VERSION = b"1\n"
_WHERE = "sealed segment"


def seal(
    motion: Motion, label: SegmentLabel, worker_public: bytes, random: Callable[[int], bytes]
) -> SealedSegment:
    """Encrypt a segment for a worker's key; `random` must be unpredictable (`os.urandom`).

    `BadInput` if the label does not fit the motion, or the key is none. Nothing of the motion is written
    anywhere.
    """
    if label.span_ms != motion.span_ns // 1_000_000:
        raise BadInput("label does not fit the motion", where=_WHERE, expected="its span in milliseconds")
    about = binding.bound(label)
    data_key = random(DATA_KEY_BYTES)
    wrapped = wrap(data_key, worker_public, label)
    content_key, commitment = _derive(data_key, about)
    content = ChaCha20Poly1305(content_key).encrypt(_NONCE, pack(motion), about)
    return SealedSegment(label, commitment.hex(), wrapped, content)


def opened(permit: Permit, sealed: SealedSegment, data_key: bytes) -> Motion:
    """Return the motion of the permitted segment; for `consent.vault.release`.

    `BadInput` if the data key is not the one that was committed to, or anything was changed.
    """
    if permit.label != sealed.label:
        raise BadInput("permit is for another segment", where=_WHERE)
    about = binding.bound(sealed.label)
    content_key, commitment = _derive(data_key, about)
    if not hmac.compare_digest(commitment.hex(), sealed.commitment):
        raise BadInput("key is not the one that was committed to", where=_WHERE)
    try:
        content = ChaCha20Poly1305(content_key).decrypt(_NONCE, sealed.content, about)
    except InvalidTag:
        raise BadInput("content was changed", where=_WHERE, expected="what was sealed") from None
    motion = unpack(content)
    if motion.span_ns // 1_000_000 != sealed.label.span_ms:
        raise BadInput("motion does not fit its label", where=_WHERE, expected="its span in milliseconds")
    return motion


def sealed_bytes(sealed: SealedSegment) -> bytes:
    r"""Return the file of a sealed segment.

    `fairtakt motion 1\n`, the label's length (2 bytes, big-endian) and bytes, the commitment (32), the
    wrapped key (80), and the content up to the end.
    """
    _check(sealed)
    about = binding.bound(sealed.label)
    head = _MAGIC + _VERSION + len(about).to_bytes(2, "big") + about
    return head + bytes.fromhex(sealed.commitment) + sealed.wrapped_key + sealed.content


def read_sealed(content: bytes, where: str = _WHERE) -> SealedSegment:
    """Read such a file; `BadInput` for any other bytes. Nothing of it is believed before it is opened."""
    label, rest = read_head(content, where)
    if len(content) > LARGEST_SEALED:
        raise BadInput("file is too long", where=where, expected=f"at most {LARGEST_SEALED} bytes")
    commitment, wrapped = rest[:_COMMITMENT_BYTES], rest[_COMMITMENT_BYTES:][:WRAPPED_BYTES]
    sealed = SealedSegment(label, commitment.hex(), wrapped, rest[_COMMITMENT_BYTES + WRAPPED_BYTES :])
    try:
        _check(sealed)
    except BadInput as error:
        raise BadInput(str(error), where=where) from None
    return sealed


HEAD_BYTES = len(_MAGIC + _VERSION) + 2 + binding.LONGEST
"""As much of a file as `read_head` needs."""


def read_head(content: bytes, where: str = _WHERE) -> tuple[SegmentLabel, bytes]:
    """Return a file's label and what follows it; the first `HEAD_BYTES` are enough. Raises `BadInput`."""
    magic, version, place = len(_MAGIC), len(_VERSION), len(_MAGIC + _VERSION) + 2
    if content[:magic] != _MAGIC:
        raise BadInput("not a sealed segment", where=where)
    if content[magic:][:version] != _VERSION:
        raise BadInput("sealed by a newer fairtakt", where=where, expected="version 1")
    end = place + int.from_bytes(content[place - 2 : place], "big")
    if end > len(content):
        raise BadInput("file is cut off", where=where, expected="a label, keys and content")
    try:
        return binding.read(content[place:end]), content[end:]
    except BadInput as error:
        raise BadInput(str(error), where=where) from None


def _check(sealed: SealedSegment) -> None:
    if len(sealed.wrapped_key) != WRAPPED_BYTES or len(sealed.commitment) != 2 * _COMMITMENT_BYTES:
        raise BadInput("keys have a wrong length", expected=f"a commitment and {WRAPPED_BYTES} bytes")
    if not _TAG_BYTES < len(sealed.content) <= LARGEST_CONTENT:
        raise BadInput("content has a wrong length", expected=f"up to {LARGEST_CONTENT} bytes")


def _derive(data_key: bytes, about: bytes) -> tuple[bytes, bytes]:
    """Return the content's key and the commitment."""
    hkdf = HKDF(SHA256(), _KEY_BYTES + _COMMITMENT_BYTES, salt=None, info=_DERIVED + about)
    derived = hkdf.derive(data_key)
    return derived[:_KEY_BYTES], derived[_KEY_BYTES:]

"""Signed notes: text that anybody can read, followed by the signatures of keys that have names.

Source: C2SP signed-note (https://c2sp.org/signed-note) and tlog-cosignature
(https://c2sp.org/tlog-cosignature). A note is text that ends in a line feed, an empty line, and lines

    — NAME BASE64(key ID, 4 bytes ‖ signature)

Rules that `open_note` enforces:

1. UTF-8, no ASCII control character but the line feed; the last empty line ends the text.
2. Base64 has one spelling per value, so that no byte of a verified signature line can change unnoticed.
3. A signature by an unknown key is ignored; a wrong signature by a known key rejects the whole note.
4. At least one known key must have signed, and every key that the caller requires.

Pure: no file, no clock; the time of a co-signature is an argument, in POSIX seconds as the format has it.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from productivity.errors import BadInput

MAX_SIGNATURES = 100
"""C2SP asks for at least 16; the limit keeps a hostile note from costing more than milliseconds."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DASH = "— "
_KEY_ID_BYTES = 4
_PUBLIC_BYTES = 32
_TIME_BYTES = 8
_LATEST_POSIX_S = 2**63 - 1


class KeyType(IntEnum):
    """What a key signs; its byte is part of the key ID, so no key can be taken for another type."""

    ED25519 = 0x01
    """Ed25519 over the text of the note."""
    COSIGNATURE = 0x04
    """Ed25519 over `cosignature/v1`, a time and the text: what a witness says about a checkpoint."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name. `str()` gives the verifier key that is handed to others."""

    name: str
    type: KeyType
    public: bytes
    """32 bytes, RFC 8032."""

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.public) != _PUBLIC_BYTES:
            raise BadInput(
                "public key has a wrong length",
                where=f"key {self.name!r}",
                expected=f"{_PUBLIC_BYTES} bytes",
                found=f"{len(self.public)}",
            )

    @property
    def key_id(self) -> bytes:
        """Four bytes that, together with the name, say which key signed."""
        digest = hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public)
        return digest.digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encode(bytes([self.type]) + self.public)}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name; it never shows itself in a text."""

    name: str
    type: KeyType
    private: Ed25519PrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.type, self.private.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, not yet verified."""

    name: str
    key_id: bytes
    value: bytes
    """What follows the key ID: 64 bytes, or for co-signatures 8 bytes of time and 64 bytes."""

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {_encode(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """Text and signatures as they stand, not yet verified. `str()` gives the file's content."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"


@dataclass(frozen=True, slots=True)
class VerifiedSignature:
    """A signature that is right. `posix_s` is when a witness co-signed; None for plain signatures."""

    verifier: Verifier
    posix_s: int | None


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """Text that known keys have signed, and which of them; nothing else of the note is trusted."""

    text: str
    signatures: tuple[VerifiedSignature, ...]


def parse_verifier(text: str) -> Verifier:
    """Read a verifier key `NAME+KEYID+BASE64`; raise `BadInput` if its parts do not fit each other."""
    expected = "NAME+KEYID+BASE64, an Ed25519 key as `fairtakt keys new` prints it"
    try:
        name, key_id, encoded = text.strip().split("+", 2)
        decoded = _decode(encoded)
        verifier = Verifier(name, KeyType(decoded[0]), decoded[1:])
    except (ValueError, IndexError):
        raise BadInput("not a verifier key", expected=expected) from None
    if verifier.key_id.hex() != key_id:
        raise BadInput(
            "verifier key does not fit its key ID",
            where=f"key {name!r}",
            expected=verifier.key_id.hex(),
            found=key_id[:8],
        )
    return verifier


def sign(text: str, *signers: Signer) -> Note:
    """Sign a text that ends in a line feed. `BadInput` if it cannot stand in a note."""
    _check_text(text)
    return Note(text, tuple(_signature(text, signer) for signer in signers))


def add_signature(note: Note, signer: Signer) -> Note:
    """Give the note one more signature over the same text; what is there is kept and not verified."""
    return Note(note.text, (*note.signatures, _signature(note.text, signer)))


def cosign(note: Note, signer: Signer, posix_s: int) -> Note:
    """Add a co-signature of that time. Requires a checkpoint that the caller has verified."""
    if signer.type is not KeyType.COSIGNATURE or not 0 <= posix_s <= _LATEST_POSIX_S:
        raise BadInput("co-signing needs a witness key and a POSIX time", where=f"key {signer.name!r}")
    signature = signer.private.sign(_cosigned(note.text, posix_s))
    value = posix_s.to_bytes(_TIME_BYTES, "big") + signature
    line = Signature(signer.name, signer.verifier.key_id, value)
    return Note(note.text, (*note.signatures, line))


def parse_note(content: str | bytes) -> Note:
    """Take a note apart without believing it; raise `BadInput` if it is none (rules 1 and 2)."""
    text = _as_text(content)
    body, blank, lines = text.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise BadInput("not a signed note", expected="text, an empty line and signature lines")
    _check_text(body + "\n")
    signatures = lines.removesuffix("\n").split("\n")
    if len(signatures) > MAX_SIGNATURES:
        raise BadInput("note has too many signatures", expected=f"at most {MAX_SIGNATURES}")
    return Note(body + "\n", tuple(_parse_signature(line) for line in signatures))


def open_note(
    content: str | bytes | Note, verifiers: Iterable[Verifier], *, required: Iterable[Verifier] = ()
) -> OpenedNote:
    """Return the text and who signed it; raise `BadInput` unless rules 1 to 4 hold.

    `verifiers` are the keys that may sign, `required` those that must have signed (and thereby may).
    """
    note = content if isinstance(content, Note) else parse_note(content)
    required = tuple(dict.fromkeys(required))
    known = _by_key((*verifiers, *required))
    verified = tuple(
        _verify(note.text, signature, known[signature.name, signature.key_id])
        for signature in note.signatures
        if (signature.name, signature.key_id) in known
    )
    if not verified:
        raise BadInput("note is not signed by any known key", expected=_names(known.values()))
    signed_by = {signature.verifier for signature in verified}
    missing = [verifier for verifier in required if verifier not in signed_by]
    if missing:
        raise BadInput("note lacks a signature", expected=_names(missing))
    return OpenedNote(note.text, verified)


def check_name(name: str) -> None:
    """Raise `BadInput` unless the name may stand in a signature line."""
    bad = not name or "+" in name or any(char.isspace() or ord(char) < 0x20 for char in name)
    if bad or not _is_unicode(name):
        raise BadInput("key name cannot be used", expected="a name without spaces and without '+'")


def _signature(text: str, signer: Signer) -> Signature:
    if signer.type is not KeyType.ED25519:
        raise BadInput("a witness key signs checkpoints only", where=f"key {signer.name!r}")
    return Signature(signer.name, signer.verifier.key_id, signer.private.sign(text.encode()))


def _verify(text: str, signature: Signature, verifier: Verifier) -> VerifiedSignature:
    message, value, posix_s = text.encode(), signature.value, None
    if verifier.type is KeyType.COSIGNATURE:
        posix_s, value = int.from_bytes(value[:_TIME_BYTES], "big"), value[_TIME_BYTES:]
        message = _cosigned(text, posix_s)
    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(value, message)
    except (InvalidSignature, ValueError):
        raise BadInput("wrong signature", where=f"note, key {verifier.name!r}") from None
    if posix_s is not None and posix_s > _LATEST_POSIX_S:
        raise BadInput("co-signature has an impossible time", where=f"note, key {verifier.name!r}")
    return VerifiedSignature(verifier, posix_s)


def _cosigned(text: str, posix_s: int) -> bytes:
    return f"cosignature/v1\ntime {posix_s}\n{text}".encode()


def _by_key(verifiers: Iterable[Verifier]) -> dict[tuple[str, bytes], Verifier]:
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        # Two different keys that nobody can tell apart: the choice between them would be luck.
        if known.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise BadInput("two keys share name and key ID", where=f"key {verifier.name!r}")
    return known


def _parse_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        decoded = _decode(encoded)
    except ValueError:
        decoded = b""
    if not line.startswith(_DASH) or not space or len(decoded) <= _KEY_ID_BYTES:
        raise BadInput("not a signature line", where="note", expected="'— NAME BASE64'")
    check_name(name)
    return Signature(name, decoded[:_KEY_ID_BYTES], decoded[_KEY_ID_BYTES:])


def _check_text(text: str) -> None:
    if text == "\n" or not text.endswith("\n"):
        raise BadInput("note has no text", expected="text that ends in a line feed")
    if _CONTROL.search(text) or not _is_unicode(text):
        raise BadInput("note has control characters", expected="UTF-8 text and line feeds only")


def _as_text(content: str | bytes) -> str:
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput("not a signed note", expected="UTF-8 text") from None


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # lone surrogates
        return False
    return True


def _names(verifiers: Iterable[Verifier]) -> str:
    return "a signature of " + (", ".join(repr(verifier.name) for verifier in verifiers) or "any key")


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decode(text: str) -> bytes:
    """Decode base64 in its one canonical spelling; raise ValueError for any other."""
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("not base64") from None
    if _encode(value) != text:
        raise ValueError("base64 with stray bits")
    return value

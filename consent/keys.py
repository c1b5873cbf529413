"""Keys with names and roles: a private key encrypted with a passphrase, beside a verifier key to hand out.

The key file is JSON. The private key (RFC 8032 seed, 32 bytes) is sealed with ChaCha20-Poly1305 under a key
that scrypt derives from the passphrase; name, role and verifier key are bound to it as associated data.
Encrypted PKCS#8 would be the usual form, but `cryptography` derives its key with 2048 rounds of PBKDF2.
"""

import base64
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from consent.durable import write_new
from consent.notes import KeyType, Signer, Verifier, parse_verifier
from productivity.errors import BadInput

MIN_PASSPHRASE = 8
"""Characters; NIST SP 800-63B section 5.1.1.2."""

_LOG2_COST = 17
"""scrypt N = 2**17 with r = 8, p = 1: 128 MiB for each guess (OWASP Password Storage Cheat Sheet)."""
_MAX_LOG2_COST = 20
"""A file may ask for 1 GiB at most: opening it must not bring the machine down."""
_BLOCK, _LANES, _KEY_BYTES, _SALT_BYTES, _NONCE_BYTES, _SEED_BYTES = 8, 1, 32, 16, 12, 32


class Role(StrEnum):
    """Whom a key speaks for. One key per role: a co-signature does not tell the signer's name (C2SP)."""

    EMPLOYER = "employer"
    WORKS_COUNCIL = "works-council"
    WITNESS = "witness"
    PLANT_LOG = "plant-log"
    DEVICE = "device"
    LICENSEE = "licensee"

    @property
    def key_type(self) -> KeyType:
        """A witness co-signs checkpoints and nothing else; every other role signs texts."""
        return KeyType.COSIGNATURE if self is Role.WITNESS else KeyType.ED25519


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """Where a new key lies: `private` stays, `public` holds one line, the verifier key, for everybody."""

    private: Path
    public: Path
    verifier: Verifier


class _KeyFile(BaseModel):
    """What stands in a key file; binary values in base64."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Literal["fairtakt-key/v1"] = "fairtakt-key/v1"
    role: Annotated[Role, Field(strict=False)]
    verifier: str
    log2_cost: int = Field(ge=1, le=_MAX_LOG2_COST)
    salt: str
    nonce: str
    sealed: str

    @property
    def bound(self) -> bytes:
        """What cannot be changed without the passphrase."""
        return f"{self.format}\n{self.role}\n{self.verifier}\n".encode()


def create_key(
    directory: Path,
    name: str,
    role: Role,
    passphrase: str,
    *,
    random: Callable[[int], bytes] = os.urandom,
    log2_cost: int = _LOG2_COST,
) -> KeyFiles:
    """Make a key and write it below `directory`, durably; `BadInput` rather than overwriting anything.

    The files are called after the name; characters that a file name does not bear become `_`.
    """
    if len(passphrase) < MIN_PASSPHRASE:
        raise BadInput("passphrase is too short", expected=f"at least {MIN_PASSPHRASE} characters")
    private = Ed25519PrivateKey.from_private_bytes(random(_SEED_BYTES))
    verifier = Signer(name, role.key_type, private).verifier
    salt, nonce = random(_SALT_BYTES), random(_NONCE_BYTES)
    unsealed = _KeyFile(
        role=role,
        verifier=str(verifier),
        log2_cost=log2_cost,
        salt=_encode(salt),
        nonce=_encode(nonce),
        sealed="",
    )
    cipher = ChaCha20Poly1305(_derive(passphrase, salt, log2_cost))
    sealed = cipher.encrypt(nonce, private.private_bytes_raw(), unsealed.bound)
    content = unsealed.model_copy(update={"sealed": _encode(sealed)}).model_dump(mode="json")
    stem = re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".") or "key"
    files = KeyFiles(directory / f"{stem}.key", directory / f"{stem}.vkey", verifier)
    _write(files.private, json.dumps(content, indent=1) + "\n", mode=0o600)
    try:
        _write(files.public, f"{verifier}\n", mode=0o644)
    except BaseException:
        files.private.unlink()  # a key that is not announced is no key
        raise
    return files


def read_public(path: Path) -> tuple[Role, Verifier]:
    """Return role and verifier key of a key file, without its passphrase and so on the file's own word."""
    stored = _read(path)
    return stored.role, parse_verifier(stored.verifier)


def open_key(path: Path, passphrase: str) -> tuple[Role, Signer]:
    """Return role and private key; `BadInput` if the passphrase is wrong or the file was changed."""
    stored = _read(path)
    try:
        nonce, salt, sealed = (
            base64.b64decode(value, validate=True) for value in (stored.nonce, stored.salt, stored.sealed)
        )
        cipher = ChaCha20Poly1305(_derive(passphrase, salt, stored.log2_cost))
        seed = cipher.decrypt(nonce, sealed, stored.bound)
        private = Ed25519PrivateKey.from_private_bytes(seed)
    except (InvalidTag, ValueError):
        raise BadInput("key cannot be opened: wrong passphrase, or a changed file", where=str(path)) from None
    verifier = parse_verifier(stored.verifier)
    signer = Signer(verifier.name, verifier.type, private)
    if signer.verifier != verifier or verifier.type is not stored.role.key_type:
        raise BadInput("key does not fit its verifier key and role", where=str(path))
    return stored.role, signer


def _read(path: Path) -> _KeyFile:
    try:
        return _KeyFile.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise BadInput("no such file", where=str(path), expected="a key file") from None
    except (ValidationError, UnicodeDecodeError):  # its text would repeat what stands in the file
        raise BadInput("not a key file", where=str(path), expected="what fairtakt keys new writes") from None


def _derive(passphrase: str, salt: bytes, log2_cost: int) -> bytes:
    scrypt = Scrypt(salt=salt, length=_KEY_BYTES, n=1 << log2_cost, r=_BLOCK, p=_LANES)
    return scrypt.derive(passphrase.encode())


def _write(path: Path, text: str, mode: int) -> None:
    write_new(path, text.encode(), mode=mode, expected="a new name: keys are not overwritten")


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")

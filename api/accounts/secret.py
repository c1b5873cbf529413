"""The server's secret: 32 random bytes in a file, made once. No backup holds it.

It seals the secrets of authenticator apps, so that a copy of the database yields no codes, and it keys the
hash of the names that are counted after failures. Each use has a key of its own (HKDF, RFC 5869). If the file
is lost, authenticator apps count no more, and accounts that have nothing else are reset.
"""

import hmac
import os
import secrets
import stat
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consent.durable import sync_directory
from productivity.errors import BadInput, FairtaktError

BYTES = 32
_NONCE_BYTES = 12
"""Random nonces: 2**32 seals under one key before a repeat is likelier than 2**-32 (as NIST SP 800-38D, 8.3,
counts for 96 bits). There is one seal for each authenticator app."""


class Unsealable(FairtaktError):
    """What was sealed does not open: it was sealed with another secret, for another account, or changed."""

    def __init__(self) -> None:
        super().__init__("sealed value does not open with the secret of this server")


class Secret:
    """The secret, ready for use. Its text shows nothing."""

    def __init__(self, content: bytes) -> None:
        if len(content) != BYTES:
            raise BadInput("secret is not what it must be", expected=f"{BYTES} bytes")
        self._seal = ChaCha20Poly1305(_derive(content, "totp"))
        self._names = _derive(content, "names")

    @classmethod
    def load_or_make(cls, path: Path) -> Self:
        """Read the secret; make it if there is none. Raises `BadInput` if others may read it."""
        while True:
            try:
                return cls(_read(path))
            except FileNotFoundError:
                _make(path)

    def seal(self, plain: bytes, account_id: int) -> bytes:
        """Encrypt a value so that it opens for this account only."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, plain, _bound(account_id))

    def open(self, sealed: bytes, account_id: int) -> bytes:
        """Decrypt a value. Raises `Unsealable`."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._seal.decrypt(nonce, rest, _bound(account_id))
        except (InvalidTag, ValueError):
            raise Unsealable from None

    def name_digest(self, folded: str) -> bytes:
        """Return what a name is counted under; without the secret nobody finds the name from it."""
        return hmac.digest(self._names, folded.encode(), sha256)


def _derive(content: bytes, use: str) -> bytes:
    info = f"fairtakt server secret v1: {use}".encode()
    return HKDF(algorithm=SHA256(), length=BYTES, salt=None, info=info).derive(content)


def _bound(account_id: int) -> bytes:
    return f"fairtakt totp v1\n{account_id}\n".encode()


def _read(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            raise BadInput("others may read it", where=str(path), expected="mode 0600", found=f"{mode:04o}")
        content = file.read(BYTES + 1)
    if len(content) != BYTES:
        raise BadInput("not a secret of the server", where=str(path), expected=f"a file of {BYTES} bytes")
    return content


def _make(path: Path) -> None:
    """Put the file in place whole, unless somebody else just did."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput("no such directory", where=str(path.parent)) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(BYTES))
            file.flush()
            os.fsync(descriptor)
        try:
            os.link(new, path)
        except FileExistsError:
            return
    finally:
        new.unlink()
    sync_directory(path.parent)

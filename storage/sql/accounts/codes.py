"""One-time codes that people read from a screen or a sheet and type."""

import base64
import hashlib
import secrets

_BYTES = 15
"""120 random bits: nobody guesses a code, so a plain hash of it may be stored. 24 letters, no padding."""
_GROUP = 4
_LOOKALIKES = str.maketrans("018", "OIB")
"""Base32 (RFC 4648 section 6) has no 0, 1 and 8: who types one means the letter that looks like it."""


def new_code() -> str:
    """Return a code in groups of four letters and digits."""
    letters = base64.b32encode(secrets.token_bytes(_BYTES)).decode("ascii")
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def code_digest(code: str) -> bytes:
    """Return what is stored of a code: case, spaces and dashes in what was typed say nothing."""
    letters = "".join(sign for sign in code.upper() if sign.isalnum()).translate(_LOOKALIKES)
    return hashlib.sha256(letters.encode()).digest()

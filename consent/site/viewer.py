"""Who looked, as the log says it: a salted commitment to an account, and no name.

The commitment is SHA-256(salt ‖ "fairtakt viewer" ‖ line feed ‖ account). Each look has a salt of its own, 32
random bytes: two looks of one account cannot be told from looks of two. The server keeps the salt beside
the account, apart from the log; with both, anybody can be shown who looked. Once the salt is erased, the
commitment is noise (GDPR Art. 17).

The salt is kept *before* the entry is said. A crash in between leaves a salt without an entry, which says
that nobody looked; the other way round would leave an entry that nobody can open.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from productivity.errors import BadInput

SALT_BYTES = 32
_KIND = b"fairtakt viewer\n"
"""No other commitment of the log begins so: one of them cannot be opened as another."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What stands in the log, and what opens it."""

    commitment: str
    """64 hexadecimal digits, for `AccessViewed.who`."""
    salt: bytes


def commit(account: int, *, salt: bytes | None = None) -> Committed:
    """Commit to an account, by its number, with a fresh salt unless one is given."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    if len(salt) != SALT_BYTES:
        raise BadInput("salt has a wrong length", expected=f"{SALT_BYTES} bytes", found=str(len(salt)))
    return Committed(hashlib.sha256(salt + _KIND + b"%d" % account).hexdigest(), salt)


def opens(commitment: str, account: int, salt: bytes) -> bool:
    """Tell whether a commitment is to this account."""
    return hmac.compare_digest(commitment, commit(account, salt=salt).commitment)

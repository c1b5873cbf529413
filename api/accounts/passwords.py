"""Passwords: what may be one, and what is kept of it (argon2id, RFC 9106).

NIST SP 800-63B-4 section 3.1.1.2: at least 15 characters where a password may be all that is asked for; no
rules of composition; no change without a reason; a list of what is commonly used, with the names of account
and service; normalisation before hashing. Each code point counts as one character.
"""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.profiles import RFC_9106_LOW_MEMORY

from api.accounts.common_passwords import COMMON, KEYBOARD
from productivity.errors import FairtaktError

SHORTEST, LONGEST = 15, 256
_PARAMETERS = RFC_9106_LOW_MEMORY
"""64 MiB, 3 passes, 4 lanes, a salt of 16 bytes: the second choice of RFC 9106 section 4, and more than the
Password Storage Cheat Sheet of OWASP asks for (19 MiB, 2 passes). The first choice takes 2 GiB a sign-in."""


class PasswordRefused(FairtaktError):
    """Nobody may have this password; the text says why and repeats nothing of it."""


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(_PARAMETERS)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        return self._hasher.hash(_normal(password))

    def verify(self, kept: str | None, password: str) -> bool:
        """Tell whether a password is the right one; where there is none, the work is the same."""
        right = False
        try:
            right = self._hasher.verify(kept or self._nobodys, _normal(password))
        except (Argon2Error, InvalidHashError):
            return False
        return right and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a password should be hashed anew: today's parameters are others."""
        return self._hasher.check_needs_rehash(kept)


def check_new(password: str, account_name: str) -> None:
    """Raise `PasswordRefused` if a password is too short, too long, or among those that are tried first."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        raise PasswordRefused(f"password is too short: expected at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise PasswordRefused(f"password is too long: expected at most {LONGEST} characters")
    folded = plain.casefold()
    unit, word = _unit(folded), _unit(_letters(folded))
    if len(unit) <= _SHORT_UNIT or unit in COMMON or any(folded in row for row in KEYBOARD):
        raise PasswordRefused("password is among those that are tried first")
    names = {"fairtakt", _letters(_normal(account_name).casefold())} - {""}
    if word in COMMON | names:
        raise PasswordRefused("password is a common word, or a name, with nothing but digits and signs added")


_SHORT_UNIT = 4
"""abcabcabcabcabc is three characters, however often they are repeated."""


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _letters(text: str) -> str:
    """Return the letters alone: Password-2026!! is `password`."""
    return "".join(sign for sign in text if sign.isalpha())


def _unit(text: str) -> str:
    """Return the shortest text whose repetition, broken off anywhere, is `text`."""
    for length in range(1, len(text) + 1):
        if all(text[place] == text[place - length] for place in range(length, len(text))):
            return text[:length]
    return text

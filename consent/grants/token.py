"""The worker's secret: what is printed once, and what key follows from it at one site.

Twenty random bytes are spelled as 32 letters of Crockford's base 32 (https://www.crockford.com/base32.html)
and one check symbol, in groups of three:

    72T-ECM-Q49-PKZ-4DR-DKR-K0W-9RK-CN8-A98-X6G

The check symbol is 5 times the number, modulo 37. Modulo 37 finds every wrong letter and every exchange of
two letters. Crockford's own check symbol (1 times the number) misses some exchanges of itself with another
letter; 5 times does not: -1/5 is 32 to the power of 35, and no token has so many letters. A check symbol that
is not in the alphabet would be hard to type, so a secret that leads to one is drawn anew.

The key of a worker at a site is HKDF-SHA256 (RFC 5869) of the secret with the name of the site's log: two
sites cannot find out that they know the same token.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consent.entries.bodies import pseudonym_of
from consent.notes import KeyType, Signer, Verifier
from productivity.errors import BadInput

SECRET_BYTES = 20
"""160 bits: nobody guesses them, and they fill 32 letters exactly."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = SECRET_BYTES * 8 // 5
_GROUP = 3
_MODULUS, _WEIGHT = 37, 5
_SEED_BYTES = 32
_MEANT = str.maketrans("OIL", "011", " -\t\r\n")
"""What people read for what is printed; groups may be typed in any way."""


@dataclass(frozen=True, slots=True)
class Token:
    """A worker's secret; `spell()` is the only way in which it shows itself."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET_BYTES or _check(self.secret) >= len(_ALPHABET):
            raise BadInput("not a token", expected=f"{SECRET_BYTES} bytes with a check symbol to type")

    def spell(self) -> str:
        """Return what is printed and scanned: 33 letters in groups of three."""
        number = int.from_bytes(self.secret, "big")
        digits = [number >> shift & 31 for shift in range(5 * (_LETTERS - 1), -1, -5)]
        letters = "".join(_ALPHABET[digit] for digit in (*digits, _check(self.secret)))
        return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))

    def signer(self, log: str) -> Signer:
        """Return the worker's key at the site whose log has this name; its own name is the pseudonym."""
        info = f"fairtakt worker key v1\n{log}".encode()
        seed = HKDF(SHA256(), _SEED_BYTES, salt=None, info=info).derive(self.secret)
        private = Ed25519PrivateKey.from_private_bytes(seed)
        unnamed = Verifier("unnamed", KeyType.ED25519, private.public_key().public_bytes_raw())
        return Signer(pseudonym_of(unnamed), KeyType.ED25519, private)


def new_token(random: Callable[[int], bytes]) -> Token:
    """Draw a token; `random` gives that many bytes that nobody can foresee (`os.urandom`)."""
    while _check(secret := random(SECRET_BYTES)) >= len(_ALPHABET):
        pass
    return Token(secret)


def read_token(text: str) -> Token:
    """Read a token that was typed or scanned; `BadInput` for any single wrong or exchanged letter."""
    # What was typed is never repeated in an error: all but one letter of it may be right.
    wrong = BadInput("not a token", expected=f"{_LETTERS + 1} letters and digits as they were printed")
    letters = text.upper().translate(_MEANT)
    if len(letters) != _LETTERS + 1 or any(letter not in _ALPHABET for letter in letters):
        raise wrong
    number = 0
    for letter in letters[:-1]:
        number = number * len(_ALPHABET) + _ALPHABET.index(letter)
    secret = number.to_bytes(SECRET_BYTES, "big")
    if _check(secret) != _ALPHABET.index(letters[-1]):
        raise BadInput("token has a typing error", expected="every letter as it was printed")
    return Token(secret)


def _check(secret: bytes) -> int:
    return int.from_bytes(secret, "big") * _WEIGHT % _MODULUS

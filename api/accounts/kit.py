"""What signing in works with, as one frozen value."""

from collections.abc import Callable
from dataclasses import dataclass

from api.accounts.address import Address
from api.accounts.passkeys import Passkeys
from api.accounts.passwords import Passwords
from api.accounts.secret import Secret
from storage.sql.accounts.accounts import fold
from storage.sql.accounts.records import Account
from storage.sql.database import Database


@dataclass(frozen=True, slots=True)
class Kit:
    """Tables, secret, ways to prove who one is, and clocks."""

    database: Database
    secret: Secret
    passwords: Passwords
    passkeys: Passkeys
    address: Address
    now_ms: Callable[[], int]
    steady_s: Callable[[], float]

    def attempt(self, name: str) -> bytes:
        """Return what failures of a name are counted under."""
        return self.secret.name_digest(fold(name))

    def attempt_of(self, account: Account) -> bytes:
        """Return the same of an account."""
        return self.attempt(account.name)

"""Accounts as the server uses them: the one value that `Services` holds."""

import hmac
import time
from collections.abc import Callable
from hashlib import sha256

from api.accounts.address import Address
from api.accounts.entry import Entry
from api.accounts.kit import Kit
from api.accounts.oidc.provider import IdentityProvider
from api.accounts.oidc.settings import Provider
from api.accounts.own import Own
from api.accounts.passkeys import Passkeys
from api.accounts.passwords import Passwords
from api.accounts.secret import Secret
from api.policy import Role
from api.viewer import Viewer
from storage.sql.accounts import logins
from storage.sql.database import Database

CALLBACK = "/v1/sign-in/oidc/callback"
"""Where the identity provider sends browsers back to."""


class Accounts:
    """Who is signed in, how one signs in, and what one does to the own account."""

    def __init__(
        self,
        database: Database,
        secret: Secret,
        address: Address,
        *,
        now_ms: Callable[[], int],
        steady_s: Callable[[], float] = time.monotonic,
        passwords: Passwords | None = None,
        provider: Provider | None = None,
    ) -> None:
        redirect = address.path(CALLBACK)
        self.provider = (
            None
            if provider is None
            else IdentityProvider(provider, redirect, now_ms=now_ms, steady_s=steady_s)
        )
        self.address = address
        kit = Kit(
            database=database,
            secret=secret,
            passwords=passwords or Passwords(),
            passkeys=Passkeys(address, steady_s),
            address=address,
            now_ms=now_ms,
            steady_s=steady_s,
        )
        self.passkeys = kit.passkeys
        self.entry = Entry(kit)
        self.own = Own(kit)
        self._database, self._now_ms = database, now_ms

    def viewer(self, token: str) -> Viewer | None:
        """Return whose sign-in a token is, if it is one and has not ended."""
        found = logins.find_login(self._database, logins.token_digest(token), self._now_ms())
        if found is None or found.account.role not in set(Role):
            return None
        return Viewer(
            account_id=found.account.id,
            name=found.account.name,
            role=Role(found.account.role),
            station=found.account.station,
            site=found.account.site,
            login=found.digest,
            csrf=csrf_of(token),
            second_factor=found.second_factor,
        )

    def is_signed_in(self, viewer: Viewer) -> bool:
        """Tell whether a sign-in goes on; to ask is no use of it."""
        return logins.see_login(self._database, viewer.login, self._now_ms()) is not None

    def sign_out(self, viewer: Viewer) -> None:
        """End a sign-in."""
        logins.close_login(self._database, viewer.login)


def csrf_of(token: str) -> str:
    """Return what our own pages send along: only who holds the token, or a page made for it, knows it."""
    return hmac.new(token.encode(), b"fairtakt csrf v1", sha256).hexdigest()

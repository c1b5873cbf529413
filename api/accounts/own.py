"""What somebody who is signed in does to the own account.

Whatever decides how one signs in needs a sign-in of the last fifteen minutes, so that a browser left open, or
a stolen cookie, does not become a way back in. Each such change ends the account's other sign-ins and gives
this one a new token. `AccountChanged`: somebody else changed the account meanwhile; nothing was done.
"""

from dataclasses import dataclass
from typing import Any

from api.accounts import totp
from api.accounts.kit import Kit
from api.accounts.outcomes import NothingToChange, Refused, SignedIn, SignInAgain, TooSoon
from api.accounts.passwords import check_new
from api.accounts.pending import Pending
from api.policy import TWO_FACTORS
from api.viewer import Viewer
from storage.sql.accounts import accounts, attempts, factors, logins
from storage.sql.accounts.records import Account, Login, Passkey

RECENT_MS = 15 * 60_000
_SETUP_S = 600
_MOST_SETUPS = 1000


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What an account's own page shows."""

    account: Account
    passkeys: tuple[Passkey, ...]
    sign_ins: tuple[Login, ...]


class Own:
    """Changes accounts for whoever is signed in. Its state is which authenticator apps are being set up."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._setups: Pending[bytes] = Pending(_SETUP_S, _MOST_SETUPS, kit.steady_s)

    def see(self, viewer: Viewer) -> OwnAccount:
        """Return what there is. Raises `SignInAgain` if the account is gone meanwhile."""
        database = self._kit.database
        return OwnAccount(
            self._login(viewer).account,
            tuple(factors.passkeys_of(database, viewer.account_id)),
            tuple(logins.logins_of(database, viewer.account_id, self._kit.now_ms())),
        )

    def change_password(self, viewer: Viewer, current: str, new: str) -> SignedIn:
        """Change the password. Raises `Refused`, `TooSoon`, `PasswordRefused`, `NothingToChange`."""
        kit, login = self._kit, self._login(viewer)
        known = login.account
        if known.password is None:
            raise NothingToChange("account signs in at the identity provider and has no password")
        attempt = kit.attempt_of(known)
        wait = attempts.begin(kit.database, attempt, kit.now_ms())
        if wait:
            raise TooSoon(wait)
        if not kit.passwords.verify(known.password, current):
            raise Refused
        attempts.forgive_one(kit.database, attempt)
        check_new(new, known.name)
        kept = kit.passwords.hash(new)
        if not accounts.set_password(kit.database, known.id, kept, seen=known.password):
            raise SignInAgain
        return self._renew(login, second_factor=login.second_factor, afresh=True)

    def begin_totp(self, viewer: Viewer) -> totp.Setup:
        """Return what an authenticator app is set up with; it counts once a code of it was given."""
        login, secret = self._recent(viewer), totp.new_secret()
        self._setups.put(secret, _key(login))
        return totp.set_up(secret, login.account.name, self._kit.address.host)

    def confirm_totp(self, viewer: Viewer, code: str) -> SignedIn:
        """Take an authenticator app into use. Raises `NothingToChange`, `Refused`."""
        kit, login = self._kit, self._recent(viewer)
        secret = self._setups.see(_key(login))
        if secret is None:
            raise NothingToChange("no authenticator app is being set up: begin again")
        step = totp.step_of(secret, code, kit.now_ms())
        if step is None:
            raise Refused
        self._setups.take(_key(login))
        factors.set_totp(kit.database, login, kit.secret.seal(secret, login.account.id), step)
        return self._renew(login, second_factor=True)

    def remove_totp(self, viewer: Viewer) -> SignedIn:
        """Forget the authenticator app. Raises `LastFactor`, `NothingToChange`."""
        login = self._recent(viewer)
        if login.account.totp is None:
            raise NothingToChange("account has no authenticator app")
        factors.remove_totp(self._kit.database, login, keep_one=login.account.role in TWO_FACTORS)
        return self._renew(login, second_factor=login.second_factor)

    def passkey_options(self, viewer: Viewer) -> dict[str, Any]:
        """Return what the browser is asked for to make a passkey. Raises `NothingToChange`."""
        known = self._recent(viewer).account
        if not self._kit.address.passkeys:
            raise NothingToChange("browsers make no passkeys for an address without a name")
        present = factors.passkeys_of(self._kit.database, known.id)
        return self._kit.passkeys.options_to_add(known.id, known.name, present)

    def add_passkey(self, viewer: Viewer, label: str, credential: dict[str, Any]) -> SignedIn:
        """Add a passkey. Raises `PasskeyRefused`, `AccountExists` if it is somebody's already, `BadInput`."""
        kit, login = self._kit, self._recent(viewer)
        new = kit.passkeys.add(login.account.id, credential)
        factors.add_passkey(
            kit.database,
            login,
            credential=new.credential,
            public_key=new.public_key,
            sign_count=new.sign_count,
            label=label,
            at_ms=kit.now_ms(),
        )
        return self._renew(login, second_factor=True)

    def remove_passkey(self, viewer: Viewer, passkey_id: int) -> SignedIn:
        """Remove a passkey. Raises `LastFactor`, `NothingToChange`."""
        login = self._recent(viewer)
        keep = login.account.role in TWO_FACTORS
        if not factors.remove_passkey(self._kit.database, login, passkey_id, keep_one=keep):
            raise NothingToChange("account has no such passkey")
        return self._renew(login, second_factor=login.second_factor)

    def end_sign_in(self, viewer: Viewer, digest: bytes) -> None:
        """End one of the account's sign-ins. Raises `NothingToChange`."""
        if not logins.close_login(self._kit.database, digest, of=viewer.account_id):
            raise NothingToChange("account has no such sign-in")

    def end_others(self, viewer: Viewer) -> int:
        """End all sign-ins of the account but this one; return how many."""
        return logins.close_all(self._kit.database, viewer.account_id, but=viewer.login)

    def _login(self, viewer: Viewer) -> Login:
        login = logins.find_login(self._kit.database, viewer.login, self._kit.now_ms())
        if login is None:
            raise SignInAgain
        return login

    def _recent(self, viewer: Viewer) -> Login:
        login = self._login(viewer)
        known = login.account
        if self._kit.now_ms() - login.created_ms >= RECENT_MS:
            raise SignInAgain
        if known.has_second_factor and not login.second_factor:
            raise SignInAgain
        return login

    def _renew(self, login: Login, *, second_factor: bool, afresh: bool = False) -> SignedIn:
        token = logins.renew_login(
            self._kit.database, login, second_factor=second_factor, at_ms=self._kit.now_ms(), afresh=afresh
        )
        known = login.account
        needs = known.role in TWO_FACTORS and not second_factor
        return SignedIn(token, terminal=known.station_id is not None, must_set_up=needs)


def _key(login: Login) -> str:
    """Return what a set-up is kept under: this sign-in, so that no other one of the account finishes it."""
    return login.digest.hex()

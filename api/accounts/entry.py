"""The way in: from a name and a password, a code, a passkey or an identity provider to a sign-in.

Names that nobody has cost the same work as names that somebody has: an attempt is counted, a name looked up,
one password hash computed. Which of name, password and code was wrong is never told.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import structlog

from api.accounts import totp
from api.accounts.kit import Kit
from api.accounts.oidc.errors import SignInRefused
from api.accounts.oidc.provider import Arrival
from api.accounts.outcomes import Outcome, Refused, SecondFactorWanted, SignedIn, TicketGone, TooSoon
from api.accounts.passkeys import PasskeyRefused
from api.accounts.passwords import check_new
from api.accounts.pending import Pending
from api.accounts.secret import Unsealable
from api.policy import TWO_FACTORS, Role
from storage.sql.accounts import accounts, attempts, factors, invitations, logins
from storage.sql.accounts.records import Account, AccountChanged, AccountExists, Identity

TICKET_S = 300
_MOST_TICKETS = 10_000

_log = structlog.get_logger("fairtakt.accounts")


@dataclass(frozen=True, slots=True)
class _Half:
    """A first factor was right for this account, as it was then."""

    account: Account
    replaces: bytes | None


class Entry:
    """Signs people in. Its state is who has shown a first factor and not yet a second."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._halves: Pending[_Half] = Pending(TICKET_S, _MOST_TICKETS, kit.steady_s)

    def by_password(self, name: str, password: str, *, replaces: bytes | None = None) -> Outcome:
        """Sign in with name and password. `replaces` is the browser's earlier sign-in, which ends.

        Raises `Refused`, `TooSoon`.
        """
        kit, attempt = self._kit, self._kit.attempt(name)
        self._count(attempt)
        known = accounts.find_by_name(kit.database, name)
        kept = known.password if known is not None and known.disabled_ms is None else None
        if not kit.passwords.verify(kept, password) or known is None or kept is None:
            raise Refused
        if kit.passwords.is_outdated(kept):
            fresh = kit.passwords.hash(password)
            if not accounts.set_password(kit.database, known.id, fresh, seen=kept):
                raise Refused  # the password was just changed: this one is the old one
            known = replace(known, password=fresh)  # not read anew: it must be the account that was proved
        if known.has_second_factor:
            attempts.forgive_one(kit.database, attempt)
            return self._wait(known, replaces)
        return self._open(known, second_factor=False, replaces=replaces, attempt=attempt)

    def by_code(self, ticket: str, code: str) -> SignedIn:
        """Sign in with the code of an authenticator app. Raises `TicketGone`, `Refused`, `TooSoon`."""
        kit, half = self._kit, self._halves.see(ticket)
        if half is None:
            raise TicketGone
        attempt = kit.attempt_of(half.account)
        self._count(attempt)
        sealed = half.account.totp
        step = None if sealed is None else totp.step_of(self._unsealed(half.account), code, kit.now_ms())
        if step is None or not factors.use_step(kit.database, half.account.id, step):
            raise Refused
        self._halves.take(ticket)
        return self._open(half.account, second_factor=True, replaces=half.replaces, attempt=attempt)

    def by_passkey(self, credential: dict[str, Any], *, replaces: bytes | None = None) -> SignedIn:
        """Sign in with a passkey alone: its authenticator has verified who holds it. Raises `Refused`.

        Failures with the password neither hinder this nor are forgiven by it: whoever makes a name wait does
        not keep its owner out.
        """
        kit = self._kit
        try:
            found, count = kit.passkeys.sign_in(
                credential, lambda name: factors.find_passkey(kit.database, name)
            )
        except PasskeyRefused:
            raise Refused from None
        known = accounts.find_by_id(kit.database, found.account_id)
        if known is None or not factors.use_passkey(kit.database, found, count, kit.now_ms()):
            raise Refused
        return self._open(known, second_factor=True, replaces=replaces)

    def by_provider(self, arrival: Arrival, *, replaces: bytes | None = None) -> Outcome:
        """Sign in whom the identity provider vouches for. Raises `Refused`, `SignInRefused`."""
        known = self._vouched(arrival)
        if known.disabled_ms is not None:
            raise Refused
        # Decision 0018: the provider is the employer's; its word is no second factor of the council.
        if arrival.second_factor and known.role != Role.COUNCIL:
            return self._open(known, second_factor=True, replaces=replaces)
        if known.has_second_factor:
            return self._wait(known, replaces)
        return self._open(known, second_factor=False, replaces=replaces)

    def by_invitation(self, code: str, password: str) -> SignedIn:
        """Give an account its password and sign in. Raises `InvitationRefused`, `PasswordRefused`."""
        kit, now = self._kit, self._kit.now_ms()
        invited = invitations.find_invited(kit.database, code, now)
        check_new(password, invited.name)
        kept = kit.passwords.hash(password)
        known = invitations.accept(
            kit.database, code, kept, attempt=kit.attempt_of(invited), at_ms=kit.now_ms()
        )
        return self._open(known, second_factor=False)

    def _count(self, attempt: bytes) -> None:
        wait = attempts.begin(self._kit.database, attempt, self._kit.now_ms())
        if wait:
            raise TooSoon(wait)

    def _wait(self, known: Account, replaces: bytes | None) -> SecondFactorWanted:
        ticket = self._halves.put(_Half(known, replaces))
        return SecondFactorWanted(ticket, totp=known.totp is not None, passkey=known.passkeys > 0)

    def _unsealed(self, known: Account) -> bytes:
        try:
            return self._kit.secret.open(known.totp or b"", known.id)
        except Unsealable:
            _log.error("an authenticator app cannot be checked: the server has another secret")
            raise Refused from None

    def _vouched(self, arrival: Arrival) -> Account:
        kit = self._kit
        known = accounts.find_by_identity(kit.database, arrival.identity)
        if known is not None and not known.mapped:
            return known  # made beforehand: its role is what it was made with
        if len(arrival.roles) != 1:
            if known is not None:  # it had a role yesterday
                logins.close_all(kit.database, known.id)
            raise SignInRefused("identity provider names no role, or more than one, for this account")
        (role,) = arrival.roles
        if known is None:
            return self._welcome(arrival.identity, role)
        if known.role != role:
            accounts.assign(kit.database, known.id, role.value, None)
        return accounts.find_by_id(kit.database, known.id) or known

    def _welcome(self, identity: Identity, role: Role) -> Account:
        """Make an account for somebody new: a number, for we need no name of theirs."""
        number = sha256(f"{identity.issuer}\n{identity.subject}".encode()).hexdigest()[:8]
        kit, name = self._kit, f"{role.value} {number}"
        try:
            return accounts.create_account(
                kit.database, name, role.value, at_ms=kit.now_ms(), identity=identity, mapped=True
            )
        except AccountExists:
            known = accounts.find_by_identity(kit.database, identity)
        if known is None:
            raise SignInRefused("the name of the new account is taken")
        return known  # two requests came at once

    def _open(
        self,
        known: Account,
        *,
        second_factor: bool,
        replaces: bytes | None = None,
        attempt: bytes | None = None,
    ) -> SignedIn:
        try:
            token = logins.open_login(
                self._kit.database,
                known,
                second_factor=second_factor,
                at_ms=self._kit.now_ms(),
                attempt=attempt,
                replaces=replaces,
            )
        except AccountChanged:
            raise Refused from None
        needs = known.role in TWO_FACTORS and not second_factor
        return SignedIn(token, terminal=known.station_id is not None, must_set_up=needs)

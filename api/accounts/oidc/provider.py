"""The flow: to the identity provider and back.

What a browser brings back is believed if all of this holds:

1. `state` is one that we gave out within ten minutes, and nobody came back with it before.
2. The browser is the one that left with it: it holds a cookie that nobody else was given.
3. `iss` (RFC 9207) is the issuer, if it is there or the provider promises it.
4. The code, with the PKCE verifier that never left this server, buys an ID token at the provider.
5. The ID token holds (`token.py`), its nonce included.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from joserfc.jwk import KeySet

from api.accounts.oidc.errors import ProviderAway, SignInRefused
from api.accounts.oidc.requests import Requests
from api.accounts.oidc.roles import has_second_factor, roles_of
from api.accounts.oidc.settings import Provider
from api.accounts.oidc.token import ALGORITHMS, UnknownKey, key_set, verify
from api.accounts.pending import Pending
from api.policy import Role
from storage.sql.accounts.records import Identity

AWAY_S = 600
"""Seconds that somebody may take at the provider: passwords are typed, telephones are looked for."""
_MOST_AWAY = 10_000
_KEPT_S = 3600
_AGAIN_S = 60
"""Unknown keys make us look for new ones, but not more often: anybody can name an unknown key."""
_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where a browser is sent, and what it must hold when it comes back."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whom the provider vouches for, and what it says of them."""

    identity: Identity
    roles: frozenset[Role]
    second_factor: bool
    onward: str
    """Where in this server somebody wanted to go."""


@dataclass(frozen=True, slots=True)
class _Away:
    nonce: str
    verifier: str
    browser: bytes
    onward: str


@dataclass(frozen=True, slots=True)
class _Described:
    """What the provider says about itself (OpenID Connect Discovery 1.0)."""

    authorization: str
    token: str
    keys: str
    basic: bool
    names_issuer: bool


class IdentityProvider:
    """One provider. Its state is who is away, and what was fetched within the hour."""

    def __init__(
        self,
        provider: Provider,
        redirect: str,
        *,
        now_ms: Callable[[], int],
        steady_s: Callable[[], float],
    ) -> None:
        self.file = provider.file
        self._redirect, self._now_ms, self._steady_s = redirect, now_ms, steady_s
        self._requests = Requests(provider, steady_s)
        self._away: Pending[_Away] = Pending(AWAY_S, _MOST_AWAY, steady_s)
        self._lock = Lock()
        self._described: tuple[float, _Described] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def leave(self, onward: str) -> Leaving:
        """Send a browser to the provider. Raises `ProviderAway`."""
        described = self._description()
        nonce, verifier, browser = (secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3))
        state = self._away.put(_Away(nonce, verifier, _digest(browser), onward))
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self.file.client_id,
                "redirect_uri": self._redirect,
                "scope": " ".join(self.file.scopes),
                "state": state,
                "nonce": nonce,
                "code_challenge": base64.urlsafe_b64encode(_digest(verifier)).decode("ascii").rstrip("="),
                "code_challenge_method": "S256",
            }
        )
        join = "&" if "?" in described.authorization else "?"
        return Leaving(f"{described.authorization}{join}{query}", browser)

    def arrive(self, parameters: Mapping[str, str], browser: str | None) -> Arrival:
        """Return whom the provider vouches for. Raises `SignInRefused`, `ProviderAway`."""
        # Step 1 and 2: somebody who left from here.
        away = self._away.take(parameters.get("state", ""))
        if away is None:
            raise SignInRefused("sign-in took too long, or was never begun here")
        if browser is None or not hmac.compare_digest(_digest(browser), away.browser):
            raise SignInRefused("sign-in was begun in another browser")
        # Step 3: an answer of this provider.
        described = self._description()
        issuer = self.file.issuer
        if parameters.get("iss", "" if described.names_issuer else issuer) != issuer:
            raise SignInRefused("answer is from another identity provider")
        if "error" in parameters or not parameters.get("code"):
            raise SignInRefused("identity provider did not sign anybody in")
        # Step 4: the code, taken back.
        form = {
            "grant_type": "authorization_code",
            "code": parameters["code"],
            "redirect_uri": self._redirect,
            "code_verifier": away.verifier,
        }
        try:
            answer = self._requests.post(described.token, form, basic=described.basic)
        except ProviderAway as error:
            if "status 4" in str(error):
                raise SignInRefused("identity provider does not take its own code back") from None
            raise
        # Step 5: what it says.
        claims = self._verified(answer.get("id_token"), described, away.nonce)
        identity = Identity(issuer, claims["sub"])
        second_factor = has_second_factor(self.file, claims)
        return Arrival(identity, roles_of(self.file, claims), second_factor, away.onward)

    def _verified(self, token: object, described: _Described, nonce: str) -> dict[str, Any]:
        def check(keys: KeySet) -> dict[str, Any]:
            now_s = self._now_ms() // 1000
            file = self.file
            return verify(token, keys, issuer=file.issuer, client_id=file.client_id, nonce=nonce, now_s=now_s)

        try:
            return check(self._key_set(described, _KEPT_S))
        except UnknownKey:
            return check(self._key_set(described, _AGAIN_S))

    def _description(self) -> _Described:
        with self._lock:
            now = self._steady_s()
            if self._described is None or now - self._described[0] >= _KEPT_S:
                self._described = now, self._describe()
            return self._described[1]

    def _describe(self) -> _Described:
        said = self._requests.get(f"{self.file.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self.file.issuer:  # Discovery section 4.3
            raise ProviderAway("identity provider calls itself otherwise than it is configured")
        challenges = said.get("code_challenge_methods_supported", ["S256"])
        signing = said.get("id_token_signing_alg_values_supported", ALGORITHMS)
        if not _lists(challenges, "S256") or not any(_lists(signing, each) for each in ALGORITHMS):
            raise ProviderAway("identity provider knows no PKCE with S256, or no signature that is believed")
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return _Described(
            authorization=self._requests.check(said.get("authorization_endpoint")),
            token=self._requests.check(said.get("token_endpoint")),
            keys=self._requests.check(said.get("jwks_uri")),
            basic=_lists(methods, "client_secret_basic"),
            names_issuer=said.get("authorization_response_iss_parameter_supported") is True,
        )

    def _key_set(self, described: _Described, kept_s: float) -> KeySet:
        with self._lock:
            now = self._steady_s()
            if self._keys is None or now - self._keys[0] >= kept_s:
                self._keys = now, key_set(self._requests.get(described.keys))
            return self._keys[1]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _lists(value: object, word: str) -> bool:
    return isinstance(value, list | tuple) and word in value

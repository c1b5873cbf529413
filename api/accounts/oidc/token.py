"""What is believed of an ID token (OpenID Connect Core 1.0 section 3.1.3.7). Pure: keys and time are given.

1. It is signed with one of `ALGORITHMS` by a key of the provider. None of them is `none`, and none is
   symmetric: what the provider publishes can never be mistaken for a shared secret.
2. `iss` is the configured issuer, exactly.
3. `aud` names this client. If it names others as well, or `azp` is there, `azp` is this client.
4. `exp` is to come and `iat` is past, give or take a minute.
5. `nonce` is the one of this browser's sign-in.
"""

import base64
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
)
from joserfc.jwk import JWKRegistry, Key, KeySet
from joserfc.jws import JWSRegistry

from api.accounts.oidc.errors import ProviderAway, SignInRefused

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"
)  # fmt: skip
_LEEWAY_S = 60
_SHORTEST_RSA = 2048
"""Bits; RFC 7518 section 3.3."""
_LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0 section 2."""
_CLAIMS = frozenset({"iss", "sub", "aud", "exp", "iat", "nonce"})


class UnknownKey(SignInRefused):
    """The token names a key that is not in the set: perhaps the provider changed its keys."""


def key_set(published: Mapping[str, Any]) -> KeySet:
    """Return the keys of a JWK set (RFC 7517) that may sign. Raises `ProviderAway` if there is none."""
    keys: list[Key] = []
    listed = published.get("keys")
    for each in listed if isinstance(listed, list) else ():
        if not isinstance(each, dict) or each.get("kty") not in {"RSA", "EC", "OKP"}:
            continue
        try:
            if each.get("use", "sig") == "sig" and not _is_weak(each):
                keys.append(JWKRegistry.import_key(each))
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # RFC 7517 section 5: a key that is not understood is passed over
    if not keys:
        raise ProviderAway("identity provider publishes no key that may sign")
    return KeySet(keys)


def _is_weak(key: Mapping[str, Any]) -> bool:
    if key["kty"] != "RSA":
        return False
    modulus = base64.urlsafe_b64decode(f"{key['n']}==")
    return int.from_bytes(modulus).bit_length() < _SHORTEST_RSA


def verify(
    token: object, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now_s: int
) -> dict[str, Any]:
    """Return the claims of an ID token. Raises `UnknownKey`, `SignInRefused`."""
    if not isinstance(token, str):
        raise SignInRefused("identity provider sent no ID token")
    # Names in the header that nobody knows say nothing (RFC 7515 section 4); `crit` is still obeyed.
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS, registry=registry).claims
    except InvalidKeyIdError:
        raise UnknownKey("ID token is signed with an unknown key") from None
    except (JoseError, ValueError, TypeError):
        raise SignInRefused("ID token is not signed by the identity provider as it must be") from None
    _check(claims, issuer, client_id, nonce, now_s)
    return claims


def _check(claims: dict[str, Any], issuer: str, client_id: str, nonce: str, now_s: int) -> None:
    exactly = {"iss": issuer, "aud": client_id, "nonce": nonce}
    options: Any = {name: {"essential": True} for name in _CLAIMS}
    options |= {name: {"essential": True, "value": value} for name, value in exactly.items()}
    try:
        jwt.JWTClaimsRegistry(now=now_s, leeway=_LEEWAY_S, **options).validate(claims)
    except ExpiredTokenError:
        raise SignInRefused("ID token is expired") from None
    except (InvalidClaimError, MissingClaimError) as error:
        wrong = str(error.claim)
        raise SignInRefused(f"ID token has no right {wrong if wrong in _CLAIMS else 'claim'}") from None
    audience, party = claims["aud"], claims.get("azp", client_id)
    alone = audience in (client_id, [client_id])
    if party != client_id or not (alone or "azp" in claims):
        raise SignInRefused("ID token is for another client")
    if not isinstance(claims["nonce"], str):
        raise SignInRefused("ID token has no right nonce")
    if not 0 < len(claims["sub"]) <= _LONGEST_SUBJECT or not claims["sub"].isprintable():
        raise SignInRefused("ID token has no right sub")

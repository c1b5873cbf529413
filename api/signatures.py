"""Who sent a request: HTTP Message Signatures (RFC 9421) by an enrolled device's Ed25519 key.

A request is believed if all of this holds:

1. There is exactly one signature, labelled `fairtakt`, with created, keyid and nonce.
2. keyid names an enrolled device, and its key made the signature.
3. The signature covers method, path, media type and the digest of the content (RFC 9530), and the content
   has that digest. A request that has no content is covered by method and path alone.
4. It was created within five minutes of the server's clock. This is asked last: only who proves to be a
   device is told that its clock is wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.algorithms import ED25519

from api.problems import Kind, Problem
from consent.notes import KeyType, Verifier, parse_verifier
from productivity.errors import BadInput

LABEL = "fairtakt"
COVERED = ("@method", "@path", "content-digest", "content-type")
COVERED_BARE = ("@method", "@path")
"""Of a request without content."""
CLOCK_TOLERANCE_S = 300


@dataclass(frozen=True, slots=True)
class Signed:
    """What a verified signature says."""

    device: str
    nonce: str
    created_s: int
    """When it was signed, POSIX seconds of the device's clock."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What the library reads of a request."""

    method: str
    url: str
    headers: Any


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key_of: Callable[[str], str | None]) -> None:
        self._key_of = key_of
        self.fault: Exception | None = None

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        """Return the device's key."""
        try:
            text = self._key_of(key_id)
        except Exception as fault:
            self.fault = fault  # the library would make a wrong signature of a database that is away
            raise
        return None if text is None else Ed25519PublicKey.from_public_bytes(parse_verifier(text).public)


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: object, max_age: timedelta | None = None) -> None:
        """Leave time to us: the library would read the wall clock and tell a wrong one as any other fault."""


def verify(
    request: SignedRequest, body: bytes | None, key_of: Callable[[str], str | None], now_ms: int
) -> Signed:
    """Return who signed the request; `body` None if its content, should there be any, is not looked at.

    Raises `Problem`.
    """
    keys = _Keys(key_of)
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=keys)
    required = COVERED_BARE if body is None else COVERED
    try:
        results = verifier.verify(request, max_age=None, require_components=required, body=body)
    except HTTPMessageSignaturesException:
        if keys.fault is not None:
            raise keys.fault from None
        raise _unsigned("no signature of an enrolled device that covers the request") from None
    (result,) = results
    created, nonce = result.parameters.get("created"), result.nonce
    if result.label != LABEL or not isinstance(created, int) or nonce is None:
        raise _unsigned(f"expected the label {LABEL} and the parameters created, keyid and nonce")
    now_s = now_ms // 1000
    if abs(created - now_s) > CLOCK_TOLERANCE_S:
        raise Problem(
            Kind.CLOCK,
            f"the signature's time is more than {CLOCK_TOLERANCE_S} s from the server's",
            headers=_CHALLENGE,
            server_time=now_s,
        )
    return Signed(str(result.parameters["keyid"]), nonce, created)


def device_key(text: str) -> Verifier:
    """Read the verifier key of a device that wants to be enrolled. Raises `Problem`."""
    try:
        verifier = parse_verifier(text)
        Ed25519PublicKey.from_public_bytes(verifier.public)
    except (BadInput, ValueError):
        raise Problem(Kind.INVALID, "key: not a verifier key") from None
    if verifier.type is not KeyType.ED25519:
        raise Problem(Kind.INVALID, "key: not an Ed25519 key that signs texts")
    return verifier


def not_this_batch() -> Problem:
    """Return the problem of a good signature over a batch that it does not name."""
    return _unsigned("keyid or nonce do not name the device, boot and sequence of the batch")


def not_this_device() -> Problem:
    """Return the problem of a good signature over content that another device's name stands in."""
    return _unsigned("keyid does not name the device of the content")


# RFC 9110 section 15.5.2: a 401 names the way to authenticate.
_CHALLENGE = {"WWW-Authenticate": "Signature"}


def _unsigned(detail: str) -> Problem:
    return Problem(Kind.UNSIGNED, detail, headers=_CHALLENGE)

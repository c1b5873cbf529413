"""Codes of authenticator apps (TOTP, RFC 6238): six digits, thirty seconds, each used once."""

import base64
from dataclasses import dataclass

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError

ISSUER = "fairtakt"
_SECRET_BYTES = 20
"""RFC 4226 section 4, R6, recommends 160 bits."""
_WINDOW = 1
"""Steps that a clock may be off either way (RFC 6238 section 5.2 recommends at most one)."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What an authenticator app is set up with: `qr` is a picture as a data URI, `secret` is for typing."""

    secret: str
    address: str
    qr: str


def new_secret() -> bytes:
    """Return a new secret."""
    return base64.b32decode(pyotp.random_base32(_SECRET_BYTES * 8 // 5))


def set_up(secret: bytes, account_name: str, host: str) -> Setup:
    """Return how an app takes the secret in; the host tells two plants' accounts apart in the app's list."""
    address = _totp(secret).provisioning_uri(name=f"{account_name} ({host})", issuer_name=ISSUER)
    # Black on white whatever the page's colours are: that is what cameras of telephones read.
    qr = segno.make(address, error="m").svg_data_uri(scale=4, dark="#000", light="#fff")
    return Setup(base64.b32encode(secret).decode("ascii"), address, qr)


def step_of(secret: bytes, code: str, now_ms: int) -> int | None:
    """Return the step whose code was typed, or None if it is not one of now. The caller uses the step up."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return _totp(secret).verify_and_get_timecode(digits, for_time=now_ms // 1000, valid_window=_WINDOW)
    except OTPVerificationError:
        return None


def _totp(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(base64.b32encode(secret).decode("ascii"))

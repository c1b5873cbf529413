"""Codes of authenticator apps."""

from base64 import b32encode
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from api.accounts import totp

RFC = b"12345678901234567890"
NOW_MS = 1_795_240_800_000


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds, code):
    """Appendix B, the last six of its eight digits."""
    assert totp.step_of(RFC, code, seconds * 1000) == seconds // 30


@pytest.mark.parametrize(("off", "known"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(off, known):
    secret = totp.new_secret()
    code = pyotp.TOTP(b32encode(secret).decode()).at(NOW_MS // 1000 + 30 * off)
    assert totp.step_of(secret, code, NOW_MS) == (NOW_MS // 30_000 + off if known else None)


@pytest.mark.parametrize("typed", ["081 804", " 081804 ", "081804\n"])
def test_codes_are_typed_as_apps_show_them(typed):
    assert totp.step_of(RFC, typed, 1111111109_000) is not None


@pytest.mark.parametrize("typed", ["", "81804", "0818040", "08180x", "٠٨١٨٠٤", "０８１８０４", "0" * 300])
def test_what_is_no_code_is_none(typed):
    assert totp.step_of(RFC, typed, 1111111109_000) is None


def test_secrets_have_160_bits_and_none_is_like_another():
    secrets = {totp.new_secret() for _ in range(20)}
    assert len(secrets) == 20
    assert {len(secret) for secret in secrets} == {20}


def test_an_app_is_set_up_by_picture_or_by_hand():
    secret = totp.new_secret()
    setup = totp.set_up(secret, "Betriebsrat (Nord) & Co", "plant.example")
    parts = urlsplit(setup.address)
    query = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, query["issuer"]) == ("otpauth", "totp", ["fairtakt"])
    assert query["secret"] == [setup.secret]
    assert "plant.example" in parts.path
    assert setup.qr.startswith("data:image/svg+xml")
    code = pyotp.TOTP(setup.secret).at(NOW_MS // 1000)
    assert totp.step_of(secret, code, NOW_MS) is not None

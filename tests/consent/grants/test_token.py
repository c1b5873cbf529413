"""The worker's secret: typing errors are found, sites cannot be linked, and nothing shows it by accident."""

import hmac
import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.entries.bodies import pseudonym_of
from consent.grants.token import SECRET_BYTES, Token, new_token, read_token
from productivity.errors import BadInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def drawn(seed):
    return new_token(random.Random(seed).randbytes)


@given(st.integers())
def test_a_token_comes_back_as_it_was_typed(seed):
    token = drawn(seed)
    assert read_token(token.spell()) == token
    assert read_token(token.spell().lower().replace("-", " ")) == token


def test_a_spelling_that_is_worked_out_by_hand():
    """The number 1: thirty-one zeros, a one, and 5 * 1 modulo 37 as check symbol."""
    token = Token(bytes(SECRET_BYTES - 1) + b"\x01")
    assert token.spell() == "000-000-000-000-000-000-000-000-000-000-015"
    assert read_token("ooo-ooo-ooo-ooo-ooo-ooo-ooo-ooo-ooo-ooo-ol5") == token


@given(st.integers())
def test_every_single_wrong_letter_is_found(seed):
    letters = drawn(seed).spell().replace("-", "")
    for place, letter in itertools.product(range(len(letters)), ALPHABET):
        if letter != letters[place]:
            with pytest.raises(BadInput, match="typing error"):
                read_token(letters[:place] + letter + letters[place + 1 :])


@given(st.integers())
def test_every_exchange_of_two_letters_is_found(seed):
    """Also of letters that are far apart, and of the check symbol itself."""
    letters = drawn(seed).spell().replace("-", "")
    for one, other in itertools.combinations(range(len(letters)), 2):
        if letters[one] != letters[other]:
            changed = list(letters)
            changed[one], changed[other] = changed[other], changed[one]
            with pytest.raises(BadInput, match="typing error"):
                read_token("".join(changed))


@pytest.mark.parametrize("text", ["", "0" * 32, "0" * 34, "*" * 33, "0" * 32 + "U", "0" * 32 + "é"])
def test_what_is_no_token_is_refused_without_repeating_it(text):
    with pytest.raises(BadInput, match="not a token: expected 33 letters and digits") as refused:
        read_token(text)
    assert not text or text not in str(refused.value)


def test_a_secret_whose_check_symbol_nobody_can_type_is_drawn_anew():
    """14 * 5 = 70 is 33 modulo 37, beyond the alphabet of 32; 1 * 5 is within it."""
    draws = iter([bytes(SECRET_BYTES - 1) + b"\x0e", bytes(SECRET_BYTES - 1) + b"\x01"])
    assert new_token(lambda _: next(draws)).secret[-1] == 1
    with pytest.raises(BadInput, match="not a token"):
        Token(bytes(SECRET_BYTES - 1) + b"\x0e")


@pytest.mark.parametrize("length", [0, SECRET_BYTES - 1, SECRET_BYTES + 1])
def test_a_secret_has_one_length(length):
    with pytest.raises(BadInput, match="20 bytes"):
        Token(bytes(length))


def test_a_token_does_not_show_itself():
    token = drawn(1)
    shown = f"{token} {token!r} {token.signer('log.example')!r}"
    assert token.spell() not in shown
    assert token.secret.hex() not in shown
    assert str(token.secret) not in shown


def test_the_key_is_named_after_the_pseudonym_and_depends_on_the_site_alone():
    token = drawn(2)
    here, again, there = (token.signer(log).verifier for log in ("a.example", "a.example", "b.example"))
    assert here == again
    assert here.name == pseudonym_of(here)
    assert here.name != there.name
    assert here.public != there.public


def test_the_key_of_a_known_secret_stays_the_same():
    """Whoever kept the paper must be able to withdraw with every later version of this program."""
    token = Token(bytes(SECRET_BYTES - 1) + b"\x01")
    assert token.signer("plant.example/log").name == "w-19db76d6f748f7cfa59756e13d550375"


def test_the_key_is_what_rfc_5869_makes_of_the_secret():
    """HKDF by hand: extract with a salt of zeros, expand by one block."""
    token = drawn(3)
    extracted = hmac.digest(bytes(32), token.secret, "sha256")
    seed = hmac.digest(extracted, b"fairtakt worker key v1\nlog.example\x01", "sha256")
    assert token.signer("log.example").private.private_bytes_raw() == seed

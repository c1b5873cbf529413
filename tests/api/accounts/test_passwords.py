"""Passwords: which may be one, and what is kept of them."""

import pytest
from argon2 import PasswordHasher

from api.accounts.passwords import LONGEST, PasswordRefused, Passwords, check_new

GOOD = "vier nasse Pferde"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def passwords():
    return Passwords(CHEAP)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "x7#Kq9!mVb2$Lz4",
        "839201746529384",
        "ключ от пятого цеха",
        "summer in the north",
        "x" * 7 + GOOD * 5,
    ],
)
def test_long_passwords_of_any_kind_are_taken(password):
    check_new(password, "works council")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "too short"),
        ("fourteen chars", "too short"),
        ("ﬀ" * 7, "too short"),  # counted as what is hashed: 14 letters f
        ("Vier nasse Pferde" * 16, "too long"),
        ("aaaaaaaaaaaaaaaa", "tried first"),
        ("abcabcabcabcabcabc", "tried first"),
        ("123456789012345", "tried first"),
        ("1234567890987654321"[::-1], "tried first"),
        ("passwordpassword", "tried first"),
        ("PasswordPasswordPass", "tried first"),
        ("qwertzuiopüasdfgh", "tried first"),
        ("1qay2wsx3edc4rfv", "tried first"),
        ("zyxwvutsrqponmlk", "tried first"),
        ("Password-2026-!!", "common word"),
        ("2026!!!Sommer!!!2026", "common word"),
        ("hallohallo1hallo", "common word"),
        ("Works.Council.2026", "a name"),
        ("workscouncilworkscouncil", "a name"),
        ("fairtakt fairtakt", "a name"),
        ("ＦＡＩＲＴＡＫＴ－２０２６－１２", "a name"),
    ],
)
def test_what_is_tried_first_is_refused_and_not_repeated(password, says):
    with pytest.raises(PasswordRefused, match=says) as refused:
        check_new(password, "works council")
    assert password == "" or password not in str(refused.value)


def test_a_name_without_letters_refuses_no_digits():
    check_new("839201746529384", "4711")


def test_the_right_password_is_right_and_no_other(passwords):
    kept = passwords.hash(GOOD)
    assert passwords.verify(kept, GOOD)
    for other in ("", GOOD + " ", GOOD.lower(), GOOD[:-1]):
        assert not passwords.verify(kept, other)


def test_no_character_is_cut_off(passwords):
    kept = passwords.hash("x" * LONGEST)
    assert not passwords.verify(kept, "x" * (LONGEST - 1))
    assert not passwords.verify(kept, "x" * (LONGEST - 1) + "y")


def test_the_same_letters_are_the_same_password_however_a_keyboard_writes_them(passwords):
    assert passwords.verify(passwords.hash("Übergröße im Lager"), "U\u0308bergro\u0308ße im Lager")


@pytest.mark.parametrize("kept", ["", "not a hash", "$argon2id$v=19$broken"])
def test_a_damaged_hash_is_nobodys(passwords, kept):
    assert not passwords.verify(kept or None, GOOD)


def test_where_there_is_no_password_the_same_work_is_done():
    """Counted, not timed: one hash is computed, with the same parameters, and the answer is no."""
    hashed = []

    class Counting(PasswordHasher):
        def verify(self, kept, password):
            hashed.append((kept.split("$")[3], password))
            return super().verify(kept, password)

    passwords = Passwords(Counting(time_cost=1, memory_cost=8, parallelism=1))
    assert passwords.verify(passwords.hash(GOOD), GOOD)
    assert not passwords.verify(None, GOOD)
    assert hashed == [("m=8,t=1,p=1", GOOD)] * 2


def test_nobodys_password_cannot_be_guessed(passwords):
    """The hash that stands in for a missing one must not turn into a way in, even if it fits."""

    class Agreeing(PasswordHasher):
        def verify(self, kept, password):
            return True

    assert not Passwords(Agreeing(time_cost=1, memory_cost=8, parallelism=1)).verify(None, GOOD)


def test_each_hash_has_its_own_salt(passwords):
    assert passwords.hash(GOOD) != passwords.hash(GOOD)


def test_the_parameters_are_those_of_rfc_9106():
    kept = Passwords().hash(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert len(kept) <= 200  # the column


def test_a_hash_of_other_parameters_is_outdated(passwords):
    assert not passwords.is_outdated(passwords.hash(GOOD))
    assert Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)).is_outdated(
        passwords.hash(GOOD)
    )

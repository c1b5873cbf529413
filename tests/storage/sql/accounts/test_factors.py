"""Second factors: what is used once is used once, and the last one stays where one is needed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from productivity.errors import BadInput
from storage.sql.accounts import accounts, factors, invitations, logins
from storage.sql.accounts.records import AccountChanged, AccountExists, LastFactor


@pytest.fixture
def login(council, signed_in):
    return signed_in(council)


@pytest.fixture
def add(database, login):
    def add(credential=b"c", by=login):
        factors.add_passkey(
            database,
            by,
            credential=credential,
            public_key=b"k",
            sign_count=0,
            label="key",
            at_ms=1,
        )
        return factors.find_passkey(database, credential)

    return add


def test_a_step_is_used_once_and_none_before_it(database, council, login):
    factors.set_totp(database, login, b"sealed", 10)
    assert [factors.use_step(database, council.id, step) for step in (10, 11, 11, 9, 12)] == [
        False,
        True,
        False,
        False,
        True,
    ]


def test_a_step_is_used_once_by_whoever_comes_at_the_same_moment(database, council, login):
    factors.set_totp(database, login, b"sealed", 10)
    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(lambda _: factors.use_step(database, council.id, 11), range(16)))
    assert used.count(True) == 1


def test_a_passkey_is_found_by_its_credential_and_counts(database, council, add):
    added = add()
    assert factors.passkeys_of(database, council.id) == [added]
    assert accounts.find_by_id(database, council.id).passkeys == 1
    assert factors.find_passkey(database, b"other") is None


def test_a_passkey_belongs_to_one_account(database, add, signed_in):
    add()
    other = accounts.create_account(database, "engineering", "engineer", at_ms=0)
    with pytest.raises(AccountExists):
        add(by=signed_in(other))


def test_a_use_of_a_passkey_is_noted_once(database, add):
    added = add()
    assert factors.use_passkey(database, added, 5, 100)
    assert not factors.use_passkey(database, added, 5, 100)  # the same use again: the count went on
    assert factors.find_passkey(database, b"c").sign_count == 5
    assert factors.find_passkey(database, b"c").used_ms == 100


def test_the_last_factor_stays_where_one_is_needed(database, council, add, login):
    added = add()
    with pytest.raises(LastFactor):
        factors.remove_passkey(database, login, added.id, keep_one=True)
    assert factors.passkeys_of(database, council.id) == [added]
    factors.set_totp(database, login, b"sealed", 10)
    assert factors.remove_passkey(database, login, added.id, keep_one=True)
    with pytest.raises(LastFactor):
        factors.remove_totp(database, login, keep_one=True)
    factors.remove_totp(database, login, keep_one=False)
    assert not accounts.find_by_id(database, council.id).has_second_factor


def test_nobody_removes_another_ones_passkey(database, council, add, signed_in):
    added = add()
    other = accounts.create_account(database, "engineering", "engineer", at_ms=0)
    assert not factors.remove_passkey(database, signed_in(other), added.id, keep_one=False)
    assert factors.passkeys_of(database, council.id) == [added]


@pytest.mark.parametrize("meanwhile", ["reset", "disabled", "signed out"])
def test_a_factor_is_not_added_to_what_was_reset_a_moment_ago(database, council, add, login, meanwhile):
    """Otherwise whoever was thrown out comes back with the factor that was under way."""
    added = add()
    if meanwhile == "reset":
        invitations.reset(database, council.id, hours=1, at_ms=2)
    elif meanwhile == "disabled":
        accounts.disable(database, council.id, 2)
    else:
        logins.close_login(database, login.digest)
    for change in (
        lambda: add(b"another"),
        lambda: factors.set_totp(database, login, b"sealed", 10),
        lambda: factors.remove_totp(database, login, keep_one=False),
        lambda: factors.remove_passkey(database, login, added.id, keep_one=False),
    ):
        with pytest.raises(AccountChanged):
            change()
    assert accounts.find_by_id(database, council.id).totp is None
    assert factors.find_passkey(database, b"another") is None


def test_an_account_has_twenty_passkeys_at_most(database, add):
    for number in range(20):
        add(bytes([number]))
    with pytest.raises(BadInput, match="at most 20"):
        add(b"one more")


def test_the_text_of_a_passkey_shows_no_key(add):
    assert "b'k'" not in repr(add())

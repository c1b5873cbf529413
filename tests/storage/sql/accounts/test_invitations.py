"""Invitations: one code, one password, within its hours."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from productivity.errors import BadInput
from storage.sql.accounts import accounts, attempts, factors, invitations, logins
from storage.sql.accounts.codes import code_digest, new_code
from storage.sql.accounts.records import InvitationRefused
from storage.sql.tables import invitation

NAME = bytes(32)
HASH = "a hash"
HOUR_MS = 3_600_000


@pytest.fixture
def invited(database):
    return accounts.create_account(database, "engineering", "engineer", at_ms=0)


@pytest.fixture
def code(database, invited):
    return invitations.invite(database, invited.id, hours=2, at_ms=1000)


def accept(database, code, at_ms=2000, password=HASH):
    return invitations.accept(database, code, password, attempt=NAME, at_ms=at_ms)


def test_a_code_gives_an_account_its_password(database, invited, code):
    assert invitations.find_invited(database, code, 2000) == invited
    assert accept(database, code).password == HASH
    assert accounts.find_by_id(database, invited.id).password == HASH


def test_a_code_is_used_once(database, invited, code):
    accept(database, code)
    with pytest.raises(InvitationRefused):
        accept(database, code, 2000, "another")
    assert accounts.find_by_id(database, invited.id).password == HASH


def test_a_code_is_used_by_one_of_those_who_come_at_the_same_moment(database, invited):
    def take(code, number):
        try:
            return invitations.accept(database, code, f"hash {number}", attempt=NAME, at_ms=2000).password
        except InvitationRefused:
            return None

    for _ in range(5):
        code = invitations.reset(database, invited.id, hours=2, at_ms=1000)
        with ThreadPoolExecutor(4) as pool:
            taken = [found for found in pool.map(partial(take, code), range(4)) if found]
        assert taken == [accounts.find_by_id(database, invited.id).password]


@pytest.mark.parametrize(("late_ms", "refused"), [(2 * HOUR_MS - 1, False), (2 * HOUR_MS, True)])
def test_a_code_expires(database, code, late_ms, refused):
    if refused:
        with pytest.raises(InvitationRefused):
            accept(database, code, 1000 + late_ms)
    else:
        accept(database, code, 1000 + late_ms)


def test_a_later_code_replaces_an_earlier_one(database, invited, code):
    later = invitations.invite(database, invited.id, hours=2, at_ms=1000)
    with pytest.raises(InvitationRefused):
        accept(database, code)
    accept(database, later)


def test_a_disabled_account_accepts_nothing(database, invited, code):
    accounts.disable(database, invited.id, 1500)
    with pytest.raises(InvitationRefused):
        invitations.find_invited(database, code, 2000)
    with pytest.raises(InvitationRefused):
        accept(database, code)
    with pytest.raises(BadInput, match="disabled"):
        invitations.invite(database, invited.id, hours=2, at_ms=1000)


def test_who_can_sign_in_is_not_invited(database, code, invited):
    accept(database, code)
    with pytest.raises(BadInput, match="has its password"):
        invitations.invite(database, invited.id, hours=2, at_ms=3000)


def test_a_reset_takes_everything_away_and_gives_a_code(database, council, signed_in):
    login = signed_in(council)
    factors.set_totp(database, login, b"sealed", 5)
    factors.add_passkey(database, login, credential=b"c", public_key=b"k", sign_count=0, label="key", at_ms=1)
    code = invitations.reset(database, council.id, hours=2, at_ms=1000)
    bare = accounts.find_by_id(database, council.id)
    assert (bare.password, bare.totp, bare.passkeys) == (None, None, 0)
    assert logins.logins_of(database, council.id, 2) == []
    accept(database, code)


def test_a_refused_reset_changes_nothing(database, council):
    accounts.disable(database, council.id, 5)
    with pytest.raises(BadInput, match="disabled"):
        invitations.reset(database, council.id, hours=2, at_ms=1000)
    assert accounts.find_by_id(database, council.id).password == HASH


@pytest.mark.parametrize("hours", [0, 169])
def test_codes_for_too_long_are_refused(database, invited, hours):
    with pytest.raises(BadInput, match="valid too long"):
        invitations.invite(database, invited.id, hours=hours, at_ms=0)


def test_accepting_forgives_the_failures_of_the_name(database, code):
    for _ in range(100):
        attempts.begin(database, NAME, 0)
    assert attempts.begin(database, NAME, 0) > 0
    accept(database, code)
    assert attempts.begin(database, NAME, 0) == 0


def test_the_code_itself_is_not_stored(rows, code):
    stored = rows(invitation)
    assert code not in stored
    assert code.replace("-", "") not in stored


def test_codes_are_typed_as_people_type_them():
    code = new_code()
    assert len(code.replace("-", "")) == 24
    assert code_digest(code) == code_digest(f" {code.lower().replace('-', ' ')} ")
    assert code_digest("OIB0") == code_digest("018O") != code_digest("OIB")
    assert new_code() != code

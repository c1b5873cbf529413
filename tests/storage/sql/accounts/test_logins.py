"""Who is signed in, and until when."""

import pytest

from storage.sql.accounts import accounts, attempts, factors, logins
from storage.sql.accounts.logins import (
    IDLE_MS,
    LONGEST_MS,
    MINUTE_MS,
    TERMINAL_IDLE_MS,
    TERMINAL_LONGEST_MS,
    token_digest,
)
from storage.sql.accounts.records import AccountChanged
from storage.sql.tables import login, site, station


@pytest.fixture
def sign_in(database):
    def sign_in(account, at_ms=0, **more):
        return logins.open_login(database, account, second_factor=True, at_ms=at_ms, **more)

    return sign_in


@pytest.fixture
def terminal(database):
    with database.writing() as connection:
        connection.execute(site.insert().values(id=1, name="north", time_zone="UTC"))
        connection.execute(station.insert().values(id=7, site_id=1, name="press"))
    return accounts.create_account(database, "press terminal", "worker", station_id=7, at_ms=0)


def find(database, token, at_ms=0):
    return logins.find_login(database, token_digest(token), at_ms)


def test_a_token_finds_its_sign_in(database, council, sign_in):
    token = sign_in(council)
    found = find(database, token)
    assert (found.account, found.second_factor) == (council, True)
    assert found.digest == token_digest(token)


def test_the_token_is_not_stored_and_none_is_like_another(council, sign_in, rows):
    tokens = {sign_in(council) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) == 43 for token in tokens)  # 32 bytes in base64url
    assert not any(token in rows(login) for token in tokens)


def test_the_digest_in_the_table_is_no_token(database, council, sign_in):
    """Whoever reads the table, or a backup of it, is not signed in."""
    digest = token_digest(sign_in(council))
    assert find(database, digest.hex()) is None


@pytest.mark.parametrize(("kind", "idle_ms"), [("council", IDLE_MS), ("terminal", TERMINAL_IDLE_MS)])
def test_who_does_nothing_is_signed_out(request, database, sign_in, kind, idle_ms):
    token = sign_in(request.getfixturevalue(kind))
    assert find(database, token, idle_ms) is None
    assert find(database, token, idle_ms - 1) is not None  # which is a use
    assert find(database, token, 2 * idle_ms - 2) is not None


@pytest.mark.parametrize(
    ("kind", "longest_ms", "step_ms"),
    [("council", LONGEST_MS, IDLE_MS // 2), ("terminal", TERMINAL_LONGEST_MS, TERMINAL_IDLE_MS // 2)],
)
def test_a_sign_in_ends_even_if_it_is_used(request, database, sign_in, kind, longest_ms, step_ms):
    token = sign_in(request.getfixturevalue(kind))
    for now in range(0, longest_ms, step_ms):
        assert find(database, token, now) is not None, now
    assert find(database, token, longest_ms) is None


def test_a_sign_in_from_the_future_is_none(database, council, sign_in):
    """Somebody set the clock back: how long ago the sign-in was, nobody knows."""
    token = sign_in(council, at_ms=10 * MINUTE_MS)
    assert find(database, token, 8 * MINUTE_MS) is None
    assert find(database, token, 9 * MINUTE_MS) is not None  # clocks are corrected by a little, often


def test_a_use_is_noted_once_a_minute(database, council, sign_in):
    token = sign_in(council)
    for now, seen in ((MINUTE_MS - 1, 0), (MINUTE_MS, MINUTE_MS), (MINUTE_MS + 5, MINUTE_MS)):
        find(database, token, now)
        assert logins.logins_of(database, council.id, now)[0].seen_ms == seen


def test_to_see_whether_a_sign_in_goes_on_is_no_use_of_it(database, council, sign_in):
    digest = token_digest(sign_in(council))
    assert logins.see_login(database, digest, IDLE_MS - 1) is not None
    assert logins.see_login(database, digest, IDLE_MS) is None


def test_a_disabled_account_is_signed_out_even_where_the_sign_in_is_left(database, council, sign_in):
    token = sign_in(council)
    with database.writing() as connection:
        connection.execute(accounts.account.update().values(disabled_ms=1))
    assert find(database, token) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda database, number: accounts.disable(database, number, 5),
        lambda database, number: accounts.assign(database, number, "manager", None),
        lambda database, number: accounts.set_password(database, number, "another", seen="a hash"),
    ],
    ids=["disabled", "another role", "another password"],
)
def test_nobody_signs_in_to_what_the_account_was_a_moment_ago(database, council, sign_in, change):
    """The password was right, but before it was checked to the end somebody changed the account."""
    change(database, council.id)
    with pytest.raises(AccountChanged):
        sign_in(council)
    assert logins.logins_of(database, council.id, 5) == []


def test_nobody_signs_in_past_a_second_factor_that_was_just_set_up(database, council, sign_in, signed_in):
    factors.set_totp(database, signed_in(council), b"sealed", 1)
    with pytest.raises(AccountChanged):
        sign_in(council)


def test_nobody_signs_in_past_a_passkey_that_was_just_added(database, council, sign_in, signed_in):
    key = {"credential": b"c", "public_key": b"k", "sign_count": 0, "label": "key", "at_ms": 1}
    factors.add_passkey(database, signed_in(council), **key)
    with pytest.raises(AccountChanged):
        sign_in(council)


def test_a_renewed_sign_in_has_a_new_token_and_the_old_age(database, council, sign_in):
    """Otherwise a stolen token could keep itself recent by changing something every few minutes."""
    old, other = sign_in(council), sign_in(council)
    new = logins.renew_login(database, find(database, old), second_factor=False, at_ms=MINUTE_MS)
    assert find(database, old, MINUTE_MS) is None
    assert find(database, other, MINUTE_MS) is None
    renewed = find(database, new, MINUTE_MS)
    assert (renewed.created_ms, renewed.seen_ms, renewed.second_factor) == (0, MINUTE_MS, False)
    afresh = logins.renew_login(database, renewed, second_factor=True, at_ms=2 * MINUTE_MS, afresh=True)
    assert find(database, afresh, 2 * MINUTE_MS).created_ms == 2 * MINUTE_MS


def test_a_sign_in_that_was_ended_is_not_renewed(database, council, sign_in):
    old = find(database, sign_in(council))
    logins.close_all(database, council.id)
    with pytest.raises(AccountChanged):
        logins.renew_login(database, old, second_factor=True, at_ms=1)
    assert logins.logins_of(database, council.id, 1) == []


def test_a_new_sign_in_replaces_the_one_of_the_same_browser(database, council, sign_in):
    old = sign_in(council)
    new = sign_in(council, replaces=token_digest(old))
    assert find(database, old) is None
    assert find(database, new) is not None


def test_signing_in_forgives_failures(database, council, sign_in):
    name = bytes(32)
    for _ in range(5):
        attempts.begin(database, name, 0)
    sign_in(council, attempt=name)
    assert attempts.begin(database, name, 0) == 0


def test_sign_ins_end_one_by_one_or_all(database, council, sign_in):
    first, second, third = (sign_in(council) for _ in range(3))
    other = accounts.create_account(database, "engineering", "engineer", at_ms=0)
    assert not logins.close_login(database, token_digest(first), of=other.id)
    assert logins.close_login(database, token_digest(first), of=council.id)
    assert not logins.close_login(database, token_digest(first))
    assert logins.close_all(database, council.id, but=token_digest(third)) == 1
    assert find(database, second) is None
    assert find(database, third) is not None
    assert logins.close_all(database, council.id) == 1


def test_the_twenty_first_sign_in_ends_the_one_that_was_unused_longest(database, council, sign_in):
    tokens = [sign_in(council, at_ms=n) for n in range(20)]
    find(database, tokens[0], MINUTE_MS)
    sign_in(council, at_ms=MINUTE_MS)
    assert find(database, tokens[0], MINUTE_MS) is not None
    assert find(database, tokens[1], MINUTE_MS) is None
    assert len(logins.logins_of(database, council.id, MINUTE_MS)) == 20


def test_sign_ins_that_ended_do_not_stay_in_the_table(database, council, terminal, sign_in):
    stale, standing = sign_in(council), sign_in(terminal)
    fresh = sign_in(council, at_ms=IDLE_MS)
    with database.reading() as connection:
        kept = {row.digest for row in connection.execute(login.select())}
    assert kept == {token_digest(standing), token_digest(fresh)}
    assert token_digest(stale) not in kept

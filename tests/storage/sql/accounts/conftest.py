"""What tests of accounts share: an account that can sign in."""

import pytest

from storage.sql.accounts import accounts, logins


@pytest.fixture
def council(database):
    """The works council's account, with a password."""
    made = accounts.create_account(database, "works council", "works council", at_ms=0)
    assert accounts.set_password(database, made.id, "a hash", seen=None)
    return accounts.find_by_id(database, made.id)


@pytest.fixture
def signed_in(database):
    """Sign an account in; return the sign-in."""

    def sign_in(account):
        token = logins.open_login(database, account, second_factor=True, at_ms=1)
        return logins.find_login(database, logins.token_digest(token), 1)

    return sign_in


@pytest.fixture
def rows(database):
    """Whatever stands in a table, as text."""

    def read(table):
        with database.reading() as connection:
            return repr([tuple(row) for row in connection.execute(table.select())])

    return read

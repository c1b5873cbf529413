"""Each credential that is printed signs in, second factor included."""

import pytest

from api.accounts.accounts import Accounts
from api.accounts.address import parse_address
from api.accounts.outcomes import SecondFactorWanted, SignedIn
from api.accounts.secret import Secret
from api.policy import TWO_FACTORS, Role
from cli.demo.people import read_credentials
from cli.demo.prepare import SECRET
from productivity.errors import BadInput
from storage.sql.database import Database


@pytest.fixture
def accounts(demo, now_ms, tmp_path):
    # A copy: signing in changes tables, and all tests share the demonstration.
    file = tmp_path / "copy.db"
    file.write_bytes(demo.database_file.read_bytes())
    with Database(f"sqlite:///{file}") as database:
        secret = Secret.load_or_make(demo.data / SECRET)
        yield Accounts(database, secret, parse_address("http://localhost"), now_ms=lambda: now_ms)


def test_everybody_signs_in(demo, accounts, now_ms):
    for one in read_credentials(demo.credentials):
        outcome = accounts.entry.by_password(one.name, one.password)
        if one.totp is not None:
            assert isinstance(outcome, SecondFactorWanted)
            outcome = accounts.entry.by_code(outcome.ticket, one.code(now_ms // 1000))
        assert isinstance(outcome, SignedIn)
        assert not outcome.must_set_up
        viewer = accounts.viewer(outcome.token)
        assert (viewer.role, viewer.station) == (one.role, one.station)
        assert viewer.second_factor == (Role(one.role) in TWO_FACTORS)


def test_there_is_an_account_for_each_role_and_a_terminal_at_each_of_two_stations(demo, wish):
    found = read_credentials(demo.credentials)
    assert {one.role for one in found} == set(Role)
    assert [one.station for one in found if one.role == Role.WORKER] == ["gear bench", "assembly_bench"]
    assert len({one.password for one in found}) == len(found)


def test_without_credentials_there_is_a_clear_error(tmp_path):
    with pytest.raises(BadInput, match="fairtakt serve --demo"):
        read_credentials(tmp_path / "credentials.json")

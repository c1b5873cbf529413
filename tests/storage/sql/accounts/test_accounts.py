"""Accounts are made, found, changed and disabled."""

import pytest

from productivity.errors import BadInput
from storage.sql.accounts import accounts, logins
from storage.sql.accounts.records import AccountExists, Identity, NoAccount
from storage.sql.tables import site, station

SECOND = "another hash"
SOMEBODY = Identity("https://id.example", "248289761001")


@pytest.mark.parametrize("typed", ["works council", "Works Council", "WORKS COUNCIL", "ｗorks council"])
def test_an_account_is_found_however_its_name_is_typed(database, council, typed):
    assert accounts.find_by_name(database, typed) == council


def test_who_is_not_there_is_not_found(database, council):
    assert accounts.find_by_name(database, "works") is None
    assert accounts.find_by_id(database, council.id + 1) is None
    assert accounts.find_by_identity(database, SOMEBODY) is None


@pytest.mark.parametrize("name", ["Works Council", "works council", "WORKS COUNCIL"])
def test_names_that_look_alike_are_one_name(database, council, name):
    with pytest.raises(AccountExists):
        accounts.create_account(database, name, "engineer", at_ms=0)


@pytest.mark.parametrize(
    "name", ["", " ", "a\nb", " engineering", "engineering ", "x" * 101, "a\u202eb", "\ufdfa" * 100]
)
def test_what_is_no_name_is_refused(database, name):
    with pytest.raises(BadInput, match="no usable name") as refused:
        accounts.create_account(database, name, "engineer", at_ms=0)
    assert name.strip() == "" or name not in str(refused.value)
    assert accounts.list_accounts(database) == []


def test_an_identity_belongs_to_one_account(database):
    made = accounts.create_account(database, "engineering", "engineer", at_ms=0, identity=SOMEBODY)
    assert accounts.find_by_identity(database, SOMEBODY) == made
    with pytest.raises(AccountExists):
        accounts.create_account(database, "planning", "engineer", at_ms=0, identity=SOMEBODY)
    other = accounts.create_account(database, "planning", "engineer", at_ms=0)
    with pytest.raises(AccountExists):
        accounts.link(database, other.id, SOMEBODY)


def test_the_same_subject_elsewhere_is_somebody_else(database):
    accounts.create_account(database, "engineering", "engineer", at_ms=0, identity=SOMEBODY)
    elsewhere = Identity("https://other.example", SOMEBODY.subject)
    assert accounts.find_by_identity(database, elsewhere) is None


def test_a_terminal_names_its_station(database):
    with database.writing() as connection:
        connection.execute(site.insert().values(id=1, name="north", time_zone="UTC"))
        connection.execute(station.insert().values(id=7, site_id=1, name="press"))
    made = accounts.create_account(database, "press terminal", "worker", station_id=7, at_ms=0)
    assert (made.station_id, made.station) == (7, "press")
    assert accounts.find_by_name(database, "press terminal") == made


@pytest.mark.parametrize(
    "change",
    [
        lambda database, number: accounts.assign(database, number, "manager", None),
        lambda database, number: accounts.disable(database, number, 5),
        lambda database, number: accounts.link(database, number, SOMEBODY),
    ],
    ids=["another role", "disabled", "linked"],
)
def test_a_change_ends_the_sign_ins_of_this_account_only(database, council, change):
    other = accounts.create_account(database, "engineering", "engineer", at_ms=0)
    for each in (council, council, other):
        logins.open_login(database, each, second_factor=True, at_ms=1)
    change(database, council.id)
    assert logins.logins_of(database, council.id, 2) == []
    assert len(logins.logins_of(database, other.id, 2)) == 1


def test_nobody_cannot_be_changed(database):
    for change in (
        lambda: accounts.assign(database, 99, "manager", None),
        lambda: accounts.disable(database, 99, 5),
        lambda: accounts.enable(database, 99),
    ):
        with pytest.raises(NoAccount):
            change()


def test_a_disabled_account_is_enabled_as_it_was(database, council):
    accounts.disable(database, council.id, 5)
    assert accounts.find_by_id(database, council.id).disabled_ms == 5
    accounts.enable(database, council.id)
    assert accounts.find_by_id(database, council.id) == council


def test_a_password_is_stored_only_over_the_one_that_was_seen(database, council):
    assert not accounts.set_password(database, council.id, "third", seen="another")
    assert not accounts.set_password(database, council.id, "third", seen=None)
    assert accounts.set_password(database, council.id, SECOND, seen="a hash")
    assert accounts.find_by_id(database, council.id).password == SECOND


def test_the_text_of_an_account_shows_no_secret(database, council):
    assert "a hash" not in repr(council)
    made = accounts.create_account(database, "engineering", "engineer", at_ms=0, identity=SOMEBODY)
    assert SOMEBODY.subject not in repr(made)

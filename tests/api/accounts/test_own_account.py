"""What somebody does to the own account: second factors, passkeys, password, sign-ins."""

import pyotp
import pytest

from api.policy import Role
from storage.sql.accounts import accounts, factors, invitations
from storage.sql.accounts.logins import token_digest
from tests.api.accounts.people import BETTER, GOOD
from tests.api.plant import is_problem

WRONG = "a wrong password, not GOOD"


@pytest.fixture
def council(people):
    """A browser of the works council, which has a password and nothing else yet."""
    return people.somebody("works council", Role.COUNCIL)


@pytest.fixture
def engineer(people):
    return people.somebody()


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.ADMINISTRATOR])
def test_who_needs_a_second_factor_can_do_nothing_else_first(people, role):
    browser = people.somebody("office", role)
    assert browser.answer.json()["next"] == "/account"
    is_problem(browser.ask("GET", "/"), 403, "second-factor")
    assert browser.account["needs_second_factor"]
    browser.set_up_app()
    assert browser.answer.json()["next"] is None
    assert browser.ask("GET", "/").status_code == 200


def test_an_app_is_set_up_and_then_asked_for(people, council):
    app = council.set_up_app()
    browser = people.browser()
    told = browser.sign_in("works council").json()
    assert (told["outcome"], told["totp"], told["passkey"]) == ("second-factor", True, False)
    assert browser.cookies == {}  # half a sign-in is none
    people.wait(30)
    done = browser.post("/v1/sign-in/second-factor", ticket=told["ticket"], code=people.code(app))
    assert done.json()["outcome"] == "signed-in"
    assert browser.ask("GET", "/").status_code == 200


def test_a_code_is_used_once(people, council):
    app = council.set_up_app()
    browser = people.browser()
    is_problem(browser.sign_in_with_code("works council", people.code(app)), 403, "credentials")
    code = people.next_code(app)
    assert browser.sign_in_with_code("works council", code).status_code == 200
    is_problem(people.browser().sign_in_with_code("works council", code), 403, "credentials")


@pytest.mark.parametrize("code", ["", "000000", "x", "1234567", "287 082"])
def test_a_wrong_code_signs_nobody_in(people, council, code):
    council.set_up_app()
    browser = people.browser()
    assert browser.sign_in_with_code("works council", code).status_code in {403, 422}
    assert browser.cookies == {}


def test_codes_cannot_be_guessed_by_who_knows_the_password(people, council):
    app = council.set_up_app()
    browser, refused = people.browser(), 0
    for _ in range(20):
        told = browser.sign_in("works council").json()
        if "ticket" not in told:
            break
        answer = browser.post("/v1/sign-in/second-factor", ticket=told["ticket"], code="000000")
        refused += answer.status_code == 403
    assert refused == 5
    is_problem(browser.sign_in("works council"), 429, "too-many")
    people.wait(30)
    assert browser.sign_in_with_code("works council", people.next_code(app)).status_code == 200


def test_a_ticket_lives_five_minutes_and_is_used_once(people, council):
    app = council.set_up_app()
    browser = people.browser()
    ticket = browser.sign_in("works council").json()["ticket"]
    people.wait(300)
    late = browser.post("/v1/sign-in/second-factor", ticket=ticket, code=people.code(app))
    assert "too long" in is_problem(late, 403, "credentials")
    ticket = browser.sign_in("works council").json()["ticket"]
    assert browser.post("/v1/sign-in/second-factor", ticket=ticket, code=people.code(app)).status_code == 200
    again = browser.post("/v1/sign-in/second-factor", ticket=ticket, code=people.next_code(app))
    is_problem(again, 403, "credentials")


def test_a_ticket_is_of_no_use_once_the_account_was_reset(people, council):
    app = council.set_up_app()
    ticket = people.browser().sign_in("works council").json()["ticket"]
    known = accounts.find_by_name(people.database, "works council")
    invitations.reset(people.database, known.id, hours=1, at_ms=people.now_ms)
    browser = people.browser()
    answer = browser.post("/v1/sign-in/second-factor", ticket=ticket, code=people.next_code(app))
    is_problem(answer, 403, "credentials")
    assert browser.cookies == {}


def test_a_ticket_is_of_no_use_once_the_password_was_changed(people, council):
    app = council.set_up_app()
    ticket = people.browser().sign_in("works council").json()["ticket"]
    assert council.post("/v1/account/password", current=GOOD, new=BETTER).status_code == 200
    browser = people.browser()
    answer = browser.post("/v1/sign-in/second-factor", ticket=ticket, code=people.next_code(app))
    is_problem(answer, 403, "credentials")


def test_the_secret_of_an_app_is_sealed(people, council):
    app = council.set_up_app()
    known = accounts.find_by_name(people.database, "works council")
    assert app.byte_secret() not in known.totp
    assert app.secret.encode() not in known.totp


def test_an_app_of_another_account_does_not_open_this_one(people, council):
    """Who can write into the table gives the council the engineer's app; it is sealed for the engineer."""
    council.set_up_app()
    engineer = people.somebody()
    app = engineer.set_up_app()
    sealed = accounts.find_by_name(people.database, "engineering").totp
    with people.database.writing() as connection:
        connection.execute(accounts.account.update().values(totp=sealed))
    answer = people.browser().sign_in_with_code("works council", people.next_code(app))
    is_problem(answer, 403, "credentials")


def test_setting_up_needs_a_code_of_the_app_and_changes_nothing_before(people, council):
    council.ask("POST", "/v1/account/totp/setup")
    is_problem(council.post("/v1/account/totp/confirm", code="000000"), 403, "credentials")
    assert not council.account["totp"]
    assert people.browser().sign_in("works council").json()["outcome"] == "signed-in"


def test_what_was_not_begun_here_is_not_confirmed(people, council):
    is_problem(council.post("/v1/account/totp/confirm", code="123456"), 409, "conflict")
    begun = council.ask("POST", "/v1/account/totp/setup").json()
    other = people.browser()
    other.sign_in("works council")
    code = people.code(pyotp.TOTP(begun["secret"]))
    is_problem(other.post("/v1/account/totp/confirm", code=code), 409, "conflict")


def test_a_change_renews_this_sign_in_and_ends_the_others(people, council):
    other, before = people.browser(), people.browser()
    other.sign_in("works council")
    before.cookies = dict(council.cookies)
    council.set_up_app()
    assert council.signed_in
    assert not other.signed_in
    assert not before.signed_in  # the token from before the second factor is none any more


@pytest.mark.parametrize(("later", "permitted"), [(899, True), (900, False)])
def test_changes_need_a_sign_in_of_the_last_minutes(people, engineer, later, permitted):
    device = people.device()
    people.wait(later)
    for method, path, content in (
        ("POST", "/v1/account/totp/setup", None),
        ("POST", "/v1/account/passkey-options", None),
        ("DELETE", "/v1/account/totp", None),
        ("DELETE", "/v1/account/passkeys/1", None),
    ):
        answer = engineer.ask(method, path, content)
        if permitted:
            assert answer.status_code in {200, 409}, (path, answer.text)
        else:
            is_problem(answer, 403, "sign-in-again")
    added = engineer.add_passkey(device)
    assert added.status_code == (200 if permitted else 403)


def test_a_change_does_not_make_an_old_sign_in_recent(people, engineer):
    people.wait(600)
    engineer.set_up_app()
    people.wait(300)
    is_problem(engineer.ask("POST", "/v1/account/totp/setup"), 403, "sign-in-again")


def test_a_sign_in_without_the_factor_that_is_there_by_now_changes_nothing(people, engineer):
    """It cannot come about through the server's own doors; if it ever does, it ends here."""
    engineer.set_up_app()
    with people.database.writing() as connection:
        from storage.sql.tables import login

        connection.execute(login.update().values(second_factor=False))
    is_problem(engineer.ask("DELETE", "/v1/account/totp"), 403, "sign-in-again")


def test_a_passkey_signs_in_alone(people, council):
    device = people.device()
    added = council.add_passkey(device, "key in the office")
    assert added.json()["next"] is None
    (listed,) = council.account["passkeys"]
    assert (listed["label"], listed["used_ms"]) == ("key in the office", None)
    browser = people.browser()
    assert browser.use_passkey(device).json()["outcome"] == "signed-in"
    assert browser.ask("GET", "/").status_code == 200  # two factors in one
    assert browser.account["passkeys"][0]["used_ms"] == people.now_ms


def test_after_a_password_a_passkey_is_asked_for_where_there_is_one(people, council):
    council.add_passkey(people.device())
    told = people.browser().sign_in("works council").json()
    assert (told["outcome"], told["totp"], told["passkey"]) == ("second-factor", False, True)


@pytest.mark.parametrize("attack", [{"origin": "https://evil.example"}, {"flags": 1}, {"handle": bytes(16)}])
def test_a_passkey_that_lies_signs_nobody_in(people, council, attack):
    device = people.device()
    council.add_passkey(device)
    browser = people.browser()
    is_problem(browser.use_passkey(device, **attack), 403, "credentials")
    assert browser.cookies == {}


def test_a_passkey_that_was_removed_signs_nobody_in(people, council):
    lost, kept = people.device(), people.device()
    council.add_passkey(lost)
    council.add_passkey(kept)
    number = council.account["passkeys"][0]["id"]
    assert council.ask("DELETE", f"/v1/account/passkeys/{number}").status_code == 200
    is_problem(people.browser().use_passkey(lost), 403, "credentials")
    assert people.browser().use_passkey(kept).status_code == 200


def test_a_disabled_account_has_no_use_for_its_passkey(people, council):
    device = people.device()
    council.add_passkey(device)
    known = accounts.find_by_name(people.database, "works council")
    accounts.disable(people.database, known.id, people.now_ms)
    is_problem(people.browser().use_passkey(device), 403, "credentials")


def test_the_last_factor_of_a_role_that_needs_one_stays(people, council):
    council.set_up_app()
    is_problem(council.ask("DELETE", "/v1/account/totp"), 409, "conflict")
    council.add_passkey(people.device())
    assert council.ask("DELETE", "/v1/account/totp").status_code == 200
    number = council.account["passkeys"][0]["id"]
    is_problem(council.ask("DELETE", f"/v1/account/passkeys/{number}"), 409, "conflict")
    assert council.ask("GET", "/").status_code == 200


def test_who_needs_no_second_factor_may_remove_it(people, engineer):
    engineer.set_up_app()
    assert engineer.ask("DELETE", "/v1/account/totp").status_code == 200
    assert people.browser().sign_in("engineering").json()["outcome"] == "signed-in"
    is_problem(engineer.ask("DELETE", "/v1/account/totp"), 409, "conflict")


def test_nobody_touches_what_belongs_to_another_account(people, engineer, council):
    device = people.device()
    council.add_passkey(device)
    number = factors.passkeys_of(people.database, accounts.find_by_name(people.database, "works council").id)[
        0
    ].id
    is_problem(engineer.ask("DELETE", f"/v1/account/passkeys/{number}"), 409, "conflict")
    digest = token_digest(council.cookies["__Host-fairtakt"]).hex()
    is_problem(engineer.ask("DELETE", f"/v1/account/sign-ins/{digest}"), 409, "conflict")
    assert council.signed_in
    assert people.browser().use_passkey(device).status_code == 200


def test_a_passkey_is_not_added_to_another_account(people, engineer, council):
    options = council.ask("POST", "/v1/account/passkey-options").json()["publicKey"]
    answer = people.device().create(options)
    is_problem(engineer.post("/v1/account/passkeys", label="key", credential=answer), 403, "credentials")


def test_a_passkey_is_added_once(people, council, engineer):
    device = people.device()
    council.add_passkey(device)
    is_problem(engineer.add_passkey(device), 409, "conflict")


def test_there_are_no_passkeys_where_the_server_has_no_name(tmp_path):
    from tests.api.accounts.people import People

    people = People(f"sqlite:///{tmp_path}/plant.db", origin="http://127.0.0.1:8443")
    with people.plant:
        is_problem(people.somebody().ask("POST", "/v1/account/passkey-options"), 409, "conflict")


@pytest.mark.parametrize("label", ["", "x" * 101, "two\nlines", "\u2028"])
def test_labels_are_one_line(people, engineer, label):
    options = engineer.ask("POST", "/v1/account/passkey-options").json()["publicKey"]
    answer = engineer.post("/v1/account/passkeys", label=label, credential=people.device().create(options))
    is_problem(answer, 422, "invalid")


def test_a_password_is_changed_by_who_knows_it(people, engineer):
    other = people.browser()
    other.sign_in("engineering")
    people.wait(1000)  # the current password is as good as a fresh sign-in
    assert engineer.post("/v1/account/password", current=GOOD, new=BETTER).status_code == 200
    assert engineer.signed_in
    assert not other.signed_in
    is_problem(people.browser().sign_in("engineering", GOOD), 403, "credentials")
    assert people.browser().sign_in("engineering", BETTER).status_code == 200


def test_a_stolen_cookie_does_not_guess_the_password(people, engineer):
    for _ in range(5):
        is_problem(engineer.post("/v1/account/password", current=WRONG, new=BETTER), 403, "credentials")
    is_problem(engineer.post("/v1/account/password", current=GOOD, new=BETTER), 429, "too-many")


def test_a_new_password_obeys_the_rules(people, engineer):
    for new in ("short", "Engineering-2026", "passwordpassword"):
        is_problem(engineer.post("/v1/account/password", current=GOOD, new=new), 422, "password")
    assert people.browser().sign_in("engineering").status_code == 200


def test_sign_ins_are_listed_and_ended(people, engineer):
    other = people.browser()
    people.wait(60)
    other.sign_in("engineering")
    listed = engineer.account["sign_ins"]
    assert [each["current"] for each in listed] == [False, True]
    assert listed[0]["created_ms"] == people.now_ms
    assert engineer.ask("DELETE", f"/v1/account/sign-ins/{listed[0]['id']}").status_code == 204
    assert not other.signed_in
    other.sign_in("engineering")
    people.browser().sign_in("engineering")
    assert engineer.ask("DELETE", "/v1/account/sign-ins").json() == {"ended": 2}
    assert engineer.signed_in
    assert not other.signed_in


def test_what_is_listed_signs_nobody_in(people, engineer):
    browser = people.browser()
    browser.cookies["__Host-fairtakt"] = engineer.account["sign_ins"][0]["id"]
    assert not browser.signed_in


def test_an_account_does_not_change_itself_at_speed(people, engineer):
    for _ in range(40):
        answer = engineer.ask("POST", "/v1/account/totp/setup")
    is_problem(answer, 429, "too-many")


def test_another_secret_opens_no_app_and_says_so_in_the_log(people, council, capsys):
    app = council.set_up_app()
    from api.accounts.secret import Secret

    object.__setattr__(people.accounts.entry._kit, "secret", Secret(bytes(32)))
    answer = people.browser().sign_in_with_code("works council", people.next_code(app))
    is_problem(answer, 403, "credentials")
    assert "another secret" in capsys.readouterr().out

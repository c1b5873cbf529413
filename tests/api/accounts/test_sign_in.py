"""Signing in with a password, and everything that must not work."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.accounts.passwords import Passwords
from api.policy import Role
from storage.sql.accounts import accounts, invitations
from storage.sql.tables import attempt, login
from tests.api.accounts.people import BETTER, GOOD, People
from tests.api.plant import is_problem
from tests.api.viewers import CHEAP

NAMED = "Engineering-2026!"
WRONG = "a wrong password, not GOOD"


def test_an_invitation_gives_a_password_and_signs_in(people):
    browser = people.somebody()
    assert browser.answer.json()["outcome"] == "signed-in"
    assert browser.account["name"] == "engineering"
    assert people.browser().sign_in("engineering").status_code == 200


def test_who_has_the_right_password_is_signed_in(people):
    people.somebody()
    browser = people.browser()
    answer = browser.sign_in("Engineering")
    told = answer.json()
    assert (told["outcome"], told["next"], told["ticket"]) == ("signed-in", None, None)
    assert browser.account["role"] == "engineer"


def test_the_cookie_is_as_strict_as_cookies_can_be(people):
    people.somebody()
    browser = people.browser()
    browser.sign_in("engineering")
    cookie = browser.set["__Host-fairtakt"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("strict", "/", "")
    assert cookie["max-age"] == ""  # gone with the browser
    assert len(cookie.value) == 43  # 32 random bytes
    assert cookie.value not in browser.answer.text


def test_a_terminal_stays_signed_in_when_its_browser_is_closed(people):
    browser = people.somebody("bench 1", Role.WORKER)
    assert int(browser.set["__Host-fairtakt"]["max-age"]) == 365 * 86_400
    for _ in range(20):
        people.wait(20 * 86_400)
        assert browser.signed_in is (people.now_ms - 1_795_240_800_000 < 365 * 86_400_000)


def test_without_encryption_the_cookie_has_the_plain_name(tmp_path):
    people = People(f"sqlite:///{tmp_path}/plant.db", origin="http://localhost:8443")
    with people.plant:
        browser = people.somebody()
        assert not browser.set["fairtakt"]["secure"]
        assert browser.set["fairtakt"]["httponly"]
        assert browser.signed_in


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("engineering", WRONG),
        ("engineering", GOOD.upper()),
        ("nobody", GOOD),
        ("invited", GOOD),
        ("disabled", GOOD),
    ],
)
def test_who_is_refused_is_not_told_why(people, name, password):
    people.somebody()
    people.invited("invited")
    people.somebody("disabled")
    accounts.disable(people.database, accounts.find_by_name(people.database, "disabled").id, people.now_ms)
    browser = people.browser()
    assert (
        is_problem(browser.sign_in(name, password), 403, "credentials") == "name, password or code is wrong"
    )
    assert browser.cookies == {}


def test_names_that_nobody_has_cost_the_same_work(people):
    """Counted, not timed: one name is looked up, one attempt counted, one hash computed."""
    people.somebody()
    people.somebody("disabled")
    people.invited("invited")
    accounts.disable(people.database, accounts.find_by_name(people.database, "disabled").id, people.now_ms)
    told = {}
    for name in ("engineering", "nobody", "invited", "disabled"):
        people.work.clear()
        statements = _statements(people, lambda name=name: people.browser().sign_in(name, WRONG))
        told[name] = (list(people.work), statements)
    assert told["nobody"][0] == ["hash"]
    assert told["engineering"] == told["nobody"] == told["invited"] == told["disabled"]


def _statements(people, act):
    from sqlalchemy import event

    seen = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    engines = {people.database._writer, people.database._reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    assert seen
    return seen


@pytest.mark.parametrize("name", ["engineering", "nobody"])
def test_after_five_failures_a_name_waits_whether_or_not_anybody_has_it(people, name):
    people.somebody()
    browser = people.browser()
    for _ in range(5):
        is_problem(browser.sign_in(name, WRONG), 403, "credentials")
    people.work.clear()
    refused = browser.sign_in(name, GOOD)
    assert is_problem(refused, 429, "too-many") == "too many failures with this name: wait 30 s"
    assert refused.headers["retry-after"] == "30"
    assert people.work == []
    people.wait(30)
    assert browser.sign_in(name, GOOD).status_code == (200 if name == "engineering" else 403)


def test_after_a_hundred_failures_a_password_counts_no_more_until_it_is_set_anew(people):
    people.somebody()
    browser = people.browser()
    failures = 0
    while failures < 100:
        answer = browser.sign_in("engineering", WRONG)
        failures += answer.status_code == 403
        people.wait(int(answer.headers.get("retry-after", 1)))
    people.wait(7 * 86_400)
    refused = browser.sign_in("engineering", GOOD)
    assert "counts no more" in is_problem(refused, 429, "too-many")
    known = accounts.find_by_name(people.database, "engineering")
    code = invitations.reset(people.database, known.id, hours=1, at_ms=people.now_ms)
    assert browser.post("/v1/invitations/accept", code=code, password=BETTER).status_code == 200
    assert people.browser().sign_in("engineering", BETTER).status_code == 200


def test_signing_in_forgives_earlier_failures(people):
    people.somebody()
    browser = people.browser()
    for _ in range(3):
        for _ in range(4):
            browser.sign_in("engineering", WRONG)
        assert browser.sign_in("engineering").status_code == 200


def test_all_sign_ins_together_have_a_rate(people):
    """Whoever tries one password with many names is slowed down as well."""
    people.somebody()
    browser = people.browser()
    answers = [browser.sign_in(f"name {n}", WRONG).status_code for n in range(101)]
    assert answers.count(403) == 99  # the invitation took one of a hundred
    assert answers[-1] == 429
    assert browser.sign_in("engineering").status_code == 429
    people.wait(1)
    assert browser.sign_in("engineering").status_code == 200


def test_passkeys_get_past_a_flood_of_passwords(people):
    browser, device = people.somebody(), people.device()
    browser.add_passkey(device)
    stranger = people.browser()
    for n in range(120):
        stranger.sign_in("engineering" if n < 50 else f"name {n}", WRONG)
    assert stranger.sign_in("engineering").status_code == 429
    assert people.browser().use_passkey(device).status_code == 200


def test_a_sign_in_before_is_not_taken_over(people):
    """Session fixation: a token that somebody planted is never the one that is signed in."""
    people.somebody()
    victim = people.browser()
    victim.cookies["__Host-fairtakt"] = "planted" * 6
    victim.sign_in("engineering")
    assert victim.cookies["__Host-fairtakt"] != "planted" * 6
    attacker = people.browser()
    attacker.cookies["__Host-fairtakt"] = "planted" * 6
    assert not attacker.signed_in


def test_signing_in_again_ends_the_sign_in_of_this_browser_only(people):
    people.somebody()
    one, other = people.browser(), people.browser()
    one.sign_in("engineering")
    other.sign_in("engineering")
    before = people.browser()
    before.cookies = dict(one.cookies)
    one.sign_in("engineering")
    assert one.signed_in
    assert other.signed_in
    assert not before.signed_in


def test_signing_out_ends_the_sign_in_at_the_server_too(people):
    browser = people.somebody()
    copy = people.browser()
    copy.cookies = dict(browser.cookies)
    assert browser.ask("POST", "/v1/sign-out").status_code == 204
    assert browser.cookies == {}
    assert not copy.signed_in
    is_problem(browser.ask("POST", "/v1/sign-out"), 401, "sign-in")


@pytest.mark.parametrize("csrf", ["", "x" * 64, "another"])
def test_nothing_is_changed_without_the_token_of_the_page(people, csrf):
    browser, other = people.somebody(), people.somebody("planning")
    token = other.csrf if csrf == "another" else csrf
    for method, path, content in (
        ("POST", "/v1/sign-out", None),
        ("POST", "/v1/account/password", {"current": GOOD, "new": BETTER}),
        ("POST", "/v1/account/totp/setup", None),
        ("DELETE", "/v1/account/sign-ins", None),
    ):
        is_problem(browser.ask(method, path, content, csrf=token), 403, "origin")
    assert browser.signed_in


def test_the_token_of_the_page_is_another_for_each_sign_in(people):
    browser = people.somebody()
    first = browser.csrf
    browser.sign_in("engineering")
    assert browser.csrf != first
    assert browser.cookies["__Host-fairtakt"] not in browser.csrf


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
@pytest.mark.parametrize(
    "path",
    [
        "/v1/sign-in",
        "/v1/sign-in/second-factor",
        "/v1/sign-in/passkey",
        "/v1/sign-in/passkey/options",
        "/v1/invitations/accept",
    ],
)
def test_another_sites_page_signs_nobody_in(people, path, site):
    """Otherwise a victim works in the attacker's account, and types there what the attacker then reads."""
    people.somebody()
    browser = people.browser()
    content = {"name": "engineering", "password": GOOD}
    is_problem(browser.ask("POST", path, content, headers={"Sec-Fetch-Site": site}), 403, "origin")
    assert browser.cookies == {}


def test_a_form_of_another_site_signs_nobody_in(people):
    people.somebody()
    content = f"name=engineering&password={GOOD}".encode()
    for media_type in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        answer = people.plant.ask(
            "POST", "/v1/sign-in", content=content, headers={"Content-Type": media_type}
        )
        is_problem(answer, 415, "media-type")


@pytest.mark.parametrize(("idle", "signed_in"), [(1799, True), (1800, False)])
def test_who_does_nothing_for_half_an_hour_is_signed_out(people, idle, signed_in):
    browser = people.somebody()
    people.wait(idle)
    assert browser.signed_in is signed_in


def test_nobody_is_signed_in_for_more_than_twelve_hours(people):
    browser = people.somebody()
    for _ in range(48):
        assert browser.signed_in
        people.wait(900)
    assert not browser.signed_in


@pytest.mark.parametrize("how", ["disabled", "reset", "another role"])
def test_what_the_administrator_does_counts_at_once(people, how):
    browser = people.somebody()
    known = accounts.find_by_name(people.database, "engineering")
    if how == "disabled":
        accounts.disable(people.database, known.id, people.now_ms)
    elif how == "reset":
        invitations.reset(people.database, known.id, hours=1, at_ms=people.now_ms)
    else:
        accounts.assign(people.database, known.id, "manager", None)
    assert not browser.signed_in


def test_a_role_that_this_server_does_not_know_sees_nothing(people):
    browser = people.somebody()
    with people.database.writing() as connection:
        connection.execute(accounts.account.update().values(role="emperor"))
    is_problem(browser.ask("GET", "/v1/account"), 401, "sign-in")


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "ü", "a b", '"quoted"', "%00"])
def test_what_is_no_token_is_none(people, token):
    people.somebody()
    answer = people.plant.ask("GET", "/v1/account", headers={"Cookie": f"__Host-fairtakt={token}".encode()})
    is_problem(answer, 401, "sign-in")


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", "SECRET", "x" * 100])
def test_a_wrong_invitation_is_refused_and_not_repeated(people, code):
    people.invited("engineering")
    answer = people.browser().post("/v1/invitations/accept", code=code, password=GOOD)
    assert answer.status_code in {403, 422}
    assert "SECRET" not in answer.text


def test_an_invitation_is_good_once_and_for_a_day(people):
    code = people.invited("engineering")
    typed = code.replace("-", " ").lower()
    assert people.browser().post("/v1/invitations/accept", code=typed, password=GOOD).status_code == 200
    is_problem(people.browser().post("/v1/invitations/accept", code=code, password=BETTER), 403, "invitation")
    late = people.invited("planning")
    people.wait(86_400)
    is_problem(people.browser().post("/v1/invitations/accept", code=late, password=GOOD), 403, "invitation")


def test_a_password_that_is_refused_leaves_the_invitation_good(people):
    code = people.invited("engineering")
    browser = people.browser()
    refused = browser.post("/v1/invitations/accept", code=code, password=NAMED)
    assert NAMED not in is_problem(refused, 422, "password")
    assert browser.post("/v1/invitations/accept", code=code, password=GOOD).status_code == 200


def test_an_invitation_is_accepted_by_one_of_two_who_come_at_once(people):
    code = people.invited("engineering")

    def accept(password):
        return people.browser().post("/v1/invitations/accept", code=code, password=password).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, (GOOD, BETTER))) == [200, 403]


def test_old_hashes_are_renewed_when_somebody_signs_in(people):
    from argon2 import PasswordHasher

    people.somebody()
    known = accounts.find_by_name(people.database, "engineering")
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(GOOD)
    assert accounts.set_password(people.database, known.id, old, seen=known.password)
    assert people.browser().sign_in("engineering").status_code == 200
    assert "t=1" in accounts.find_by_name(people.database, "engineering").password
    assert people.browser().sign_in("engineering").status_code == 200


@pytest.mark.parametrize("when", ["before its hash is renewed", "after its hash is renewed"])
def test_a_password_that_is_changed_while_its_hash_is_renewed_signs_in_no_more(people, monkeypatch, when):
    from argon2 import PasswordHasher

    people.somebody()
    known = accounts.find_by_name(people.database, "engineering")
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(GOOD)
    assert accounts.set_password(people.database, known.id, old, seen=known.password)
    better = Passwords(CHEAP).hash(BETTER)
    set_password = accounts.set_password

    def renewed(database, number, password, *, seen):
        """The owner changes the password a moment before, or after."""
        if when.startswith("before"):
            assert set_password(database, number, better, seen=seen)
            return set_password(database, number, password, seen=seen)
        done = set_password(database, number, password, seen=seen)
        assert set_password(database, number, better, seen=password)
        return done

    monkeypatch.setattr(accounts, "set_password", renewed)
    is_problem(people.browser().sign_in("engineering"), 403, "credentials")
    assert accounts.find_by_id(people.database, known.id).password == better


def test_nothing_that_signs_in_is_logged_stored_or_told(people, capsys):
    """Passwords, codes and tokens, right ones and wrong ones, after all that can happen to them."""
    code = people.invited("engineering")
    capsys.readouterr()
    browser = people.browser()
    browser.post("/v1/invitations/accept", code=code, password=GOOD)
    tokens = [browser.cookies["__Host-fairtakt"], browser.csrf]
    told = [browser.answer.text.replace(browser.csrf, "")]
    app = browser.set_up_app()
    tokens += [browser.cookies["__Host-fairtakt"], browser.csrf]
    acts = (
        lambda: browser.sign_in("engineering", "SECRET password"),
        lambda: browser.sign_in("SECRET name", GOOD),
        lambda: browser.sign_in("engineering", "SECRET" * 100),
        lambda: browser.post("/v1/sign-in", name="engineering", SECRET=GOOD),
        lambda: browser.post("/v1/sign-in/second-factor", ticket="SECRET ticket", code="123456"),
        lambda: browser.sign_in_with_code("engineering", "SECRET"),
        lambda: browser.post("/v1/sign-in/passkey", credential={"id": "SECRET"}),
        lambda: browser.post("/v1/account/password", current="SECRET password", new=BETTER),
        lambda: browser.post("/v1/account/password", current=GOOD, new="SECRET"),
        lambda: browser.ask("DELETE", "/v1/account/sign-ins/SECRET"),
        lambda: browser.ask("DELETE", "/v1/account/passkeys/SECRET"),
        lambda: browser.sign_in_with_code("engineering", people.next_code(app)),
    )
    told += [act().text.replace(browser.csrf, "") for act in acts]
    tokens += [browser.cookies["__Host-fairtakt"]]
    logged = capsys.readouterr()
    with people.database.reading() as connection:
        stored = [repr(connection.execute(table.select()).all()) for table in people_tables()]
    secrets = {GOOD, BETTER, code, code.replace("-", ""), app.secret, "SECRET", *tokens}
    for text in (logged.out, logged.err, *told, *stored):
        for secret in secrets:
            assert secret not in text
    assert "engineering" not in logged.out + logged.err


def people_tables():
    from storage.sql.tables import account, invitation, passkey

    return account, attempt, invitation, login, passkey


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"name": "engineering"},
        {"name": 7, "password": GOOD},
        {"name": "x" * 201, "password": GOOD},
        {"name": "a\x00b", "password": GOOD},
        [],
        "text",
        None,
    ],
)
def test_what_is_no_sign_in_is_refused(people, content):
    answer = people.plant.ask(
        "POST", "/v1/sign-in", content=json.dumps(content), headers={"Content-Type": "application/json"}
    )
    is_problem(answer, 422, "invalid")


def test_on_postgresql_too(postgresql):
    """The whole way once more: invitation, password, failures, second factor, renewal."""
    people = People(postgresql.new())
    with people.plant:
        browser = people.somebody("works council", Role.COUNCIL)
        app = browser.set_up_app()
        stranger = people.browser()
        for _ in range(5):
            stranger.sign_in("works council", WRONG)
        assert stranger.sign_in("works council").status_code == 429
        people.wait(30)
        assert stranger.sign_in_with_code("works council", people.next_code(app)).status_code == 200
        device = people.device()
        assert stranger.add_passkey(device).status_code == 200
        assert people.browser().use_passkey(device).status_code == 200
        assert not browser.signed_in

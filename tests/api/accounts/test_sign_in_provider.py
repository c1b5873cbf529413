"""Signing in at the plant's identity provider, from the button to the page that somebody wanted."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from api.accounts.offices import add_account
from api.accounts.oidc.settings import load_provider
from api.policy import Role
from productivity.errors import BadInput
from storage.sql.accounts import accounts
from storage.sql.accounts.records import Identity
from tests.api.accounts.identity_provider import SUBJECT, IdentityProvider, callback, configure
from tests.api.accounts.people import People
from tests.api.plant import NOW_MS, is_problem

CALLBACK = "/v1/sign-in/oidc/callback"
ENGINEER = {"realm_access": {"roles": ["plant-engineers"]}}


@pytest.fixture
def idp():
    with IdentityProvider() as running:
        running.now_s = lambda: NOW_MS / 1000
        yield running


@pytest.fixture
def people(tmp_path, idp):
    made = People(f"sqlite:///{tmp_path}/plant.db", provider=load_provider(configure(tmp_path, idp)))
    with made.plant:
        idp.now_s = lambda: made.now_ms / 1000
        yield made


def leave(browser, onward="/"):
    answer = browser.ask("GET", f"/v1/sign-in/oidc?next={onward}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def arrive(browser, brought):
    return browser.ask("GET", callback(CALLBACK, brought), headers={"Sec-Fetch-Site": "cross-site"})


def round_trip(people, idp, *, subject=SUBJECT, onward="/", browser=None):
    browser = browser or people.browser()
    arrive(browser, idp.authorize(leave(browser, onward), subject=subject))
    return browser


def test_somebody_new_with_a_role_gets_an_account_without_a_name(people, idp):
    idp.claims = {**ENGINEER, "name": "SOMEBODY", "preferred_username": "SOMEBODY", "email": "SOMEBODY"}
    browser = round_trip(people, idp)
    told = browser.account
    assert (told["role"], told["password"]) == ("engineer", False)
    assert "SOMEBODY" not in str(told)
    assert len(accounts.list_accounts(people.database)) == 1
    again = round_trip(people, idp)
    assert again.account["name"] == told["name"]


def test_the_answer_is_a_page_of_ours_that_goes_on_by_itself(people, idp):
    """A redirection would be another site's navigation, on which browsers send no strict cookie."""
    idp.claims = ENGINEER
    browser = people.browser()
    answer = arrive(browser, idp.authorize(leave(browser, "/studies?x=1")))
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0; url=/studies?x=1">' in answer.text
    assert browser.set["__Host-fairtakt"]["samesite"] == "strict"
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_the_cookie_of_the_way_is_lax_short_and_gone_afterwards(people, idp):
    idp.claims = ENGINEER
    browser = people.browser()
    address = leave(browser)
    cookie = browser.set["__Host-fairtakt-away"]
    assert (cookie["samesite"], cookie["max-age"], cookie["path"]) == ("lax", "600", "/")
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie.value not in address
    arrive(browser, idp.authorize(address))
    assert set(browser.cookies) == {"__Host-fairtakt"}


@pytest.mark.parametrize(
    ("wanted", "onward"),
    [
        ("/timelines", "/timelines"),
        ("/studies/a%26b", "/studies/a&amp;b"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/%0a/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/v1/sign-out", "/"),
        ("/sign-in?next=/x", "/"),
        ("%22%3E%3Cscript%3E", "/"),
        ("/%22%3E%3Cscript%3E", "/&#34;&gt;&lt;script&gt;"),
    ],
)
def test_nobody_is_sent_on_to_another_host(people, idp, wanted, onward):
    idp.claims = ENGINEER
    browser = people.browser()
    page = arrive(browser, idp.authorize(leave(browser, wanted))).text
    assert f'content="0; url={onward}"' in page
    assert "<script>" not in page


def test_a_role_that_was_taken_away_ends_sign_ins(people, idp):
    idp.claims = ENGINEER
    first = round_trip(people, idp)
    idp.claims = {}
    second = round_trip(people, idp)
    assert second.answer.headers["location"] == "/sign-in?trouble=refused"
    assert not first.signed_in
    assert not second.signed_in


def test_another_role_counts_from_the_next_sign_in(people, idp):
    idp.claims = ENGINEER
    first = round_trip(people, idp)
    idp.claims = {"realm_access": {"roles": ["plant-managers"]}}
    second = round_trip(people, idp)
    assert second.account["role"] == "manager"
    assert not first.signed_in


@pytest.mark.parametrize("roles", [[], ["strangers"], ["plant-engineers", "plant-managers"]])
def test_whoever_has_no_role_or_two_gets_no_account(people, idp, roles):
    idp.claims = {"realm_access": {"roles": roles}}
    browser = round_trip(people, idp)
    assert browser.answer.headers["location"] == "/sign-in?trouble=refused"
    assert browser.cookies == {}
    assert accounts.list_accounts(people.database) == []


def test_an_account_that_was_made_beforehand_keeps_its_role(people, idp):
    add_account(people.database, "head", Role.MANAGER, at_ms=0, identity=Identity(idp.issuer, SUBJECT))
    idp.claims = ENGINEER
    assert round_trip(people, idp).account["role"] == "manager"
    idp.claims = {}
    assert round_trip(people, idp).account["role"] == "manager"


def test_a_disabled_account_stays_out(people, idp):
    idp.claims = ENGINEER
    round_trip(people, idp)
    (known,) = accounts.list_accounts(people.database)
    accounts.disable(people.database, known.id, people.now_ms)
    browser = round_trip(people, idp)
    assert browser.answer.headers["location"] == "/sign-in?trouble=refused"
    assert browser.cookies == {}


def test_the_provider_never_makes_anybody_the_council(people, idp, tmp_path):
    """Decision 0018: the employer runs the provider."""
    with pytest.raises(BadInput, match="works council"):
        load_provider(configure(tmp_path, idp, roles={"council": "works council"}))
    for role in (Role.COUNCIL, Role.WORKER):
        with pytest.raises(BadInput):
            add_account(people.database, "x", role, at_ms=0, station="b", identity=Identity(idp.issuer, "x"))


def test_the_providers_word_is_no_second_factor_of_the_council(people, idp):
    """Even if somebody writes the identity into the table."""
    people.somebody("works council", Role.COUNCIL)
    known = accounts.find_by_name(people.database, "works council")
    accounts.link(people.database, known.id, Identity(idp.issuer, SUBJECT))
    idp.claims = {"amr": ["mfa"]}
    browser = round_trip(people, idp)
    is_problem(browser.ask("GET", "/"), 403, "second-factor")


@pytest.mark.parametrize(("amr", "complete"), [(["mfa"], True), (["pwd"], False)])
def test_an_administrator_needs_two_factors_there_or_here(people, idp, amr, complete):
    add_account(people.database, "it", Role.ADMINISTRATOR, at_ms=0, identity=Identity(idp.issuer, SUBJECT))
    idp.claims = {"amr": amr}
    browser = round_trip(people, idp)
    assert browser.signed_in
    assert (browser.ask("GET", "/").status_code == 200) is complete


def test_who_has_a_second_factor_here_is_asked_for_it(people, idp):
    add_account(people.database, "it", Role.ADMINISTRATOR, at_ms=0, identity=Identity(idp.issuer, SUBJECT))
    browser = round_trip(people, idp)
    browser.csrf = people.accounts.viewer(browser.cookies["__Host-fairtakt"]).csrf
    app = browser.set_up_app()
    other = round_trip(people, idp, onward="/administration")
    page = other.answer.text
    assert other.cookies == {}
    ticket = page.split('name="ticket" value="')[1].split('"')[0]
    assert 'data-then="/administration"' in page
    done = other.post("/v1/sign-in/second-factor", ticket=ticket, code=people.next_code(app))
    assert done.status_code == 200
    assert other.ask("GET", "/").status_code == 200


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "x"},
        {"aud": "other"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": int(time.time() - 10**9)},
    ],
)
def test_a_lie_signs_nobody_in_and_the_log_says_which(people, idp, lie, capsys):
    idp.claims = {**ENGINEER, **lie}
    browser = round_trip(people, idp)
    assert browser.answer.headers["location"] == "/sign-in?trouble=refused"
    assert browser.cookies == {}
    logged = capsys.readouterr().out
    assert "ID token" in logged
    assert SUBJECT not in logged


@pytest.mark.parametrize("forgery", ["unsigned", "signed_with_public_key", "signed_by_stranger"])
def test_a_forgery_signs_nobody_in(people, idp, forgery):
    idp.claims, idp.forge = ENGINEER, getattr(idp, forgery)
    assert round_trip(people, idp).cookies == {}


def test_what_came_back_once_does_not_come_back_again(people, idp):
    idp.claims = ENGINEER
    browser = people.browser()
    brought = idp.authorize(leave(browser))
    away = dict(browser.cookies)
    arrive(browser, brought)
    assert browser.signed_in
    thief = people.browser()
    thief.cookies = away
    assert arrive(thief, brought).headers["location"] == "/sign-in?trouble=refused"
    assert thief.cookies == {}


def test_a_victim_is_not_signed_in_to_the_account_of_an_attacker(people, idp):
    """The attacker stops at the way back and has the victim open it."""
    idp.claims = ENGINEER
    attacker, victim = people.browser(), people.browser()
    brought = idp.authorize(leave(attacker))
    assert arrive(victim, brought).headers["location"] == "/sign-in?trouble=refused"
    assert victim.cookies == {}


def test_a_token_in_the_browser_before_is_not_taken_over(people, idp):
    idp.claims = ENGINEER
    browser = people.browser()
    browser.cookies["__Host-fairtakt"] = "planted" * 6
    round_trip(people, idp, browser=browser)
    assert browser.cookies["__Host-fairtakt"] != "planted" * 6


def test_a_provider_that_is_away_is_told_on_the_sign_in_page(people, idp, capsys):
    idp.answers = {"/.well-known/openid-configuration": (500, {})}
    browser = people.browser()
    assert leave(browser) == "/sign-in?trouble=away"
    page = browser.ask("GET", "/sign-in?trouble=away", headers={"Accept": "text/html"})
    assert "identity provider does not answer as it should" in page.text
    assert "status 500" in capsys.readouterr().out


def test_without_a_provider_there_is_nothing_there(tmp_path):
    people = People(f"sqlite:///{tmp_path}/plant.db")
    with people.plant:
        for path in ("/v1/sign-in/oidc", CALLBACK):
            is_problem(people.browser().ask("GET", path), 404, "not-found")


def test_codes_and_states_are_not_logged(people, idp, capsys):
    idp.claims = ENGINEER
    browser = people.browser()
    brought = idp.authorize(leave(browser))
    arrive(browser, brought)
    logged = capsys.readouterr()
    for secret in (*brought.values(), *browser.cookies.values()):
        assert secret not in logged.out + logged.err


def test_the_way_to_the_provider_cannot_be_asked_for_at_speed(people):
    browser = people.browser()
    answers = [browser.ask("GET", "/v1/sign-in/oidc").status_code for _ in range(52)]
    assert answers[-1] == 429
    assert answers[0] == 303


def test_what_a_browser_is_sent_away_with_comes_back_to_this_server(people):
    query = parse_qs(urlsplit(leave(people.browser())).query)
    assert query["redirect_uri"] == [f"https://plant.example{CALLBACK}"]

"""The frame of every page: menu, languages, problems; and that nobody gets in without an action."""

import pytest

from api.policy import POLICY, Action, Role
from tests.api.plant import is_problem


@pytest.mark.parametrize("role", Role)
def test_each_role_finds_its_menu_and_nothing_else(world, role):
    token = world.viewers.add(role, station="bench-1" if role is Role.WORKER else None)
    page = world.ask("GET", "/", headers=world.viewers.headers(token, page=True))
    assert page.status_code == 200
    assert ('href="/timelines"' in page.text) == (role in POLICY[Action.TIMELINES])
    assert ('href="/administration"' in page.text) == (role is Role.ADMINISTRATOR)


def test_who_is_not_signed_in_is_sent_to_sign_in(world):
    answer = world.ask("GET", "/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F")
    is_problem(world.ask("GET", "/"), 401, "sign-in")


def test_council_and_administrator_need_a_second_factor(world):
    for role in (Role.COUNCIL, Role.ADMINISTRATOR):
        token = world.viewers.add(role, second_factor=False)
        answer = world.ask("GET", "/", headers=world.viewers.headers(token, page=True))
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")


def test_the_language_is_that_of_address_then_cookie_then_browser(world):
    headers = world.viewers.headers(world.viewers.add(Role.COUNCIL), page=True)
    german = {**headers, "Accept-Language": "de-AT,en;q=0.5"}
    assert '<html lang="de">' in world.ask("GET", "/", headers=german).text
    answer = world.ask("GET", "/?language=en", headers=german)
    assert '<html lang="en">' in answer.text
    assert answer.cookies["language"] == "en"
    kept = {**german, "Cookie": f"{german['Cookie']}; language=en"}
    assert '<html lang="en">' in world.ask("GET", "/", headers=kept).text


def test_people_see_a_problem_as_a_page(world):
    headers = world.viewers.headers(world.viewers.add(Role.MANAGER), page=True)
    answer = world.ask("GET", "/nowhere", headers={**headers, "Accept-Language": "de"})
    assert answer.status_code == 404
    assert "Unter dieser Adresse gibt es nichts" in answer.text


def test_pages_load_nothing_but_our_own_files(world):
    headers = world.viewers.headers(world.viewers.add(Role.ENGINEER), page=True)
    policy = world.ask("GET", "/", headers=headers).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy


@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1280), ("de", True, 360)])
def test_the_start_page_is_usable(world, looker, language, dark, width):
    page = looker.open("/", world.viewers.add(Role.ENGINEER), language=language, dark=dark, width=width)
    looker.check_access(page)
    looker.picture(page, f"home-{language}")
    if width < 800:
        page.get_by_role("button", name="Menü").click()
        page.get_by_role("link", name="Studien", exact=True).wait_for()
        looker.check_access(page)

"""Each role walks through every page of its menu, in both languages; and finds no door that is not in it."""

import pytest

from api.navigation import MENU
from api.policy import Role, may
from storage.sql.plant import Place, StationPlace, put_place, put_station
from tests.consent.world import STATION


@pytest.fixture
def plant(agreed_world):
    name = agreed_world.site_name
    put_place(agreed_world.database, name, Place("hall 2"))
    put_station(agreed_world.database, name, StationPlace(STATION, "hall 2"))
    agreed_world.site.world.cosigned()
    return agreed_world


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("role", Role)
def test_a_role_opens_each_page_of_its_menu(plant, looker, role, language):
    token = plant.viewers.add(role, station=STATION if role is Role.WORKER else None)
    page = looker.open("/", token, language=language, dark=language == "de")
    looker.check_access(page)
    links = page.locator("#menu a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert links == [path for action, _, path in MENU if may(role, action)]
    for path in [*links, "/account"]:
        answer = page.goto(f"{looker.address}{path}")
        assert answer.status == 200, path
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1, path
        looker.check_access(page)
        looker.picture(page, f"walk-{role.value.replace(' ', '-')}-{path.strip('/')}-{language}")


@pytest.mark.parametrize("role", Role)
def test_a_page_of_another_role_is_a_page_that_says_so(plant, role):
    token = plant.viewers.add(role, station=STATION if role is Role.WORKER else None)
    for action, _, path in MENU:
        if not may(role, action):
            answer = plant.ask("GET", path, headers=plant.viewers.headers(token, page=True))
            assert answer.status_code == 403, path
            assert "Your role may not do this" in answer.text

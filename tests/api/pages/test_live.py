"""The live wall in a browser: lights, news, states only after a look, and every role that may see it."""

import json

import pytest
from sqlalchemy import select

from api.policy import Role
from consent.entries.bodies import AccessViewed, AgreementSuspended
from consent.entries.form import sign_act
from storage.sql.plant import Place, StationPlace, put_place, put_station
from storage.sql.tables import access_view
from tests.api.plant import is_problem
from tests.consent.world import STATION

OTHER, FAR = "packing bench", "Endkontrolle und Funktionsprüfung Schaltschrankverdrahtung 3"
"""A station of the agreement, and one that it does not name."""


@pytest.fixture
def wall(agreed_world):
    """Three stations in two cells; a device that records at one of them."""
    world, site = agreed_world, agreed_world.site_name
    device = world.enrolled("edge-1", site=site)
    for place in (Place("hall 2"), Place("assembly cell", "hall 2"), Place("packing cell", "hall 2")):
        put_place(world.database, site, place)
    for station, place in ((STATION, "assembly cell"), (OTHER, "packing cell"), (FAR, None)):
        put_station(world.database, site, StationPlace(station, place))
    world.device = device
    tell(world, {"station": STATION, "light": "recording", "state": "screwing"})
    return world


def tell(world, *lights):
    body = json.dumps({"device": "edge-1", "waiting": 0, "condition": "fine", "lights": lights}).encode()
    world.moved_s += 1
    headers = world.device.headers(body, path="/v1/reports", created=world.time())
    assert world.ask("POST", "/v1/reports", content=body, headers=headers).status_code == 200
    world.steady_s += 1


def test_lights_come_with_their_place_and_without_states(wall):
    answer = wall.ask("GET", "/v1/live", headers=wall.viewers.headers(wall.viewers.add(Role.COUNCIL)))
    found = {one["station"]: one for one in answer.json()["stations"]}
    assert found[STATION]["light"] == "recording"
    assert (found[STATION]["area"], found[STATION]["cell"]) == ("hall 2", "assembly cell")
    assert found[OTHER]["light"] == "dark"
    assert [one["state"] for one in found.values()] == [None, None, None]
    assert wall.site.count(AccessViewed) == 0


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.MANAGER, Role.ADMINISTRATOR, Role.WORKER])
def test_states_are_for_engineers_alone(wall, role):
    token = wall.viewers.add(role, station=STATION)
    for path in ("/v1/live?states=true", "/v1/live/events?states=true"):
        is_problem(wall.ask("GET", path, headers=wall.viewers.headers(token)), 403, "forbidden")


def test_states_of_agreed_stations_come_after_an_entry_for_each(wall):
    headers = wall.viewers.headers(wall.viewers.add(Role.ENGINEER))
    for _ in range(3):
        answer = wall.ask("GET", "/v1/live?states=true", headers=headers)
    found = {one["station"]: one["state"] for one in answer.json()["stations"]}
    assert found == {STATION: "screwing", OTHER: None, FAR: None}
    said = [logged.entry.body for logged in wall.site.recent(AccessViewed)]
    assert sorted(body.station for body in said) == [STATION, OTHER]  # one look, however often it is loaded
    with wall.database.reading() as connection:
        kept = connection.execute(select(access_view.c.commitment)).scalars().all()
    assert sorted(one.hex() for one in kept) == sorted(body.who for body in said)


def test_no_entry_no_states(wall):
    wall.site.full = "the disk is full"
    headers = wall.viewers.headers(wall.viewers.add(Role.ENGINEER))
    is_problem(wall.ask("GET", "/v1/live?states=true", headers=headers), 503, "log")
    assert wall.ask("GET", "/v1/live", headers=headers).status_code == 200


def test_there_is_something_to_say_without_stations(agreed_world):
    headers = agreed_world.viewers.headers(agreed_world.viewers.add(Role.MANAGER))
    assert agreed_world.ask("GET", "/v1/live", headers=headers).json()["stations"] == []


@pytest.mark.parametrize(
    ("role", "language", "dark", "width"),
    [
        (Role.ENGINEER, "en", False, 1280),
        (Role.COUNCIL, "de", True, 360),
        (Role.MANAGER, "de", False, 2560),
    ],
)
def test_the_wall_is_usable(wall, looker, role, language, dark, width):
    page = looker.open("/live", wall.viewers.add(role), language=language, dark=dark, width=width)
    page.locator("li.recording").wait_for()
    page.locator("summary").click()
    looker.check_access(page)
    looker.picture(page, f"live-{role.value.replace(' ', '-')}-{language}")


def test_news_come_by_themselves_and_the_council_s_stop_is_seen(wall, looker):
    page = looker.open("/live", wall.viewers.add(Role.COUNCIL))
    page.locator("li.recording").wait_for()
    stop = sign_act(
        AgreementSuspended(agreement=wall.site.world.hash), wall.site.world.state.log,
        wall.site.world.now_ms, wall.site.world.council,
    )  # fmt: skip
    wall.site.hand_in(str(stop.note))
    tell(wall, {"station": STATION, "light": "not recording", "reason": "the works agreement is suspended"})
    page.locator("li.paused", has_text=STATION).wait_for()
    assert "until both sides resume" in page.locator("#banner").inner_text()


def test_an_engineer_sees_states_after_pressing_and_is_told_what_that_means(wall, looker):
    page = looker.open("/live", wall.viewers.add(Role.ENGINEER), language="de")
    assert page.get_by_text("screwing").count() == 0
    page.get_by_role("button", name="Zustände zeigen").click()
    page.locator("li.recording .state").wait_for()
    assert page.locator("li.recording .state").inner_text() == "screwing"
    looker.check_access(page)
    looker.picture(page, "live-states-de")


def test_a_refusal_is_shown(wall, looker):
    wall.site.full = "the disk is full"
    page = looker.open("/live", wall.viewers.add(Role.ENGINEER), expected=("503",))
    page.get_by_role("button", name="Show states").click()
    page.get_by_text("The log does not take the entry in").wait_for()


def test_an_empty_wall_says_who_makes_stations(agreed_world, looker):
    page = looker.open("/live", agreed_world.viewers.add(Role.ADMINISTRATOR), language="de")
    page.get_by_text("Noch keine Stationen").wait_for()
    looker.check_access(page)

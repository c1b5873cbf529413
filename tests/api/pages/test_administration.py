"""Administration: plant, devices, accounts; each refusal changes nothing, and codes are shown once."""

import pytest

from api.policy import Role
from storage.sql.accounts.accounts import disable, find_by_name
from storage.sql.lookup import Selection
from storage.sql.plant import Place, StationPlace, places, put_place, put_station, stations
from tests.api.plant import Device, is_problem
from tests.consent.world import STATION


@pytest.fixture
def office(agreed_world):
    agreed_world.token = agreed_world.viewers.add(Role.ADMINISTRATOR)
    put_place(agreed_world.database, agreed_world.site_name, Place("hall 2"))
    put_station(agreed_world.database, agreed_world.site_name, StationPlace(STATION))
    return agreed_world


def ask(office, method, path, **more):
    return office.ask(method, path, headers=office.viewers.headers(office.token), **more)


def test_areas_cells_and_stations_are_made_moved_and_removed(office):
    assert (
        ask(office, "POST", "/v1/plant/places", json={"name": "cell 1", "area": "hall 2"}).status_code == 200
    )
    path = f"/v1/plant/stations/{STATION}"
    assert ask(office, "PUT", path, json={"place": "cell 1"}).status_code == 200
    assert stations(office.database, Selection(office.site_name)) == [StationPlace(STATION, "cell 1")]
    is_problem(ask(office, "DELETE", "/v1/plant/places/cell 1"), 409, "conflict")
    ask(office, "PUT", path, json={})
    assert ask(office, "DELETE", "/v1/plant/places/cell 1").status_code == 200
    assert places(office.database, office.site_name) == [Place("hall 2")]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("POST", "/v1/plant/places", {"name": "x", "area": "nowhere"}, 404, "not-found"),
        ("POST", "/v1/plant/places", {"name": ""}, 422, "invalid"),
        ("POST", "/v1/plant/places", {"name": "x", "more": 1}, 422, "invalid"),
        ("DELETE", "/v1/plant/places/nowhere", None, 404, "not-found"),
        ("PUT", "/v1/plant/stations/new", {"place": "nowhere"}, 404, "not-found"),
        ("POST", "/v1/devices/nobody/retire", None, 404, "not-found"),
        ("POST", "/v1/accounts", {"name": "a", "role": "king"}, 422, "invalid"),
        ("POST", "/v1/accounts", {"name": "a", "role": "worker"}, 422, "invalid"),
        ("POST", "/v1/accounts", {"name": "a", "role": "engineer", "station": STATION}, 422, "invalid"),
        ("POST", "/v1/accounts", {"name": "a", "role": "worker", "station": "nowhere"}, 404, "not-found"),
        ("POST", "/v1/accounts", {"name": " a", "role": "engineer"}, 422, "invalid"),
        ("POST", "/v1/accounts/999/disable", None, 404, "not-found"),
        ("POST", "/v1/accounts/1/delete", None, 422, "invalid"),
    ],
)
def test_what_cannot_be_changes_nothing(office, method, path, body, status, kind):
    before = office.rows()
    more = {} if body is None else {"json": body}
    is_problem(ask(office, method, path, **more), status, kind)
    assert office.rows() == before


def test_a_code_enrols_a_device_and_a_retired_one_sends_no_more(office):
    code = ask(office, "POST", "/v1/devices/codes").json()["code"]
    device = Device("edge-9")
    assert office.enrol(code=code, name="edge-9", key=device.key).status_code == 201
    body = device.batch(0)
    headers = device.headers(body, 0, created=office.time())
    assert office.ask("POST", "/v1/batches", content=body, headers=headers).status_code == 200
    for _ in range(2):  # twice is once
        assert ask(office, "POST", "/v1/devices/edge-9/retire").status_code == 200
    body = device.batch(1)
    headers = device.headers(body, 1, created=office.time())
    is_problem(office.ask("POST", "/v1/batches", content=body, headers=headers), 401, "signature")


def test_an_account_is_made_closed_opened_and_reset(office):
    new = {"name": "planning office", "role": "engineer"}
    made = ask(office, "POST", "/v1/accounts", json=new)
    assert made.status_code == 201
    assert made.json()["code"]
    is_problem(ask(office, "POST", "/v1/accounts", json=new), 409, "name-taken")
    number = find_by_name(office.database, "planning office").id
    assert ask(office, "POST", f"/v1/accounts/{number}/disable").json() == {"done": True}
    is_problem(ask(office, "POST", f"/v1/accounts/{number}/invite"), 409, "conflict")
    assert ask(office, "POST", f"/v1/accounts/{number}/enable").json() == {"done": True}
    again = ask(office, "POST", f"/v1/accounts/{number}/reset").json()["code"]
    assert again != made.json()["code"]


def test_nobody_closes_the_account_they_sit_at(office):
    number = office.viewers.viewer(office.token).account_id
    for act in ("disable", "reset"):
        is_problem(ask(office, "POST", f"/v1/accounts/{number}/{act}"), 409, "conflict")


def test_nobody_becomes_the_council_by_a_request_of_another_role_or_keeps_it_out(office):
    new = {"name": "council 2", "role": "works council"}
    told = is_problem(ask(office, "POST", "/v1/accounts", json=new), 403, "forbidden")
    assert "fairtakt account" in told
    assert find_by_name(office.database, "council 2") is None
    sitting = office.viewers.viewer(office.viewers.add(Role.COUNCIL)).account_id
    closed = office.viewers.viewer(office.viewers.add(Role.COUNCIL)).account_id
    disable(office.database, closed, office.now_ms())
    before = office.rows()
    for number in (sitting, closed):
        for act in ("invite", "reset", "disable", "enable"):
            is_problem(ask(office, "POST", f"/v1/accounts/{number}/{act}"), 403, "forbidden")
    assert office.rows() == before


def test_the_page_says_where_accounts_of_the_council_are_made(office):
    number = office.viewers.viewer(office.viewers.add(Role.COUNCIL)).account_id
    headers = office.viewers.headers(office.token, page=True)
    page = office.ask("GET", "/administration", headers=headers).text
    assert "fairtakt account" in page
    assert f"/v1/accounts/{number}/" not in page
    assert '<option value="engineer">' in page
    assert '<option value="works council">' not in page


@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1280), ("de", True, 360)])
def test_the_page_is_usable(office, looker, language, dark, width):
    office.enrolled("edge-1", site=office.site_name)
    page = looker.open("/administration", office.token, language=language, dark=dark, width=width)
    looker.check_access(page)
    page.locator("#account-name").fill("Arbeitsvorbereitung")
    page.locator("form[data-send='/v1/accounts'] button").click()
    page.locator("#code[open]").wait_for()
    assert len(page.locator("#code output").inner_text()) >= 16
    looker.check_access(page)
    looker.picture(page, f"administration-{language}")

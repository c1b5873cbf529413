"""The self-recording terminal: tap, tap again, and nothing is lost while the network is away."""

import pytest

from api.policy import Role
from storage.sql.documented import documented_times
from storage.sql.lookup import Selection
from storage.sql.plant import StationPlace, put_station
from tests.consent.world import STATION


@pytest.fixture
def hall(agreed_world):
    put_station(agreed_world.database, agreed_world.site_name, StationPlace(STATION))
    agreed_world.token = agreed_world.viewers.add(Role.WORKER, station=STATION)
    return agreed_world


def stored(hall):
    selection = Selection(hall.site_name)
    return [(row.state, row.category.value) for row in documented_times(hall.database, selection, 0, 2**52)]


@pytest.mark.parametrize(("language", "dark", "width"), [("de", False, 360), ("en", True, 1280)])
def test_the_terminal_is_usable(hall, looker, language, dark, width):
    page = looker.open("/terminal", hall.token, language=language, dark=dark, width=width)
    page.locator("[data-state='missing material']").click()
    page.locator("#stop:not([hidden])").wait_for()
    looker.check_access(page)
    looker.picture(page, f"terminal-{language}")


def at_the_world_s_time(page, hall):
    """Set the browser's clock to the server's."""
    page.clock.install(time=hall.now_ms() / 1000 - 600)
    page.reload()


def test_a_tap_starts_another_stops_and_a_third_state_ends_the_second(hall, looker):
    page = looker.open("/terminal", hall.token)
    at_the_world_s_time(page, hall)
    for state in ("missing material", "rework"):
        page.locator(f"[data-state='{state}']").click()
        page.clock.run_for(61_000)
    assert page.locator("[data-state='rework']").get_attribute("aria-pressed") == "true"
    assert page.locator("[data-state='rework'] .timer").inner_text() in {"1:00", "1:01"}
    page.locator("#stop").click()
    page.get_by_text("Everything is sent.").wait_for()
    assert stored(hall) == [("missing material", "irregular"), ("rework", "irregular")]


def test_a_mistake_is_discarded(hall, looker):
    page = looker.open("/terminal", hall.token)
    page.locator("[data-state='cleaning']").click()
    page.locator("#discard").click()
    page.get_by_text("Discarded.").wait_for()
    assert page.evaluate("localStorage.length") == 0


def test_entries_wait_while_the_server_is_away_and_are_sent_once(hall, looker):
    page = looker.open("/terminal", hall.token, expected=("ERR_INTERNET_DISCONNECTED",))
    at_the_world_s_time(page, hall)
    page.context.set_offline(True)
    for _ in range(2):
        page.locator("[data-state='breakdown']").click()
        page.clock.run_for(5_000)
    page.get_by_text("1 entries wait").wait_for()
    assert stored(hall) == []
    page.context.set_offline(False)
    page.reload()
    page.get_by_text("Everything is sent.").wait_for()
    assert stored(hall) == [("breakdown", "irregular")]


def test_a_running_state_survives_a_reload(hall, looker):
    page = looker.open("/terminal", hall.token)
    page.locator("[data-state='searching']").click()
    page.reload()
    page.locator("[data-state='searching'][aria-pressed='true']").wait_for()


def test_the_page_opens_while_the_server_is_away(hall, looker):
    page = looker.open("/terminal", hall.token, expected=("ERR_INTERNET_DISCONNECTED", "Failed to fetch"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.locator("[data-state='rework']").wait_for()
    page.context.set_offline(True)
    page.reload()
    page.locator("[data-state='rework']").click()
    page.locator("#stop:not([hidden])").wait_for()


def test_an_ended_sign_in_keeps_what_waits(hall, looker):
    page = looker.open("/terminal", hall.token, expected=("401",))
    page.context.clear_cookies()
    for _ in range(2):
        page.locator("[data-state='rework']").click()
    page.get_by_text("The terminal's sign-in has ended. 1 entries wait").wait_for()
    assert page.evaluate("JSON.parse(localStorage.getItem('fairtakt self-recorded')).length") == 1


def test_nothing_personal_can_be_recorded(hall):
    page = hall.ask("GET", "/terminal", headers=hall.viewers.headers(hall.token, page=True)).text
    for state in ("sickness", "vacation", "absenteeism"):
        assert state not in page


def test_a_terminal_without_a_station_says_so(agreed_world):
    headers = agreed_world.viewers.headers(agreed_world.viewers.add(Role.WORKER), page=True)
    assert "belongs to no station" in agreed_world.ask("GET", "/terminal", headers=headers).text

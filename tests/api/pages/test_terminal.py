"""The self-recording terminal: tap, tap again, and nothing is lost while the network is away."""

import time

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
    wait_until_sent(page)
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
    assert page.evaluate(f"JSON.parse(localStorage.getItem('fairtakt self-recorded {STATION}')).length") == 1


def entry(number, hall, **changes):
    start_ms = hall.now_ms() - 3_600_000 + number * 60_000
    fields = {"key": f"{number:032x}", "state": "rework", "category": "irregular", "start_ms": start_ms}
    return {**fields, "duration_ns": 30 * 10**9, **changes}


def put(page, name, value):
    page.evaluate("([name, value]) => localStorage.setItem(name, JSON.stringify(value))", [name, value])


def waiting(page, station=STATION):
    return page.evaluate(
        "(name) => JSON.parse(localStorage.getItem(name) ?? '[]')", f"fairtakt self-recorded {station}"
    )


def wait_until_sent(page):
    """Not by what the page says: it said the same before."""
    until = time.monotonic() + 60
    while waiting(page):
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_refused_entry_is_set_aside_and_holds_up_no_other(hall, looker, language):
    """One lasts for decades, for a clock was set; of another, the server has something else under its key."""
    taken = {**entry(2, hall), "mode": "SR", "station": STATION, "duration_ns": 7}
    headers = hall.viewers.headers(hall.viewers.add(Role.ENGINEER))
    assert hall.ask("POST", "/v1/documented", json=[taken], headers=headers).status_code == 200
    page = looker.open("/terminal", hall.token, language=language, expected=("409", "422"))
    decades = entry(0, hall, state="cleaning", start_ms=0, duration_ns=1_800_000_000 * 10**9)
    put(page, f"fairtakt self-recorded {STATION}", [decades, *(entry(n, hall) for n in range(1, 8))])
    page.reload()
    refused = {"en": "Refused by the server: 2 entries", "de": "Vom Server abgelehnt: 2 Einträge"}[language]
    page.get_by_text(refused).click()
    rows = page.locator("#refused-list li").all_inner_texts()
    assert [row.split(" (")[0] for row in rows] == [
        {"en": "Cleaning, 30000000:00", "de": "Reinigung, 30000000:00"}[language],
        {"en": "Rework, 0:30", "de": "Nacharbeit, 0:30"}[language],
    ]
    looker.check_access(page)
    assert len(stored(hall)) == 7
    assert waiting(page) == []
    page.locator("#retry").click()
    page.get_by_text(refused).wait_for()  # gone at once, and there again after the answer
    rest = {"en": "Everything else is sent.", "de": "Alles andere ist gesendet."}[language]
    assert page.locator("#network").inner_text() == rest
    page.locator("#discard-refused").click()
    page.get_by_text({"en": "Everything is sent.", "de": "Alles ist gesendet."}[language]).wait_for()
    assert page.locator("#refused").is_hidden()
    assert page.evaluate(f"localStorage.getItem('fairtakt refused {STATION}')") is None
    assert len(stored(hall)) == 7


def test_what_was_recorded_at_another_station_is_not_sent_as_this_ones(hall, looker):
    page = looker.open("/terminal", hall.token)
    put(page, "fairtakt self-recorded elsewhere", [entry(1, hall)])
    put(page, "fairtakt running elsewhere", {"state": "rework", "category": "irregular", "start": 0})
    put(page, f"fairtakt self-recorded {STATION}", [entry(2, hall, state="cleaning")])
    page.reload()
    page.get_by_text("Everything is sent.").wait_for()
    assert stored(hall) == [("cleaning", "irregular")]
    assert len(waiting(page, "elsewhere")) == 1
    assert page.locator("[aria-pressed='true']").count() == 0


def test_a_clock_that_is_set_meanwhile_changes_no_duration(hall, looker):
    page = looker.open("/terminal", hall.token)
    page.clock.install(time=0)
    page.reload()
    page.locator("[data-state='rework']").click()
    page.clock.run_for(20_000)
    page.clock.set_system_time(hall.now_ms() / 1000 - 600)
    page.clock.run_for(41_000)
    page.locator("#stop").click()
    wait_until_sent(page)
    (row,) = documented_times(hall.database, Selection(hall.site_name), 0, 2**52)
    assert 61 <= row.duration_ns / 10**9 < 90
    assert row.start_ms > hall.now_ms() - 86_400_000


@pytest.mark.parametrize("start", ["0", "Date.now() + 3_600_000", "null", "'x'"])
def test_what_cannot_have_lasted_so_long_is_not_kept_over_a_reload(hall, looker, start):
    page = looker.open("/terminal", hall.token)
    running = f"{{ state: 'rework', category: 'irregular', start: {start} }}"
    page.evaluate(f"localStorage.setItem('fairtakt running {STATION}', JSON.stringify({running}))")
    page.reload()
    page.get_by_text("The terminal's clock was set.").wait_for()
    assert page.locator("#stop").is_hidden()
    assert waiting(page) == []


def test_nothing_personal_can_be_recorded(hall):
    page = hall.ask("GET", "/terminal", headers=hall.viewers.headers(hall.token, page=True)).text
    for state in ("sickness", "vacation", "absenteeism"):
        assert state not in page


def test_a_terminal_without_a_station_says_so(agreed_world):
    headers = agreed_world.viewers.headers(agreed_world.viewers.add(Role.WORKER), page=True)
    assert "belongs to no station" in agreed_world.ask("GET", "/terminal", headers=headers).text

"""The page about motion: licensee, manager and council look at it; a real site and a real vault."""

import json

import pytest

from api.policy import Role
from storage.sql.uses import UseState, find_use
from tests.api.motion.conftest import motion_plant
from tests.consent.world import STATION


@pytest.fixture
def kiosk(tmp_path):
    """A plant with a vault, in which Anna has moved for 95 s."""
    with motion_plant(tmp_path) as plant:
        plant.anna = plant.colleague().opts_in()
        plant.segments = plant.anna.moves(60, 35)
        yield plant


def sold(plant):
    """A licence that is booked; returns the buyer's sign-in."""
    buyer = plant.viewers.add(Role.LICENSEE)
    use = plant.buys(plant.viewers.headers(buyer))["use"]
    assert plant.decides(use).status_code == 200
    plant.keeper.turn()
    return buyer, use


@pytest.mark.parametrize(("language", "dark", "width"), [("de", False, 360), ("en", True, 1280)])
def test_a_licensee_asks_and_a_manager_approves(kiosk, looker, language, dark, width):
    look = {"language": language, "dark": dark, "width": width}
    buyer = kiosk.viewers.add(Role.LICENSEE)
    page = looker.open("/", buyer, **look)
    page.locator("a.tile[href='/motion']").click()
    page.locator("#offer").wait_for()
    looker.check_access(page)
    looker.picture(page, f"motion-offer-{language}")
    page.locator("form[action='/motion/new'] button").click()
    page.locator("#quote").wait_for()
    price = {"de": "1,06 EUR", "en": "1.06 EUR"}[language]
    assert page.locator("dl.facts .strong dd").text_content() == price
    looker.check_access(page)
    looker.picture(page, f"motion-quote-{language}")
    page.locator("form[data-send='/v1/motion/uses'] button").click()
    page.locator("dialog button[value=yes]").click()
    page.locator("li[data-state=requested]").wait_for()
    assert price in page.locator("li[data-state=requested]").text_content()

    manager = looker.open("/motion", kiosk.viewers.add(Role.MANAGER), **look)
    manager.locator("article summary").click()
    looker.check_access(manager)
    looker.picture(manager, f"motion-manager-{language}")
    manager.locator("article form button:not(.quiet)").click()
    manager.locator("dialog button[value=yes]").click()
    manager.locator("li[data-state=approved]").wait_for()
    assert manager.locator("article").count() == 0

    reports_a_model(kiosk, looker, page, language)
    withdrawal_is_seen(kiosk, looker, page, language)


def reports_a_model(kiosk, looker, page, language):
    """The use is booked: fetch it, and say what was trained on it."""
    kiosk.keeper.turn()
    page.reload()
    with page.expect_download() as download:
        page.locator("li[data-state=booked] a[download]").click()
    assert download.value.suggested_filename.startswith("motion-")
    page.locator("#name").fill("reach 1")
    page.locator("#sha256").fill("ab" * 32)
    page.locator("#report-form input[type=checkbox]").check()
    page.locator("#report-form button").click()
    page.locator("#models + p + .scroll").wait_for()
    looker.check_access(page)
    looker.picture(page, f"motion-licensee-{language}")


def withdrawal_is_seen(kiosk, looker, page, language):
    """The worker withdraws: nothing is there to be fetched or asked for, and the model says so."""
    kiosk.later(60_000)
    kiosk.anna.withdraws()
    kiosk.keeper.turn()
    page.reload()
    told = {"de": "vor dem Widerruf trainiert", "en": "trained before withdrawal"}[language]
    assert page.locator("td .tag").text_content() == told
    assert page.locator("li[data-state=booked] a[download]").count() == 0
    assert page.locator("#offer ~ .empty").count() == 1
    looker.check_access(page)
    looker.picture(page, f"motion-withdrawn-{language}")
    with page.expect_download() as download:
        page.locator("a[href$='bom.json']").click()
    bom = json.loads(download.value.path().read_bytes())
    assert bom["components"][0]["name"] == "reach 1"
    assert kiosk.anna.name not in page.content()


def test_a_manager_refuses(kiosk, looker):
    use = kiosk.buys(kiosk.licensee())["use"]
    page = looker.open("/motion", kiosk.viewers.add(Role.MANAGER))
    page.locator("article button.quiet").click()
    page.locator("dialog button[value=yes]").click()
    page.locator("li[data-state=refused]").wait_for()
    assert find_use(kiosk.database, use).state is UseState.REFUSED


def test_the_council_reads_and_changes_nothing(kiosk, looker):
    _, use = sold(kiosk)
    page = looker.open("/motion", kiosk.viewers.add(Role.COUNCIL), language="de")
    entry = find_use(kiosk.database, use).log_index
    assert f"Protokoll-Nr. {entry}" in page.locator("li[data-state=booked] .head").text_content()
    assert page.locator("main form, main a[href$='.zip']").count() == 0
    assert kiosk.anna.name not in page.content()
    looker.check_access(page)
    looker.picture(page, "motion-council-de")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"quantity": "3"}, ".trouble"),
        ({"unit": "share of revenue", "quantity": "-5"}, ".trouble"),
        ({"unit": "share of revenue", "quantity": "0.001"}, ".trouble"),
        ({"unit": "model", "quantity": "1"}, ".trouble"),
        ({"unit": "<script>"}, ".trouble"),
        ({"model": "ab"}, ".trouble"),
        ({"stations": "elsewhere"}, ".trouble"),
        ({"unit": "share of revenue", "quantity": "1000,50"}, "#quote"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_told_beside_the_form(kiosk, change, place):
    headers = kiosk.viewers.headers(kiosk.viewers.add(Role.LICENSEE), page=True)
    asked = {"stations": STATION, "format": "mcap", "unit": "motion hour", "quantity": "", "model": ""}
    answer = kiosk.ask("GET", "/motion/new", headers=headers, params={**asked, **change})
    assert answer.status_code == 200
    assert ('class="trouble" role="alert"' in answer.text) is (place == ".trouble")
    assert ('id="quote"' in answer.text) is (place == "#quote")
    assert "<script>" not in answer.text.replace('<script type="', "")


def test_a_price_that_has_changed_is_not_asked_at(kiosk):
    buyer = kiosk.licensee()
    wanted = {"stations": [STATION], "format": "mcap", "unit": "motion hour", "quoted": 105}
    answer = kiosk.ask("POST", "/v1/motion/uses", headers=buyer, json=wanted)
    assert answer.status_code == 409
    assert kiosk.ask("GET", "/v1/motion/uses", headers=buyer).json() == {"uses": []}
    assert (
        kiosk.ask("POST", "/v1/motion/uses", headers=buyer, json={**wanted, "quoted": 106}).status_code == 201
    )

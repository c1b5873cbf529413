"""My motion and my royalties at a kiosk: all of it with a code, and none of it once the code is forgotten."""

import io
import json
import zipfile

import numpy as np
import pytest

from api.policy import Role
from api.words import worker as words
from cli.motion import RUNNING
from consent.grants.check_ins import CheckIns
from consent.grants.site import Site
from models.motion import Motion
from storage.sql.disputes import open_disputes
from tests.api.motion import conftest as motion_plants
from tests.api.motion.conftest import motion_plant
from tests.consent.world import STATION, identifier


def waving(seconds, seed=0):
    """Somebody at a bench who lifts one arm and then the other, at ten poses a second."""
    count = round(seconds * 10) + 1
    still = np.full((33, 2), np.nan)
    still[[0, 11, 12, 23, 24]] = [(640, 120), (560, 220), (720, 220), (590, 430), (690, 430)]
    still[[25, 26, 27, 28, 31, 32]] = [(585, 560), (695, 560), (580, 690), (700, 690), (560, 705), (720, 705)]
    joints = np.full((count, 33, 4), np.nan, np.float32)
    joints[..., :2], joints[..., 3] = still, 0.9
    for at in range(count):
        lift = np.sin(at / 8 + seed % 7)
        joints[at, [13, 15, 19], :2] = [(500, 300), (470, 300 - 120 * lift), (465, 290 - 130 * lift)]
        joints[at, [14, 16, 20], :2] = [(780, 300), (810, 300 + 120 * lift), (815, 290 + 130 * lift)]
    return Motion(np.arange(count, dtype=np.int64) * 100_000_000, joints, (1280, 720))


@pytest.fixture
def kiosk(tmp_path, monkeypatch):
    """A plant with a vault, in which Anna has moved for 95 s, and of which a licence was sold."""
    monkeypatch.setattr(motion_plants, "motion_of", waving)
    with motion_plant(tmp_path) as plant:
        plant.anna = plant.colleague().opts_in()
        plant.anna.moves(60, 35)
        use = plant.buys(plant.licensee())["use"]
        assert plant.decides(use).status_code == 200
        plant.keeper.turn()
        yield plant


def is_asked(plant, colleague):
    """Have the employer ask a colleague, and wait until the question stands in the log."""
    consented = plant.consented
    site = Site(consented.plant.root, consented.world.log.verifier)
    record = identifier("asked", colleague.number, colleague.name)
    line = next(one for one in site.state.agreements.values() if one.activated_ms is not None)
    site.ask(line, colleague.name, record, consented.now_ms, consented.world.employer)
    site.wait_for(record)


def present(page, worker):
    page.locator("#token").fill(worker.secret.spell())
    page.locator("#present button[type=submit]").click()
    page.locator("#my-royalties:not([hidden])").wait_for()


def until(holds, page):
    """Wait until something holds; the pages' policy does not let Playwright's own function do so."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    assert holds()


def nothing_is_left(page, worker):
    """After the code is forgotten: no word of it, and nothing that it showed."""
    assert page.locator("#token").input_value() == ""
    for one in ("answer", "yours", "my-motion", "my-royalties", "check-in", "player", "dispute"):
        assert page.locator(f"#{one}").is_hidden(), one
    for one in ("consents", "kept-where", "pieces", "used", "destroyed", "balances", "bookings", "disputes"):
        assert page.locator(f"#{one}").inner_html() == "", one
    assert page.locator("#dispute-booking option").count() == 0
    assert worker.name not in page.content()
    picture = "document.getElementById('figure').getContext('2d').getImageData(0, 0, 960, 540)"
    assert not page.evaluate(f"{picture}.data.some(Boolean)")
    stored = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")
    assert worker.secret.spell() not in stored


@pytest.mark.parametrize(("language", "dark", "width"), [("de", False, 360), ("en", True, 1280)])
def test_a_worker_sees_watches_takes_and_forgets(kiosk, looker, language, dark, width):
    page = looker.open("/worker", kiosk.kiosk, language=language, dark=dark, width=width)
    assert words.WORDS["not_yet"].in_(language) not in page.locator("#content").text_content()
    present(page, kiosk.anna)
    assert "1 min 35 s" in page.locator("#kept-where").text_content()
    assert {"de": "0,74 EUR", "en": "0.74 EUR"}[language] in page.locator("#balances").text_content()
    looker.check_access(page)
    page.locator("#pieces button").first.click()
    page.locator("#player:not([hidden])").wait_for()
    page.locator("#position").press("ArrowRight")
    assert page.locator("#position").input_value() == "100"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # plays
    until(lambda: float(page.locator("#position").input_value()) > 1000, page)
    page.locator("#play").click()
    page.locator("#next").click()
    looker.check_access(page)
    looker.picture(page, f"own-motion-{language}")
    with page.expect_download() as download:
        page.locator("#pieces button").nth(1).click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert "SHA256SUMS" in archive.namelist()
    page.locator("#forget").click()
    nothing_is_left(page, kiosk.anna)


def test_a_statement_is_kept_and_a_booking_disputed(kiosk, looker):
    page = looker.open("/worker", kiosk.kiosk, language="de", expected=("409",))
    present(page, kiosk.anna)
    page.locator("#first-day").fill("2027-01-01")
    page.locator("#last-day").fill("2027-12-31")
    page.locator("#statement-form").select_option("json")
    with page.expect_download() as download:
        page.locator("#statement button").click()
    assert json.loads(download.value.path().read_bytes())["closing"] == 74
    page.locator("#last-day").fill("2026-01-01")
    page.locator("#statement button").click()
    page.locator("#statement .trouble:not(:empty)").wait_for()
    page.locator("#dispute-reason").select_option("the time is not right")
    page.locator("#dispute button").click()
    page.locator("#disputed:not(:empty)").wait_for()
    [kept] = open_disputes(kiosk.database)
    assert kept.pseudonym == kiosk.anna.name
    assert page.locator("#dispute").is_hidden()  # one at a time
    assert "Die Zeit stimmt nicht" in page.locator("#disputes").text_content()
    looker.check_access(page)
    looker.picture(page, "own-royalties-de")
    page.locator("#forget").click()
    nothing_is_left(page, kiosk.anna)


def test_a_withdrawal_says_before_and_after_what_happens(kiosk, looker):
    page = looker.open("/worker", kiosk.kiosk)
    present(page, kiosk.anna)
    assert words.WORDS["withdraw_keys"].en in page.locator("#yours").text_content()
    page.locator("#withdraw").click()
    page.locator("#happened:not(:empty)").wait_for()
    kiosk.settle()
    kiosk.keeper.turn()
    page.locator("#destroyed-part:not([hidden])").wait_for()
    until(lambda: "2 segments" in page.locator("#happened").text_content(), page)
    assert words.WORDS["kept_nothing"].en in page.locator("#kept-where").text_content()
    assert "0.74 EUR" in page.locator("#balances").text_content()  # what is owed stays owed
    page.locator("#check-in").wait_for(state="hidden")
    assert "in force" not in page.locator("#consents").text_content()
    assert page.locator("#withdraw").is_disabled()
    looker.check_access(page)
    looker.picture(page, "own-withdrawn-en")


def test_a_withdrawal_leaves_with_the_press_whatever_else_waits(kiosk, looker):
    """The vault answers nobody, and the worker forgets the code and goes at once."""
    site = kiosk.consented.plant
    page = looker.open("/worker", kiosk.kiosk)
    present(page, kiosk.anna)
    page.route("**/v1/motion/own/look", lambda _: None)
    with page.expect_request("**/v1/grants/withdraw"):
        page.evaluate("for (const id of ['withdraw', 'forget']) document.getElementById(id).click()")
    page.goto("about:blank")
    until(lambda: not Site(site.root, kiosk.consented.world.log.verifier).in_force(kiosk.anna.name), page)


def test_a_check_in_is_shown_and_ended_without_the_code(kiosk, looker):
    page = looker.open("/worker", kiosk.kiosk, language="de", width=360)
    present(page, kiosk.anna)
    looker.picture(page, "own-check-in-de")
    page.locator("#minutes").fill("12")
    page.locator("#check-in-form button").click()
    page.locator("#session:not([hidden])").wait_for()
    check_ins = CheckIns(kiosk.consented.plant.root)
    [signed] = check_ins.waiting(frozenset({STATION}))
    assert signed.body.until_ms - signed.body.at_ms == 12 * 60_000
    page.locator("#forget").click()
    nothing_is_left(page, kiosk.anna)
    check_ins.say(signed.body.check_in, RUNNING)
    page.locator("#session-state.recording").wait_for()
    page.reload()  # the screen still knows it
    page.locator("#session-state.recording").wait_for()
    looker.check_access(page)
    looker.picture(page, "own-session-de")
    page.locator("#check-out").click()
    until(lambda: check_ins.is_out(signed.body.check_in), page)
    check_ins.say(signed.body.check_in, words.TIME_OVER)
    page.locator("#session-state.finished").wait_for()
    assert "Sie haben ausgecheckt" in page.locator("#session-state").text_content()
    page.locator("#session-close").click()
    assert page.locator("#session").is_hidden()


def test_while_a_recorder_says_nothing_one_can_still_check_out(kiosk, looker):
    """It may be slow, and keep motion all the same."""
    page = looker.open("/worker", kiosk.kiosk, language="de", width=360)
    present(page, kiosk.anna)
    page.locator("#check-in-form button").click()
    page.locator("#session:not([hidden])").wait_for()
    page.evaluate(
        "{ const one = JSON.parse(sessionStorage.getItem('check-in'));"
        " sessionStorage.setItem('check-in', JSON.stringify({...one, since: one.since - 100_000})); }"
    )
    page.reload()
    page.locator("#session-state.lost").wait_for()
    assert words.WORDS["session_silent"].de in page.locator("#session-state").text_content()
    looker.check_access(page)
    looker.picture(page, "own-silent-de")
    page.locator("#check-out").click()
    page.locator("#session-state.finished").wait_for()


def test_a_yes_is_asked_for_with_the_risk_beside_it(kiosk, looker):
    ben = kiosk.colleague()
    is_asked(kiosk, ben)
    page = looker.open("/worker", kiosk.kiosk, language="de", width=360)
    present(page, ben)
    page.locator("#answer:not([hidden])").wait_for()
    assert "kann man Menschen wiedererkennen" in page.locator("#answer .notice").text_content()
    assert words.WORDS["kept_nothing"].de in page.locator("#kept-where").text_content()
    looker.check_access(page)
    looker.picture(page, "own-asked-de")


def test_an_answer_to_a_forgotten_code_is_not_shown(kiosk, looker):
    page = looker.open("/worker", kiosk.kiosk)
    held = []
    page.route("**/v1/motion/own/look", lambda route: held.append(route))
    page.locator("#token").fill(kiosk.anna.secret.spell())
    page.locator("#present button[type=submit]").click()
    page.locator("#forget:not([hidden])").click()
    with page.expect_response("**/v1/motion/own/look"):
        held[0].continue_()
    page.wait_for_timeout(300)
    nothing_is_left(page, kiosk.anna)


def test_the_words_of_a_recorder_are_known_to_the_page():
    assert words.RUNNING == RUNNING


def test_other_roles_do_not_find_it(kiosk):
    headers = kiosk.viewers.headers(kiosk.viewers.add(Role.MANAGER), page=True)
    assert kiosk.ask("GET", "/worker", headers=headers).status_code == 403

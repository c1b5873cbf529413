"""The page for workers, with a real site on disk: asked, yes, receipt, withdrawn; the token goes nowhere."""

import os

import pytest

from api.policy import Role
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import AgreementSuspended
from consent.grants.receipt import check_receipt
from consent.grants.site import Site, Sites
from consent.grants.token import new_token
from storage.sql.plant import Site as SiteRow
from storage.sql.plant import StationPlace, add_site, put_station
from tests.api.consented import Consented
from tests.api.plant import Plant, is_problem
from tests.api.viewers import Viewers
from tests.consent.world import STATION, identifier


@pytest.fixture
def kiosk(tmp_path):
    """A terminal at a station of a site whose desk is at work."""
    consented = Consented(tmp_path / "site")
    with (
        consented.desk() as desk,
        Plant(
            f"sqlite:///{tmp_path}/plant.db",
            accounts=Viewers,
            secure=False,
            site=desk,
            grants=Sites(tmp_path / "site", consented.world.log.verifier),
            start_ms=consented.now_ms,
        ) as plant,
    ):
        agreement = consented.world.agreement
        add_site(plant.database, SiteRow(agreement.site, agreement.time_zone))
        put_station(plant.database, agreement.site, StationPlace(STATION))
        plant.consented, plant.desk = consented, desk
        plant.token = plant.viewers.add(Role.WORKER, station=STATION)
        plant.secret = new_token(os.urandom)
        yield plant


def post(kiosk, act, **more):
    headers = kiosk.viewers.headers(kiosk.token)
    body = {"token": kiosk.secret.spell(), **more}
    return kiosk.ask("POST", f"/v1/grants/{act}", headers=headers, json=body)


def ask_worker(kiosk):
    """Have the employer ask the worker, and wait until the question stands in the log."""
    consented = kiosk.consented
    site = Site(consented.plant.root, consented.world.log.verifier)
    record = identifier("asked")
    worker = kiosk.secret.signer(site.log)
    line = next(iter(site.state.agreements.values()))
    site.ask(line, worker.name, record, consented.now_ms, consented.world.employer)
    site.wait_for(record)
    return record


YES = {"stations": [STATION], "purposes": [MotionPurpose.OWN_REVIEW.value], "days": 3}


def test_asked_yes_receipt_withdrawn(kiosk):
    assert post(kiosk, "look").json() == {"question": None, "consents": []}
    record = ask_worker(kiosk)
    question = post(kiosk, "look").json()["question"]
    assert (question["record"], question["stations"]) == (record, [STATION])
    assert post(kiosk, "yes", **YES).json() == {"records": [record]}
    kiosk.consented.settle(kiosk.desk)
    (consent,) = post(kiosk, "look").json()["consents"]
    assert (consent["in_force"], consent["stations"]) == (True, [STATION])
    for _ in range(50):  # until the witness has co-signed it
        files = post(kiosk, "receipt")
        if files.status_code == 200:
            break
        kiosk.desk.wait_for_change(kiosk.desk.number, 0.3)
    world = kiosk.consented.world
    checked = check_receipt(
        files.json()["receipt"], files.json()["proof"], world.log.verifier, [world.witness.verifier]
    )
    assert checked.body.record == record
    assert post(kiosk, "withdraw").json() == {"records": [record]}
    kiosk.consented.settle(kiosk.desk)
    (consent,) = post(kiosk, "look").json()["consents"]
    assert (consent["in_force"], consent["state"]) == (False, "withdrawn")
    is_problem(post(kiosk, "withdraw"), 409, "conflict")


def test_a_no_is_an_answer_too(kiosk):
    record = ask_worker(kiosk)
    assert post(kiosk, "no").json() == {"records": [record]}
    kiosk.consented.settle(kiosk.desk)
    assert post(kiosk, "look").json()["consents"][0]["state"] == "refused"


@pytest.mark.parametrize(
    "change",
    [{"stations": ["elsewhere"]}, {"days": 3000}],
    ids=["another station", "too long"],
)
def test_what_the_agreement_does_not_offer_is_refused(kiosk, change):
    ask_worker(kiosk)
    is_problem(post(kiosk, "yes", **(YES | change)), 409, "conflict")
    assert list((kiosk.consented.plant.root / "grants").glob("*.json")) == []


@pytest.mark.parametrize("token", ["x", "72T-ECM-Q49-PKZ-4DR-DKR-K0W-9RK-CN8-A98-X6H", "\u0000" * 33])
def test_a_typing_error_is_told_and_never_repeated(kiosk, token, capsys):
    answer = kiosk.ask(
        "POST", "/v1/grants/look", headers=kiosk.viewers.headers(kiosk.token), json={"token": token}
    )
    is_problem(answer, 422, "invalid")
    assert len(token) < 3 or token not in answer.text


def test_no_part_of_a_token_is_logged_or_kept(kiosk, tmp_path, capsys):
    ask_worker(kiosk)
    post(kiosk, "yes", **YES)
    kiosk.consented.settle(kiosk.desk)
    said = capsys.readouterr()
    groups = kiosk.secret.spell().split("-")
    spelled = ["".join(groups), kiosk.secret.spell()]
    assert not any(one in said.out + said.err for one in spelled)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(one.encode() in content for one in spelled), file
            assert kiosk.secret.secret not in content, file


def test_guessing_is_slowed_down(kiosk):
    answers = [post(kiosk, "look").status_code for _ in range(31)]
    assert answers[-1] == 429


def test_other_roles_have_no_business_here(kiosk):
    headers = kiosk.viewers.headers(kiosk.viewers.add(Role.ENGINEER))
    answer = kiosk.ask("POST", "/v1/grants/look", headers=headers, json={"token": kiosk.secret.spell()})
    is_problem(answer, 403, "forbidden")


@pytest.mark.parametrize(("language", "dark", "width"), [("de", False, 360), ("en", True, 1280)])
def test_a_worker_says_yes_and_takes_it_back_on_the_page(kiosk, looker, language, dark, width):
    ask_worker(kiosk)
    page = looker.open("/worker", kiosk.token, language=language, dark=dark, width=width)
    page.locator("#token").fill(kiosk.secret.spell().lower().replace("-", " "))
    page.locator("#present button[type=submit]").click()
    page.locator("#answer:not([hidden])").wait_for()
    page.locator("#at input").first.check()
    page.locator("#for input").first.check()
    page.locator("#days").fill("3")
    looker.check_access(page)
    looker.picture(page, f"worker-{language}")
    page.locator("#answer button[type=submit]").click()
    page.locator("#present .outcome:not(:empty)").wait_for()
    kiosk.consented.settle(kiosk.desk)
    page.locator("#present button[type=submit]").click()
    page.locator("#withdraw:enabled").click()
    kiosk.consented.settle(kiosk.desk)
    page.locator("#forget").click()
    assert page.locator("#token").input_value() == ""
    assert page.locator("#yours").is_hidden()


def test_a_suspension_is_seen_here_too(kiosk):
    world = kiosk.consented.world
    kiosk.consented.hand_in(AgreementSuspended(agreement=world.hash), world.council)
    kiosk.consented.settle(kiosk.desk)
    headers = kiosk.viewers.headers(kiosk.token, page=True)
    assert "Paused" in kiosk.ask("GET", "/worker", headers=headers).text

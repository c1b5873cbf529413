"""The pages of released tables in Chromium."""

import pytest

pytest.importorskip("fastapi", reason="the extra server is not installed")

from api.policy import Role
from tests.api.pages.conftest import Looker, serving
from tests.api.releases.works import ROOM, steady, works
from tests.consent.world import STATION

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenmontagearbeitsplatz"
PEOPLE = {STATION: 6, "packing bench": 7, "press": 2, LONG: 8}
PREVIEW = (
    "/releases/new?name=Februar&unit=week&first_day=2027-02-01&last_day=2027-02-14&periods=each"
    "&place=&stations=station&states=state&counted=once"
)
SIZES = [("en", False, 1280), ("de", True, 360), ("de", False, 2560)]


@pytest.fixture
def plant(tmp_path):
    with works(tmp_path, room={**ROOM, LONG: ("yard", None)}) as opened:
        opened.work(*steady(opened.room, range(14), people=PEOPLE))
        yield opened


@pytest.fixture
def looker(browser, plant):
    with serving(plant.plant.app) as address:
        opened = Looker(browser, address)
        yield opened
        opened.close()


@pytest.mark.parametrize(("language", "dark", "width"), SIZES)
def test_a_released_table_is_legible_and_marks_what_is_hidden(plant, looker, language, dark, width):
    identifier = plant.release(last_day="2027-02-14", periods="each").json()["release"]
    page = looker.open(f"/releases/{identifier}", plant.engineer, language=language, dark=dark, width=width)
    looker.check_access(page)
    looker.picture(page, f"release-{language}-{width}")
    table = plant.table(identifier).json()
    assert page.locator("td .veiled").count() == table["suppressed"]
    assert page.locator("td .veiled").first.inner_text() == {"en": "hidden", "de": "verdeckt"}[language]
    assert page.locator("figure.chart svg").count() == 2
    assert page.locator("figure.chart svg:visible").count() == 1


@pytest.mark.parametrize(("language", "dark", "width"), SIZES)
def test_the_preview_is_legible(plant, looker, language, dark, width):
    page = looker.open(PREVIEW, plant.engineer, language=language, dark=dark, width=width)
    looker.check_access(page)
    looker.picture(page, f"release-preview-{language}-{width}")
    assert page.locator(".mark-too-few").count() > 0
    assert page.locator(".mark-protecting").count() > 0


def test_from_the_empty_list_to_a_table(plant, looker):
    page = looker.open("/releases", plant.engineer)
    looker.check_access(page)
    looker.picture(page, "releases-empty")
    assert "Nothing was released yet" in page.content()
    page.get_by_role("link", name="New table").click()
    looker.check_access(page)
    looker.picture(page, "release-new")
    page.get_by_label("Name of the table").fill("Week five")
    page.get_by_label("first day", exact=True).fill("2027-02-03")
    page.get_by_label("last day", exact=True).fill("2027-02-03")
    page.get_by_label("each person once a day").check()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Release", exact=True).click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="Week five", exact=True).wait_for()
    page.get_by_role("link", name="All releases").click()
    page.get_by_role("link", name="Week five").wait_for()
    looker.check_access(page)
    looker.picture(page, "releases")
    assert plant.plant.rows()["release"] == 1


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?name=x", "Something is missing"),
        (PREVIEW.partition("/new")[2].replace("2027-02-14", "2027-03-05"), "not over"),
        (PREVIEW.partition("/new")[2].replace("place=", "place=yard&x=").replace("station&", "station&"), ""),
    ],
    ids=["missing", "not over", "a place"],
)
def test_what_cannot_be_released_is_said(plant, looker, query, told):
    page = looker.open(f"/releases/new{query}", plant.engineer)
    looker.check_access(page)
    assert told in page.locator("main").inner_text()
    if told:
        assert page.get_by_role("button", name="Release", exact=True).count() == 0


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.WORKER, Role.MANAGER])
def test_readers_see_the_list_and_no_way_to_release(plant, looker, role):
    plant.release()
    who = plant.plant.viewers.add(role, station=STATION if role is Role.WORKER else None)
    page = looker.open("/releases", who, width=360)
    looker.check_access(page)
    page.get_by_role("link", name="February").wait_for()
    assert page.get_by_role("link", name="New table").count() == 0


def test_who_is_not_agreed_reads_why(plant, looker):
    identifier = plant.release().json()["release"]
    manager = plant.plant.viewers.add(Role.MANAGER)
    page = looker.open(f"/releases/{identifier}", manager, language="de", expected=("403",))
    looker.check_access(page)
    assert "Betriebsvereinbarung erlaubt es nicht" in page.content()
    assert page.locator("table").count() == 0

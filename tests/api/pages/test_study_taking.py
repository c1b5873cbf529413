"""The server's own records for a study, in a browser: seen, named, taken; each look is in the log."""

import pytest

from consent.entries.bodies import AccessViewed
from productivity.states import StateCategory
from storage.sql.devices import add_code, enrol
from storage.study.folder import read_study
from tests.api.studies import Engineer
from tests.storage.sql.plants import Deliveries, interval_record

SECOND = 1_000_000_000


@pytest.fixture
def engineer(agreed_world, tmp_path):
    world = agreed_world
    world.data = tmp_path
    station = world.site.world.agreement.stations[0]
    code = add_code(world.database, world.site_name, "Europe/Berlin", hours=1, at_ms=world.now_ms())
    enrol(world.database, code, "edge-9", "a key", world.now_ms())
    parts = [("part handling", 4), ("screwing", 6), ("part handling", 5), ("screwing", 7)]
    Deliveries(world.database, "edge-9").send(
        *(
            interval_record(
                world.now_ms() - 3_600_000,
                lasted * SECOND,
                ordinal=ordinal,
                station=station,
                state=state,
                category=StateCategory.CYCLE_BOUND,
            )
            for ordinal, (state, lasted) in enumerate(parts)
        )
    )
    found = Engineer(world)
    found.create()
    found.station = station
    return found


def looks(engineer):
    entries = engineer.world.site.world.entries
    return [entry.body for entry in entries if isinstance(entry.body, AccessViewed)]


def test_samples_are_seen_named_and_taken(engineer, looker):
    page = looker.open("/studies/cell/server/camera", engineer.token)
    assert looks(engineer) == [], "the form alone is no look"
    page.get_by_label(engineer.station).check()
    row = page.locator(f'[data-cycle-of="{engineer.station}"]')
    row.get_by_label("A cycle begins with").fill("part handling")
    row.get_by_label("and ends after").fill("screwing")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("4 of 4 rows can be used.").wait_for()
    assert page.get_by_text("4 samples").is_visible()
    assert [look.station for look in looks(engineer)] == [engineer.station]
    page.get_by_label(f"becomes the work system: {engineer.station}").select_option("station 1")
    looker.check_access(page)
    looker.picture(page, "studies-server-preview-en")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Take into the study").click()
    page.get_by_role("status").get_by_text("Taken over: 4 of 4 rows.").wait_for()
    source = read_study(engineer.folder()).source("camera")
    assert {one.system for one in source.records.sampled} == {"station 1"}
    assert source.origin.stations == (engineer.station,)
    page.get_by_role("link", name="camera", exact=True).click()
    assert engineer.station in page.locator("dl.facts").inner_text()


def test_one_session_is_chosen_among_all(engineer, looker):
    page = looker.open("/studies/cell/server/camera-course", engineer.token, language="de", expected=["422"])
    page.get_by_label(engineer.station).check()
    page.get_by_role("button", name="Vorschau").click()
    page.get_by_role("alert").get_by_text("session").wait_for()
    page.get_by_role("button", name="Sitzungen zeigen").click()
    page.get_by_label("4 Abschnitte").check()
    page.get_by_role("button", name="Vorschau").click()
    page.get_by_text("4 von 4 Zeilen lassen sich verwenden.").wait_for()
    page.get_by_role("button", name="In die Studie übernehmen").click()
    page.get_by_role("status").get_by_text("Übernommen").wait_for()
    [seen] = read_study(engineer.folder()).source("camera-course").observations()
    assert [interval.state for interval in seen.intervals] == ["part handling", "screwing"] * 2


def test_without_a_log_it_is_said_and_nothing_is_shown(engineer, looker):
    engineer.world.site.full = "disk full"
    page = looker.open("/studies/cell/server/camera", engineer.token, expected=["503"])
    page.get_by_label(engineer.station).check()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("alert").get_by_text("The log does not take the entry in").wait_for()
    assert not page.locator("#report").is_visible()
    looker.picture(page, "studies-server-refused-en")


def test_times_of_stations_are_not_shown_without_a_log_and_the_page_says_why(engineer):
    body = {
        "take": "camera",
        "stations": [engineer.station],
        "first": engineer.world.time().date().isoformat(),
        "last": engineer.world.time().date().isoformat(),
    }
    assert engineer.ask("PUT", "/cell/server-sources/camera", json=body).status_code == 200
    engineer.world.moved_s += 3600
    engineer.world.site.full = "disk full"
    for path in (
        "results",
        "time-studies",
        "self-recording",
        "operating-data",
        "comparison?before=2026-01&after=2026-01",
    ):
        answer = engineer.page(f"/cell/{path}", "de")
        assert answer.status_code == 503, path
        assert "Das wird nicht gezeigt" in answer.text
        assert "Das Protokoll nimmt den Eintrag nicht an" in answer.text
    assert engineer.page("/cell/area", "de").status_code == 200


def test_how_the_plant_is_divided_becomes_work_systems(engineer, looker):
    page = looker.open("/studies/cell/area", engineer.token)
    page.get_by_role("button", name="Take over how this plant is divided").click()
    names = page.locator('[data-column="name"]').evaluate_all("fields => fields.map((field) => field.value)")
    assert names == [engineer.world.site_name, engineer.station]
    page.get_by_label("Area under study").select_option(engineer.world.site_name)
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    settings = read_study(engineer.folder()).settings
    assert [entry.part_of for entry in settings.systems] == [None, engineer.world.site_name]
    assert settings.area == engineer.world.site_name

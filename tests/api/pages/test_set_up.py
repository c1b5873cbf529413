"""The set-up pages in a browser: zones by mouse, keyboard and touch, text and form in step, publication."""

import json
import re
from urllib.parse import quote

import pytest
from PIL import Image

from api.policy import Role
from storage.sql.plant import Place, StationPlace, put_place, put_station
from storage.sql.station_files import create_station
from tests.api.plant import is_problem
from tests.api.set_up.conftest import TEXT, Editor
from tests.consent.world import STATION

LONG = "Endkontrolle und Funktionsprüfung der Schaltschrankverdrahtung"


@pytest.fixture
def editor(agreed_world):
    create_station(agreed_world.database, agreed_world.site_name, STATION)
    return Editor(agreed_world)


@pytest.fixture
def opened(editor, looker_at):
    """Open the editor of the station; gives the page when it has drawn itself."""

    def opened(text=TEXT, *, station=STATION, **options):
        if text is not None and not editor.files()["revisions"]:
            assert editor.keep(text).status_code == 201
        token = options.pop("token", None) or editor.world.viewers.add(Role.ENGINEER)
        page = looker_at.open(f"/set-up/{quote(station, safe='')}", token, **options)
        page.locator("svg.zones").wait_for()
        return page

    return opened


@pytest.fixture
def looker_at(browser, agreed_world):
    from tests.api.pages.conftest import Looker, serving

    with serving(agreed_world.app) as address:
        opened = Looker(browser, address)
        yield opened
        opened.close()


@pytest.fixture
def still(tmp_path):
    path = tmp_path / "still.png"
    Image.effect_noise((640, 360), 60).save(path)
    return path


def text_of(page):
    return page.locator("#text").input_value()


def settled(page, language="en"):
    words = {"en": "Form and text are in step.", "de": "Formular und Text stimmen überein."}
    page.locator("#step", has_text=words[language]).wait_for()


def until(page, expression, argument=None):
    """Wait for an expression of the page; a loop within it would need eval, which its policy forbids."""
    for _ in range(600):
        if page.evaluate(expression, argument):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {expression}")


def zones_of(page):
    """Return the polygons that the text says."""
    found = re.findall(r"^  (\w[^:\n]*): (\[\[.*\]\])$", text_of(page), re.MULTILINE)
    return {name: [tuple(map(float, point)) for point in json.loads(points)] for name, points in found}


def at(page, x, y):
    """Return the place on the screen that is a fraction of the picture."""
    page.locator("#stage").scroll_into_view_if_needed()
    box = page.locator("svg.zones").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def click(page, x, y):
    page.mouse.click(*at(page, x, y))


# ------------------------------------------------------------------ the list


def test_the_list_says_what_is_written_and_published_of_each_station(editor, looker_at):
    world, site = editor.world, editor.world.site_name
    put_place(world.database, site, Place("Montagezelle Süd"))
    put_station(world.database, site, StationPlace(LONG, "Montagezelle Süd"))
    editor.keep()
    editor.publish(1, editor.files()["newest"]["digest"])
    editor.keep(TEXT + "# more\n", base=2)
    token = world.viewers.add(Role.ENGINEER)
    for language, dark, width in (("en", False, 1280), ("de", True, 360)):
        page = looker_at.open("/set-up", token, language=language, dark=dark, width=width)
        looker_at.check_access(page)
        looker_at.picture(page, f"set-up-list-{language}")
        row = page.get_by_role("row", name=STATION)
        assert "✓" in row.inner_text()
        assert "3" in row.inner_text()
        page.locator("#filter").fill("südlich")
        assert page.locator("#stations tbody tr:visible").count() == 0
        page.locator("#filter").fill("montagezelle")
        assert page.locator("#stations tbody tr:visible").all_inner_texts()[0].startswith(LONG)


def test_a_station_is_made_and_its_editor_opens(agreed_world, looker_at):
    token = agreed_world.viewers.add(Role.ENGINEER)
    page = looker_at.open("/set-up", token, language="de", expected=["409"])
    assert page.get_by_text("Noch keine Stationen.").is_visible()
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-list-empty")
    page.get_by_label("Name", exact=True).fill("Prüfplatz 1/2")
    page.get_by_role("button", name="Station anlegen").click()
    page.wait_for_url("**/set-up/Pr%C3%BCfplatz%201%2F2")
    assert page.get_by_role("heading", name="Prüfplatz 1/2 einrichten").is_visible()
    assert "name: Prüfplatz 1/2" in text_of(page)
    assert page.get_by_text("Was noch nicht stimmt (1)").is_visible()
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-new-station")
    page.goto(f"{looker_at.address}/set-up")
    page.get_by_label("Name", exact=True).fill("Prüfplatz 1/2")
    page.get_by_role("button", name="Station anlegen").click()
    page.locator("#new .trouble", has_text="Es widerspricht").wait_for()


def test_the_pages_are_for_engineers_alone(editor):
    for role in set(Role) - {Role.ENGINEER}:
        token = editor.world.viewers.add(role, station=STATION if role is Role.WORKER else None)
        for path in ("/set-up", f"/set-up/{quote(STATION)}"):
            answer = editor.world.ask("GET", path, headers=editor.world.viewers.headers(token))
            is_problem(answer, 403, "forbidden")
    headers = editor.headers | {"Accept": "text/html"}
    assert editor.world.ask("GET", "/set-up/no%20such%20bench", headers=headers).status_code == 404


# ------------------------------------------------------------------ the editor


@pytest.mark.parametrize(
    ("language", "dark", "width"),
    [("en", False, 1440), ("de", True, 1440), ("de", False, 360), ("en", True, 2560)],
)
def test_the_editor_is_usable_in_any_language_light_and_width(
    opened, looker_at, still, language, dark, width
):
    page = opened(ASSEMBLY, language=language, dark=dark, width=width)
    page.set_input_files("#open-picture", str(still))
    page.locator("#picture:visible").wait_for()
    page.locator("#zones button").first.click()
    page.locator("details.state summary").first.click()
    page.evaluate("scrollTo(0, 0)")
    looker_at.check_access(page)
    looker_at.picture(page, f"set-up-{language}-{'dark' if dark else 'light'}-{width}")
    explanation = page.locator("#explanation").inner_text()
    assert (
        "when a hand is in “parts”" if language == "en" else "wenn eine Hand in „parts“ ist"
    ) in explanation


ASSEMBLY = f"""\
# The rendered assembly bench.
fairtakt: station 1
name: {STATION}
place: floor
zones:
  floor: [[0.0, 0.42], [1.0, 0.42], [1.0, 0.7], [0.0, 0.7]]
  parts: [[0.25, 0.4], [0.34, 0.4], [0.34, 0.55], [0.25, 0.55]]
  fixture: [[0.4, 0.4], [0.47, 0.4], [0.47, 0.55], [0.4, 0.55]]
  holder: [[0.6, 0.05], [0.67, 0.05], [0.67, 0.2], [0.6, 0.2]]
tools:
  screwdriver: {{holder: holder}}
states:
  - name: part handling
    category: cycle-bound
    when: {{all: [hand in parts, {{not: holds screwdriver}}]}}
  - name: screwing
    category: cycle-bound
    value_adding: true
    when: {{any: [holds screwdriver, hand in holder]}}
    shortest_s: 2
cycle: {{first: part handling, last: screwing}}
"""


def test_a_zone_is_drawn_with_the_mouse_and_stands_in_the_text(opened, looker_at):
    page = opened()
    page.get_by_role("button", name="Draw a zone").click()
    for place in ((0.5, 0.5), (0.7, 0.5), (0.7, 0.8), (0.5, 0.8)):
        click(page, *place)
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-drawing")
    click(page, 0.5, 0.5)  # the first point closes the zone
    settled(page)
    drawn = zones_of(page)["zone"]
    assert drawn == [
        (pytest.approx(x, abs=0.004), pytest.approx(y, abs=0.004))
        for x, y in ((0.5, 0.5), (0.7, 0.5), (0.7, 0.8), (0.5, 0.8))
    ]
    assert "# Seen from the left." in text_of(page)
    name = page.get_by_label("Name of the zone")
    name.fill("box")
    settled(page)
    assert "zone" not in zones_of(page)
    assert zones_of(page)["box"] == drawn


def test_points_and_whole_zones_are_dragged(opened):
    page = opened()
    click(page, 0.2, 0.45)  # inside the zone of parts
    assert page.get_by_label("Name of the zone").input_value() == "parts"
    page.mouse.move(*at(page, 0.25, 0.6))
    page.mouse.down()
    page.mouse.move(*at(page, 0.3, 0.65), steps=5)
    page.mouse.up()
    settled(page)
    assert zones_of(page)["parts"][2] == (pytest.approx(0.3, abs=0.004), pytest.approx(0.65, abs=0.004))
    before = zones_of(page)["parts"]
    page.mouse.move(*at(page, 0.2, 0.45))
    page.mouse.down()
    page.mouse.move(*at(page, 0.6, 0.65), steps=5)
    page.mouse.up()
    settled(page)
    moved = zones_of(page)["parts"]
    assert moved == [
        (pytest.approx(x + 0.4, abs=0.006), pytest.approx(y + 0.2, abs=0.006)) for x, y in before
    ]
    page.mouse.move(*at(page, 0.6, 0.65))
    page.mouse.down()
    page.mouse.move(*at(page, 2.0, 0.65), steps=5)  # a zone does not leave the picture, nor change its shape
    page.mouse.up()
    settled(page)
    edge = zones_of(page)["parts"]
    assert max(x for x, _ in edge) == 1.0
    assert edge[1][0] - edge[0][0] == pytest.approx(moved[1][0] - moved[0][0], abs=0.002)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert zones_of(page)["parts"] == before


def test_a_zone_is_drawn_and_changed_with_the_keyboard_alone(opened):
    page = opened()
    page.get_by_role("button", name="Draw a zone").focus()
    page.keyboard.press("Enter")
    spoken = page.locator("#spoken")
    for keys in (["Space"], ["Shift+ArrowRight"] * 4 + ["Space"], ["Shift+ArrowDown"] * 4 + ["Space"]):
        for key in keys:
            page.keyboard.press(key)
    assert spoken.inner_text() == "Cross-hair at 70 %, 70 %; 3 points"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    page.keyboard.press("Backspace")  # takes it back
    page.keyboard.press("Enter")
    settled(page)
    assert zones_of(page)["zone"] == [(0.5, 0.5), (0.7, 0.5), (0.7, 0.7)]
    # The zone has the focus; Tab leads to its points.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Point 1 of 3 of zone zone: 50 %, 50 %"
    page.keyboard.press("Control+ArrowLeft")
    page.keyboard.press("ArrowUp")
    settled(page)
    assert zones_of(page)["zone"][0] == (0.499, 0.495)
    page.keyboard.press("+")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Point 2 of 4")
    settled(page)
    assert len(zones_of(page)["zone"]) == 4
    page.keyboard.press("Delete")
    settled(page)
    assert len(zones_of(page)["zone"]) == 3
    page.keyboard.press("Delete")
    assert spoken.inner_text() == "A zone has at least three points."
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+ArrowUp")  # the whole zone
    settled(page)
    assert zones_of(page)["zone"][2] == (0.7, 0.65)
    page.keyboard.press("Delete")
    assert spoken.inner_text() == "Zone zone removed"
    settled(page)
    assert "zone" not in zones_of(page)
    page.keyboard.press("Control+z")
    settled(page)
    assert zones_of(page)["zone"][2] == (0.7, 0.65)
    page.keyboard.press("Control+y")
    settled(page)
    assert "zone" not in zones_of(page)


def test_a_drawing_is_cancelled_and_one_without_area_is_not_closed(opened):
    page = opened()
    page.get_by_role("button", name="Draw a zone").click()
    for _ in range(3):
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert page.locator("#drawing").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#drawing").is_visible()
    assert zones_of(page).keys() == {"parts"}
    assert page.get_by_role("button", name="Undo").is_disabled()


def test_a_zone_is_drawn_by_touch(opened):
    page = opened(has_touch=True, width=400, height=800)
    page.get_by_role("button", name="Draw a zone").tap()
    for place in ((0.4, 0.2), (0.8, 0.2), (0.8, 0.8)):
        page.touchscreen.tap(*at(page, *place))
    page.get_by_role("button", name="Close the zone").tap()
    settled(page)
    assert zones_of(page)["zone"][2] == (pytest.approx(0.8, abs=0.01), pytest.approx(0.8, abs=0.01))


def test_points_are_typed_as_numbers(opened):
    page = opened()
    page.get_by_role("button", name="parts", exact=True).click()
    page.locator("details.points summary").click()
    page.get_by_label("Point 2 across").fill("0.31")
    page.get_by_label("Point 2 across").press("Tab")
    settled(page)
    assert zones_of(page)["parts"][1] == (0.31, 0.4)
    page.get_by_role("button", name="Add a point after point 3").or_(
        page.get_by_role("button", name="Add a point after 3")
    ).click()
    settled(page)
    assert len(zones_of(page)["parts"]) == 4
    page.get_by_role("button", name="Remove point 1").click()
    settled(page)
    assert zones_of(page)["parts"][0] == (0.31, 0.4)


def test_the_crop_is_dragged_by_keys_and_zones_stay_inside(opened, looker_at):
    page = opened()
    page.get_by_label("Drag the crop").check()
    page.get_by_role("slider", name="Crop right").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    settled(page)
    assert "crop: {left: 0.0, top: 0.0, right: 0.85, bottom: 1.0}" in text_of(page)
    looker_at.check_access(page)
    page.get_by_role("button", name="parts", exact=True).click()
    page.locator(".zone.selected").focus()
    for _ in range(20):
        page.keyboard.press("Shift+ArrowRight")
    settled(page)
    assert max(x for x, _ in zones_of(page)["parts"]) == 0.85
    assert page.get_by_text("The file is whole and without flaws.").is_visible()


def test_a_holder_is_drawn_for_a_tool_and_a_rule_uses_it(opened):
    page = opened()
    page.get_by_role("button", name="Add a tool").click()
    page.keyboard.type("wrench")
    page.get_by_role("button", name="Draw the holder").click()
    for place in ((0.6, 0.1), (0.7, 0.1), (0.7, 0.2)):
        click(page, *place)
    page.keyboard.press("Enter")
    settled(page)
    assert "  wrench: {holder: holder of wrench}" in text_of(page)
    assert "holder of wrench" in zones_of(page)
    page.locator("details.state summary").first.click()
    rule = page.locator("details.state").first
    rule.get_by_label("What").select_option("all")
    settled(page)
    rule.get_by_role("button", name="Add a sentence").click()
    settled(page)
    rule.get_by_label("What").nth(2).select_option("holds")
    settled(page)
    rule.get_by_label("not", exact=True).nth(2).check()
    settled(page)
    assert "when: {all: [hand in parts, {not: holds wrench}]}" in text_of(page)
    assert "it is not so that “wrench” is away" in page.locator("#explanation").inner_text()


def test_a_name_changes_wherever_it_is_used(opened):
    page = opened(ASSEMBLY)
    page.get_by_role("button", name="holder", exact=True).click()
    page.get_by_label("Name of the zone").fill("driver rest")
    settled(page)
    assert "screwdriver: {holder: driver rest}" in text_of(page)
    assert "{any: [holds screwdriver, hand in driver rest]}" in text_of(page)
    page.get_by_label("Name of the tool").fill("driver")
    page.locator("details.state summary").nth(1).click()
    page.get_by_label("Name of the state").nth(1).fill("driving")
    settled(page)
    assert "{any: [holds driver, hand in driver rest]}" in text_of(page)
    assert "cycle: {first: part handling, last: driving}" in text_of(page)
    assert page.get_by_text("The file is whole and without flaws.").is_visible()


def test_what_is_typed_into_the_text_moves_the_picture(opened):
    page = opened()
    page.locator("#text").fill(TEXT.replace("[0.1, 0.4]", "[0.5, 0.9]"))
    settled(page)
    points = page.locator("polygon.zone").get_attribute("points")
    assert points.startswith(f"500.00,{1000 * 9 / 16 * 0.9:.2f} ")
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert text_of(page) == TEXT


def test_broken_yaml_is_told_with_its_line_and_the_form_waits(opened, looker_at):
    page = opened()
    broken = TEXT.replace("zones:", "zones: [")
    page.locator("#text").fill(broken)
    settled(page)
    assert page.get_by_text("What is not right yet (1)").is_visible()
    assert page.locator("#flaws li").inner_text().startswith("line 6 not YAML")
    assert page.locator("#unreadable").is_visible()
    assert page.get_by_role("button", name="Draw a zone").is_disabled()
    assert page.locator("#numbers .bad").inner_text() == "⚠ 6"
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-broken-yaml")
    page.get_by_role("button", name="line 6").click()
    selection = page.evaluate("text.value.slice(text.selectionStart, text.selectionEnd)")
    assert selection == broken.splitlines()[5]
    page.locator("#text").fill(TEXT)
    settled(page)
    assert page.get_by_role("button", name="Draw a zone").is_enabled()
    assert not page.locator("#unreadable").is_visible()


def test_an_unknown_zone_is_told_at_its_line_and_at_its_rule(opened, looker_at):
    page = opened(language="de")
    page.get_by_role("button", name="parts", exact=True).click()
    page.get_by_role("button", name="Zone löschen").click()
    settled(page, "de")
    flaw = "states.0.when: 'parts' gibt es nicht, es gibt noch keine"
    assert flaw in page.locator("#flaws").inner_text()
    assert "⚠" in page.locator("details.state summary").inner_text()
    page.locator("details.state summary").click()
    assert flaw in page.locator("[data-place='states/0/when'] .flaw").inner_text()
    assert page.locator("details.state option:checked", has_text="⚠ parts").count() == 1
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-unknown-zone")
    page.get_by_role("button", name="Rückgängig").click()
    settled(page, "de")
    assert page.get_by_text("Die Datei ist vollständig und fehlerfrei.").is_visible()


def test_no_request_carries_the_picture(opened, editor, still):
    """Whatever is done with the page, what leaves the browser are texts of the station file."""
    page = opened()
    sent = []
    page.on("request", lambda request: sent.append(request))
    page.set_input_files("#open-picture", str(still))
    page.locator("#picture:visible").wait_for()
    assert page.locator("#picture").get_attribute("src").startswith("blob:")
    page.get_by_role("button", name="Draw a zone").click()
    for place in ((0.5, 0.5), (0.7, 0.5), (0.7, 0.8)):
        click(page, *place)
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Saved as revision 2.").wait_for()
    content = still.read_bytes()
    web = [request for request in sent if not request.url.startswith("blob:")]
    assert len(web) >= 3
    for request in web:
        body = request.post_data_buffer or b""
        assert request.url.startswith(page.url.split("/set-up")[0])
        assert len(body) < 5000
        assert content[100:140] not in body
        assert not request.headers.get("content-type", "application/json").startswith(("image", "multipart"))
    page.get_by_role("button", name="Remove the picture").click()
    assert not page.locator("#picture").is_visible()


def test_a_file_that_is_no_picture_is_told(opened, tmp_path):
    path = tmp_path / "still.png"
    path.write_bytes(b"no picture at all")
    page = opened()
    page.set_input_files("#open-picture", str(path))
    page.get_by_text("The browser cannot open this picture").wait_for()
    assert not page.locator("#picture").is_visible()


def test_a_draft_is_saved_and_published_after_confirmation(opened, editor, looker_at):
    page = opened()
    page.locator("#text").fill(TEXT + "# measured again\n")
    settled(page)
    assert page.get_by_text("unsaved changes").is_visible()
    page.get_by_role("button", name="Save and publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert editor.files()["published"] is None
    page.get_by_role("button", name="Save and publish").click()
    looker_at.check_access(page)
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    page.get_by_text("Published as revision 3.").wait_for()
    assert page.get_by_text("published: revision 3").is_visible()
    assert page.get_by_text("everything saved").is_visible()
    files = editor.files()
    assert [one["revision"] for one in files["revisions"]] == [3, 2, 1]
    assert editor.ask("GET", "/3").json()["checked"]["text"] == TEXT + "# measured again\n"
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("Both revisions have the same text.").wait_for()
    page.get_by_label("from revision").select_option("1")
    page.get_by_role("button", name="Compare").click()
    assert "measured again" in page.locator("tr.added").inner_text()
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-published")
    page.get_by_role("button", name="Publish revision 1 again").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    page.get_by_text("Published as revision 4.").wait_for()
    assert editor.ask("GET", "/4").json()["checked"]["text"] == TEXT


def test_what_the_agreement_does_not_permit_is_flagged_and_asked_for(opened, editor, looker_at):
    text = TEXT.replace("name: part handling", "name: tidying up")
    page = opened(text)
    assert page.get_by_text("The state “tidying up” is not in the works agreement.").is_visible()
    looker_at.check_access(page)
    page.get_by_role("button", name="Save and publish").click()
    assert "Not all of it is permitted" in page.get_by_role("dialog").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    page.get_by_text("Published as revision 2.").wait_for()
    assert editor.files()["published"]["revision"] == 2


def test_devices_are_shown_with_what_they_record_with(opened, editor, looker_at):
    site = editor.world.site.world
    page = opened()
    assert page.get_by_text("No device has recorded at this station yet.").is_visible()
    digest = editor.files()["newest"]["digest"]
    editor.publish(1, digest)
    site.act(site.start(configuration="ab" * 32), site.device)
    page.reload()
    assert "a text that is not here" in page.locator("#devices").inner_text()
    editor.world.site.unusable = "the log does not verify"
    page.reload()
    assert page.get_by_text("what devices record with is not known").is_visible()
    assert page.get_by_text("nobody can tell now what is permitted").is_visible()
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-log-unreadable")


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(opened, editor):
    page = opened(expected=["409"])
    editor.keep(TEXT + "# somebody else\n", base=1)
    page.locator("#text").fill(TEXT + "# me\n")
    page.get_by_role("button", name="Save draft").click()
    page.locator("#trouble", has_text="the newest is revision 2").wait_for()
    assert "# me" in text_of(page)
    assert editor.files()["newest"]["revision"] == 2


def test_while_the_server_is_away_form_and_text_wait_for_one_another(opened, editor, looker_at):
    page = opened(expected=["net::ERR_FAILED"])
    page.route("**/files/write", lambda route: route.abort())
    page.get_by_role("button", name="Rectangle").click()
    page.get_by_text("form and text are not in step yet").wait_for()
    assert "zone" not in zones_of(page)
    assert page.locator("polygon.zone").count() == 2
    looker_at.picture(page, "set-up-server-away")
    page.unroute("**/files/write")
    page.get_by_role("button", name="Try again").click()
    settled(page)
    assert "zone" in zones_of(page)


def test_an_earlier_revision_is_opened_and_that_can_be_undone(opened, editor):
    editor.keep()
    editor.keep(TEXT + "# second\n", base=1)
    page = opened(None)
    page.get_by_role("button", name="Open revision 1").click()
    until(page, "wanted => text.value === wanted", TEXT)
    settled(page)
    page.get_by_role("button", name="Undo").click()
    until(page, "wanted => text.value === wanted", TEXT + "# second\n")

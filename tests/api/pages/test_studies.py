"""The study pages in a browser: usable in both languages, by keyboard, on a phone; what they do is done."""

import re
import shutil

import pytest

from productivity.records import RecordingMode
from storage.study.folder import read_study
from tests.api.plant import Plant
from tests.api.studies import STATION, Engineer
from tests.api.viewers import Viewers


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    directory = tmp_path_factory.mktemp("study-pages")
    address = f"sqlite:///{directory}/plant.db"
    with Plant(address, accounts=Viewers, secure=False, data=directory) as opened:
        opened.data = directory
        engineer = Engineer(opened)
        engineer.studied()
        engineer.ask("POST", "/cell/plan", json={})
        engineer.copy_example()
        yield opened


@pytest.fixture
def engineer(world):
    world.steady_s += 10_000
    return Engineer(world)


@pytest.fixture
def fresh(engineer):
    """Make a study of one's own for a test; gives its name."""
    names = []

    def make(name, language="en", title="Cell 7"):
        names.append(name)
        engineer.create(name, title, language)
        return name

    yield make
    for name in names:
        shutil.rmtree(engineer.folder(name), ignore_errors=True)


DECIDED = ["area", "portfolio", "variants", "modes", "states", "plan"]
ACQUIRED = ["time-studies", "self-recording", "operating-data"]
KINDS = ["stopwatch", "labels", "recording", "state-log", "machine-log", "attendance", "output"]
TAKEN = ["camera", "camera-course", "camera-totals", "documented-times", "output-and-paid-time"]
PAGES = [
    "/studies",
    "/studies/cell",
    *(f"/studies/cell/{step}" for step in (*DECIDED, *ACQUIRED)),
    "/studies/cell/data",
    "/studies/cell/data/sheet",
    "/studies/cell/by-hand/paid",
    "/studies/cell/by-hand/samples",
    *(f"/studies/cell/import/{kind}" for kind in KINDS),
    *(f"/studies/cell/server/{take}" for take in TAKEN),
    "/studies/cell/results",
    f"/studies/cell/results?system={STATION}",
    "/studies/cell/results?system=Station+2",
    "/studies/assembly_cell/results",
    "/studies/cell/comparison?system=Zelle+7&before=2026-10&other=&after=2026-11",
    "/studies/cell/agreement",
    "/studies/cell/files",
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "dark", "width"),
    [("de", False, 1280), ("en", True, 1280), ("de", True, 360), ("en", False, 2560)],
)
def test_every_page_is_usable(engineer, looker, language, dark, width):
    for path in PAGES:
        page = looker.open(path, engineer.token, language=language, dark=dark, width=width)
        assert page.locator("h1").count() == 1, path
        looker.check_access(page)
        name = re.sub(r"\W+", "-", path.removeprefix("/studies"))[:60].strip("-") or "list"
        looker.picture(page, f"studies-{name}-{language}-{width}")
        page.context.close()


def test_the_steps_say_what_is_missing_in_both_languages(engineer, fresh):
    study = fresh("new", "de")
    english, german = (engineer.page(f"/{study}", language).text for language in ("en", "de"))
    assert "no product portfolio was analysed" in english
    assert "Das Produktprogramm ist nicht untersucht." in german
    assert "Zeitaufnahmen durchführen" in german
    step = engineer.page(f"/{study}/operating-data", "de").text
    assert "Es ist keine bezahlte Zeit festgehalten." in step


def test_results_show_the_papers_ranking_beside_its_picture(engineer, looker):
    page = looker.open("/studies/assembly_cell/results", engineer.token)
    rows = page.get_by_role("region", name="Ranking").get_by_role("row").all_inner_texts()
    assert [" ".join(row.split()[1:3]) for row in rows[1:4]] == [
        "manual assembly",
        "screwing cycle-bound",
        "sickness irregular",
    ]
    assert "24.0\u202f%" in rows[1]
    assert page.get_by_role("img", name="Ranking of states: assembly cell").count() == 1
    assert page.get_by_text("not released figures").is_visible()
    assert page.get_by_role("link", name="To the releases").get_attribute("href") == "/releases"
    balance = page.get_by_role("region", name="Balance of paid time").inner_text()
    assert "1127.0\u202fh" in balance
    assert "45.9\u202fh" in balance


def test_one_goes_down_from_the_plant_to_a_station(engineer, looker):
    page = looker.open("/studies/cell/results?system=Werk+Nord&period=2026-11", engineer.token)
    page.get_by_role("link", name="Zelle 7").click()
    page.get_by_role("link", name=STATION).click()
    assert page.get_by_role("heading", name=STATION).is_visible()
    assert page.get_by_role("navigation", name="Where in the hierarchy").inner_text().split() == [
        "Werk", "Nord", "›", "Zelle", "7", "›", *STATION.split(),
    ]  # fmt: skip
    assert page.get_by_text("This is the lowest level.").is_visible()
    page.get_by_role("link", name="Werk Nord").click()
    assert page.get_by_role("heading", name="Werk Nord").is_visible()


def test_a_study_is_made_by_hand_and_its_name_proposed(engineer, looker):
    page = looker.open("/studies", engineer.token, language="de", expected=["409"])
    page.get_by_label("Worum es geht").fill("Zelle 12: Getriebegehäuse")
    assert page.get_by_label("Kurzname").input_value() == "zelle-12-getriebegehaeuse"
    page.get_by_role("button", name="Anlegen").click()
    page.get_by_role("heading", name="Zelle 12: Getriebegehäuse").wait_for()
    assert read_study(engineer.folder("zelle-12-getriebegehaeuse")).settings.language == "de"
    page.goto(page.url.replace("/zelle-12-getriebegehaeuse", ""))
    page.get_by_label("Worum es geht").fill("Zelle 12: Getriebegehäuse")
    page.get_by_role("button", name="Anlegen").click()
    assert "Es widerspricht dem, was schon da ist" in page.get_by_role("alert").inner_text()
    shutil.rmtree(engineer.folder("zelle-12-getriebegehaeuse"))


def test_work_systems_are_changed_with_the_keyboard_alone(engineer, looker, fresh):
    page = looker.open(f"/studies/{fresh('keys')}/area", engineer.token)
    page.get_by_role("button", name="Add a row").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("station 2")
    page.keyboard.press("Tab")
    page.keyboard.type("work")
    page.keyboard.press("Tab")
    page.keyboard.type("cell 1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Remove row 3"
    page.get_by_label("Periods", exact=True).fill("2026-11\n2026-12")
    page.get_by_role("button", name="Save").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    settings = read_study(engineer.folder("keys")).settings
    assert [entry.name for entry in settings.systems] == ["cell 1", "station 1", "station 2"]
    assert settings.systems[2].part_of == "cell 1"
    assert settings.periods == ("2026-11", "2026-12")
    page.get_by_role("button", name="Remove row 2").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Remove row 2"
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    assert [entry.name for entry in read_study(engineer.folder("keys")).settings.systems] == [
        "cell 1",
        "station 2",
    ]


def test_whoever_saves_second_is_told_and_loses_nothing(engineer, looker, fresh):
    study = fresh("both")
    first, second = (
        looker.open(f"/studies/{study}/area", engineer.token, expected=["409"]) for _ in range(2)
    )
    for page, title in ((first, "mine"), (second, "yours")):
        page.get_by_label("Title").fill(title)
    with first.expect_navigation():
        first.get_by_role("button", name="Save").click()
    second.get_by_role("button", name="Save").click()
    told = second.get_by_role("alert").first
    told.get_by_text("changed meanwhile").wait_for()
    assert second.get_by_label("Title").input_value() == "yours", "what was typed is still there"
    assert read_study(engineer.folder(study)).settings.title == "mine"
    looker.picture(second, "studies-conflict-en")


def test_states_are_changed_in_a_table(engineer, looker, fresh):
    study = fresh("states")
    page = looker.open(f"/studies/{study}/states", engineer.token, expected=["422"])
    page.get_by_role("button", name="Add a row").click()
    page.get_by_label(re.compile(r"^Name, row", re.I)).last.fill("polishing")
    page.get_by_label(re.compile("^Category, row", re.I)).last.select_option("periodical")
    page.get_by_label(re.compile("^Part of, row", re.I)).last.fill("nothing")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").get_by_text("parent that is not in the hierarchy").wait_for()
    page.get_by_label(re.compile("^Part of, row", re.I)).last.fill("cleaning")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    assert read_study(engineer.folder(study)).hierarchy.path("polishing") == (
        "periodical",
        "cleaning",
        "polishing",
    )


def test_portfolio_variants_modes_and_plan_are_decided(engineer, looker, fresh):
    study = fresh("decide")
    page = looker.open(f"/studies/{study}/portfolio", engineer.token)
    for row, (product, pieces) in enumerate([("gear A", "800"), ("gear B", "20")]):
        page.get_by_role("button", name="Add a row").click()
        page.get_by_label("Product, row").nth(row).fill(product)
        page.get_by_label("Pieces, row").nth(row).fill(pieces)
    with page.expect_navigation():
        page.get_by_role("button", name="Save").first.click()
    assert page.get_by_role("region", name="ABC analysis").get_by_role("row").nth(1).inner_text().split()[
        :4
    ] == ["1", "gear", "A", "A"]
    page.get_by_role("link", name="Next step").click()
    page.get_by_label("gear A").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Next step").click()
    page.get_by_label("cycle-bound").select_option(label="RTS, CV")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").first.click()
    page.get_by_role("link", name="Next step").click()
    page.get_by_label("Half-width").fill("2.5")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Make the recording plan").click()
    folder = read_study(engineer.folder(study))
    assert folder.settings.variants == ("gear A",)
    assert folder.settings.plan.half_width == 0.025
    assert folder.settings.modes["cycle-bound"] == (RecordingMode.RTS, RecordingMode.CV)
    assert [(one.system, one.variant, one.mode) for one in folder.plan][:1] == [
        ("station 1", "gear A", "RTS")
    ]
    page.goto(f"{looker.address}/studies/{study}")
    assert page.locator("ol.steps > li.done").count() == 5


def test_progress_says_when_it_is_enough(engineer, looker):
    page = looker.open("/studies/cell/time-studies", engineer.token, language="de")
    card = page.locator("li.card", has_text=STATION).first
    assert "9 von" in card.inner_text()
    assert card.get_by_role("progressbar").first.get_attribute("value") == "27"
    other = page.locator("li.card", has_text="Station 2").first
    assert "0 von 4 Stichproben" in other.inner_text()
    assert "noch nicht genug" in other.inner_text()


MES = "Maschine;Grund;Dauer;Monat\nR1;Stop;1,5;2026-01\nR1;Run;2;2026-01\nR1;Stop;bald;2026-01\n"


def choose(page, content, name="mes.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    page.get_by_label("File", exact=True).set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": data}]
    )


def test_a_foreign_file_is_seen_named_and_taken(engineer, looker, fresh):
    study = fresh("foreign")
    page = looker.open(f"/studies/{study}/import/state-log", engineer.token)
    choose(page, MES)
    page.get_by_label("Work system: Column").locator("option", has_text="Maschine").wait_for(state="attached")
    assert page.get_by_label("Name of the data").input_value() == "mes"
    for role, column in (
        ("Work system", "Maschine"),
        ("State", "Grund"),
        ("Duration", "Dauer"),
        ("Period", "Monat"),
    ):
        page.get_by_label(f"{role}: Column").select_option(column)
    page.get_by_label("Decimal sign").select_option(",")
    before = {path for path in engineer.snapshot() if "mappings" not in path.parts}
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("2 of 3 rows can be used.").wait_for()
    looker.check_access(page)
    looker.picture(page, "studies-import-preview-en")
    findings = page.get_by_role("region", name="What was found").inner_text()
    assert "mes.csv:4" in findings
    assert "row-refused" in findings
    assert "work systems: R1" in page.locator("#report-unknown").inner_text()
    assert {path for path in engineer.snapshot() if "mappings" not in path.parts} == before
    page.get_by_label("becomes in the study: Stop").select_option(label="breakdown")
    page.get_by_label("becomes in the study: Run").select_option(label="pass over")
    page.get_by_label("becomes the work system: R1").select_option("station 1")
    assert page.get_by_text("Something was changed since the preview").is_visible()
    assert page.get_by_role("button", name="Take into the study").is_disabled()
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("1 of 3 rows can be used.").wait_for()
    page.get_by_role("button", name="Take into the study").click()
    page.get_by_role("status").get_by_text("Taken over: 1 of 3 rows.").wait_for()
    [row] = read_study(engineer.folder(study)).source("mes").records.documented
    assert (row.system, row.state, row.duration_ns) == ("station 1", "breakdown", 5_400_000_000_000)
    page.get_by_role("link", name="mes", exact=True).click()
    assert page.get_by_role("region", name="What was found").is_visible()
    page.goto(f"{looker.address}/studies/{study}/import/state-log")
    choose(page, MES.replace("1,5", "2,5"))
    page.get_by_label("As the last time").select_option("mes")
    assert page.get_by_label("State: Column").input_value() == "Grund"
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("1 of 3 rows can be used.").wait_for()
    page.get_by_label("Replace data of this name").check()
    page.get_by_role("button", name="Take into the study").click()
    page.get_by_role("status").get_by_text("Taken over").wait_for()
    assert (
        read_study(engineer.folder(study)).source("mes").records.documented[0].duration_ns
        == 9_000_000_000_000
    )


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("kind", "name"),
    [("stopwatch", "x.csv"), ("labels", "x.eaf"), ("recording", "x.csv"), ("state-log", "x.xlsx"),
     ("machine-log", "x.txt"), ("attendance", "x.csv"), ("output", "x.csv")],
)  # fmt: skip
def test_each_importer_refuses_a_bad_file_and_the_study_stays(engineer, looker, kind, name, language):
    before = {path: text for path, text in engineer.snapshot().items() if "mappings" not in path.parts}
    page = looker.open(f"/studies/cell/import/{kind}", engineer.token, language=language, expected=["422"])
    label = {"en": "File", "de": "Datei"}[language]
    buffer = b"nobody, can; read\x00 this"
    page.get_by_label(label, exact=True).set_input_files([{"name": name, "mimeType": "x", "buffer": buffer}])
    page.get_by_role("button", name={"en": "Preview", "de": "Vorschau"}[language]).click()
    refused = {"en": "The file is refused as a whole", "de": "Die Datei wird als Ganzes abgewiesen"}[language]
    page.get_by_text(refused).wait_for()
    assert name in page.locator("#report-findings").inner_text()
    assert not page.locator("#take").is_visible()
    if language == "de" and kind == "stopwatch":
        looker.check_access(page)
        looker.picture(page, "studies-import-refused-de")
    after = {path: text for path, text in engineer.snapshot().items() if "mappings" not in path.parts}
    assert after == before


def test_a_file_that_is_too_large_is_told(engineer, looker, monkeypatch):
    page = looker.open("/studies/cell/import/output", engineer.token, language="de", expected=["413"])
    buffer = b"system,pieces,period\n" + b"x" * (33 * 1024 * 1024)
    page.get_by_label("Datei", exact=True).set_input_files(
        [{"name": "huge.csv", "mimeType": "x", "buffer": buffer}]
    )
    page.locator("#trouble").get_by_text("Der Inhalt ist zu groß").wait_for()


def test_records_are_written_by_hand(engineer, looker, fresh):
    study = fresh("hand")
    page = looker.open(f"/studies/{study}/by-hand/paid", engineer.token, expected=["422"])
    page.get_by_role("button", name="Add a row").click()
    page.get_by_label("Duration in h, row 1").fill("a lot")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").get_by_text("paid.csv line 2: duration_h").wait_for()
    page.get_by_label("Duration in h, row 1").fill("150.5")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    [paid] = read_study(engineer.folder(study)).records.paid
    assert (paid.system, paid.period, paid.duration_ns) == ("cell 1", "2026-01", 541_800_000_000_000)


@pytest.mark.parametrize("form", ["xlsx", "csv", "csv-de", "json", "html", "pdf"])
def test_results_are_downloaded(engineer, looker, form):
    page = looker.open("/studies/cell/results", engineer.token, language="de")
    page.get_by_label("Form", exact=True).select_option(form)
    with page.expect_download() as started:
        page.get_by_role("button", name="Herunterladen").click()
    ending = {"csv": "csv.zip", "csv-de": "de.csv.zip"}.get(form, form)
    assert started.value.suggested_filename == f"cell-results.{ending}"
    assert started.value.path().stat().st_size > 1000


def test_a_download_that_is_refused_is_told_on_the_page(engineer, looker, fresh):
    study = fresh("gone")
    engineer.put_rows("paid", {"system": "cell 1", "period": "2026-01", "duration_h": "1"}, study=study)
    page = looker.open(f"/studies/{study}/results", engineer.token, expected=["404"])
    shutil.rmtree(engineer.folder(study))
    page.get_by_role("button", name="Download").click()
    page.get_by_role("alert").get_by_text("There is nothing at this address").wait_for()


def test_two_periods_are_compared(engineer, looker):
    page = looker.open("/studies/cell/comparison", engineer.token)
    page.get_by_label("Before").select_option("2026-10")
    page.get_by_label("After").select_option("2026-11")
    page.get_by_role("button", name="Compare").click()
    row = (
        page.get_by_role("region", name="Comparison", exact=True)
        .get_by_role("row", name="Störung")
        .inner_text()
    )
    assert "4.1\u202f%" in row
    assert "yes" in row
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    assert started.value.suggested_filename == "cell-comparison.xlsx"


def course(stretch):
    rows, edge = ["station,state,category,start_ns,duration_ns,confidence,cycle,reason"], 0
    for cycle in range(1, 13):
        for state, length in (("part handling", 4 + cycle % 3), ("screwing", 6 + cycle % 2)):
            duration = round(length * stretch * 1_000_000_000)
            rows.append(f"station 1,{state},cycle-bound,{edge},{duration},0.9,{cycle},")
            edge += duration
    return "\n".join(rows) + "\n"


def test_camera_and_stopwatch_are_compared_and_bars_fixed(engineer, looker, fresh):
    study = fresh("agree")
    for name, stretch in (("hand1", 1.0), ("cam1", 1.001), ("hand2", 1.0), ("cam2", 0.999)):
        assert engineer.upload(name, course(stretch), kind="recording", study=study).status_code == 200
    page = looker.open(f"/studies/{study}/agreement", engineer.token)
    page.get_by_label("Fixed on").fill("2026-10-01")
    page.get_by_label("Kappa at least").fill("0.8")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    for number in (1, 2):
        page.get_by_label(f"Measured: hand{number}").select_option(f"cam{number}")
    page.get_by_label("First day of the data").fill("2026-11-02")
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("All bars are met.").wait_for()
    assert page.get_by_text("The bars were fixed before the data were recorded.").is_visible()
    assert "0.800" in page.get_by_role("region", name="Agreement", exact=True).inner_text()
    looker.check_access(page)
    looker.picture(page, "studies-agreement-judged-en")
    with page.expect_download() as started:
        page.get_by_label("Form", exact=True).select_option("pdf")
        page.get_by_role("button", name="Download").click()
    assert started.value.suggested_filename == "agree-agreement.pdf"


def test_a_broken_study_leads_to_its_files_and_is_mended_there(engineer, looker, fresh):
    study = fresh("broken")
    path = engineer.folder(study) / "study.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text("title: [", encoding="utf-8")
    page = looker.open("/studies", engineer.token, language="de")
    looker.check_access(page)
    page.get_by_role("link", name="Die Studie lässt sich nicht lesen").click()
    assert page.get_by_text("study.yaml:1: not YAML").is_visible()
    looker.check_access(page)
    looker.picture(page, "studies-broken-de")
    page.get_by_role("link", name="Zu den Dateien").click()
    page.get_by_label("study.yaml").fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="Speichern").first.click()
    page.get_by_role("link", name="Acht Schritte").click()
    assert page.get_by_role("heading", name="Cell 7").is_visible()


def test_a_study_is_deleted_only_after_a_question(engineer, looker, fresh):
    study = fresh("delete-me")
    page = looker.open(f"/studies/{study}/files", engineer.token)
    page.get_by_role("button", name="Delete the study").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert engineer.folder(study).exists()
    page.get_by_role("button", name="Delete the study").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    assert not engineer.folder(study).exists()


def test_hostile_names_stay_text(engineer, looker, fresh):
    study = fresh("hostile", title="<script>alert(1)</script>")
    evil = '"><img src=x onerror=alert(1)>'
    engineer.settings(study, systems=[{"name": evil, "level": "cell"}], area=evil)
    engineer.put_rows("paid", {"system": evil, "period": "2026-01", "duration_h": "9"}, study=study)
    for path in ("", "/area", "/results", "/data", "/by-hand/paid", "/import/state-log", "/comparison"):
        page = looker.open(f"/studies/{study}{path}", engineer.token)
        assert page.get_by_role("heading", name="<script>alert(1)</script>").is_visible()
        assert page.locator("main img").count() == 0
        page.context.close()


@pytest.mark.parametrize(
    "path", ["/nothing", "/cell/data/none", "/cell/by-hand/none", "/cell/import/none", "/cell/server/none"]
)
def test_what_is_not_there_is_a_page_that_says_so(engineer, path):
    answer = engineer.page(path, "de")
    assert answer.status_code == 404
    assert "Unter dieser Adresse gibt es nichts" in answer.text


@pytest.mark.parametrize("query", ["period=1999", "system=hall"])
def test_results_that_are_not_there_are_said_within_the_study(engineer, query):
    answer = engineer.page(f"/cell/results?{query}", "de")
    assert answer.status_code == 422
    assert "Das wird nicht gezeigt" in answer.text
    assert "Zelle 7" in answer.text


def test_a_server_without_data_says_what_to_do(tmp_path):
    with Plant(f"sqlite:///{tmp_path}/p.db", accounts=Viewers, secure=False) as bare:
        bare.data = tmp_path
        assert "Starten Sie ihn mit --data" in Engineer(bare).page("", "de").text

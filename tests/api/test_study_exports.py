"""Downloads: every form, of results, comparison and agreement; in memory, in both languages."""

import csv
import io
import json
import shutil
import zipfile

import openpyxl
import pytest

from tests.api.plant import Plant, is_problem
from tests.api.studies import STATION, Engineer
from tests.api.viewers import Viewers

FORMS = ("html", "pdf", "xlsx", "csv", "csv-de", "json")


@pytest.fixture(scope="module")
def plant(tmp_path_factory):
    directory = tmp_path_factory.mktemp("exports")
    address = f"sqlite:///{directory}/plant.db"
    with Plant(address, accounts=Viewers, secure=False, data=directory) as opened:
        opened.data = directory
        Engineer(opened).studied()
        yield opened


@pytest.fixture
def engineer(plant):
    plant.steady_s += 10_000
    return Engineer(plant)


def get(engineer, what, form, **query):
    answer = engineer.ask("GET", f"/cell/{what}/{form}", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["cache-control"] == "no-store"
    return answer


def rows_in(answer, name, **form):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = archive.read(name).decode(form.pop("encoding", "utf-8"))
    return list(csv.DictReader(io.StringIO(text, newline=""), **form))


def test_every_form_comes_as_what_it_says_it_is(engineer):
    before = engineer.snapshot()
    begins = {
        "html": b"<!DOCTYPE html>",
        "pdf": b"%PDF-",
        "xlsx": b"PK",
        "csv": b"PK",
        "csv-de": b"PK",
        "json": b"{",
    }
    for form in FORMS:
        answer = get(engineer, "results", form, language="de", period="2026-11", system="Zelle 7")
        assert answer.content.startswith(begins[form]), form
    assert engineer.snapshot() == before, "nothing is left on the disk"
    assert (
        get(engineer, "results", "pdf", language="de", period="2026-11", system="Zelle 7").content
        == get(engineer, "results", "pdf", language="de", period="2026-11", system="Zelle 7").content
    ), "the same results are the same bytes"


def test_a_workbook_speaks_the_language_that_was_asked_for(engineer):
    def sheets(language):
        answer = get(engineer, "results", "xlsx", language=language, system="Zelle 7")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        return [cell.value for cell in book["Zustände" if language == "de" else "States"][1]][:4]

    assert sheets("de") == ["Arbeitssystem", "Zeitraum", "Rang", "Zustand"]
    assert sheets("en") == ["Work system", "Period", "Rank", "State"]


def test_csv_is_for_programs_and_for_a_german_excel(engineer):
    found = rows_in(get(engineer, "results", "csv", system="Zelle 7", period="2026-11"), "states.csv")
    assert (found[0]["state"], found[0]["total_h"]) == ("Montieren", "51.3333333333333")
    german = rows_in(
        get(engineer, "results", "csv-de", system="Zelle 7", period="2026-11"),
        "states.de.csv",
        encoding="utf-8-sig",
        delimiter=";",
    )
    assert german[0]["Summe [h]"] == "51,3333333333333"


def test_json_is_that_of_the_command(engineer):
    found = get(engineer, "results", "json", language="de").json()
    assert found["format"] == "fairtakt study results 1"
    assert {row["system"] for row in found["summary"]} == {"Werk Nord", "Zelle 7", STATION}
    one = get(engineer, "results", "json", system=STATION, period="2026-11").json()
    assert [(row["system"], row["period"]) for row in one["summary"]] == [(STATION, "2026-11")]


def test_a_comparison_is_downloaded(engineer):
    query = {"before": "2026-10", "after": "2026-11"}
    found = {row["state"]: row for row in get(engineer, "comparison", "json", **query).json()["comparison"]}
    assert found["Montieren"]["difference"] == pytest.approx(21 * 800 / (160 * 3600))
    assert found["Suchen"]["before"] == 0
    both = get(
        engineer, "comparison", "json", before="2026-11", after="2026-11", system="Zelle 7", other=STATION
    )
    assert both.json()["comparison"]
    assert get(engineer, "comparison", "xlsx", **query).content.startswith(b"PK")


def course(stretch):
    rows, edge = ["station,state,category,start_ns,duration_ns,confidence,cycle,reason"], 0
    for cycle in range(1, 13):
        for state, length in (("Teile handhaben", 4 + cycle % 3), ("Montieren", 6 + cycle % 2)):
            duration = round(length * stretch * 1_000_000_000)
            rows.append(f"Station 2,{state},cycle-bound,{edge},{duration},0.9,{cycle},")
            edge += duration
    return "\n".join(rows) + "\n"


def test_an_agreement_is_downloaded(engineer):
    for name, stretch in (("hand", 1.0), ("camera", 1.001)):
        answer = engineer.upload(name, course(stretch), kind="recording", file=f"{name}.csv", replace="true")
        assert answer.status_code == 200
    query = {"manual": "hand", "measured": "camera", "recorded_from": "2026-11-02"}
    found = get(engineer, "agreement", "json", **query).json()
    assert {row["measure"] for row in found["agreement"]} >= {"largest share error", "concordance"}
    assert get(engineer, "agreement", "pdf", language="de", **query).content.startswith(b"%PDF-")
    assert "camera, hand" not in json.dumps(found)
    engineer.ask("DELETE", "/cell/sources/hand")
    engineer.ask("DELETE", "/cell/sources/camera")


@pytest.mark.parametrize(
    ("path", "query", "says"),
    [
        ("results/json", {"period": "1999"}, "period '1999' is not in the study"),
        ("results/json", {"system": "hall"}, "work system 'hall' has no evaluation"),
        ("results/docx", {}, "form: enum"),
        ("results/json", {"language": "fr"}, "language: literal error"),
        ("comparison/json", {"before": "2026-10"}, "after: missing"),
        ("comparison/json", {"before": "2026-10", "after": "1999"}, "period '1999'"),
        (
            "comparison/json",
            {"before": "2026-10", "after": "2026-11", "other": "hall"},
            "'hall' has no evaluation",
        ),
        ("agreement/json", {"manual": "a"}, "measured: "),
        ("agreement/json", {"manual": "a", "measured": ["b", "c"]}, "expected one for each manual session"),
        ("agreement/json", {"manual": "a", "measured": "b"}, "no data 'b'"),
        ("agreement/json", {"manual": "sheet", "measured": "sheet"}, "no state intervals to compare"),
        ("agreement/json", {"manual": "a", "measured": "b", "recorded_from": "soon"}, "recorded_from: date"),
    ],
)
def test_what_cannot_be_downloaded_is_said(engineer, path, query, says):
    detail = is_problem(engineer.ask("GET", f"/cell/{path}", params=query), 422, "invalid")
    assert says in detail
    assert str(engineer.data) not in detail


def test_a_report_of_a_whole_plant_asks_to_choose(engineer, monkeypatch):
    monkeypatch.setattr("api.studies.exporting.MOST_SECTIONS", 2)
    assert "at most 2 sections" in is_problem(engineer.ask("GET", "/cell/results/pdf"), 422, "invalid")
    assert engineer.ask("GET", "/cell/results/xlsx").status_code == 200


def test_names_that_a_spreadsheet_would_run_stay_names(engineer):
    engineer.create("evil", "=1+1")
    engineer.settings(
        "evil", systems=[{"name": "=HYPERLINK(1)", "level": "cell"}], area="=HYPERLINK(1)", periods=["@p"]
    )
    engineer.put_rows("paid", {"system": "=HYPERLINK(1)", "period": "@p", "duration_h": "1"}, study="evil")
    answer = engineer.ask("GET", "/evil/results/csv")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "'=HYPERLINK(1),'@p" in archive.read("summary.csv").decode()
    shutil.rmtree(engineer.folder("evil"))

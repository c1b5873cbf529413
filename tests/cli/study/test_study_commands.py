"""A plant's walk through `fairtakt study`, from an empty folder to a comparison, in both languages."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import application
from productivity.errors import BadInput
from storage.study.folder import read_study

REPOSITORY = Path(__file__).resolve().parents[3]

MES = """\
Maschine;Grund;Beginn;Ende
Station 1;Stoerung;05.01.2026 08:00;05.01.2026 10:30
Station 1;Stoerung;06.01.2026 08:00;06.01.2026 09:00
Station 1;Pause;06.01.2026 09:00;06.01.2026 09:15
Station 1;Stoerung;07.01.2026 09:00;07.01.2026 08:00
Station 1;Unbekannt;08.01.2026 09:00;08.01.2026 10:00
"""
MAPPING = """\
fairtakt: mapping 1
kind: state log
columns: {system: Maschine, state: Grund, start: Beginn, end: Ende}
systems: {Station 1: station 1}
states: {Stoerung: breakdown, Pause: null}
dates: day first
"""
BY_HAND = {
    "samples.csv": "system,state,mode,duration_s,session\n"
    + "".join(f"station 1,screwing,RTS,{60 + n % 3},s{n // 2}\n" for n in range(8))
    + "".join(f"station 1,part handling,RTS,{60.5 + n % 4},s{n // 2}\n" for n in range(8)),
    "output.csv": "system,period,pieces\nstation 1,2026-01,3000\nstation 1,2026-02,3300\n",
    "paid.csv": "system,period,duration_h\nstation 1,2026-01,150\nstation 1,2026-02,150\n",
    "documented.csv": "system,period,state,mode,duration_h\n"
    "station 1,2026-01,cleaning,SR,5\nstation 1,2026-02,cleaning,SR,7\nstation 1,2026-02,waiting,OMD,2\n",
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `fairtakt study ...` in an empty directory; errors come out as they are raised."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments, status=0):
        result = CliRunner().invoke(application(), ["study", *arguments], catch_exceptions=False)
        assert result.exit_code == status, result.output
        return result.stdout

    return call


@pytest.fixture
def study(run, tmp_path):
    """A study with data by hand, and an MES log beside it."""
    run("init", "cell", "--title", "Cell 1")
    for name, text in BY_HAND.items():
        (tmp_path / "cell" / "data" / "by-hand" / name).write_text(text)
    settings = tmp_path / "cell" / "study.yaml"
    settings.write_text(settings.read_text().replace('["2026-01"]', '["2026-01", "2026-02"]'))
    (tmp_path / "mes.csv").write_text(MES)
    (tmp_path / "mes.yaml").write_text(MAPPING)
    return tmp_path / "cell"


def flat(text):
    return " ".join(text.split())


def test_an_import_tells_what_became_of_each_row(run, study):
    told = flat(run("import", "cell", "mes.csv", "--mapping", "mes.yaml", status=0))
    assert "mes.csv: 5 rows read, 2 used, 1 passed over, 2 refused" in told
    assert "Stoerung 3.5 h 12600.00 s" in told
    assert "the row ends before it starts" in told
    assert "mes.csv:5" in told
    assert "'Unbekannt' is not in the mapping's states" in told
    [documented] = [
        one for one in read_study(study).source("mes").records.documented if one.period == "2026-01"
    ][:1]
    assert documented.state == "breakdown"


def test_an_import_is_told_in_german(run, study):
    told = flat(run("import", "cell", "mes.csv", "--mapping", "mes.yaml", "--language", "de"))
    assert "mes.csv: 5 Zeilen gelesen, 2 verwendet, 1 übergangen, 2 abgewiesen" in told
    assert "Die Dauer ist negativ oder läuft rückwärts: -60:00,0 min." in told
    assert "Der Zustand „Unbekannt“ fehlt in der Zuordnungsdatei." in told


@pytest.mark.parametrize(
    ("content", "complaint"),
    [("", "no header"), ("a;b\n1;2\n", "Maschine"), ("\x00\x01\x02", "mes.csv")],
    ids=["empty", "another table", "no table"],
)
def test_a_refused_file_changes_nothing(run, study, tmp_path, content, complaint):
    (tmp_path / "mes.csv").write_text(content)
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    with pytest.raises(BadInput, match=complaint):
        run("import", "cell", "mes.csv", "--mapping", "mes.yaml")
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before


def test_an_import_needs_to_know_what_the_file_holds(run, study):
    with pytest.raises(BadInput, match="--mapping FILE or --kind KIND, one of them"):
        run("import", "cell", "mes.csv")


def test_a_second_import_of_the_same_file_is_refused_unless_it_replaces(run, study):
    run("import", "cell", "mes.csv", "--mapping", "mes.yaml")
    with pytest.raises(BadInput, match="is there already"):
        run("import", "cell", "mes.csv", "--mapping", "mes.yaml")
    run("import", "cell", "mes.csv", "--mapping", "mes.yaml", "--replace")
    run("import", "cell", "mes.csv", "--mapping", "mes.yaml", "--name", "another")
    assert [source.name for source in read_study(study).sources] == ["another", "by-hand", "mes"]


def test_a_plan_holds_as_many_samples_as_the_pilot_asks_for(run, study):
    told = flat(run("plan", "cell"))
    [cycle, batch] = read_study(study).plan
    assert (cycle.system, cycle.unit, batch.unit) == ("station 1", "piece", "batch")
    assert cycle.samples >= 8
    assert cycle.sessions is not None, "the pilot names its sessions"
    assert f"station 1 CV piece {cycle.samples} 8 {cycle.sessions}" in told
    assert batch.samples == 4, "no pilot: as planned"


def test_a_portfolio_is_classed(run, study):
    (study / "portfolio.csv").write_text("product,pieces,sales\nA,800,10\nB,150,20\nC,50,70\n")
    told = flat(run("plan", "cell"))
    assert "1 A A 800" in told
    assert "2 B B 150" in told
    assert "3 C C 50" in told


def test_a_check_names_the_next_step_and_fails_on_errors(run, study):
    told = flat(run("check", "cell", "--period", "2026-01"))
    assert "Next: step 2, Analyse the product portfolio (ABC)." in told
    run("import", "cell", "mes.csv", "--mapping", "mes.yaml")
    told = flat(run("check", "cell", "--period", "2026-01", "--language", "de", status=1))
    assert "Als Nächstes: Schritt 2" in told
    assert "Fehler" in told


def test_data_of_a_period_that_the_study_does_not_name_is_told(run, study):
    settings = study / "study.yaml"
    settings.write_text(settings.read_text().replace('["2026-01", "2026-02"]', '["2026-01"]'))
    found = json.loads(run("evaluate", "cell", "--json"))["findings"]
    [stray] = [finding for finding in found if finding["code"] == "period-not-in-study"]
    assert stray["text"].startswith("4 rows are of the period '2026-02'")
    assert stray["rows"] == "by-hand/documented.csv:3-4, by-hand/output.csv:3, by-hand/paid.csv:3"


def test_an_evaluation_is_printed_in_both_languages(run, study):
    """3000 pieces x 62 s handling = 51.7 h; screwing takes 60.875 s a piece, so it comes second."""
    told = flat(run("evaluate", "cell", "--period", "2026-01", "--system", "station 1"))
    assert "Paid time 150.0 h" in told
    assert re.search(r"1 part handling cycle-bound RTS 51\.7 h 34\.4 %", told.replace("\u202f", " "))
    assert "cleaning" in told
    told = flat(run("evaluate", "cell", "--period", "2026-01", "--language", "de"))
    assert "Bezahlte Zeit 150,0 h (Summe der Teile)" in told.replace("\u202f", " ")
    assert "1 part handling zyklusgebunden RTS 51,7 h" in told.replace("\u202f", " ")


def test_json_is_one_object_with_whole_nanoseconds(run, study):
    found = json.loads(run("evaluate", "cell", "--period", "2026-01", "--all", "--json", "--language", "de"))
    assert found["format"] == "fairtakt study results 1"
    assert [row["system"] for row in found["summary"]] == ["cell 1", "station 1"]
    assert {row["category"] for row in found["states"]} == {"cycle-bound", "periodical"}, (
        "English for programs"
    )
    handling = next(row for row in found["states"] if row["state"] == "part handling")
    assert handling["total_ns"] == 3000 * 62_000_000_000
    assert handling["total_low_ns"] < handling["total_ns"] < handling["total_high_ns"]
    assert handling["unit"] == "session"
    assert found["summary"][1]["certain_ranks"] is not None


def test_two_periods_are_compared_with_limits(run, study):
    """Cleaning: 5 h of 150 h before, 7 h after; documented time is exact, so the limits are too."""
    found = json.loads(run("compare", "cell", "--before", "2026-01", "--after", "2026-02", "--json"))
    cleaning = next(row for row in found["comparison"] if row["state"] == "cleaning")
    assert cleaning["difference"] == pytest.approx(2 / 150)
    assert cleaning["difference_low"] == pytest.approx(2 / 150)
    assert cleaning["certain"] is True
    screwing = next(row for row in found["comparison"] if row["state"] == "screwing")
    assert screwing["difference_low"] < screwing["difference"] < screwing["difference_high"]
    waiting = next(row for row in found["comparison"] if row["state"] == "waiting")
    assert (waiting["before"], waiting["after"]) == (0, pytest.approx(2 / 150))


def test_two_work_systems_are_compared_over_one_period(run, study):
    """The cell is paid 160 h, its station 150 h of them: 5 h of cleaning are another portion."""
    with (study / "data" / "by-hand" / "paid.csv").open("a") as paid:
        paid.write("cell 1,2026-01,160\n")
    places = ["--system", "cell 1", "--with", "station 1", "--before", "2026-01", "--after", "2026-01"]
    found = json.loads(run("compare", "cell", *places, "--json"))["comparison"]
    cleaning = next(row for row in found if row["state"] == "cleaning")
    assert (cleaning["before"], cleaning["after"]) == (pytest.approx(5 / 160), pytest.approx(5 / 150))


def test_the_area_is_evaluated_where_it_is_named_and_the_highest_system_otherwise(run, study):
    def systems():
        return [row["system"] for row in json.loads(run("evaluate", "cell", "--json"))["summary"]]

    assert systems() == ["cell 1", "cell 1"], "one for each period"
    settings = study / "study.yaml"
    settings.write_text(settings.read_text().replace("area: cell 1", "area: station 1"))
    assert systems() == ["station 1", "station 1"]
    settings.write_text(settings.read_text().replace("area: station 1\n", ""))
    assert systems() == ["cell 1", "cell 1"]


def test_a_period_that_is_not_there_is_named(run, study):
    with pytest.raises(BadInput, match="period '2026-07' is not in the study: expected one of '2026-01'"):
        run("evaluate", "cell", "--period", "2026-07")


def test_a_system_without_paid_time_is_named(run, study):
    with pytest.raises(BadInput, match="'hall' has no evaluation"):
        run("evaluate", "cell", "--system", "hall")


def test_states_of_iso_22400_that_are_not_there_are_named(run, study):
    settings = study / "study.yaml"
    settings.write_text(settings.read_text() + "\niso_22400: {orders: [polishing]}\n")
    with pytest.raises(BadInput, match=r"study\.yaml: iso_22400: state 'polishing'"):
        run("evaluate", "cell")


def test_worker_efficiency_appears_only_where_the_study_says_of_what_it_consists(run, study):
    assert json.loads(run("evaluate", "cell", "--json"))["iso_22400"] == []
    settings = study / "study.yaml"
    settings.write_text(settings.read_text() + "\niso_22400: {orders: [screwing, part handling]}\n")
    found = json.loads(run("evaluate", "cell", "--period", "2026-01", "--json"))["iso_22400"]
    assert [row["element"][:4] for row in found] == ["APWT", "APAT", "work"]
    assert found[2]["value"] == pytest.approx(found[0]["duration_ns"] / found[1]["duration_ns"])
    assert found[1]["duration_ns"] == 150 * 3_600_000_000_000


def test_results_are_never_written_among_the_data(run, study):
    with pytest.raises(BadInput, match="results among the data"):
        run("export", "cell", "--out", "cell/data/results", "--as", "json")


def test_an_export_replaces_an_earlier_one_and_nothing_else(run, study, tmp_path):
    run("export", "cell", "--out", "out", "--as", "json", "--as", "csv", "--as", "csv-de")
    run("export", "cell", "--out", "out", "--as", "json")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "results.json",
        "results.schema.json",
    ]
    (tmp_path / "out" / "thesis.docx").write_text("mine")
    with pytest.raises(BadInput, match=r"thesis\.docx"):
        run("export", "cell", "--out", "out", "--as", "json")


def test_all_forms_are_written(run, study, tmp_path):
    for module in ("altair", "vl_convert", "jinja2", "typst", "xlsxwriter"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    run("export", "cell", "--out", "out", "--period", "2026-01", "--system", "station 1", "--language", "de")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "report.pdf", "results.xlsx", "states.csv", "states.de.csv"} <= names
    results, schema = (
        json.loads((tmp_path / "out" / name).read_text(encoding="utf-8"))
        for name in ("results.json", "results.schema.json")
    )
    jsonschema.validate(results, schema)
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert '<html lang="de">' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    german = (tmp_path / "out" / "states.de.csv").read_text(encoding="utf-8-sig")
    assert german.startswith("Arbeitssystem;Zeitraum;Rang;Zustand;Kategorie")


INTERVALS = "station,state,category,start_ns,duration_ns,confidence,cycle,reason\n"


def recording(stretch):
    """Return 12 cycles of 4 s handling and 6 s screwing, each state longer by a factor."""
    rows, edge = [], 0
    for cycle in range(1, 13):
        for state, length in (("part handling", 4 + cycle % 3), ("screwing", 6 + cycle % 2)):
            duration = round(length * stretch * 1_000_000_000)
            rows.append(f"station 1,{state},cycle-bound,{edge},{duration},0.9,{cycle},")
            edge += duration
    return INTERVALS + "\n".join(rows) + "\n"


@pytest.fixture
def sessions(run, study, tmp_path):
    """Three sessions, each by hand and by camera."""

    def make(stretches):
        for number, stretch in enumerate(stretches):
            for side, factor in (("hand", 1.0), ("camera", stretch)):
                (tmp_path / f"{side}{number}.csv").write_text(recording(factor))
                run("import", "cell", f"{side}{number}.csv", "--kind", "recording")
        names = range(len(stretches))
        return [word for n in names for word in ("--manual", f"hand{n}", "--measured", f"camera{n}")]

    return make


def test_a_camera_that_agrees_meets_every_bar(run, sessions, tmp_path):
    pairs = sessions([1.0, 1.001, 0.999])
    told = flat(run("agree", "cell", *pairs, "--recorded-from", "2026-03-01"))
    assert "All bars are met." in told
    assert "a date is missing" in told
    protocol = tmp_path / "cell" / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace("# fixed_on: 2026-01-31", "fixed_on: 2026-01-31"))
    told = flat(run("agree", "cell", *pairs, "--recorded-from", "2026-03-01", "--language", "de"))
    assert "Die Schwellen wurden vor der Aufnahme der Daten festgelegt." in told


def test_a_camera_that_is_slow_misses_a_bar(run, sessions):
    pairs = sessions([1.2, 1.21, 1.19])
    found = json.loads(run("agree", "cell", *pairs, "--json", status=1))
    verdicts = {row["measure"]: row["verdict"] for row in found["agreement"]}
    assert found["agreement"][0]["bar"] == 0.05
    assert verdicts["p of equivalent cycle times (TOST)"] == "missed"


def test_limits_of_agreement_are_judged_in_seconds(run, sessions, tmp_path):
    """A drift of 1 % misses kappa, but stays within half a second for each cycle."""
    protocol = tmp_path / "cell" / "protocol.yaml"
    pairs = sessions([1.0, 1.01, 0.99])
    protocol.write_text(
        protocol.read_text().replace("smallest_difference_s: null", "smallest_difference_s: 0.5")
    )
    found = json.loads(run("agree", "cell", *pairs, "--json", status=1))
    [judged] = [row for row in found["agreement"] if row["measure"] == "limits of agreement in s"]
    assert judged["bar"] == 0.5
    limits = {row["measure"]: row["value"] for row in found["agreement_statistics"]}
    lower, upper = (limits[f"{side} limit of agreement in s"] for side in ("lower", "upper"))
    assert judged["value"] == pytest.approx(max(-lower, upper))
    assert 0.05 < judged["value"] < 0.5
    assert judged["verdict"] == "met"


def test_sessions_come_in_pairs(run, sessions):
    sessions([1.0])
    with pytest.raises(BadInput, match="expected 2 measured sessions, as many as manual ones, found 1"):
        run("agree", "cell", "--manual", "hand0", "--manual", "hand0", "--measured", "camera0")
    with pytest.raises(BadInput, match="no data 'hand7'"):
        run("agree", "cell", "--manual", "hand7", "--measured", "camera0")


def test_an_agreement_is_written_as_files(run, sessions, tmp_path):
    for module in ("altair", "vl_convert", "jinja2"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    pairs = sessions([1.0, 1.001])
    run("agree", "cell", *pairs, "--out", "proof", "--as", "html", "--as", "csv")
    assert "All bars are met." in (tmp_path / "proof" / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "proof" / "agreement.csv").read_text().startswith("measure,value,bar,verdict\n")


def test_recordings_are_drawn_as_timelines(run, sessions, tmp_path):
    for module in ("altair", "vl_convert", "jinja2"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    sessions([1.0])
    run("export", "cell", "--out", "out", "--as", "html", "--system", "station 1", "--period", "2026-01")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count('aria-label="Timeline: station 1"') == 4, "two sources, each wide and narrow"


def test_a_plant_with_stopwatches_needs_no_extra(study):
    """Everything but charts, PDF and Excel files works on the base installation."""
    extras = ("pyarrow", "altair", "vl_convert", "jinja2", "xlsxwriter", "typst", "cv2", "av", "onnxruntime")
    code = (
        f"import sys; sys.path.insert(0, {str(REPOSITORY)!r})\n"
        f"sys.modules.update(dict.fromkeys({extras!r}))\n"
        "from cli.main import main; main()"
    )

    def fairtakt(*arguments):
        command = [sys.executable, "-c", code, "study", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    for command in (
        ["check", str(study)],
        ["evaluate", str(study)],
        ["plan", str(study)],
        ["export", str(study), "--out", "out", "--as", "csv", "--as", "json"],
    ):
        done = fairtakt(*command)
        assert done.returncode == 0, done.stderr
    for form in ("pdf", "html", "xlsx"):
        done = fairtakt("export", str(study), "--out", "other", "--as", form)
        assert done.returncode == 2
        assert "is not installed: this command needs pip install 'fairtakt[server]'" in done.stderr

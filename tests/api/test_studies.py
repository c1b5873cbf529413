"""Studies over the wire: what they decide, what they refuse, and that a refusal changes nothing."""

import shutil
import threading

import pytest

from productivity.errors import BadInput
from storage.study.folder import read_study
from storage.study.shelf import Shelf
from tests.api.plant import Plant, is_problem
from tests.api.studies import EXAMPLE, Engineer
from tests.api.viewers import Viewers


@pytest.fixture(scope="module")
def plant(tmp_path_factory):
    directory = tmp_path_factory.mktemp("studies")
    address = f"sqlite:///{directory}/plant.db"
    with Plant(address, accounts=Viewers, secure=False, data=directory) as opened:
        opened.data = directory
        yield opened


@pytest.fixture
def world(plant):
    """A plant without any study; nobody has used up a rate."""
    shutil.rmtree(plant.data / "studies", ignore_errors=True)
    plant.steady_s += 10_000
    return plant


@pytest.fixture
def engineer(world):
    return Engineer(world)


def test_a_study_is_made_listed_and_deleted(engineer):
    assert engineer.ask("GET", "").json() == {"studies": []}
    engineer.create("cell-7", "Zelle 7", "de")
    [line] = engineer.ask("GET", "").json()["studies"]
    assert (line["name"], line["title"], line["steps_done"], line["trouble"]) == ("cell-7", "Zelle 7", 2, "")
    overview = engineer.ask("GET", "/cell-7").json()
    assert [step["number"] for step in overview["steps"]] == list(range(1, 9))
    assert overview["steps"][1]["missing"] == [
        {"code": "portfolio-missing", "text": "no product portfolio was analysed"}
    ]
    assert read_study(engineer.folder("cell-7")).settings.language == "de"
    assert engineer.ask("DELETE", "/cell-7").status_code == 204
    assert engineer.ask("GET", "").json() == {"studies": []}
    is_problem(engineer.ask("GET", "/cell-7"), 404, "not-found")


def test_the_papers_case_study_can_be_opened(engineer):
    engineer.copy_example()
    results = engineer.ask("GET", "/assembly_cell/results/json").json()
    ranking = [
        (row["state"], round(row["total_ns"] / 3.6e12, 1), round(100 * row["portion"], 1))
        for row in results["states"]
    ]
    assert ranking[:9] == [
        ("manual assembly", 270.4, 24.0),
        ("screwing", 159.4, 14.1),
        ("sickness", 140.0, 12.4),
        ("vacation", 119.0, 10.6),
        ("part handling", 98.8, 8.8),
        ("final inspection", 84.2, 7.5),
        ("cell feeding", 57.6, 5.1),
        ("packaging", 35.4, 3.1),
        ("labeling", 28.8, 2.6),
    ]
    assert {path.name for path in EXAMPLE.iterdir()} == {
        path.name for path in engineer.folder("assembly_cell").iterdir()
    }


BAD_NAMES = ["..", "%2e%2e", "..%2Fx", "a%2Fb", "a%5Cb", ".hidden", "a.b", "%00", "x" * 99, "%C3%BC"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_no_address_leads_out_of_the_studies(engineer, name):
    engineer.create()
    before = engineer.snapshot()
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/files/study.yaml"), ("GET", "/results/json")):
        answer = engineer.ask(method, f"/{name}{path}")
        assert answer.status_code in {404, 405, 422}, (method, path, answer.text)
    assert engineer.snapshot() == before


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".x", "ü", "a b", "a\n", "x" * 61])
def test_a_study_has_a_plain_name(engineer, name):
    answer = engineer.ask("POST", "", json={"name": name, "title": "x", "language": "en"})
    detail = is_problem(answer, 422, "invalid")
    assert "name" in detail
    assert engineer.ask("GET", "").json() == {"studies": []}


def test_a_name_is_taken_once(engineer):
    engineer.create()
    before = engineer.snapshot()
    is_problem(engineer.ask("POST", "", json={"name": "cell", "title": "other"}), 409, "conflict")
    assert engineer.snapshot() == before


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"{", 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b'{"name": "a"}', 422, "invalid"),
        (b'{"name": "a", "title": "x", "language": "fr"}', 422, "invalid"),
        (b'{"name": "a", "title": "x", "owner": "Anna"}', 422, "invalid"),
        (b'{"name": "a", "title": "' + b"x" * 1_100_000 + b'"}', 413, "too-large"),
    ],
)
def test_bad_requests_make_no_study(engineer, body, status, name):
    answer = engineer.ask("POST", "", content=body, headers={"Content-Type": "application/json"})
    assert "Anna" not in is_problem(answer, status, name)
    assert engineer.ask("GET", "").json() == {"studies": []}
    is_problem(
        engineer.ask("POST", "", content=b"x", headers={"Content-Type": "text/plain"}), 415, "media-type"
    )


def test_decisions_are_written_into_the_readable_file(engineer):
    study = engineer.create()
    answer = engineer.settings(
        title="Cell 8",
        periods=["2026-11"],
        samples=6,
        half_width_percent=2.5,
        confidence_percent=90,
        cycle_bound=["RTS"],
        irregular=[],
        absent=["absenteeism"],
        orders=["screwing"],
    )
    assert answer.json() == {"revision": engineer.revision()}
    text = (study / "study.yaml").read_text(encoding="utf-8")
    assert "plan: {samples: 6, half_width: 0.025}" in text
    assert "# Which recording mode counts where two overlap" in text, "comments stay"
    settings = read_study(study).settings
    assert (settings.title, settings.periods, settings.confidence) == ("Cell 8", ("2026-11",), 0.9)
    assert [category.value for category in settings.modes] == ["cycle-bound", "batch-bound", "periodical"]
    assert settings.iso_22400.absent == ("absenteeism",)
    assert engineer.settings(orders=[]).status_code == 200
    assert read_study(study).settings.iso_22400 is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"area": "hall"}, "study.yaml:13: area: expected one of the systems above"),
        ({"systems": [{"name": "a", "level": "hall"}]}, "level is not known"),
        ({"systems": [{"name": "a", "level": "cell"}, {"name": "a", "level": "cell"}]}, "stands twice"),
        ({"systems": [{"name": "a", "level": "cell", "part_of": "b"}]}, "part of a system that is not there"),
        ({"orders": ["polishing"]}, "iso_22400: state 'polishing'"),
        ({"cycle_bound": ["RTS", "RTS"]}, "expected each recording mode once"),
        ({"cycle_bound": ["GUESS"]}, "cycle_bound.0: enum"),
        ({"confidence_percent": 100}, "confidence_percent: less than"),
        ({"samples": 1}, "samples: greater than equal"),
        ({"abc": "beauty"}, "abc: enum"),
        ({"speed": 1}, "the content: extra forbidden"),
        ({}, "nothing to change"),
    ],
)
def test_decisions_that_do_not_fit_change_nothing(engineer, change, says):
    engineer.create()
    before = engineer.snapshot()
    detail = is_problem(engineer.settings(**change), 422, "invalid")
    assert says in detail
    assert str(engineer.data) not in detail
    assert engineer.snapshot() == before


def test_of_two_engineers_who_edit_at_once_the_second_is_told(world, engineer):
    engineer.create()
    other = Engineer(world)
    revision = engineer.revision()
    body = {"revision": revision, "title": "mine"}
    assert engineer.ask("PATCH", "/cell/settings", json=body).status_code == 200
    detail = is_problem(
        other.ask("PATCH", "/cell/settings", json={**body, "title": "yours"}), 409, "conflict"
    )
    assert "changed meanwhile" in detail
    assert engineer.ask("GET", "/cell").json()["title"] == "mine"


def test_many_who_change_at_the_same_time_do_not_mix(world, engineer):
    """Each names the revision it read: exactly one succeeds, and what stands is what it said."""
    study = engineer.create()
    revision, outcomes, begin = engineer.revision(), {}, threading.Barrier(6)

    def change(number):
        begin.wait()
        body = {"revision": revision, "title": f"title {number}"}
        outcomes[number] = engineer.ask("PATCH", "/cell/settings", json=body).status_code

    threads = [threading.Thread(target=change, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values()) == [200, 409, 409, 409, 409, 409]
    [winner] = [number for number, status in outcomes.items() if status == 200]
    assert read_study(study).settings.title == f"title {winner}"


def test_a_study_that_somebody_else_holds_is_busy_and_unchanged(engineer, monkeypatch):
    engineer.create()
    revision, before = engineer.revision(), engineer.snapshot()
    monkeypatch.setattr("api.studies.opening.Shelf", lambda root: Shelf(root, patience_s=0.0))
    with Shelf(engineer.data / "studies").writing("cell"):
        body = {"revision": revision, "title": "x"}
        for answer in (
            engineer.ask("PATCH", "/cell/settings", json=body),
            engineer.ask("DELETE", "/cell"),
            engineer.upload(
                "mes", "system,state,duration,period\ncell 1,waiting,1,2026-01\n", kind="state log"
            ),
        ):
            assert "somebody else is changing this study" in is_problem(answer, 409, "conflict")
    assert engineer.snapshot() == before


def test_files_are_read_and_written_as_text(engineer):
    study = engineer.create()
    found = engineer.ask("GET", "/cell/files/portfolio.csv").json()
    body = {"text": "product,pieces\nA,800\nB,5\n", "revision": found["revision"]}
    answer = engineer.ask("PUT", "/cell/files/portfolio.csv", json=body)
    assert answer.json()["revision"] != found["revision"]
    assert [product.name for product in read_study(study).portfolio] == ["A", "B"]
    for name in ("..%2Fplant.db", "data", "origin.json", "Study.yaml"):
        assert engineer.ask("GET", f"/cell/files/{name}").status_code in {404, 422}
    before = engineer.snapshot()
    bad = {"text": "product,pieces\nA,lots\n", "revision": answer.json()["revision"]}
    detail = is_problem(engineer.ask("PUT", "/cell/files/portfolio.csv", json=bad), 422, "invalid")
    assert detail.startswith("portfolio.csv line 2: pieces")
    assert engineer.snapshot() == before


def test_tables_are_read_and_written_as_rows(engineer):
    study = engineer.create()
    row = {"system": "cell 1", "period": "2026-01", "duration_h": "150"}
    assert engineer.put_rows("paid", row).status_code == 200
    assert engineer.ask("GET", "/cell/tables/paid").json()["rows"] == [{**row, "source": ""}]
    [paid] = read_study(study).records.paid
    assert paid.duration_ns == 150 * 3_600_000_000_000
    states = engineer.ask("GET", "/cell/tables/states").json()
    assert states["columns"] == ["name", "category", "part_of", "value_adding"]
    assert states["rows"][0] == {
        "name": "manual assembly",
        "category": "cycle-bound",
        "part_of": "",
        "value_adding": "yes",
    }


@pytest.mark.parametrize(
    ("table", "row", "says"),
    [
        ("paid", {"system": "cell 1", "period": "x", "duration_h": "-1"}, "paid.csv line 2: duration_h"),
        ("paid", {"name": "Anna"}, "unknown column"),
        ("portfolio", {"products": "A"}, "unknown column"),
        ("plan", {"system": "a", "mode": "CV", "unit": "piece", "samples": "0"}, "plan.csv line 2"),
        ("states", {"name": "x", "category": "often"}, "state 1: category"),
        ("states", {"name": "x", "category": "periodical", "value_adding": "maybe"}, "value_adding"),
        ("not-a-table", {}, "table: enum"),
    ],
)
def test_rows_that_cannot_be_read_change_nothing(engineer, table, row, says):
    engineer.create()
    before = engineer.snapshot()
    answer = engineer.ask(
        "PUT", f"/cell/tables/{table}", json={"rows": [row], "revision": engineer.revision()}
    )
    if answer.status_code == 409:  # the revision is that of another file: take the right one
        answer = engineer.put_rows(table, row)
    assert says in is_problem(answer, 422, "invalid")
    assert engineer.snapshot() == before


def test_the_plan_is_made_from_decisions_and_samples(engineer):
    engineer.studied()
    answer = engineer.ask("POST", "/cell/plan", json={"period": "2026-11"})
    assert answer.json()["rows"] == 4
    rows = engineer.ask("GET", "/cell/tables/plan").json()["rows"]
    assert {row["samples"] for row in rows if row["unit"] == "batch"} == {"4"}
    assert int(rows[0]["samples"]) >= 27, "the pilot asks for more than was planned"
    is_problem(engineer.ask("POST", "/cell/plan", json={"period": "1999"}), 422, "invalid")
    engineer.settings(area="")
    assert "no area" in is_problem(engineer.ask("POST", "/cell/plan", json={}), 422, "invalid")


def test_bars_are_changed_one_by_one(engineer):
    study = engineer.create()
    body = {
        "revision": engineer.revision("protocol.yaml"),
        "kappa": 0.9,
        "mape_percent": None,
        "fixed_on": "2026-11-01",
    }
    assert engineer.ask("PATCH", "/cell/protocol", json=body).status_code == 200
    text = (study / "protocol.yaml").read_text()
    assert "kappa: 0.9 " in text
    assert "mape: null" in text
    assert "fixed_on: 2026-11-01" in text
    bad = {"revision": engineer.revision("protocol.yaml"), "kappa": 90}
    is_problem(engineer.ask("PATCH", "/cell/protocol", json=bad), 422, "invalid")
    assert (study / "protocol.yaml").read_text() == text


def test_a_study_that_cannot_be_read_says_so_and_can_be_mended(engineer):
    study = engineer.create()
    engineer.create("good")
    text = (study / "study.yaml").read_text()
    (study / "study.yaml").write_text("title: [")
    lines = {line["name"]: line for line in engineer.ask("GET", "").json()["studies"]}
    assert lines["good"]["trouble"] == ""
    assert lines["cell"]["trouble"].startswith("study.yaml:1: not YAML")
    assert is_problem(engineer.ask("GET", "/cell"), 422, "invalid").startswith("study.yaml:1: not YAML")
    revision = engineer.ask("GET", "/cell/files/study.yaml").json()["revision"]
    answer = engineer.ask("PUT", "/cell/files/study.yaml", json={"text": text, "revision": revision})
    assert answer.status_code == 200
    assert engineer.ask("GET", "/cell").status_code == 200


def test_a_server_without_a_directory_keeps_no_studies(tmp_path):
    with Plant(f"sqlite:///{tmp_path}/plant.db", accounts=Viewers, secure=False) as world:
        world.data = tmp_path
        engineer = Engineer(world)
        for answer in (
            engineer.ask("GET", ""),
            engineer.ask("POST", "", json={"name": "a", "title": "x"}),
            engineer.ask("GET", "/cell"),
        ):
            assert "--data" in is_problem(answer, 404, "not-found")


def test_changes_have_a_rate(engineer):
    engineer.create()
    answers = [engineer.settings(title=f"{number}") for number in range(61)]
    is_problem(answers[-1], 429, "too-many")
    assert answers[-1].headers["retry-after"]


def test_what_is_written_here_the_command_reads(engineer, monkeypatch):
    """The folder is the same one: `fairtakt study` works on it as it stands."""
    from typer.testing import CliRunner

    from cli.main import application

    study = engineer.studied()
    told = CliRunner().invoke(
        application(), ["study", "evaluate", str(study), "--json"], catch_exceptions=False
    )
    assert told.exit_code == 0
    assert '"Montieren"' in told.stdout
    sheet = study.parent / "sheet.csv"
    sheet.write_text("system,state,duration\nZelle 7,Montieren,1\n")
    again = ["study", "import", str(study), str(sheet), "--kind", "stopwatch"]
    with pytest.raises(BadInput, match="is there already"):
        CliRunner().invoke(application(), again, catch_exceptions=False)

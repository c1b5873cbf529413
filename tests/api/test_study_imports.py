"""Data for studies over the wire: good files are taken, bad ones refused clearly, changing nothing."""

import io
import json
import shutil
import zipfile

import openpyxl
import pytest

from api.services import Limits
from productivity.records import RecordingMode
from storage.importers.mapping import Kind
from storage.study.folder import read_study
from tests.api.plant import Plant, is_problem
from tests.api.studies import RAW, Engineer
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
    found = Engineer(world)
    found.create()
    return found


GOOD = {
    Kind.STATE_LOG: ("log.csv", "system,state,duration,period\ncell 1,waiting,2.5,2026-01\n"),
    Kind.ATTENDANCE: ("people.csv", "system,state,duration,count,period\ncell 1,present,8,3,2026-01\n"),
    Kind.OUTPUT: ("out.csv", "system,pieces,period\ncell 1,30,2026-01\n"),
    Kind.STOPWATCH: ("sheet.csv", "system,state,duration\nstation 1,screwing,0.1\n"),
    Kind.MACHINE_LOG: (
        "robot.txt",
        "2026-01-01T08:00:00Z|avail|AVAILABLE|execution|ACTIVE\n2026-01-01T09:00:00Z|execution|READY\n",
    ),
    Kind.LABELS: ("monday.csv", "state,start_s,end_s,cycle\nscrewing,0,2,1\nscrewing,2,5,2\n"),
    Kind.RECORDING: (
        "intervals.csv",
        "station,state,category,start_ns,duration_ns,confidence,cycle,reason\n"
        "station 1,screwing,cycle-bound,0,5000000000,0.9,1,\n",
    ),
}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_file_is_previewed_and_taken(engineer, kind):
    file, content = GOOD[kind]
    before = engineer.snapshot()
    preview = engineer.upload("data", content, method="POST", file=file, kind=kind.value).json()
    assert engineer.snapshot() == before, "a preview changes nothing"
    assert preview["used"] > 0
    answer = engineer.upload("data", content, file=file, kind=kind.value)
    assert answer.json() == preview
    source = read_study(engineer.folder()).source("data")
    assert (source.origin.file, source.origin.kind, source.origin.used) == (file, kind.value, preview["used"])
    assert engineer.ask("DELETE", "/cell/sources/data").status_code == 204
    assert engineer.snapshot() == before


HOSTILE = {
    "nothing": b"",
    "noise": bytes(range(256)) * 40,
    "another table": b"a,b\n1,2\n",
    "unclosed quote": b'system,state\n"a,b\n',
    "a deep list": b"[" * 50_000,
    "entities": b'<!DOCTYPE a [<!ENTITY x "y">]><ANNOTATION_DOCUMENT>&x;</ANNOTATION_DOCUMENT>',
    "an archive": b"PK\x03\x04" + bytes(80),
    "a NUL": b"system,state,duration,period\n\x00,waiting,1,2026-01\n",
}
ENDINGS = {Kind.MACHINE_LOG: "txt", Kind.LABELS: "eaf", Kind.RECORDING: "parquet"}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("kind", Kind)
def test_a_bad_file_is_refused_with_its_name_and_changes_nothing(engineer, kind, content):
    before = engineer.snapshot()
    file = f"bad.{ENDINGS.get(kind, 'csv')}"
    preview = engineer.upload("data", content, method="POST", file=file, kind=kind.value)
    assert preview.status_code == 200, preview.text
    report = preview.json()
    answer = engineer.upload("data", content, file=file, kind=kind.value)
    detail = is_problem(answer, 422, "invalid")
    if report["file_refused"]:
        assert "bad." in report["findings"][0]["text"]
        assert answer.json()["findings"] == report["findings"]
    else:
        assert report["used"] == 0
        assert "no row can be used" in detail
    assert str(engineer.data) not in answer.text
    assert engineer.snapshot() == before


def test_a_refused_row_is_named_with_its_rule(engineer):
    rows = ("waiting,2", "waiting,soon", "rework,-1")
    content = "system,state,duration,period\n" + "".join(f"cell 1,{row},2026-01\n" for row in rows)
    report = engineer.upload("mes", content, kind="state log", file="mes.csv").json()
    assert (report["read"], report["used"], report["refused"]) == (3, 1, 2)
    found = {one["rows"][0]: (one["severity"], one["code"]) for one in report["findings"]}
    assert found == {"mes.csv:3": ("error", "row-refused"), "mes.csv:4": ("error", "negative-duration")}
    german = engineer.upload(
        "mes", content, method="POST", kind="state log", file="mes.csv", language="de"
    ).json()
    assert "Die Dauer ist negativ oder läuft rückwärts: -60:00,0\u202fmin." in [
        one["text"] for one in german["findings"]
    ]


def test_what_the_study_does_not_know_is_told(engineer):
    content = "system,state,duration,period\nRobot,Idle,2,2031-07\ncell 1,waiting,1,2026-01\n"
    report = engineer.upload("mes", content, method="POST", kind="state log").json()
    assert report["unknown_systems"] == ["Robot"]
    assert report["unknown_states"] == ["Idle"]
    assert report["unknown_periods"] == ["2031-07"]
    assert report["totals"][0] == {"state": "Idle", "duration_ns": 7_200_000_000_000}


def test_a_mapping_says_what_a_foreign_file_means(engineer):
    content = (
        "Maschine;Grund;Beginn;Ende\n"
        "R1;Stop;05.01.2026 08:00;05.01.2026 10:30\n"
        "R1;Run;05.01.2026 10:30;05.01.2026 12:00\n"
    )
    mapping = {
        "kind": "state log",
        "columns": {"system": "Maschine", "state": "Grund", "start": "Beginn", "end": "Ende"},
        "systems": {"R1": "station 1"},
        "states": {"Stop": "breakdown", "Run": None},
        "dates": "day first",
    }
    assert engineer.ask("PUT", "/cell/mappings/robot", json=mapping).status_code == 204
    assert engineer.ask("GET", "/cell/mappings/robot").json()["states"] == {"Stop": "breakdown", "Run": None}
    assert (
        (engineer.folder() / "mappings" / "robot.yaml")
        .read_text()
        .startswith("fairtakt: mapping 1\nkind: state log\n")
    )
    report = engineer.upload("robot", content, mapping="robot").json()
    assert (report["used"], report["passed_over"], report["unknown_states"]) == (1, 1, [])
    [row] = read_study(engineer.folder()).source("robot").records.documented
    assert (row.system, row.state, row.period, row.duration_ns) == (
        "station 1",
        "breakdown",
        "2026-01",
        9_000_000_000_000,
    )
    columns = engineer.ask(
        "POST",
        "/cell/columns",
        params={"file": "r.csv"},
        content=content.encode(),
        headers={"Content-Type": RAW},
    ).json()
    assert columns == {"columns": ["Maschine", "Grund", "Beginn", "Ende"]}, "and no cell of the file"


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"kind": "gossip"}, "kind: enum"),
        ({"kind": "output", "columns": {"worker": "Name"}}, "columns.worker: expected one of system"),
        ({"kind": "output", "mode": "RTS"}, "mode: expected OMD"),
        ({"kind": "output", "time_zone": "Mars/North"}, "time_zone: expected the name of a time zone"),
        ({"kind": "output", "colour": "red"}, "the content: extra forbidden"),
        ({"kind": "output", "decimal": ";"}, "decimal: literal error"),
        ([], "the content: "),
    ],
)
def test_a_mapping_that_means_nothing_is_not_kept(engineer, mapping, says):
    before = engineer.snapshot()
    assert says in is_problem(engineer.ask("PUT", "/cell/mappings/m", json=mapping), 422, "invalid")
    for name in ("..", "%2e%2e", "a%2Fb", ".x"):
        assert engineer.ask("PUT", f"/cell/mappings/{name}", json={"kind": "output"}).status_code in {
            404,
            405,
            422,
        }
    assert engineer.snapshot() == before


def test_a_list_of_people_is_refused_and_nobody_is_told_their_names(engineer):
    content = "system,state,duration,period,Employee name\ncell 1,present,8,2026-01,Anna Example\n"
    before = engineer.snapshot()
    answer = engineer.upload("people", content, kind="attendance")
    assert "looks like people's names" in answer.json()["findings"][0]["text"]
    assert "Anna" not in answer.text
    assert engineer.snapshot() == before


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({}, "how to read the file: expected `kind` or `mapping`"),
        ({"kind": "output", "mapping": "m"}, "how to read the file"),
        ({"kind": "gossip"}, "kind: enum"),
        ({"mapping": "none"}, "mapping file"),
        ({"mapping": "../study"}, "name of a mapping"),
        ({"kind": "output", "file": "../../x.csv"}, "file: expected the name alone"),
        ({"kind": "output", "file": ".csv"}, "file: expected the name alone"),
        ({"kind": "output", "file": "a\nb.csv"}, "file: expected 1 to 200 characters"),
        ({"kind": "output", "file": ""}, "file: expected 1 to 200 characters"),
    ],
)
def test_an_upload_that_nobody_can_read_changes_nothing(engineer, query, says):
    before = engineer.snapshot()
    detail = is_problem(engineer.upload("data", GOOD[Kind.OUTPUT][1], **query), 422, "invalid")
    assert says in detail
    assert str(engineer.data) not in detail
    assert engineer.snapshot() == before


@pytest.mark.parametrize(
    "source", ["%2e%2e", "..%2F..%2Fplant", "a%5Cb", ".hidden", "a%00b", "x" * 61, "a%0Ab"]
)
def test_data_stay_within_the_study(engineer, source):
    before = engineer.snapshot()
    answer = engineer.upload(source, GOOD[Kind.OUTPUT][1], kind="output")
    assert answer.status_code in {404, 405, 422}
    assert engineer.ask("DELETE", f"/cell/sources/{source}").status_code in {404, 405, 422}
    assert engineer.snapshot() == before


def test_data_of_a_name_are_replaced_only_if_asked(engineer):
    file, content = GOOD[Kind.OUTPUT]
    assert engineer.upload("out", content, kind="output", file=file).status_code == 200
    before = engineer.snapshot()
    more = content.replace("30", "31")
    assert "is there already" in is_problem(engineer.upload("out", more, kind="output"), 422, "invalid")
    assert engineer.snapshot() == before
    assert engineer.upload("out", more, kind="output", replace="true").status_code == 200
    assert read_study(engineer.folder()).source("out").records.output[0].pieces == 31


def test_a_file_is_read_no_further_than_is_allowed(tmp_path):
    limits = Limits(study_file_bytes=1000)
    with Plant(
        f"sqlite:///{tmp_path}/p.db", accounts=Viewers, secure=False, data=tmp_path, limits=limits
    ) as world:
        world.data = tmp_path
        engineer = Engineer(world)
        engineer.create()
        before = engineer.snapshot()
        for method in ("PUT", "POST"):
            answer = engineer.upload("big", b"x" * 1001, method=method, kind="output")
            assert "at most 1000 bytes" in is_problem(answer, 413, "too-large")
        assert engineer.snapshot() == before
        is_problem(
            engineer.ask("PUT", "/cell/sources/a", params={"file": "a.csv", "kind": "output"}, json={}),
            415,
            "media-type",
        )


def test_a_workbook_that_swells_is_refused_before_it_is_read(engineer):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 1024 * 1024))
    assert len(content.getvalue()) < 400_000
    answer = engineer.upload("bomb", content.getvalue(), kind="output", file="bomb.xlsx")
    assert "unpacked" in is_problem(answer, 413, "too-large")
    assert [source.name for source in read_study(engineer.folder()).sources] == ["by-hand"]


def test_a_workbook_is_read(engineer):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (["system", "pieces", "period"], ["cell 1", 30, "2026-01"]):
        book.active.append(row)
    book.save(content)
    assert engineer.upload("out", content.getvalue(), kind="output", file="out.xlsx").json()["output"] == 1


def test_labels_of_the_reference_labelling_become_a_time_study_with_a_course(engineer):
    mapping = {"kind": "labels", "systems": {"": "station 1"}}
    engineer.ask("PUT", "/cell/mappings/monday", json=mapping)
    report = engineer.upload("monday", GOOD[Kind.LABELS][1], file="monday.csv", mapping="monday").json()
    assert (report["samples"], report["systems"]) == (2, ["station 1"])
    source = read_study(engineer.folder()).source("monday")
    assert source.records.sampled[0].mode is RecordingMode.RTS
    assert len(source.observations()[0].intervals) == 2


def test_a_machine_log_of_real_shape_is_taken_whole_or_not_at_all(engineer):
    lines = [
        f"2026-01-01T{8 + hour:02}:00:00Z|execution|{state}"
        for hour, state in enumerate(["ACTIVE", "READY", "ACTIVE"])
    ]
    answer = engineer.upload("robot", "\n".join(lines), file="robot.txt", kind="machine log")
    assert {one["state"]: one["duration_ns"] for one in answer.json()["totals"]} == {
        "ACTIVE": 3_600_000_000_000,
        "READY": 3_600_000_000_000,
    }
    assert json.loads((engineer.folder() / "data/robot/origin.json").read_text())["read"] == 3

"""Reports: how a device is, and that neither strangers nor replays change what stands there."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from api.routes.reports import EXAMPLE
from storage.sql.database import Database
from storage.sql.device_reports import keep
from storage.sql.devices import add_code, enrol
from storage.sql.records import DeviceReport, UnknownDevice
from storage.sql.tables import device_report
from tests.api.plant import NOW_MS, Device, is_problem

SIGNED = datetime.fromtimestamp(NOW_MS / 1000, UTC)


def content(**changes):
    return json.dumps({**EXAMPLE, **changes}).encode()


def send(plant, device, *, body=None, later_s=0, **signing):
    body = content() if body is None else body
    created = SIGNED + timedelta(seconds=later_s)
    headers = device.headers(body, path="/v1/reports", **{"created": created, **signing})
    return plant.ask("POST", "/v1/reports", content=body, headers=headers)


def stands(database):
    with database.reading() as connection:
        return connection.execute(select(device_report)).one_or_none()


def test_a_report_is_kept_as_it_was_sent(plant, device):
    answer = send(plant, device)
    assert (answer.status_code, answer.json()) == (200, {"device": "edge-1", "kept": True})
    row = stands(plant.database)
    assert (row.waiting, row.condition) == (3, "the server takes what is sent")
    assert (row.received_ms, row.created_s) == (NOW_MS, NOW_MS // 1000)
    assert json.loads(row.lights) == [
        {"station": "bench-1", "light": "recording", "reason": None, "state": "assembling"},
        {
            "station": "bench-2",
            "light": "not recording",
            "reason": "the works agreement is suspended",
            "state": None,
        },
    ]


@pytest.mark.parametrize(
    ("later_s", "kept", "waiting"),
    [(-1, False, 3), (0, False, 3), (1, True, 9)],
    ids=["older", "of the same second", "newer"],
)
def test_only_what_was_signed_later_takes_the_place(plant, device, later_s, kept, waiting):
    send(plant, device)
    assert send(plant, device, body=content(waiting=9), later_s=later_s).json()["kept"] is kept
    assert stands(plant.database).waiting == waiting


def test_a_replay_changes_nothing(plant, device):
    """Whoever heard an old report cannot put it in the place of a new one, or let a dead device live on."""
    send(plant, device)
    send(plant, device, body=content(waiting=0), later_s=5)
    before = stands(plant.database)
    for _ in range(2):
        assert send(plant, device).json()["kept"] is False
    assert stands(plant.database) == before


def test_each_device_has_a_report_of_its_own(plant, device):
    other = plant.enrolled("edge-2", b"e")
    send(plant, device)
    send(plant, other, body=content(device="edge-2", waiting=8), later_s=-60)
    assert plant.rows()["device_report"] == 2


def test_a_device_speaks_only_for_itself(plant, device):
    other = plant.enrolled("edge-2", b"e")
    is_problem(send(plant, other), 401, "signature")
    assert stands(plant.database) is None


@pytest.mark.parametrize(
    "signing",
    [{"path": "/v1/batches"}, {"covered_component_ids": ("@method", "@path")}, {"nonce": None}],
    ids=["signed for another path", "content not covered", "no nonce"],
)
def test_a_faulty_signature_keeps_nothing(plant, device, signing):
    body = content()
    headers = device.headers(body, **{"path": "/v1/reports", **signing})
    if "covered_component_ids" in signing:
        headers = device.headers(None, **{"path": "/v1/reports", **signing})
    is_problem(plant.ask("POST", "/v1/reports", content=body, headers=headers), 401, "signature")
    assert stands(plant.database) is None


def test_a_stranger_keeps_nothing(plant, device):
    is_problem(send(plant, Device("edge-1", b"x")), 401, "signature")
    is_problem(send(plant, Device("edge-9")), 401, "signature")
    assert stands(plant.database) is None


WRONG = {
    "unknown field": ({"SECRET": 1}, "the content: extra forbidden"),
    "a light that is none": (
        {"lights": [{"station": "b", "light": "SECRET"}]},
        "lights.0.light: literal error",
    ),
    "fewer than none wait": ({"waiting": -1}, "waiting: greater than equal"),
    "no condition": ({"condition": ""}, "condition: string too short"),
    "101 stations": ({"lights": [{"station": "b", "light": "ended"}] * 101}, "lights: too long"),
    "a worker's name": (
        {"lights": [{"station": "b", "light": "recording", "worker": "SECRET"}]},
        "lights.0: extra forbidden",
    ),
}


@pytest.mark.parametrize(("changes", "detail"), WRONG.values(), ids=WRONG)
def test_what_is_not_described_is_refused(plant, device, changes, detail):
    answer = send(plant, device, body=content(**changes))
    assert is_problem(answer, 422, "invalid") == detail
    assert "SECRET" not in answer.text
    assert stands(plant.database) is None


def test_a_device_that_reports_too_often_is_asked_to_wait_and_others_are_not(plant, device):
    other = plant.enrolled("edge-2", b"e")
    answers = [send(plant, device, later_s=number) for number in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {200}
    is_problem(answers[20], 429, "too-many")
    assert answers[20].headers["retry-after"] == "1"
    assert send(plant, other, body=content(device="edge-2")).status_code == 200
    plant.steady_s += 1
    assert send(plant, device, later_s=60).status_code == 200


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_both_databases_keep_the_newest(request, tmp_path, engine):
    address = (
        f"sqlite:///{tmp_path}/x.db" if engine == "sqlite" else request.getfixturevalue("postgresql").new()
    )
    with Database(address) as database:
        code = add_code(database, "north", "Europe/Berlin", hours=1, at_ms=NOW_MS)
        enrol(database, code, "edge-1", Device("edge-1").key, NOW_MS)
        kept = [
            keep(database, DeviceReport("edge-1", created_s, created_s, "fine", "[]"), NOW_MS)
            for created_s in (5, 5, 4, 6)
        ]
        assert kept == [True, False, False, True]
        assert stands(database).waiting == 6
        with pytest.raises(UnknownDevice):
            keep(database, DeviceReport("edge-2", 9, 9, "fine", "[]"), NOW_MS)

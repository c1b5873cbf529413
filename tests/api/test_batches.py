"""Batches: what is acknowledged, what a replay does, and everything that is refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.sql.tables import interval as interval_table
from tests.api.plant import BOOT, NOW_MS, START_MS, Device, interval, is_problem


def test_a_batch_is_acknowledged_and_stored(plant, device):
    answer = plant.send(device, 3)
    assert answer.status_code == 200
    assert answer.json() == {"device": "edge-1", "boot": BOOT, "sequence": 3, "duplicate": False}
    with plant.database.reading() as connection:
        row = connection.execute(select(interval_table)).one()
    assert (row.ordinal, row.state, row.category, row.duration_ns) == (
        3,
        "assembling",
        "cycle-bound",
        10**9 + 3,
    )
    assert (row.session, row.start_ms, row.confidence, row.cycle) == (b"\xcd" * 16, START_MS + 3000, 970, 1)


def test_a_replay_says_so_and_changes_nothing(plant, device):
    plant.send(device)
    before = plant.rows()
    again = plant.send(device)
    assert (again.status_code, again.json()["duplicate"]) == (200, True)
    assert plant.rows() == before


def test_another_batch_under_the_number_is_refused(plant, device):
    plant.send(device)
    before = plant.rows()
    other = device.batch(intervals=[interval(9)])
    is_problem(plant.send(device, body=other), 409, "other-batch")
    assert plant.rows() == before


def test_any_order_is_taken(plant, device):
    assert [plant.send(device, number).json()["duplicate"] for number in (5, 0, 5, 2)] == [
        False,
        False,
        True,
        False,
    ]


def test_a_thousand_intervals_fit(plant, device):
    body = device.batch(intervals=[interval(n, station="x" * 40, state="y" * 40) for n in range(1000)])
    assert plant.send(device, body=body).status_code == 200
    assert plant.rows()["interval"] == 1000


def test_words_of_other_languages_come_through(plant, device):
    assert (
        plant.send(device, body=device.batch(intervals=[interval(station="Prüfstand 組立 🔧")])).status_code
        == 200
    )


SIGNED = datetime.fromtimestamp(NOW_MS / 1000, UTC)
FAULTY_SIGNATURES = {
    "another label": {"label": "pyhms"},
    "no nonce": {"nonce": None},
    "another nonce": {"nonce": f"{BOOT}.1"},
    "method not covered": {"covered_component_ids": ("@path", "content-digest", "content-type")},
    "path not covered": {"covered_component_ids": ("@method", "content-digest", "content-type")},
    "media type not covered": {"covered_component_ids": ("@method", "@path", "content-digest")},
    "signed for another path": {"path": "/v1/devices"},
    "signed for another method": {"method": "PUT"},
    "signed for another media type": {
        "content_type": "text/plain",
        "headers": {"content-type": "application/json"},
    },
    "header of the signature missing": {"headers": {"signature": ""}},
    "not a structured field": {"headers": {"signature-input": "=;;("}},
    "digest of other content": {"headers": {"content-digest": "sha-256=:" + "A" * 43 + "=:"}},
}


@pytest.mark.parametrize("fault", FAULTY_SIGNATURES.values(), ids=FAULTY_SIGNATURES)
def test_a_faulty_signature_stores_nothing(plant, device, fault):
    fault = dict(fault)
    headers = fault.pop("headers", None)
    answer = plant.send(device, headers=headers, **fault)
    is_problem(answer, 401, "signature")
    assert answer.headers["www-authenticate"] == "Signature"
    assert plant.rows()["batch"] == 0


def test_an_unsigned_batch_stores_nothing(plant, device):
    headers = {"content-type": "application/json"}
    is_problem(plant.ask("POST", "/v1/batches", content=device.batch(), headers=headers), 401, "signature")


def test_content_that_was_changed_on_the_way_stores_nothing(plant, device):
    headers = device.headers(device.batch())
    changed = device.batch(intervals=[interval(1)])
    is_problem(plant.ask("POST", "/v1/batches", content=changed, headers=headers), 401, "signature")
    assert plant.rows()["batch"] == 0


def test_a_device_that_is_not_enrolled_stores_nothing(plant, device):
    is_problem(plant.send(Device("edge-2")), 401, "signature")


def test_another_key_under_the_name_stores_nothing(plant, device):
    is_problem(plant.send(Device("edge-1", b"x")), 401, "signature")


def test_a_device_speaks_only_for_itself(plant, device):
    """edge-2 signs, rightly, a batch in which edge-1 stands."""
    other = plant.enrolled("edge-2", b"e")
    is_problem(plant.send(other, body=device.batch()), 401, "signature")
    assert plant.rows()["batch"] == 0


@pytest.mark.parametrize("second", [-301, -300, 300, 301])
def test_a_clock_in_doubt_is_told_with_the_servers_time(plant, device, second):
    answer = plant.send(device, created=SIGNED + timedelta(seconds=second))
    if abs(second) <= 300:
        assert answer.status_code == 200
    else:
        is_problem(answer, 401, "clock")
        assert answer.json()["server_time"] == NOW_MS // 1000
        assert plant.rows()["batch"] == 0


def test_the_servers_clock_is_not_told_to_strangers(plant, device):
    answer = plant.send(Device("edge-1", b"x"), created=SIGNED + timedelta(days=1))
    is_problem(answer, 401, "signature")
    assert "server_time" not in answer.json()


WRONG = {
    "no interval": ({"intervals": []}, "intervals: too short"),
    "1001 intervals": ({"intervals": [interval()] * 1001}, "intervals: too long"),
    "boot too short": ({"boot": "ab"}, "boot: string pattern mismatch"),
    "sequence below 0": ({"sequence": -1}, "sequence: greater than equal"),
    "sequence beyond JSON": ({"sequence": 2**53}, "sequence: less than equal"),
    "sequence as text": ({"sequence": "0"}, "sequence: int type"),
    "unknown field": ({"SECRET": 1}, "the content: extra forbidden"),
}
WRONG_INTERVALS = {
    "unknown field": ({"SECRET": 1}, "intervals.0: extra forbidden"),
    "no duration": ({"duration_ns": 0}, "intervals.0.duration_ns: greater than"),
    "a float": ({"duration_ns": 1.5}, "intervals.0.duration_ns: int type"),
    "too long": ({"duration_ns": 2**63}, "intervals.0.duration_ns: less than equal"),
    "confidence": ({"confidence": 1001}, "intervals.0.confidence: less than equal"),
    "category": ({"category": "SECRET"}, "intervals.0.category: enum"),
    "before 1970": ({"start_ms": -1}, "intervals.0.start_ms: greater than equal"),
    "cycle": ({"cycle": 0}, "intervals.0.cycle: greater than equal"),
    "empty state": ({"state": ""}, "intervals.0.state: string too short"),
    "long state": ({"state": "SECRET" * 40}, "intervals.0.state: string too long"),
    "NUL, which PostgreSQL cannot store": (
        {"state": "SECRET\0"},
        "intervals.0.state: string pattern mismatch",
    ),
    "line feed": ({"station": "SECRET\n"}, "intervals.0.station: string pattern mismatch"),
    "session": ({"session": "SECRET"}, "intervals.0.session: string pattern mismatch"),
    "reason": ({"reason": 7}, "intervals.0.reason: string type"),
}


@pytest.mark.parametrize(("changes", "detail"), WRONG.values(), ids=WRONG)
def test_a_batch_outside_the_schema_is_refused(plant, device, changes, detail):
    answer = plant.send(device, body=device.batch(**{"intervals": [interval()], **changes}))
    assert is_problem(answer, 422, "invalid") == detail
    assert "SECRET" not in answer.text
    assert plant.rows()["batch"] == 0


@pytest.mark.parametrize(("changes", "detail"), WRONG_INTERVALS.values(), ids=WRONG_INTERVALS)
def test_an_interval_outside_the_schema_is_refused(plant, device, changes, detail):
    answer = plant.send(device, body=device.batch(intervals=[interval(**changes)]))
    assert is_problem(answer, 422, "invalid") == detail
    assert "SECRET" not in answer.text
    assert plant.rows()["batch"] == 0


@pytest.mark.parametrize("field", ["device", "boot", "sequence", "intervals"])
def test_a_missing_field_is_named(plant, device, field):
    content = json.loads(device.batch())
    del content[field]
    answer = plant.send(device, body=json.dumps(content).encode())
    assert is_problem(answer, 422, "invalid") == f"{field}: missing"


@pytest.mark.parametrize("body", [b"", b"{", b"SECRET", b"\xff\xfe", b'{"device": "\\ud800"}', b"[" * 9999])
def test_what_is_not_json_is_refused(plant, device, body):
    answer = plant.send(device, body=body)
    is_problem(answer, 400, "malformed")
    assert "SECRET" not in answer.text


@pytest.mark.parametrize("body", [b"[]", b"null", b"7"])
def test_what_is_no_object_is_refused(plant, device, body):
    assert is_problem(plant.send(device, body=body), 422, "invalid").startswith("the content")


@pytest.mark.parametrize(
    ("ends_in_ms", "duration_ms", "status"),
    [
        (300_000, 1000, 200),  # as far as a device's clock may be ahead
        (300_001, 1000, 422),
        (300_001, 1, 422),
        (300_001, 86_400_000, 422),  # begun long ago
        (250 * 365 * 86_400_000, 1000, 422),
    ],
)
def test_what_is_not_over_yet_is_refused(plant, device, ends_in_ms, duration_ms, status):
    ahead = interval(1, start_ms=NOW_MS + ends_in_ms - duration_ms, duration_ns=duration_ms * 1_000_000)
    answer = plant.send(device, body=device.batch(intervals=[interval(), ahead]))
    assert answer.status_code == status
    if status == 422:
        told = is_problem(answer, 422, "invalid")
        assert told == "intervals.1: not over yet by the server's clock"
        assert plant.rows()["interval"] == 0


def test_each_device_has_its_own_rate(plant, device):
    burst = 500
    for _ in range(burst):
        assert plant.send(device, 0).status_code == 200
    refused = plant.send(device, 1)
    is_problem(refused, 429, "too-many")
    assert refused.headers["retry-after"] == "1"
    assert plant.rows()["batch"] == 1
    assert plant.send(plant.enrolled("edge-2", b"e")).status_code == 200
    plant.steady_s += 0.021  # 50 a second
    assert plant.send(device, 1).status_code == 200
    is_problem(plant.send(device, 2), 429, "too-many")


def test_a_stranger_does_not_use_up_a_devices_rate(plant, device):
    for _ in range(501):
        assert plant.send(Device("edge-1", b"x")).status_code == 401
    assert plant.send(device).status_code == 200

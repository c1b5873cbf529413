"""Enrolment by the API."""

import pytest

from storage.sql.devices import retire
from tests.api.plant import Device, is_problem

KEY = Device("edge-1").key


def test_a_device_is_enrolled_and_can_send(plant):
    device = Device("edge-1")
    answer = plant.enrol(code=plant.code(), name="edge-1", key=device.key)
    assert (answer.status_code, answer.json()) == (201, {"device": "edge-1"})
    assert plant.send(device).status_code == 200


def test_a_used_code_is_refused(plant):
    code = plant.code()
    plant.enrol(code=code, name="edge-1", key=KEY)
    before = plant.rows()
    is_problem(plant.enrol(code=code, name="edge-2", key=KEY), 403, "enrolment-code")
    assert plant.rows() == before


def test_a_device_that_asks_again_is_taken_in_once(plant):
    """Its first answer was lost behind a proxy; the code may have run out, so there is a new one."""
    code, fresh = plant.code(), plant.code()
    asked = {"name": "edge-1", "key": KEY}
    plant.enrol(code=code, **asked)
    before = plant.rows()
    plant.moved_s += 60
    for good in (code, fresh, fresh):
        assert plant.enrol(code=good, **asked).status_code == 201
    assert plant.rows() == before
    for used in (code, fresh):
        is_problem(plant.enrol(code=used, name="edge-2", key=Device("edge-2").key), 403, "enrolment-code")


def test_another_key_and_another_site_and_a_retired_device_are_not_the_same(plant):
    code = plant.code()
    plant.enrol(code=code, name="edge-1", key=KEY)
    other = Device("edge-1", b"e").key
    is_problem(plant.enrol(code=code, name="edge-1", key=other), 403, "enrolment-code")
    is_problem(plant.enrol(code=plant.code(), name="edge-1", key=other), 409, "name-taken")
    is_problem(plant.enrol(code=plant.code(site="south"), name="edge-1", key=KEY), 409, "name-taken")
    retire(plant.database, "edge-1", plant.now_ms())
    is_problem(plant.enrol(code=code, name="edge-1", key=KEY), 403, "enrolment-code")
    is_problem(plant.enrol(code=plant.code(), name="edge-1", key=KEY), 409, "name-taken")


def test_a_wrong_code_is_refused_and_not_repeated(plant):
    answer = plant.enrol(code="SECRET", name="edge-1", key=KEY)
    is_problem(answer, 403, "enrolment-code")
    assert "SECRET" not in answer.text


def test_a_taken_name_is_told_to_who_has_a_code(plant, device):
    code = plant.code()
    is_problem(plant.enrol(code=code, name="edge-1", key=Device("edge-1", b"e").key), 409, "name-taken")
    assert plant.enrol(code=code, name="edge-2", key=KEY).status_code == 201


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"key": "SECRET"}, "key: not a verifier key"),
        ({"key": KEY[:-4] + "AAAA"}, "key: not a verifier key"),
        ({"key": 7}, "key: string type"),
        ({"name": ""}, "name: string pattern mismatch"),
        ({"name": "SECRET name"}, "name: string pattern mismatch"),
        ({"name": "edge\n"}, "name: string pattern mismatch"),
        ({"SECRET": 1}, "the content: extra forbidden"),
    ],
)
def test_an_enrolment_outside_the_schema_is_refused(plant, changes, detail):
    code = plant.code()
    answer = plant.enrol(**{"code": code, "name": "edge-1", "key": KEY, **changes})
    assert is_problem(answer, 422, "invalid") == detail
    assert "SECRET" not in answer.text
    assert plant.enrol(code=code, name="edge-1", key=KEY).status_code == 201  # the code is still good


def test_a_witness_key_is_no_devices_key(plant):
    from consent.notes import KeyType, Signer

    key = str(Signer("edge-1", KeyType.COSIGNATURE, Device("edge-1").private).verifier)
    assert "Ed25519" in is_problem(plant.enrol(code=plant.code(), name="edge-1", key=key), 422, "invalid")


def test_codes_cannot_be_tried_at_speed(plant):
    code = plant.code()
    for _ in range(20):
        is_problem(plant.enrol(code="0" * 32, name="edge-1", key=KEY), 403, "enrolment-code")
    refused = plant.enrol(code=code, name="edge-1", key=KEY)
    is_problem(refused, 429, "too-many")
    plant.steady_s += float(refused.headers["retry-after"])
    assert plant.enrol(code=code, name="edge-1", key=KEY).status_code == 201

"""What holds for the whole application: health, description, headers, logs."""

import json

import jsonschema
import pytest
from pydantic import TypeAdapter

from api import wire
from api.logs import log_as_json
from tests.api.plant import Device, is_problem


def test_it_is_alive_and_ready(plant):
    assert plant.ask("GET", "/health/live").json() == {"status": "alive"}
    assert plant.ask("GET", "/health/ready").json() == {"status": "ready"}


@pytest.fixture
def description(plant):
    answer = plant.ask("GET", "/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def test_the_description_holds_each_route(description):
    assert set(description["paths"]) >= {
        "/v1/account",
        "/v1/account/passkeys/{number}",
        "/v1/sign-in",
        "/v1/sign-in/oidc/callback",
        "/v1/sign-out",
        "/v1/devices",
        "/v1/batches",
        "/v1/reports",
        "/v1/stations/{station}/file",
        "/health/live",
        "/health/ready",
    }


def test_each_reference_of_the_description_leads_somewhere(description):
    found = []

    def walk(node):
        if isinstance(node, dict):
            if "$ref" in node:
                found.append(node["$ref"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(description)
    assert found
    for reference in found:
        assert reference.split("/")[-1] in description["components"]["schemas"], reference


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/v1/devices", wire.Enrolment),
        ("/v1/batches", wire.Batch),
        ("/v1/reports", wire.DeviceReport),
    ],
)
def test_examples_are_accepted_and_fit_the_description(description, path, model):
    content = description["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    wire.parse(model, json.dumps(content["example"]).encode())
    schema = {**content["schema"], "components": description["components"]}
    jsonschema.validate(content["example"], schema)
    assert TypeAdapter(model).json_schema()["additionalProperties"] is False


def test_the_example_of_an_enrolment_is_enrolled(plant, description):
    content = description["paths"]["/v1/devices"]["post"]["requestBody"]["content"]["application/json"]
    assert plant.enrol(**{**content["example"], "code": plant.code()}).status_code == 201


def test_every_answer_has_the_security_headers(plant, device):
    for answer in (
        plant.ask("GET", "/health/live"),
        plant.send(device),
        plant.ask("GET", "/nowhere"),
        plant.ask("POST", "/v1/batches"),
    ):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_logs_name_routes_and_nothing_of_the_request(plant, device, capsys):
    capsys.readouterr()
    plant.send(device)
    plant.ask("GET", "/SECRET-path?SECRET=1", headers={"SECRET": "SECRET"})
    plant.enrol(code="SECRET", name="edge-1", key=Device("edge-1").key)
    is_problem(plant.ask("SECRET", "/v1/batches"), 405, "method")
    lines = capsys.readouterr().out
    assert "route=/v1/batches" in lines
    assert "status=403" in lines
    assert "status=404" in lines
    assert "SECRET" not in lines
    assert "edge-1" not in lines
    assert "assembling" not in lines


def test_logs_are_lines_of_json(plant, capsys):
    import structlog

    log_as_json()
    try:
        plant.ask("GET", "/health/live")
        line = json.loads(capsys.readouterr().err)
    finally:
        structlog.reset_defaults()
    assert (line["event"], line["route"], line["status"], line["level"]) == (
        "answered",
        "/health/live",
        200,
        "info",
    )
    assert set(line) == {"event", "route", "status", "level", "method", "ms", "timestamp"}

"""Every error is documented, and what is documented happens."""

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.problems import MEDIA_TYPE, URN, Kind, Problem, problem_of
from api.services import Limits
from storage.sql.database import DatabaseBusy
from tests.api.plant import Device, Plant, interval, is_problem
from tests.api.test_reports import send as report
from tests.api.test_station_files import fetch

JSON = {"content-type": "application/json"}


class Broken:
    """A store whose database is away, or that has a fault."""

    def __init__(self, error):
        self.error = error

    def __getattr__(self, name):
        def fail(*_):
            raise self.error

        return fail


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (OperationalError("SECRET", {}, Exception("SECRET")), Kind.UNAVAILABLE),
        (PoolTimeout("SECRET"), Kind.UNAVAILABLE),
        (DatabaseBusy(), Kind.UNAVAILABLE),
        (ValueError("SECRET"), Kind.INTERNAL),
    ],
)
def test_a_database_that_gives_no_turn_in_time_is_no_fault_of_the_server(fault, kind):
    told = problem_of(fault)
    assert told.kind is kind
    assert "SECRET" not in told.detail


AWAY = OperationalError("SECRET statement", {"SECRET": 1}, Exception("SECRET"))


@pytest.fixture
def answers(tmp_path):
    """One answer for each problem of each route, by (path, method, name)."""

    def small(**services):
        return Plant(f"sqlite:///{tmp_path}/{len(list(tmp_path.iterdir()))}.db", **services)

    with (
        small() as plant,
        small(limits=Limits(batch_burst=0, enrolment_burst=0, report_burst=0)) as slow,
        small(limits=Limits(body_bytes=10)) as narrow,
        small(store=Broken(AWAY)) as away,
    ):
        device, code = plant.enrolled("edge-1"), plant.code()
        new = {"code": code, "name": "edge-2", "key": device.key}
        slow_device = Device("edge-1")
        slow.store.enrol(slow.code(), "edge-1", device.key, 1_795_240_800_000)
        plant.send(device)
        post = "/v1/devices", "post"
        yield {
            (*post, "malformed"): plant.ask("POST", "/v1/devices", content=b"{", headers=JSON),
            (*post, "enrolment-code"): plant.enrol(**{**new, "code": "0"}),
            (*post, "name-taken"): plant.enrol(
                **{**new, "name": "edge-1", "key": Device("edge-1", b"x").key}
            ),
            (*post, "too-large"): narrow.enrol(**new),
            (*post, "media-type"): plant.ask("POST", "/v1/devices", content=b"{}"),
            (*post, "invalid"): plant.enrol(code=code),
            (*post, "too-many"): slow.enrol(**new),
            (*post, "unavailable"): away.enrol(**new),
            ("/v1/batches", "post", "malformed"): plant.send(device, body=b"{"),
            ("/v1/batches", "post", "signature"): plant.send(Device("edge-1", b"x")),
            ("/v1/batches", "post", "clock"): plant.send(device, created=_long_ago()),
            ("/v1/batches", "post", "other-batch"): plant.send(
                device, body=device.batch(boot="ab" * 16, intervals=[interval(5)])
            ),
            ("/v1/batches", "post", "too-large"): narrow.send(device),
            ("/v1/batches", "post", "media-type"): plant.ask("POST", "/v1/batches", content=b"{}"),
            ("/v1/batches", "post", "invalid"): plant.send(device, body=b"{}"),
            ("/v1/batches", "post", "too-many"): slow.send(slow_device),
            ("/v1/batches", "post", "unavailable"): away.send(device),
            **_reports(plant, slow, narrow, away, device),
            **_station_files(plant, slow, away, device),
            ("/health/ready", "get", "unavailable"): away.ask("GET", "/health/ready"),
        }


def _reports(plant, slow, narrow, away, device):
    here = "/v1/reports", "post"
    return {
        (*here, "malformed"): report(plant, device, body=b"{"),
        (*here, "signature"): report(plant, Device("edge-1", b"x")),
        (*here, "clock"): report(plant, device, created=_long_ago()),
        (*here, "too-large"): report(narrow, device),
        (*here, "media-type"): plant.ask("POST", here[0], content=b"{}"),
        (*here, "invalid"): report(plant, device, body=b"{}"),
        (*here, "too-many"): report(slow, device),
        (*here, "unavailable"): report(away, device),
    }


def _station_files(plant, slow, away, device):
    here = "/v1/stations/{station}/file", "get"
    return {
        (*here, "signature"): fetch(plant, Device("edge-1", b"x")),
        (*here, "clock"): fetch(plant, device, created=_long_ago()),
        (*here, "not-found"): fetch(plant, device),
        (*here, "invalid"): fetch(plant, device, "x" * 201),
        (*here, "too-many"): fetch(slow, device),
        (*here, "unavailable"): fetch(away, device),
    }


def _long_ago():
    from datetime import UTC, datetime

    return datetime(2020, 1, 1, tzinfo=UTC)


def _documented(description):
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                for name in response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {}):
                    yield (path, method, name), int(status)


DEVICES = ("/v1/batches", "/v1/devices", "/v1/reports", "/v1/stations/{station}/file", "/health/ready")
"""What devices ask. Other routes are held to the description by `test_schemathesis.py`."""


def test_each_documented_problem_of_devices_happens_and_no_other(answers, plant):
    described = plant.ask("GET", "/openapi.json").json()
    described["paths"] = {path: described["paths"][path] for path in DEVICES}
    documented = dict(_documented(described))
    assert documented.keys() == answers.keys()
    for key, status in documented.items():
        is_problem(answers[key], status, key[2])
        assert "SECRET" not in answers[key].text


def test_nobody_finds_more_than_there_is(plant):
    is_problem(plant.ask("GET", "/SECRET"), 404, "not-found")
    is_problem(plant.ask("GET", "/docs"), 404, "not-found")
    wrong = plant.ask("GET", "/v1/batches")
    is_problem(wrong, 405, "method")
    assert wrong.headers["allow"] == "POST"


def test_a_fault_is_told_without_its_text(tmp_path, capsys):
    with Plant(f"sqlite:///{tmp_path}/x.db", store=Broken(ValueError("SECRET"))) as plant:
        answer = plant.enrol(code="c", name="edge-1", key=Device("edge-1").key)
    is_problem(answer, 500, "internal")
    assert "SECRET" not in answer.text
    assert "x-content-type-options" in answer.headers
    logged = capsys.readouterr().out
    assert "fault=ValueError" in logged
    assert "SECRET" not in logged


def test_a_database_that_is_away_asks_to_come_back(tmp_path):
    with Plant(f"sqlite:///{tmp_path}/x.db", store=Broken(AWAY)) as plant:
        assert plant.ask("GET", "/health/live").status_code == 200
        ready = plant.ask("GET", "/health/ready")
        is_problem(ready, 503, "unavailable")
        assert ready.headers["retry-after"] == "5"


def test_too_much_content_is_refused_before_all_of_it_came(plant):
    """Announced or not: reading stops at the limit."""
    sent = 0

    async def endless():
        nonlocal sent
        for _ in range(100):
            sent += 65536
            yield b" " * 65536

    limit = Limits().body_bytes
    is_problem(plant.ask("POST", "/v1/batches", content=endless(), headers=JSON), 413, "too-large")
    assert sent <= limit + 2 * 65536
    announced = {**JSON, "content-length": str(limit + 1)}
    is_problem(plant.ask("POST", "/v1/batches", content=b"", headers=announced), 413, "too-large")


@pytest.mark.parametrize("size", [-1, 0, 1])
def test_the_limit_is_exact(plant, size):
    content = b" " * (Limits().body_bytes + size)
    answer = plant.ask("POST", "/v1/devices", content=content, headers=JSON)
    is_problem(answer, *((413, "too-large") if size > 0 else (400, "malformed")))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/jsonp"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_only_plain_json_is_read(plant, headers):
    is_problem(plant.ask("POST", "/v1/batches", content=b"{}", headers=headers), 415, "media-type")


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_makes_a_problem(kind):
    response = Problem(kind, "why", headers={"Allow": "GET"}, server_time=7).response()
    assert response.status_code == kind.status
    assert response.media_type == MEDIA_TYPE
    assert kind.urn.startswith(URN)
    assert b'"server_time":7' in response.body
    assert response.headers["allow"] == "GET"


def test_no_two_kinds_share_a_urn():
    assert len({kind.urn for kind in Kind}) == len(Kind)

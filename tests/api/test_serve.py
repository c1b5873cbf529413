"""`fairtakt serve` and `fairtakt device` as programs."""

import os
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from cli.device import device as device_commands
from cli.handing_in import now_ms
from cli.serve import serve
from productivity.errors import BadInput
from storage.sql.batches import accept
from storage.sql.database import Database
from storage.sql.devices import add_code, enrol
from storage.sql.records import BatchRecord, IntervalRecord
from storage.sql.tables import interval
from tests.api.plant import Device


def test_a_server_starts_enrols_stores_and_stops(server):
    server.start()
    with Database(server.address) as database:
        code = add_code(database, "north", "Europe/Berlin", hours=1, at_ms=now_ms())  # while it runs
    device = Device("edge-1")
    enrolment = {"code": code, "name": "edge-1", "key": device.key}
    assert httpx.post(f"{server.url}/v1/devices", json=enrolment).status_code == 201
    body = device.batch()
    headers = device.headers(body, host=server.url, created=datetime.now(UTC))
    answer = httpx.post(f"{server.url}/v1/batches", content=body, headers=headers)
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert "date" in answer.headers
    server.end(signal.SIGTERM)
    with Database(server.address) as database, database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(interval)).scalar() == 1


def test_a_port_in_use_is_told_in_one_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"127.0.0.1:{port}: cannot listen"):
            serve(f"sqlite:///{tmp_path}/plant.db", host="127.0.0.1", port=port)


@pytest.fixture
def run(tmp_path):
    address = f"sqlite:///{tmp_path}/plant.db"
    return lambda *words: CliRunner().invoke(device_commands, [*words, "--database", address])


def test_a_code_is_printed_alone_on_its_line(run):
    done = run("code", "--site", "north", "--time-zone", "Europe/Berlin")
    assert done.exit_code == 0, done.output
    assert len(bytes.fromhex(done.stdout.strip())) == 16


def test_gaps_are_printed_and_are_the_exit_status(run, tmp_path):
    assert (run("gaps").exit_code, run("gaps").stdout) == (0, "")
    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        code = add_code(database, "north", "Europe/Berlin", hours=1, at_ms=now_ms())
        enrol(database, code, "edge-1", "a key", now_ms())
        accept(database, BatchRecord("edge-1", b"\xab" * 16, 2, bytes(32), _one_interval()), now_ms())
    done = run("gaps")
    assert (done.exit_code, done.stdout) == (1, f"edge-1 {'ab' * 16} 0 1\n")


def _one_interval():
    return (IntervalRecord(bytes(16), 0, "bench", "unknown", None, 0, 1, 1000, None, None),)


def test_the_address_may_come_from_the_environment(tmp_path):
    """So that a password need not stand in the list of processes."""
    environment = {**os.environ, "FAIRTAKT_DATABASE": f"sqlite:///{tmp_path}/other.db"}
    done = CliRunner(env=environment).invoke(device_commands, ["gaps"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"host": "0.0.0.0"}, "others could read what people type"),  # noqa: S104  # it must be refused
        ({"public_url": "http://plant.example"}, "--public-url: not usable"),
        ({"public_url": "https://plant.example/below"}, "--public-url: not usable"),
        ({"language": "fr"}, "--language: unknown language"),
        ({"plant": Path("site")}, "the log needs its directory and its key"),
    ],
    ids=["in the clear", "not https", "below a path", "language", "half a log"],
)
def test_what_cannot_be_served_safely_is_refused(tmp_path, options, told):
    with pytest.raises(BadInput, match=told):
        serve(f"sqlite:///{tmp_path}/plant.db", **options)

"""What tests of the server share: an application on an empty database, a device, and its signed requests."""

import signal

import pytest

pytest.importorskip("fastapi", reason="the extra server is not installed")

from tests.api.plant import Plant
from tests.api.server_process import Server
from tests.storage.sql.clusters import cluster


@pytest.fixture(scope="session")
def postgresql():
    with cluster() as running:
        yield running


@pytest.fixture
def plant(tmp_path):
    with Plant(f"sqlite:///{tmp_path}/plant.db") as opened:
        yield opened


@pytest.fixture
def device(plant):
    """An enrolled device."""
    return plant.enrolled("edge-1")


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request, tmp_path):
    sqlite = request.param == "sqlite"
    address = f"sqlite:///{tmp_path}/plant.db" if sqlite else request.getfixturevalue("postgresql").new()
    running = Server(address)
    yield running
    if running.process is not None and running.process.poll() is None:
        running.end(signal.SIGKILL)

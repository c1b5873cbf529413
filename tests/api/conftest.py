"""What tests of the server share: an application on an empty database, a device, its requests, a browser."""

import signal
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra server is not installed")

from tests.api.plant import Plant
from tests.api.server_process import Server
from tests.storage.sql.clusters import cluster

SECOND_TRIES = 2
"""Of tests in a browser alone: two programs and a page that share a busy machine. The summary names each."""


def pytest_collection_modifyitems(items):
    """Try tests in a browser again if they fail."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=SECOND_TRIES))


CHROMIUMS = tuple(Path("/usr/bin", name) for name in ("chromium-headless-shell", "chromium"))
"""Debian's, the same engine; the first has no windows to draw and takes a third of the time."""


@pytest.fixture(scope="session")
def chromium():
    """Where Debian's Chromium lies."""
    for path in CHROMIUMS:
        if path.exists():
            return str(path)
    pytest.skip("Debian's chromium is not installed")


@pytest.fixture(scope="module")
def browser(chromium):
    """Debian's Chromium, for one module: meanwhile its thread can have no other event loop."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


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

"""What tests of the outbox share: entries, an outbox, and a plant server on this machine."""

import importlib.util
from pathlib import Path

import pytest

from capture.outbox.entry import Entry
from capture.outbox.outbox import Outbox
from productivity.states import StateCategory


def entry(ordinal=0, *, session="a" * 32, station="press", state="assemble", seconds=2.5, **changes):
    """An entry; the next ordinal begins ten seconds later."""
    fields = {
        "category": StateCategory.CYCLE_BOUND,
        "start_ms": 1_700_000_000_000 + 10_000 * ordinal,
        "duration_ns": round(seconds * 10**9),
        "confidence": 900,
    }
    return Entry(session=session, ordinal=ordinal, station=station, state=state, **{**fields, **changes})


@pytest.fixture(name="entry")
def entry_fixture():
    return entry


@pytest.fixture
def outbox(tmp_path):
    (tmp_path / "state").mkdir()
    with Outbox(tmp_path / "state" / "outbox.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def faithful():
    """The module of the plant server that tests send to."""
    file = Path(__file__).with_name("faithful_server.py")
    spec = importlib.util.spec_from_file_location("faithful_server", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def server(tmp_path, faithful):
    """A faithful server without trouble."""
    with faithful.Server(faithful.Plant(tmp_path / "plant.db")) as running:
        yield running
        running.plant.db.close()

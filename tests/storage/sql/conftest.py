"""What tests of the tables share: an empty database of each kind, and batches."""

import pytest

pytest.importorskip("alembic", reason="the extra server is not installed")

from storage.sql.batches import accept
from storage.sql.database import Database
from storage.sql.devices import add_code, enrol
from storage.sql.records import BatchRecord, IntervalRecord
from tests.storage.sql.clusters import cluster


@pytest.fixture(scope="session")
def postgresql():
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/plant.db"
    return request.getfixturevalue("postgresql").new()


@pytest.fixture
def database(address):
    with Database(address) as opened:
        yield opened


@pytest.fixture
def plant(database):
    """A database with the device edge-1 at the site north."""
    code = add_code(database, "north", "Europe/Berlin", hours=1, at_ms=0)
    enrol(database, code, "edge-1", "a key", 1)
    return database


@pytest.fixture
def make_batch():
    def make(sequence=0, *, device="edge-1", boot=bytes(16), digest=None, stations=("bench",), size=3):
        intervals = tuple(
            IntervalRecord(
                session=bytes(15) + b"s",
                ordinal=sequence * size + n,
                station=stations[n % len(stations)],
                state="assembling",
                category=None,
                start_ms=1000 * n,
                duration_ns=n + 1,
                confidence=900,
                cycle=None,
                reason=None,
            )
            for n in range(size)
        )
        return BatchRecord(device, boot, sequence, digest or sequence.to_bytes(32), intervals)

    return make


@pytest.fixture
def deliver(plant, make_batch):
    return lambda *numbers: [accept(plant, make_batch(number), 5) for number in numbers]

"""A plant on each kind of database, with a directory for sealed data."""

import pytest

pytest.importorskip("alembic", reason="the extra server is not installed")
pytest.importorskip("pyarrow", reason="the extra server is not installed")

from storage.sql.database import Database
from storage.sql.devices import add_code, enrol
from tests.storage.sql.clusters import cluster
from tests.storage.sql.plants import Deliveries


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
def plant(address):
    """A database with the device edge-1 at the site north, in Berlin."""
    with Database(address) as database:
        code = add_code(database, "north", "Europe/Berlin", hours=1, at_ms=0)
        enrol(database, code, "edge-1", "a key", 1)
        yield database


@pytest.fixture
def device(plant):
    return Deliveries(plant)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "data" / "sealed"

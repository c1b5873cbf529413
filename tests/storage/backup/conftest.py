"""What tests of backups share: a filled plant on each kind of database, and empty targets of both kinds."""

import pytest

pytest.importorskip("alembic", reason="the extra server is not installed")

from storage.backup.take import take_backup
from storage.sql.database import Database
from tests.storage.backup import world
from tests.storage.sql.clusters import cluster


@pytest.fixture(scope="session")
def postgresql():
    with cluster() as running:
        yield running


@pytest.fixture
def new_address(request, tmp_path):
    """Give the address of a new, empty database of a kind."""

    def new(kind, name="target"):
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{name}.db"
        return request.getfixturevalue("postgresql").new()

    return new


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request):
    return request.param


@pytest.fixture
def data(tmp_path):
    directory = tmp_path / "data"
    directory.mkdir()
    return directory


@pytest.fixture
def source(kind, new_address, data):
    """A filled plant."""
    with Database(new_address(kind, "source")) as database:
        world.fill(database, data)
        yield database


@pytest.fixture
def file(source, data, tmp_path):
    """A backup of it."""
    take_backup(source, data, tmp_path / "plant.backup", world.TAKEN_MS)
    return tmp_path / "plant.backup"

"""`fairtakt backup` and `fairtakt restore` as people use them."""

import hashlib
import re

import pytest

pytest.importorskip("alembic", reason="the extra server is not installed")

from typer.testing import CliRunner

from cli.main import application
from storage.sql.batches import accept
from storage.sql.database import Database
from tests.storage.backup import world


@pytest.fixture
def run():
    def run(*words, status=0):
        done = CliRunner().invoke(application(), [str(word) for word in words])
        assert done.exit_code == status, done.output + repr(done.exception)
        return done.stdout

    return run


def test_a_plant_moves_to_another_machine(run, tmp_path):
    """Backed up while it runs, restored elsewhere; what was lost in between is told, then and later."""
    old, new = f"sqlite:///{tmp_path}/old.db", f"sqlite:///{tmp_path}/new.db"
    with Database(old) as server:
        world.enrolled(server, "edge-1", "edge-2")
        accept(server, world.batch(0), 5)
        said = run("backup", tmp_path / "plant.backup", "--database", old)
    digest = re.search(r"sha256 ([0-9a-f]{64})", said)[1]
    assert digest == hashlib.sha256((tmp_path / "plant.backup").read_bytes()).hexdigest()
    assert "keys, the server's secret, passwords" in said
    said = run(
        "restore",
        tmp_path / "plant.backup",
        "--database",
        new,
        "--data",
        tmp_path / "data",
        "--sha256",
        digest,
    )
    assert "2 devices may send" in said
    assert "nobody can sign in" in said
    assert re.search(r"lost: .* from \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ to ", said)
    missing = run("device", "gaps", "--database", new, status=1)
    assert missing == f"edge-1 {'00' * 16} 1 ?\n"


def test_refusals_are_one_line_and_change_nothing(run, tmp_path):
    """Of a database that is not there, no file is made either."""
    done = CliRunner().invoke(
        application(), ["backup", str(tmp_path / "b"), "--database", f"sqlite:///{tmp_path}/nosuch.db"]
    )
    assert "no such database" in str(done.exception)
    assert list(tmp_path.iterdir()) == []
    done = CliRunner().invoke(
        application(),
        ["restore", str(tmp_path / "b"), "--database", "sqlite:///x", "--data", str(tmp_path / "d")],
    )
    assert "no such file: expected a backup" in str(done.exception)
    assert list(tmp_path.iterdir()) == []

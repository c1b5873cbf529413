"""`fairtakt plant`: seal, retain, deletions."""

import re

import pytest
from typer.testing import CliRunner

pytest.importorskip("alembic", reason="the extra server is not installed")
pytest.importorskip("pyarrow", reason="the extra server is not installed")

from cli import plant as command
from cli.main import application
from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.devices import add_code, enrol
from tests.storage.sql.plants import DAY, MONDAY, Deliveries, interval_record


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A plant with a row on each of three days; the clock stands still five days after the first."""
    monkeypatch.setattr(command, "now_ms", lambda: MONDAY + 5 * DAY)
    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        code = add_code(database, "north", "Europe/Berlin", hours=1, at_ms=0)
        enrol(database, code, "edge-1", "a key", 1)
        device = Deliveries(database)
        for day in range(3):
            device.send(interval_record(MONDAY + day * DAY))
    return tmp_path


@pytest.fixture
def run(place):
    """Run a command; return its lines."""

    def call(*words, data=True):
        options = ["--database", f"sqlite:///{place}/plant.db"]
        if data:
            options += ["--data", str(place / "data")]
        done = CliRunner().invoke(application("plant"), ["plant", *words, *options])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output.splitlines()

    return call


def test_seal_tells_each_file_once(run, place):
    first, second = run("seal")
    path = r"site=north/month=2026-11/[0-9a-f]{32}\.parquet"
    assert re.fullmatch(rf"sealed 1 of north, 2026-11-22T23:00:00Z to 2026-11-23T23:00:00Z: {path}", first)
    assert second.startswith("sealed 1 of north, 2026-11-23T23:00:00Z to 2026-11-24T23:00:00Z: ")
    assert run("seal") == []
    assert len(run("seal", "--grace-hours", "0")) == 1
    assert len(list((place / "data" / "sealed").rglob("*.parquet"))) == 3


def test_seal_tells_files_that_no_seal_names(run, place):
    run("seal")
    strange = place / "data" / "sealed" / "site=north" / "month=2026-11" / f"{'ab' * 16}.parquet"
    strange.write_bytes(b"")
    assert run("seal") == [f"no seal names {strange}: nothing counts it"]


def test_retain_deletes_and_deletions_tells_it(run):
    days = ["--site", "north", "--intervals-days", "4", "--aggregates-days", "365"]
    assert run("retain", *days, "--only-count")[0] == "1 intervals"
    assert run("deletions", data=False) == []
    *_, deleted = run("retain", *days)
    assert deleted == "2026-11-27T23:00:00Z north: deleted 1 intervals of before 2026-11-23T23:00:00Z"
    assert run("deletions", data=False) == [deleted]
    assert run("deletions", "--site", "north", data=False) == [deleted]
    assert run("retain", *days, "--only-count")[0] == "0 intervals"


def test_an_unknown_site_is_one_line(run):
    with pytest.raises(BadInput, match="no such site: found 'south'"):
        run("seal", "--site", "south")
    with pytest.raises(BadInput, match="no such site"):
        run("retain", "--site", "south", "--intervals-days", "4", "--aggregates-days", "365")


def test_deleted_rows_in_the_log_are_told_while_somebody_reads(run, place):
    days = ["--site", "north", "--intervals-days", "4", "--aggregates-days", "365"]
    with (
        Database(f"sqlite:///{place}/plant.db") as database,
        database.snapshot() as connection,
    ):
        connection.exec_driver_sql("SELECT count(*) FROM interval")
        with pytest.raises(BadInput, match="write-ahead log still holds deleted rows"):
            run("retain", *days)
    assert len(run("deletions", data=False)) == 1
    assert run("retain", *days) == []

"""`fairtakt device erase`, with the line that `fairtakt edge status` prints."""

import pytest
from typer.testing import CliRunner

pytest.importorskip("alembic", reason="the extra server is not installed")

from capture.outbox.enrolment import FILE, OUTBOX, Enrolment
from capture.outbox.entry import Entry
from capture.outbox.outbox import Outbox
from capture.outbox.purge import Purge
from cli.main import application
from productivity.errors import BadInput
from storage.sql.batches import accept
from storage.sql.database import Database
from storage.sql.devices import add_code, enrol
from storage.sql.records import BatchRecord, IntervalRecord


@pytest.fixture
def address(tmp_path):
    """A plant with the device edge-1."""
    found = f"sqlite:///{tmp_path}/plant.db"
    with Database(found) as database:
        enrol(database, add_code(database, "north", "Europe/Berlin", hours=1, at_ms=0), "edge-1", "a key", 1)
    return found


def run(*words):
    done = CliRunner().invoke(application(words[0]), [*map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def take_back_too_late(state, address):
    """Let an interval reach the server, and be purged on the device before the acknowledgement came."""
    entry = Entry("a" * 32, 0, "press", "assemble", None, 1_700_000_000_000, 10**9, 900)
    with Outbox(state / OUTBOX) as outbox:
        outbox.put([entry])
        sent = outbox.next_batch("edge-1")
        came = IntervalRecord(bytes(16), 0, "press", "assemble", None, entry.start_ms, 10**9, 900, None, None)
        with Database(address) as database:
            record = BatchRecord("edge-1", bytes.fromhex(sent.boot), sent.sequence, sent.digest, (came,))
            accept(database, record, 5)
        outbox.purge(Purge("suspended", session="a" * 32))
        outbox.settle(outbox.next_batch("edge-1"))


def test_what_the_device_names_is_erased_at_the_server(tmp_path, address):
    enrolment = Enrolment(url="https://plant.example", device="edge-1", key=tmp_path / "edge-1.key")
    (tmp_path / FILE).write_text(enrolment.model_dump_json())
    take_back_too_late(tmp_path, address)
    (line,) = [line for line in run("edge", "status", "--state", tmp_path) if line.startswith("fairtakt")]
    command = line.split()[1:]
    assert run(*command, "--database", address) == ["1 intervals are erased"]
    assert run(*command, "--database", address) == ["the intervals were erased before"]
    (note,) = run("plant", "deletions", "--database", address)
    assert "north: deleted 1 intervals of a batch taken back" in note
    for file in tmp_path.glob("plant.db*"):
        assert b"assemble" not in file.read_bytes()


@pytest.mark.parametrize("boot", ["", "A" * 32, "ab", "g" * 32])
def test_a_boot_that_is_none_is_refused(address, boot):
    with pytest.raises(BadInput, match="BOOT: expected 32 hexadecimal digits"):
        run("device", "erase", "edge-1", boot, 0, "--database", address)

"""`fairtakt record --server` with a real plant server: what was recorded is there, once, whatever happens."""

import csv
import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from typer.testing import CliRunner

from capture.outbox.batch import read_body
from capture.outbox.enrolment import FILE, OUTBOX, Enrolment
from capture.outbox.outbox import Outbox
from capture.station.file import read_station
from cli.edge import edge
from cli.main import application
from consent.entries.bodies import RecordingStarted, RecordingStopped
from consent.entries.vocabulary import Reason
from consent.keys import Role, create_key
from productivity.errors import BadInput
from tests.cli.agreed_site import PASSPHRASE, AgreedSite
from tests.cli.test_record import ROOT, SAMPLES, fairtakt

pytest.importorskip("fastapi", reason="the extra server is not installed")

from storage.sql.database import Database
from storage.sql.devices import add_code
from tests.api.server_process import Server

STATION = SAMPLES / "stations" / "assembly_bench.yaml"
VIDEO = SAMPLES / "assembly_bench.mp4"
RECORD = ("record", "--station", STATION, "--source", VIDEO)


class Line:
    """A plant server in a process of its own, and a device that is enrolled there with `key`."""

    def __init__(self, root):
        self.root = root
        self.key = create_key(root, "edge-1", Role.DEVICE, PASSPHRASE, log2_cost=1).private
        self.recorders = []
        self.server = Server(f"sqlite:///{root}/plant.db")
        self.state = root / "state"
        (root / "pass").write_text(f"{PASSPHRASE}\n")

    def enrol(self):
        with Database(self.server.address) as database:
            now_ms = time.time_ns() // 1_000_000
            code = add_code(database, "north", "Europe/Berlin", hours=1, at_ms=now_ms)
        words = ("enroll", self.server.url, "--code", code, "--key", self.key, "--name", "edge-1")
        words = (*words, "--state", self.state)
        done = CliRunner().invoke(edge, [*map(str, words)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return self

    def options(self):
        return ("--server", self.state, "--server-passphrase-file", self.root / "pass")

    def rows(self, columns):
        """What the server holds, as it was recorded."""
        with closing(sqlite3.connect(self.root / "plant.db")) as database:
            return database.execute(
                f"SELECT {columns} FROM interval JOIN station ON station.id = station_id"  # noqa: S608
                " ORDER BY session, ordinal"
            ).fetchall()

    def report(self):
        with closing(sqlite3.connect(self.root / "plant.db")) as database:
            waiting, lights = database.execute("SELECT waiting, lights FROM device_report").fetchone()
        return waiting, json.loads(lights)

    def waiting(self):
        """What is in the outbox: (session, ordinal), read beside whoever writes it, and without writing."""
        file = self.state / OUTBOX
        if not file.exists():
            return set()
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
            if not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return set()  # about to be made
            bodies = [body for (body,) in database.execute("SELECT body FROM batch")]
            rows = [json.loads(body) for (body,) in database.execute("SELECT body FROM entry")]
        numbered = {(one.session, one.ordinal) for body in bodies for one in read_body(body)[1]}
        return numbered | {(one["session"], one["ordinal"]) for one in rows}

    def arrived(self):
        """What is at the server: (session, ordinal)."""
        return [(session.hex(), ordinal) for session, ordinal in self.rows("session, ordinal")]

    def started(self, *options):
        """Start a recording in a process of its own."""
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from cli.main import main; main()"
        words = (*RECORD, "--without-agreement", *self.options(), *options)
        command = [sys.executable, "-c", code, *map(str, words)]
        pipe = subprocess.PIPE
        self.recorders.append(subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True))
        return self.recorders[-1]

    def close(self):
        for recorder in self.recorders:
            recorder.kill()
            recorder.communicate()
        if self.server.process is not None and self.server.process.poll() is None:
            self.server.end(signal.SIGTERM)


@pytest.fixture
def line(tmp_path):
    made = Line(tmp_path)
    yield made
    made.close()


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site").mkdir()
    agreed = AgreedSite(tmp_path / "site", read_station(STATION))
    yield agreed.agree()
    agreed.close()


def test_under_an_agreement_the_server_has_what_the_files_have_to_the_nanosecond(site, line, weights):
    """One key records and sends; sessions are those of the log, starts as coarse as the agreement says."""
    line.key = site.device_key
    line.server.start()
    line.enrol()
    out = line.root / "out"
    began_ms = time.time_ns() // 1_000_000
    done = fairtakt(*RECORD, "--for", 12, "--out", out, "--server", line.state, *site.options())
    assert done.returncode == 0, done.stderr
    with (out / "intervals.csv").open(encoding="utf-8") as file:
        recorded = list(csv.DictReader(file))
    assert len({one["state"] for one in recorded}) > 2
    arrived = line.rows("station.name, state, coalesce(category, ''), duration_ns, coalesce(reason, '')")
    names = ("station", "state", "category", "duration_ns", "reason")
    assert [tuple(map(str, row)) for row in arrived] == [
        tuple(one[name] for name in names) for one in recorded
    ]
    assert sum(row[3] for row in arrived) == 12 * 10**9
    site.settle()
    (start,), (stop,) = site.bodies(RecordingStarted), site.bodies(RecordingStopped)
    assert {row[0] for row in line.rows("session")} == {bytes.fromhex(start.session)}
    assert stop.reason == Reason.OPERATOR
    resolution_ms = site.agreement.time_resolution_s * 1000
    assert {row[0] % resolution_ms for row in line.rows("start_ms")} == {0}
    assert began_ms - resolution_ms < min(row[0] for row in line.rows("start_ms"))
    assert line.report() == (
        0,
        [{"station": "assembly_bench", "light": "ended", "reason": None, "state": None}],
    )
    assert f"{len(recorded)} intervals are at the plant server" in done.stderr


def wait_until(holds, process):
    until = time.monotonic() + 240  # for machines that do much else
    while not holds():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.02)


def test_killed_while_the_server_is_away_nothing_that_was_put_is_lost_or_doubled(line, weights):
    """The recorder dies twice: once with the server away, once with it there; then all is sent."""
    line.server.start()
    line.enrol()
    line.server.kill()
    known = set()
    for start_server in (lambda: None, line.server.start):
        start_server()
        recorder = line.started()
        # The outbox first: what leaves it in between is at the server.
        wait_until(lambda: len((line.waiting() | set(line.arrived())) - known) >= 3, recorder)  # noqa: B023
        recorder.send_signal(signal.SIGKILL)
        recorder.communicate()
        known |= line.waiting() | set(line.arrived())
    last = fairtakt(*RECORD, "--without-agreement", "--for", 2, *line.options())
    assert last.returncode == 0, last.stderr
    assert line.waiting() == set()
    arrived = line.arrived()
    assert len(arrived) == len(set(arrived)), "nothing twice"
    assert known <= set(arrived), "nothing lost"
    for session in {session for session, _ in arrived}:
        ordinals = [ordinal for one, ordinal in arrived if one == session]
        assert ordinals == list(range(len(ordinals)))
    gaps = fairtakt("device", "gaps", "--database", line.server.address)
    assert (gaps.returncode, gaps.stdout) == (0, "")


def offline(line):
    """Let the device be enrolled at a server that is not there."""
    line.state.mkdir()
    enrolment = Enrolment(url=line.server.url, device="edge-1", key=line.key)
    (line.state / FILE).write_text(enrolment.model_dump_json())
    return line


def test_a_server_that_is_away_stops_no_recording_and_what_waits_is_told(line, weights):
    offline(line)
    recorder = line.started()
    wait_until(line.waiting, recorder)
    recorder.send_signal(signal.SIGINT)
    said, told = recorder.communicate(timeout=240)
    assert recorder.returncode == 0, told
    assert said == "", "no table of states in a journal: whoever wants results says --out"
    waiting = len(line.waiting())
    assert f"{waiting} intervals wait in {line.state}: the server does not answer" in told
    assert f"fairtakt edge send --state {line.state}" in told
    assert "Recorded and sent without a works agreement" in told
    assert "Traceback" not in told


def record(line, *options):
    """Call the command in this process."""
    words = map(str, (*RECORD, "--without-agreement", *options))
    return CliRunner().invoke(application("record"), [*words], catch_exceptions=False)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "nothing to do with the results: expected --out, --server or both"),
        (("--server", "nowhere"), "nowhere: not enrolled: expected fairtakt edge enroll before"),
        (("--server", "state", "--passphrase-file", "wrong"), "key cannot be opened"),
        (("--server", "state", "--server-passphrase-file", "none"), "none: no such file"),
    ],
    ids=["nowhere to put them", "not enrolled", "wrong passphrase", "no passphrase"],
)
def test_what_cannot_be_is_one_error_before_anything_is_recorded(line, options, words):
    offline(line)
    (line.root / "wrong").write_text("not the passphrase\n")
    with pytest.raises(BadInput, match=words):
        record(line, *(one if one.startswith("-") else line.root / one for one in options))
    assert not (line.state / OUTBOX).exists()


def test_an_outbox_that_another_process_has_is_refused(line):
    offline(line)
    with Outbox(line.state / OUTBOX), pytest.raises(BadInput, match="in use by another process"):
        record(line, *line.options())


def test_a_buffer_has_a_size(line):
    done = record(line, *line.options(), "--buffer-mib", 3)
    assert done.exit_code == 2
    assert "buffer-mib" in done.output

"""`fairtakt record` under a works agreement: what is agreed is recorded, and nothing else."""

import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from capture.recorder import record
from capture.sources.file import FileSource
from capture.station.file import read_station
from cli.permission import Site, permission
from consent.agreement.lifecycle import State
from consent.entries.bodies import AgreementResumed, AgreementSuspended, RecordingStarted, RecordingStopped
from consent.entries.limits import STOP_WITHIN_MS
from consent.entries.vocabulary import Reason
from consent.site.plant import Plant
from productivity.states import NOBODY_PRESENT, NOT_RECORDED
from tests.cli.agreed_site import AgreedSite, now_ms
from tests.cli.test_record import fairtakt

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
STATION = SAMPLES / "stations" / "empty_bench.yaml"
VIDEO = SAMPLES / "empty_bench.mp4"


@pytest.fixture
def site(tmp_path):
    site = AgreedSite(tmp_path, read_station(STATION))
    yield site
    site.close()


class NobodyThere:
    """A pose engine that finds nobody, and keeps when it was asked."""

    name = "nobody"

    def __init__(self):
        self.looked_ms = []

    def regions(self, picture):
        self.looked_ms.append(now_ms())
        return []

    def close(self):
        """Hold nothing."""


class Paced:
    """A video that is delivered at the speed of life, times `speed`."""

    def __init__(self, source, speed):
        self._source, self._speed = source, speed

    def frames(self):
        began = time.monotonic()
        for item in self._source.frames():
            time.sleep(max(0.0, began + item.time / 1e9 / self._speed - time.monotonic()))
            yield item


def run(site, engine, *, speed=4, acts=()):
    """Record the sample; `acts` are (seconds after the first look, function). Return recording and spans."""

    def play():
        while not engine.looked_ms:
            time.sleep(0.01)
        began = time.monotonic()
        for after_s, act in acts:
            time.sleep(max(0.0, began + after_s - time.monotonic()))
            act()

    station, told = read_station(STATION), []
    player = threading.Thread(target=play, daemon=True)
    player.start()
    keys = Site(site.plant.root, site.log_key, site.device_key, site.passphrase)
    with FileSource(VIDEO, camera="camera") as source, permission(keys, [STATION], [station]) as gate:
        count = gate.recorded

        def recorded(name, at, duration):
            told.append((now_ms(), duration))
            count(name, at, duration)

        gate.recorded = recorded
        (kept,) = record(Paced(source, speed), [station], engine, gate, on_interval=gate.seen)
        gate.close(Reason.END_OF_SOURCE)
    player.join(timeout=10)
    site.settle()
    return kept, told


def refused(kept):
    """Return the reasons that the gate gave, in their order, and how much time they cover."""
    intervals = [i for i in kept.intervals if i.state == NOT_RECORDED and i.reason != NOBODY_PRESENT]
    return [interval.reason for interval in intervals], sum(interval.duration for interval in intervals)


def test_a_suspension_stops_a_running_recorder_within_a_second_and_both_bring_it_back(site):
    """The promise itself, in real time: files, threads, an operator, and a picture every 17 ms."""
    site.agree()
    engine, handed_in = NobodyThere(), []

    def suspend():
        handed_in.append(now_ms())
        site.hand_in(AgreementSuspended(agreement=site.hash), site.world.council)

    def resume():
        line = site.plant.follow(site.world.log.verifier).poll().agreements[site.hash]
        assert line.state is State.SUSPENDED
        handed_in.append(now_ms())
        site.hand_in(
            AgreementResumed(agreement=site.hash, lifts=line.suspended_at),
            site.world.council,
            site.world.employer,
        )

    kept, told = run(site, engine, acts=[(2, suspend), (5, resume)])
    suspended_ms, resumed_ms = handed_in
    for looked_ms in (*engine.looked_ms, *(at_ms for at_ms, _ in told)):
        assert not suspended_ms + STOP_WITHIN_MS < looked_ms < resumed_ms
    assert any(at_ms > resumed_ms for at_ms, _ in told)
    reasons, refused_ns = refused(kept)
    assert Reason.SUSPENDED in reasons
    assert set(reasons) <= {Reason.SUSPENDED, Reason.LOG_UNWRITABLE}
    recorded_ns = sum(duration for _, duration in told)
    assert recorded_ns + refused_ns == kept.span.duration, "exactly"
    stops = site.bodies(RecordingStopped)
    assert [stop.reason for stop in stops] == [Reason.SUSPENDED, Reason.END_OF_SOURCE]
    assert 0 <= sum(stop.recorded_ms for stop in stops) - recorded_ns / 1e6 < 2


def test_a_suspension_stops_the_recorder_while_the_operator_is_away(site):
    site.agree()
    engine, handed_in = NobodyThere(), []

    def suspend():
        site.away.set()
        handed_in.append(now_ms())
        site.hand_in(AgreementSuspended(agreement=site.hash), site.world.employer)

    threading.Timer(8, site.away.clear).start()
    kept, told = run(site, engine, speed=8, acts=[(1, suspend)])
    assert max(at_ms for at_ms, _ in told) <= handed_in[0] + STOP_WITHIN_MS
    assert refused(kept)[0] == [Reason.SUSPENDED]


def no_agreement(site):
    """The site has its keys and nothing else."""


def no_log(site):
    site.agree()
    site.close()
    shutil.rmtree(site.plant.log)


def another_log(site):
    site.agree()
    site.close()
    site.log_key.write_text(str(site.world.council.verifier))


def a_changed_log(site):
    site.agree()
    site.close()
    bundle = next((site.plant.log / "tile" / "entries").rglob("*"))
    largest = max((p for p in bundle.parent.rglob("*") if p.is_file()), key=lambda p: int(p.name))
    largest.write_bytes(largest.read_bytes().replace(b"employer", b"emplqyer", 1))


def a_file_for_acts(site):
    site.agree()
    site.settle()
    site.close()
    shutil.rmtree(site.plant.acts)
    site.plant.acts.touch()


def a_read_only_site(site):
    """Permissions mean nothing to the superuser that tests may run as, so the write itself fails."""
    site.agree()
    Plant.hand_in = read_only


def read_only(*_):
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def an_operator_away(site):
    site.agree()
    site.away.set()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_agreement, Reason.DEVICE),
        (no_log, Reason.LOG_UNREACHABLE),
        (another_log, Reason.LOG_DAMAGED),
        (a_changed_log, Reason.LOG_DAMAGED),
        (a_file_for_acts, Reason.LOG_UNREACHABLE),
        (a_read_only_site, Reason.LOG_UNWRITABLE),
        (an_operator_away, Reason.LOG_UNWRITABLE),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_nothing_is_looked_at_and_it_says_why(site, spoil, reason, monkeypatch):
    monkeypatch.setattr(Plant, "hand_in", Plant.hand_in)  # is put back afterwards
    spoil(site)
    engine = NobodyThere()
    kept, told = run(site, engine, speed=100) if spoil is an_operator_away else _record_now(site, engine)
    assert engine.looked_ms == []
    assert told == []
    assert refused(kept) == ([reason], kept.span.duration)


def _record_now(site, engine):
    station = read_station(STATION)
    keys = Site(site.plant.root, site.log_key, site.device_key, site.passphrase)
    with FileSource(VIDEO, camera="camera") as source, permission(keys, [STATION], [station]) as gate:
        (kept,) = record(source, [station], engine, gate)
        gate.close(Reason.END_OF_SOURCE)
        assert gate.nothing_permitted
    return kept, []


# --- The command. ---


def test_the_command_records_under_the_agreement_and_says_so_in_the_log(site, weights, tmp_path):
    site.agree()
    out = tmp_path / "out"
    done = fairtakt(
        "record", "--station", STATION, "--source", VIDEO, "--out", out, "--for", 5, *site.options()
    )
    assert done.returncode == 0, done.stderr
    site.settle()
    (start,), (stop,) = site.bodies(RecordingStarted), site.bodies(RecordingStopped)
    assert (start.station, start.campaign, start.device) == ("empty_bench", "study", "edge")
    assert (stop.session, stop.reason, stop.recorded_ms) == (start.session, Reason.OPERATOR, 5000)
    assert "without a works agreement" not in done.stderr + (out / "report.html").read_text(encoding="utf-8")


def test_nothing_permitted_writes_nothing_and_is_status_1_in_one_line(site, weights, tmp_path):
    out = tmp_path / "results" / "out"
    done = fairtakt(
        "record", "--station", STATION, "--source", VIDEO, "--out", out, "--for", 2, *site.options()
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip() == (f"fairtakt: nothing was recorded: empty_bench: {Reason.DEVICE}")
    assert not out.exists()
    assert not out.parent.exists()


@pytest.mark.parametrize(
    ("source", "options", "words"),
    [
        ("rtsp://127.0.0.1/camera", (), "a camera records under a works agreement only"),
        ("rtsps://127.0.0.1/camera", ("--without-agreement",), "a camera records under a works agreement"),
        ("usb:0", ("--without-agreement",), "a camera records under a works agreement only"),
        (VIDEO, (), "no works agreement"),
        (VIDEO, ("--plant", "plant", "--without-agreement"), "expected it or --plant, not both"),
        (VIDEO, ("--plant", "plant"), "--log-key, --device-key"),
        (VIDEO, ("--plant", "plant", "--log-key", "k", "--device-key", "k"), "plant: no such directory"),
    ],
)
def test_without_an_agreement_no_camera_and_no_file_unasked(weights, tmp_path, source, options, words):
    done = fairtakt(
        "record",
        "--station",
        STATION,
        "--source",
        source,
        "--out",
        tmp_path / "out",
        *options,
        agreed=True,
    )
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert words in line
    assert not list(tmp_path.iterdir())


def test_a_device_records_once_at_a_time(site, weights, tmp_path):
    site.agree()
    with site.device_key.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = fairtakt(
            "record", "--station", STATION, "--source", VIDEO, "--out", tmp_path / "out", *site.options()
        )
    assert done.returncode == 2
    assert "device is recording already" in done.stderr


def test_only_a_devices_key_records(site, weights, tmp_path):
    site.device_key.write_text(json.dumps({**json.loads(site.device_key.read_text()), "role": "employer"}))
    done = fairtakt(
        "record", "--station", STATION, "--source", VIDEO, "--out", tmp_path / "out", *site.options()
    )
    assert done.returncode == 2
    assert "key cannot be opened" in done.stderr


def test_a_kill_leaves_a_session_that_the_next_start_closes(site, weights, tmp_path):
    site.agree()
    root = SAMPLES.parent
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from cli.main import main; main()"
    arguments = ("record", "--station", STATION, "--source", SAMPLES / "assembly_bench.mp4", "--out")
    command = [sys.executable, "-c", code, *map(str, (*arguments, tmp_path / "a", *site.options()))]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not site.bodies(RecordingStarted):
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert site.bodies(RecordingStopped) == []
    done = fairtakt(*arguments, tmp_path / "b", "--for", 2, *site.options())
    assert done.returncode == 0, done.stderr
    site.settle()
    assert [stop.reason for stop in site.bodies(RecordingStopped)] == [Reason.INTERRUPTED, Reason.OPERATOR]
    assert not (tmp_path / "a").exists()

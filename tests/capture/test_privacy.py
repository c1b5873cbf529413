"""Promise: no picture and no pose is written, sent or logged, by us or by a library below us.

The recorder's part that sees pictures runs in a process that the operating system forbids to make any file
grow (RLIMIT_FSIZE = 0, which holds for C libraries too); an audit hook refuses sockets, programs and
files opened for writing. This found a library that kept usage data in the user's home.
"""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from capture.evidence import Moments
from capture.observation import Observation
from models.motion import Motion
from models.pose import Pose, Region

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_videos" / "two_workers.mp4"
STATIONS = [ROOT / "sample_videos" / "stations" / f"{side}_bench.yaml" for side in ("left", "right")]

KEEP = """
class Permitting:
    def keeps(self, station, at):
        return MotionPermission(station, Instant(SECOND), Instant(2**62)) if at >= SECOND else None


class Sealing:
    def keep(self, session, station, begin, motion):
        label = SegmentLabel("1" * 32, "2" * 32, "3" * 64, "4" * 32, station, motion.span_ns // 1_000_000)
        sealed.append(len(seal(motion, label, public, os.urandom).content))

    def ended(self, session, station, ending):
        pass


public = X25519PrivateKey.generate().public_key().public_bytes_raw()
port = MotionPort(Permitting(), Sealing()) if "MOTION" in os.environ else None
"""

WATCH = """
import json, os, resource, signal, sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from capture.gate import OpenGate
from capture.motion.channel import MotionPermission, MotionPort
from capture.sources.file import FileSource
from capture.station.file import read_station
from capture.vision import watch
from consent.vault.sealing import seal
from consent.vault.segment import SegmentLabel
from models.engines import open_engine
from productivity.time import SECOND, Instant

probe = os.open(os.environ["PROBE_FILE"], os.O_WRONLY) if "PROBE_FILE" in os.environ else None
engine = open_engine()
stations = [read_station(Path(name)) for name in sys.argv[2:]]
seen, refused, sealed = [], [], []
# --- keep ---


WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN = {"socket", "subprocess", "shutil", "tempfile", "ftplib", "smtplib", "urllib"}
FORBIDDEN |= {"os.system", "os.exec", "os.posix_spawn", "os.rename", "os.mkdir", "os.link", "os.truncate"}


def guard(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        forbidden = bool(flags and flags & WRITING) or bool(set(mode or "") & set("wax+"))
    else:
        forbidden = event in FORBIDDEN or event.split(".")[0] in FORBIDDEN
    if forbidden:
        refused.append(event)
        raise PermissionError(event)


with FileSource(Path(sys.argv[1]), camera="sample") as source:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it otherwise: let it kill
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(guard)
    if probe:
        os.write(probe, b"picture")
    frames = (frame for frame in source.frames() if frame.time < 20 * SECOND)
    for interval in watch(frames, stations, engine, OpenGate(), motion=port):
        seen.append(interval.state)
os.write(1, json.dumps({"states": sorted(set(seen)), "refused": refused, "sealed": sealed}).encode())
"""


WATCH = WATCH.replace("# --- keep ---\n", KEEP)


def run_watcher(weights, tmp_path, **environment):
    """Run the script above with a home of its own that nothing may be put into."""
    home = tmp_path / "home"
    home.mkdir()
    usual = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    own = {"HOME": str(home), "TMPDIR": str(home), "FAIRTAKT_CACHE": str(weights.detector.parent.parent)}
    done = subprocess.run(  # our own interpreter and script
        [sys.executable, "-B", "-c", WATCH, str(SAMPLE), *map(str, STATIONS)],
        env={**usual, **own, "PYTHONPATH": str(ROOT), **environment},
        cwd=home,
        capture_output=True,
        timeout=300,
        check=False,
    )
    return done, [str(path.relative_to(home)) for path in home.rglob("*")]


def test_what_sees_pictures_writes_no_file_opens_no_socket_and_says_nothing(weights, tmp_path):
    done, left_behind = run_watcher(weights, tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout)
    assert "manual assembly" in said["states"]  # it did see something
    assert said["refused"] == []
    assert done.stderr == b""
    assert left_behind == []


def test_motion_of_who_opted_in_leaves_sealed_and_nothing_else_does(weights, tmp_path):
    """Both workers have checked in at their benches: the same process, without rights, seals for them."""
    done, left_behind = run_watcher(weights, tmp_path, MOTION="1")
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout)
    assert len(said["sealed"]) == 2
    assert min(said["sealed"]) > 10_000
    assert said["refused"] == []
    assert done.stderr == b""
    assert left_behind == []


def test_the_guard_would_notice_a_written_byte(weights, tmp_path):
    """The same run with one write in it is killed; otherwise the test above could not fail."""
    file = tmp_path / "picture.bin"
    file.touch()
    done, _ = run_watcher(weights, tmp_path, PROBE_FILE=str(file))
    assert done.returncode != 0
    assert file.read_bytes() == b""


@pytest.mark.parametrize("kind", [Pose, Region, Observation, Moments, Motion])
def test_what_shows_where_somebody_was_has_no_readable_repr(kind):
    """A repr ends up in logs and exception texts sooner or later."""
    assert kind.__repr__ is object.__repr__


def test_the_recorder_says_nothing_about_anybody(weights, tmp_path):
    """All that `fairtakt record` writes are names from the station file, times, counts and a confidence."""
    out = tmp_path / "out"
    command = [sys.executable, "-c", "from cli.main import main; main()", "record", "--source", str(SAMPLE)]
    command += [option for file in STATIONS for option in ("--station", str(file))]
    done = subprocess.run(
        [*command, "--out", str(out), "--for", "20", "--without-agreement"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(p.name for p in out.iterdir()) == [
        "cycles.csv",
        "intervals.csv",
        "intervals.parquet",
        "report.html",
    ]
    with (out / "intervals.csv").open(encoding="utf-8") as file:
        columns = next(csv.reader(file))
    assert columns == [
        "station",
        "state",
        "category",
        "start_ns",
        "duration_ns",
        "confidence",
        "cycle",
        "reason",
    ]
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "<img" not in report
    assert "data:image" not in report
    assert "Traceback" not in done.stderr

"""`fairtakt edge station`: what was published arrives whole, checked, in one step; or the old file stays."""

import hashlib
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from capture.outbox.transport import Reply
from cli.edge import edge
from cli.published import fetch
from consent.keys import Role, create_key
from productivity.errors import BadInput, FairtaktError
from tests.capture.outbox.test_plant_server import Plant
from tests.cli.test_record import GOOD_STATION, SAMPLES

PASSPHRASE = "correct horse"  # noqa: S105  # of a key that lives as long as a test
NAME = "empty_bench"
CHANGED = GOOD_STATION.replace("pose_rate", "# slower\npose_rate") + "# published\n"


def run(*words):
    return CliRunner().invoke(edge, [str(word) for word in words], catch_exceptions=False)


class Device:
    """Enrolled at a plant server on this machine; fetches into `out`."""

    def __init__(self, root):
        self.root, self.plant, self.out = root, Plant(root), root / "bench.yaml"
        (root / "pass").write_text(f"{PASSPHRASE}\n")
        key = create_key(root, "edge-1", Role.DEVICE, PASSPHRASE, log2_cost=1).private
        run("enroll", self.plant.url, "--code", self.plant.code(), "--key", key, "--state", root / "state")

    def fetch(self, name=NAME, out=None):
        where = ("--state", self.root / "state", "--passphrase-file", self.root / "pass")
        done = run("station", *where, "--station", name, "--out", out or self.out)
        return done.output.splitlines()[-1]  # behind the server's log, which runs in this process


@pytest.fixture
def device(tmp_path):
    made = Device(tmp_path)
    yield made
    made.plant.close()


def test_what_was_published_is_written_byte_for_byte(device):
    device.plant.publish(NAME, CHANGED)
    assert device.fetch() == f"{device.out}: as published"
    assert device.out.read_bytes() == CHANGED.encode()


def test_an_older_file_is_replaced_and_the_same_one_is_left_alone(device):
    device.out.write_text(GOOD_STATION)
    device.plant.publish(NAME, CHANGED)
    device.fetch()
    assert device.out.read_bytes() == CHANGED.encode()
    before = device.out.stat()
    assert device.fetch() == f"{device.out}: unchanged"
    assert device.out.stat() == before


def nothing_published(device):
    """The server has none."""


def another_station(device):
    device.plant.publish(NAME, (SAMPLES / "stations" / "left_bench.yaml").read_text(encoding="utf-8"))


def no_station_file(device):
    device.plant.publish(NAME, "states: [\n")


def a_thesis(device):
    device.plant.publish(NAME, CHANGED)
    device.out.write_text("years of work")


def no_directory(device):
    device.plant.publish(NAME, CHANGED)
    device.out = device.root / "nowhere" / "bench.yaml"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (nothing_published, "found 404: nothing is published for a station of this name"),
        (another_station, "station file of another station: expected empty_bench, found left_bench"),
        (no_station_file, "not YAML"),
        (a_thesis, "bench.yaml"),
        (no_directory, "no such directory"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whatever_is_wrong_is_one_error_and_leaves_what_was_there(device, spoil, words):
    spoil(device)
    before = sorted((path, path.is_file() and path.read_bytes()) for path in device.root.glob("*.yaml*"))
    with pytest.raises(BadInput, match=words):
        device.fetch()
    after = sorted((path, path.is_file() and path.read_bytes()) for path in device.root.glob("*.yaml*"))
    assert after == before


class Cut:
    """A server, or a proxy before it, that loses the end of the file."""

    enrolment = SimpleNamespace(url="https://plant.example")

    def station_file(self, name, *, have):
        whole = CHANGED.encode()
        return Reply(200, {"etag": f'"{hashlib.sha256(whole).hexdigest()}"'}, {}, whole[:-20])


def test_a_file_that_was_cut_on_the_way_is_refused(tmp_path):
    with pytest.raises(BadInput, match="changed or cut on the way"):
        fetch(Cut(), NAME, tmp_path / "bench.yaml")
    assert list(tmp_path.iterdir()) == []


def test_without_an_answer_the_old_file_stays(device):
    device.out.write_text(GOOD_STATION)
    device.plant.close()
    with pytest.raises(FairtaktError, match=r"no answer: .+ stays as it is"):
        device.fetch()
    assert device.out.read_text() == GOOD_STATION

"""`fairtakt edge` as whoever sets a device up types it, against a small plant server on this machine."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from capture.outbox.entry import Entry
from capture.outbox.outbox import Outbox
from capture.outbox.purge import Purge
from cli.edge import edge
from consent.keys import Role, create_key
from productivity.errors import BadInput, FairtaktError

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "correct horse"  # noqa: S105  # of keys that live as long as a test


def run(*words):
    return CliRunner().invoke(edge, [str(word) for word in words], catch_exceptions=False)


def entry(ordinal):
    return Entry("a" * 32, ordinal, "press", "assemble", None, 1_700_000_000_000, 10**9, 900)


@pytest.fixture
def server(tmp_path):
    file = ROOT / "tests" / "capture" / "outbox" / "faithful_server.py"
    spec = importlib.util.spec_from_file_location("faithful_server", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.Server(module.Plant(tmp_path / "plant.db")) as running:
        running.plant.add_code("K7Q2-9XWM")
        yield running
        running.plant.db.close()


@pytest.fixture
def device(tmp_path):
    """The device's key file; its passphrase is in `pass`, its state in `state`."""
    (tmp_path / "pass").write_text(f"{PASSPHRASE}\n")
    return create_key(tmp_path, "edge-1", Role.DEVICE, PASSPHRASE, log2_cost=4).private


def enroll(server, device, *more, code="K7Q2-9XWM"):
    return run(
        "enroll", server.url, "--code", code, "--key", device, "--state", device.parent / "state", *more
    )


def test_a_device_is_enrolled_with_its_public_key(server, device, tmp_path):
    done = enroll(server, device)
    assert done.output == f"edge-1 is enrolled at {server.url}\n"
    (_, _, body) = server.seen[0]
    assert json.loads(body) == {
        "code": "K7Q2-9XWM",
        "name": "edge-1",
        "key": device.with_suffix(".vkey").read_text().strip(),
    }
    file = tmp_path / "state" / "device.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "K7Q2" not in file.read_text()


@pytest.mark.parametrize(
    ("code", "planned", "text"),
    [
        ("mistyped", None, "found 403: the code is wrong, used or expired"),
        ("K7Q2-9XWM", (409, {}), "found 409: a device of this name is enrolled already"),
        ("K7Q2-9XWM", (429, {}), "found 429: too many attempts"),
        ("K7Q2-9XWM", (404, {}), "found 404: not the answer of a plant server"),
        ("K7Q2-9XWM", (200, {}), "found 200: not the answer of a plant server"),
    ],
)
def test_a_refusal_is_told_and_leaves_nothing(server, device, tmp_path, code, planned, text):
    server.answers = [planned]
    with pytest.raises(BadInput, match=text) as error:
        enroll(server, device, code=code)
    assert code not in str(error.value)
    assert list((tmp_path / "state").iterdir()) == []


@pytest.mark.parametrize(
    ("planned", "text"),
    [
        ("cut", "no answer"),
        ((502, {}), "answer 502"),
        ((504, {}), "answer 504"),
        ((201, {"device": "other"}), "answer 201"),
    ],
    ids=str,
)
def test_an_answer_that_settles_nothing_can_be_made_good(server, device, tmp_path, planned, text):
    """The server may have taken the device in: its name must not be lost."""
    server.answers = [planned]
    with pytest.raises(FairtaktError, match=f"{text}.*, so it is not known"):
        enroll(server, device)
    assert (tmp_path / "state" / "device.json").exists()
    assert enroll(server, device).exit_code == 0


def test_a_refusal_after_a_lost_answer_does_not_forget_the_device(server, device, tmp_path):
    """The server may have taken it in at the first attempt."""
    server.answers = ["cut", (409, {})]
    with pytest.raises(FairtaktError):
        enroll(server, device)
    with pytest.raises(BadInput, match="409"):
        enroll(server, device)
    assert (tmp_path / "state" / "device.json").exists()


def test_a_directory_serves_one_enrolment(server, device):
    enroll(server, device)
    with pytest.raises(BadInput, match="enrolled otherwise"):
        enroll(server, device, "--name", "edge-2")


@pytest.mark.parametrize(
    ("url", "more", "text"),
    [
        ("http://plant.example", (), "https, or --insecure spelled out"),
        ("plant.example", (), "address of the server"),
        ("https://plant.example", ("--name", "two words"), "letters, digits"),
        ("https://plant.example", ("--ca", "missing.pem"), "missing.pem: certificates cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(device, tmp_path, url, more, text):
    with pytest.raises(BadInput, match=text):
        run("enroll", url, "--code", "x", "--key", device, "--state", tmp_path / "state", *more)
    assert not (tmp_path / "state").exists()


def test_only_a_device_speaks_for_a_device(server, tmp_path):
    other = create_key(tmp_path, "plant.example", Role.EMPLOYER, PASSPHRASE, log2_cost=4).private
    with pytest.raises(BadInput, match="role of the key: expected device, found employer"):
        enroll(server, other)


@pytest.mark.parametrize("command", [("send",), ("status",), ("status", "--json")], ids=" ".join)
def test_a_device_that_was_not_enrolled_is_told_so(tmp_path, command):
    with pytest.raises(BadInput, match="not enrolled: expected fairtakt edge enroll before"):
        run(*command, "--state", tmp_path)
    (tmp_path / "device.json").write_text('{"url": "x", "secret": "word"}')
    with pytest.raises(BadInput, match="not an enrolment") as error:
        run(*command, "--state", tmp_path)
    assert "word" not in str(error.value)


def test_an_enrolment_that_was_edited_does_not_lead_to_http(tmp_path):
    content = {"url": "http://plant.example", "device": "edge-1", "key": "edge-1.key"}
    (tmp_path / "device.json").write_text(json.dumps(content))
    with pytest.raises(BadInput, match="--insecure spelled out"):
        run("send", "--state", tmp_path)


def status(state):
    return json.loads(run("status", "--state", state, "--json").output)


def test_what_waits_is_sent_until_a_signal_comes(server, device, tmp_path):
    state = tmp_path / "state"
    enroll(server, device)
    with Outbox(state / "outbox.db") as outbox:
        outbox.put([entry(0), entry(1)])
    code = "from cli.edge import edge; edge()"
    words = [sys.executable, "-c", code, "send", "--state", state, "--passphrase-file", tmp_path / "pass"]
    sending = subprocess.Popen(
        words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )
    assert sending.stdout.readline() == f"edge-1 sends to {server.url}\n"
    assert sending.stdout.readline() == "the server takes what is sent\n"
    until = time.monotonic() + 20
    reports = []
    while (status(state)["batches"] or not reports) and time.monotonic() < until:
        reports = [json.loads(sent) for path, _, sent in server.seen if path == "/v1/reports"]
        time.sleep(0.05)
    with pytest.raises(BadInput, match="in use by another process"):
        Outbox(state / "outbox.db")
    sending.send_signal(signal.SIGTERM)
    assert sending.wait(20) == 0
    sending.stdout.close()
    (body,) = server.plant.bodies()
    assert [one["ordinal"] for one in body["intervals"]] == [0, 1]
    assert (reports[0]["device"], reports[0]["lights"]) == ("edge-1", []), "nothing records"
    assert status(state)["condition"] == "the server takes what is sent"


def test_the_status_is_told_in_words_and_for_programs(server, device, tmp_path):
    state = tmp_path / "state"
    enroll(server, device)
    assert status(state)["bytes"] == 0
    with Outbox(state / "outbox.db") as outbox:
        outbox.put([entry(0), entry(1)])
        outbox.refuse(outbox.next_batch("edge-1"), 422)
        outbox.put([entry(2)])
        told = run("status", "--state", state).output
    assert "1 intervals wait, and 2 more in 1 batches\n" in told
    assert "sending: nothing was sent yet\n" in told
    assert "1 batches were refused by the server" in told
    assert "purge" not in told
    with Outbox(state / "outbox.db") as outbox:
        outbox.purge(Purge("consent withdrawn", session="a" * 32))
        settled = outbox.next_batch("edge-1")
        outbox.settle(settled)
    told = run("status", "--state", state).output
    assert "1 purged batches had reached the server before; erase them there:\n" in told
    assert f"fairtakt device erase edge-1 {settled.boot} 0\n" in told
    assert "more came before" not in told
    found = status(state)
    assert (found["device"], found["waiting"], found["refused"]) == ("edge-1", 1, 0)

"""`fairtakt witness` as a works council types it."""

import functools
import http.client
import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.witness import witness
from consent.keys import Role, create_key, open_key
from consent.log.cosigned import open_cosigned, read_cosigned, store_cosigned
from consent.log.directory import Directory, locked_directory
from consent.log.verify import verify_log
from consent.log.writer import LogWriter, create_log
from consent.witness.client import cosign_latest
from productivity.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "correct horse"  # noqa: S105  # of keys that live as long as a test


class Place:
    """A plant's log in `log`, the council's `state` and `copy`, and the keys of both."""

    def __init__(self, directory):
        self.directory = directory
        for name in ("log", "state", "copy"):
            (directory / name).mkdir()
        files = {
            role: create_key(directory, f"{role}.example", role, PASSPHRASE, log2_cost=4)
            for role in (Role.PLANT_LOG, Role.WITNESS, Role.EMPLOYER)
        }
        self.log_key, self.key, self.other_key = (
            files[role].public if role is Role.PLANT_LOG else files[role].private for role in files
        )
        self.keys = files[Role.PLANT_LOG].verifier, files[Role.WITNESS].verifier
        _, self.signer = open_key(files[Role.PLANT_LOG].private, PASSPHRASE)
        (directory / "pass").write_text(f"{PASSPHRASE}\n")
        with locked_directory(directory / "log") as opened:
            create_log(opened, self.signer)
        self.append(5)

    def append(self, count):
        with locked_directory(self.directory / "log") as files:
            writer = LogWriter(files, self.signer)
            writer.append([b"entry %d" % number for number in range(count)])

    @property
    def options(self):
        found = {"--key": self.key, "--log-key": self.log_key, "--state": self.directory / "state"}
        found["--passphrase-file"] = self.directory / "pass"
        return [str(word) for pair in found.items() for word in pair]

    def once(self, *words, log=None):
        words = ["once", str(log or self.directory / "log"), *self.options, *map(str, words)]
        return CliRunner().invoke(witness, words, catch_exceptions=False)


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_once_prints_a_co_signed_checkpoint(place):
    done = place.once()
    assert done.exit_code == 0
    cosigned = open_cosigned(done.output, *place.keys)
    assert cosigned.checkpoint.size == 5
    assert abs(cosigned.posix_s - time.time()) < 60


def test_once_writes_what_the_plant_can_bring_in(place):
    out = place.directory / "council.note"
    for count, size in ((1, 6), (300, 306)):
        place.append(count)
        done = place.once("--out", out)
        assert f"plant-log.example: {size} entries, co-signed: {out}" in done.output
        with locked_directory(place.directory / "log") as files:
            cosigned = store_cosigned(files, out.read_text(encoding="utf-8"), *place.keys)
            LogWriter(files, place.signer).publish_cosigned(cosigned.note)
    assert [one.checkpoint.size for one in read_cosigned(place.directory / "log", *place.keys)] == [6, 306]
    assert verify_log(Directory(place.directory / "log"), place.keys[0], required=place.keys[1:]).size == 306


def test_once_keeps_a_copy(place):
    assert place.once("--copy", place.directory / "copy").exit_code == 0
    place.append(600)
    assert place.once("--copy", place.directory / "copy").exit_code == 0
    found = verify_log(Directory(place.directory / "copy"), place.keys[0], required=place.keys[1:])
    assert found.size == 605


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def test_once_reads_a_log_from_a_web_server(place):
    handler = functools.partial(Quiet, directory=str(place.directory / "log"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/"
            first = place.once("--copy", place.directory / "copy", log=url)
            place.append(700)
            second = place.once("--copy", place.directory / "copy", log=url)
        finally:
            server.shutdown()
            thread.join()
    sizes = [open_cosigned(done.output, *place.keys).checkpoint.size for done in (first, second)]
    assert sizes == [5, 705]
    assert verify_log(Directory(place.directory / "copy"), place.keys[0]).size == 705


def test_once_refuses_a_log_that_began_anew(place):
    """The plant's own key has signed both histories; the council's memory tells them apart."""
    place.once()
    (place.directory / "log").rename(place.directory / "hidden")
    (place.directory / "log").mkdir()
    with locked_directory(place.directory / "log") as files:
        create_log(files, place.signer)
        LogWriter(files, place.signer).append([b"another"] * 9)
    out = place.directory / "council.note"
    with pytest.raises(BadInput, match="does not continue the earlier checkpoint"):
        place.once("--out", out)
    assert not out.exists()


def test_once_overwrites_nothing_but_its_own(place):
    strange = place.directory / "letter.txt"
    strange.write_text("Dear council")
    with pytest.raises(BadInput, match=r"letter\.txt: file exists"):
        place.once("--out", strange)
    assert strange.read_text() == "Dear council"
    with pytest.raises(BadInput, match="no such directory"):
        place.once("--out", place.directory / "nowhere" / "council.note")
    assert list((place.directory / "state").glob("*.note")) == []


def test_wrong_files_are_named(place):
    words = place.options
    for change, says in (
        ({"--key": place.other_key}, r"employer\.example\.key: key has another role: expected witness"),
        ({"--log-key": place.directory / "nowhere.vkey"}, r"nowhere\.vkey: no such file"),
        ({"--log-key": place.key}, r"witness\.example\.key: not a verifier key"),
        ({"--state": place.directory / "nowhere"}, "nowhere: no such directory"),
    ):
        changed = [str(change.get(before, word)) for before, word in zip(["", *words], words, strict=False)]
        with pytest.raises(BadInput, match=says):
            CliRunner().invoke(
                witness, ["once", str(place.directory / "log"), *changed], catch_exceptions=False
            )
    with pytest.raises(BadInput, match="no log here"):
        place.once(log=place.directory / "copy")
    with pytest.raises(BadInput, match="address cannot be used"):
        place.once(log="http://")


def serve(place, *words):
    return CliRunner().invoke(witness, ["serve", *place.options, *map(str, words)], catch_exceptions=False)


def test_serve_refuses_what_cannot_work(place):
    copy = place.directory / "copy"
    with pytest.raises(BadInput, match="belong together"):
        serve(place, "--copy", copy)
    with pytest.raises(BadInput, match="belong together"):
        serve(place, "--log", place.directory / "log")
    with pytest.raises(BadInput, match=r"copy is of one log.*found 2"):
        serve(place, "--copy", copy, "--log", place.directory / "log", "--log-key", place.log_key)
    (place.directory / "state").rename(place.directory / "gone")
    with pytest.raises(BadInput, match="no such directory"):
        serve(place)


def test_serve_says_that_its_memory_cannot_be_believed(place):
    place.once()
    (file,) = (place.directory / "state").glob("*.note")
    file.write_text("torn")
    with pytest.raises(BadInput, match="cannot be believed"):
        serve(place)


def test_serve_refuses_a_port_that_is_taken(place):
    with (
        http.server.HTTPServer(("127.0.0.1", 0), Quiet) as other,
        pytest.raises(BadInput, match="cannot listen"),
    ):
        serve(place, "--port", other.server_port)


def test_serve_answers_the_plant_and_ends_in_order(place):
    """As its own process: prints where it listens, co-signs, keeps a copy, and ends with status 0."""
    words = ["serve", *place.options, "--copy", place.directory / "copy", "--log", place.directory / "log"]
    code = "from cli.witness import witness; witness()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        url = line.removeprefix("listening on ").strip()
        done = cosign_latest(
            Directory(place.directory / "log"), *place.keys, url, at_ms=int(time.time() * 1000)
        )
        assert done.checkpoint.size == 5
        assert (
            verify_log(Directory(place.directory / "copy"), place.keys[0], required=place.keys[1:]).size == 5
        )
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
        connection.request("GET", "/")
        assert b"plant-log.example: 5 entries" in connection.getresponse().read()
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=10) == ("", "")
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()

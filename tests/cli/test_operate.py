"""`fairtakt log init | operate | rotate | hand-in` as the plant types it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from consent.keys import Role, open_key
from consent.log.directory import Directory, locked_directory
from consent.log.verify import verify_log
from consent.log.writer import create_log
from consent.notes import KeyType, cosign, parse_note, parse_verifier
from consent.witness.folder import MemoryFolder
from consent.witness.server import WitnessServer
from consent.witness.witness import Witness
from productivity.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]


def verifier(site, name):
    return parse_verifier(site.vkey(name).read_text())


def open_signer(site, name):
    return open_key(site.key(name), site.passphrase.read_text().strip())[1]


def test_a_log_begins_with_three_keys(by_command):
    said = by_command.init()
    assert "plant.example/log: begun with 3 keys" in said
    assert verify_log(Directory(by_command.plant / "log"), verifier(by_command, "log")).size == 3


def test_a_log_does_not_begin_twice(by_command):
    by_command.init()
    with pytest.raises(BadInput, match="there is a log already"):
        by_command.init()


def test_keys_in_the_wrong_place_begin_nothing(by_command):
    by_command.vkey("witness").write_text(by_command.vkey("edge").read_text())
    with pytest.raises(BadInput, match="made with --role witness"):
        by_command.init()
    assert not by_command.plant.exists()


def test_a_beginning_that_a_crash_interrupted_is_gone_on_with(by_command):
    by_command.init()
    log = by_command.plant / "log"
    for path in sorted(log.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    with locked_directory(log) as files:
        create_log(files, open_signer(by_command, "log"))
    assert "begun with 3 keys" in by_command.init()


def test_only_a_key_of_the_log_operates(by_command):
    by_command.init()
    with pytest.raises(BadInput, match="key has another role"):
        by_command.run("log", "operate", by_command.plant, "--key", by_command.key("employer"), "--once")


def test_a_second_operator_is_refused(by_command):
    by_command.init()
    with locked_directory(by_command.plant / "log"), pytest.raises(BadInput, match="another process"):
        by_command.operate()


def test_a_checkpoint_that_was_cosigned_elsewhere_is_handed_in(by_command):
    site = by_command.active()
    note = parse_note((site.plant / "log" / "checkpoint").read_bytes())
    carried = site.root / "cosigned.note"
    carried.write_text(str(cosign(note, open_signer(site, "witness"), int(time.time()))), encoding="utf-8")
    site.run("log", "hand-in", site.plant, carried, passphrase=False)
    site.operate()
    assert json.loads(site.status("--json"))["cosigned"] is not None
    assert verifier(site, "witness").type is KeyType.COSIGNATURE
    verify_log(Directory(site.plant / "log"), verifier(site, "log"), required=[verifier(site, "witness")])


def test_a_log_changes_its_key_by_command(by_command):
    site = by_command.active()
    site.create("log2", Role.PLANT_LOG, "plant.example/log")
    rotate = ["rotate", site.plant, "--key", site.key("log"), "--new", site.key("log2")]
    rotate += ["--new-passphrase-file", site.passphrase]
    with pytest.raises(BadInput, match="does not speak for the log"):
        site.run("log", *rotate)
    words = ["add", site.plant, site.vkey("log2"), "--role", "plant-log", "--key", site.key("employer")]
    site.run("keys", *words)
    assert "signed by both keys" in site.run("log", *rotate)
    for name in ("log", "log2"):
        verify_log(Directory(site.plant / "log"), verifier(site, name))
    words = ["retire", site.plant, site.vkey("log"), "--role", "plant-log", "--key", site.key("employer")]
    site.run("keys", *words)
    both = ["--key", site.key("log2"), "--passphrase-file", site.passphrase]
    assert "1 entries taken in" in site.operate(*both)
    verify_log(Directory(site.plant / "log"), verifier(site, "log2"))
    with pytest.raises(BadInput, match="does not speak for the log any more"):
        site.operate()


def test_the_councils_witness_cosigns_over_http(by_command):
    site = by_command.active()
    (site.root / "memory").mkdir()
    memory = MemoryFolder(site.root / "memory")
    witness = Witness(open_signer(site, "witness"), [verifier(site, "log")], memory, lambda: int(time.time()))
    with WitnessServer(witness, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            site.run("agreement", "suspend", site.plant, "--key", site.key("council"))
            said = site.operate("--witness-url", f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()
    assert "1 entries taken in; the log holds 8\nco-signed at 8 entries" in said
    keys = [verifier(site, "witness")]
    verify_log(Directory(site.plant / "log"), verifier(site, "log"), required=keys)


@pytest.fixture
def running(by_command):
    """An operator that runs until its test is over; its lines."""
    site = by_command.active()
    command = "import sys; from cli.main import main; sys.argv[0] = 'fairtakt'; main()"
    words = ["log", "operate", site.plant, "--key", site.key("log"), "--passphrase-file", site.passphrase]
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", command, *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield site, process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_operator_takes_in_what_comes_until_it_is_asked_to_stop(running, number):
    site, process = running
    site.run("agreement", "suspend", site.plant, "--key", site.key("council"))
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    assert process.stdout.readline() == "1 entries taken in; the log holds 8\n"
    process.send_signal(number)
    assert process.wait() == 0
    watchdog.cancel()
    assert "suspended since" in site.status()

"""Promise 4: no acknowledged interval is lost or counted twice, through kill -9 of both sides."""

import json
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from capture.outbox.batch import read_body
from capture.outbox.outbox import Outbox
from consent.notes import KeyType, Signer

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
SEED = 20261121
BATCHES = 1000
KILLS = 24


class World:
    """Two programs that are killed and started again: a device and a troublesome plant server."""

    def __init__(self, directory, faithful, *, last, batch):
        self.directory, self.last, self.batch = directory, last, batch
        self.random, self.key = random.Random(SEED), bytes(range(32))
        self.answered, self.kills = -1, 0
        plant = faithful.Plant(directory / "plant.db")
        private = Ed25519PrivateKey.from_private_bytes(self.key)
        plant.add_device("edge-1", str(Signer("edge-1", KeyType.ED25519, private).verifier))
        plant.db.close()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.server = self.start_server()
        self.device = self.start_device(0)

    def start(self, name, *words, **named):
        return subprocess.Popen(
            [sys.executable, HERE / name, *map(str, words)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            stdout=subprocess.PIPE,
            text=True,
            **named,
        )

    def start_server(self):
        words = self.directory / "plant.db", self.port, SEED + self.kills
        server = self.start("faithful_server.py", *words)
        server.stdout.readline()
        return server

    def start_device(self, first):
        url = f"http://127.0.0.1:{self.port}"
        return self.start(
            "recorder_process.py", self.directory, url, self.key.hex(), first, self.last, self.batch
        )

    def kill(self, process):
        process.send_signal(signal.SIGKILL)
        return process.communicate()[0]

    def hear(self, said):
        """Take note of the puts that returned; a half printed line did not count."""
        numbers = [int(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]
        self.answered = max([self.answered, *numbers])

    def kill_one(self):
        self.kills += 1
        if self.random.random() < 0.5:
            self.kill(self.server)
            self.server = self.start_server()
        else:
            self.hear(self.kill(self.device))
            self.device = self.start_device(self.next_ordinal())

    def next_ordinal(self):
        """A recorder does not repeat itself: go on behind what is in the outbox or at the server."""
        with Outbox(self.directory / "outbox.db") as outbox:
            waiting = self.waiting(outbox)
        known = [one["ordinal"] for body in self.arrived() for one in body["intervals"]]
        assert {*known, *waiting} >= set(range(self.answered + 1))  # nothing that was acknowledged is lost
        return max([-1, *known, *waiting]) + 1

    @staticmethod
    def waiting(outbox):
        connection = outbox._database.connection
        bodies = connection.execute("SELECT body FROM batch").fetchall()
        found = [one.ordinal for (body,) in bodies for one in read_body(body)[1]]
        rows = connection.execute("SELECT json_extract(body, '$.ordinal') FROM entry")
        return found + [ordinal for (ordinal,) in rows]

    def count(self):
        with closing(sqlite3.connect(self.directory / "plant.db", timeout=30)) as database:
            return database.execute("SELECT count(*) FROM batch").fetchone()[0]

    def arrived(self):
        with closing(sqlite3.connect(self.directory / "plant.db", timeout=30)) as database:
            return [json.loads(body) for (body,) in database.execute("SELECT body FROM batch ORDER BY rowid")]

    def close(self):
        for process in (self.device, self.server):
            if process.poll() is None:
                self.kill(process)
            process.stdout.close()


@pytest.fixture
def world(tmp_path, faithful):
    built = World(tmp_path, faithful, last=BATCHES * 2, batch=2)
    yield built
    built.close()


def test_a_thousand_batches_arrive_exactly_once_under_kill_9(world):
    """Answers are lost after the commit, old requests come again late, both sides are killed at random."""
    until = time.monotonic() + 240
    deaths = sorted(world.random.sample(range(BATCHES), KILLS))  # at so many batches of the server
    while world.device.poll() is None and time.monotonic() < until:
        if deaths and world.count() >= deaths[0]:
            deaths.pop(0)
            world.kill_one()
        time.sleep(0.005)
    assert world.device.poll() == 0, "the device has not finished in time"
    bodies = world.arrived()
    ordinals = [one["ordinal"] for body in bodies for one in body["intervals"]]
    assert sorted(ordinals) == list(range(BATCHES * 2))
    assert len(bodies) >= BATCHES
    assert world.kills == KILLS
    numbers = {}
    for body in bodies:
        numbers.setdefault(body["boot"], []).append(body["sequence"])
    for sequences in numbers.values():
        assert sorted(sequences) == list(range(len(sequences)))

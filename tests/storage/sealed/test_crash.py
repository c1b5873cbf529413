"""Killed or failed at any step: no interval is lost, none is counted twice, nothing stays behind."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from productivity.errors import BadInput
from storage.sealed.retention import retain
from storage.sealed.sealing import seal_closed
from tests.storage.sealed.totals import counted, files_of, notes_of, open_rows, recorded_paths
from tests.storage.sql.plants import DAY, MONDAY, interval_record

ROOT = Path(__file__).resolve().parents[3]
NOW = MONDAY + 40 * DAY


@pytest.mark.parametrize(("kind", "stride"), [("retain", 5), ("forget", 6)])
def test_a_kill_before_a_step_loses_and_doubles_nothing(address, plant, root, kind, stride):
    """Some of the steps, for each costs two processes; errors at every step are below."""
    script = Path(__file__).with_name("kill_sealer.py")
    command = [sys.executable, str(script), address, str(root), kind, str(stride)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["kills"] * stride > 40
    # Otherwise no kill came between a file and its seal, and the test would show little.
    assert report["leftovers"] > 0


class Faults:
    """Fails one step: a call that reaches the disk, a statement or a commit."""

    def __init__(self, monkeypatch):
        self.count = self.fails_at = 0
        for module, name in ((os, "open"), (os, "fsync"), (Path, "mkdir"), (Path, "unlink")):
            monkeypatch.setattr(module, name, self.watched(getattr(module, name)))

    def watched(self, real):
        def call(*arguments, **named):
            self.step()
            return real(*arguments, **named)

        return call

    def step(self, *_):
        self.count += 1
        if self.count == self.fails_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def seal(plant, root):
    seal_closed(plant, root, now_ms=NOW)


def seal_and_delete(plant, root):
    retain(plant, root, "north", intervals_days=20, aggregates_days=1000, now_ms=NOW)


@pytest.mark.parametrize("work", [seal, seal_and_delete])
def test_an_error_at_any_step_leaves_what_the_next_run_finishes(plant, root, device, monkeypatch, work):
    """Each step fails once; what is sealed and deleted in the end is what came."""
    faults = Faults(monkeypatch)
    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, faults.step)
    try:
        failures = 0
        while True:
            faults.fails_at = 0
            device.send(interval_record(MONDAY, 2 * failures + 1))
            device.send(interval_record(MONDAY + DAY, 2 * failures + 2))
            expected = counted(plant, root)
            faults.count, faults.fails_at = 0, failures + 1
            try:
                work(plant, root)
            except (OSError, BadInput):
                failures += 1
                faults.fails_at = 0
                assert counted(plant, root) == expected, failures
            else:
                break
        faults.fails_at = 0
        work(plant, root)
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(Engine, name, faults.step)
    assert failures > 20
    assert counted(plant, root) == expected
    assert set(expected.values()) == {1}
    assert (open_rows(plant), notes_of(root)) == (0, [])
    assert files_of(root) == recorded_paths(plant)

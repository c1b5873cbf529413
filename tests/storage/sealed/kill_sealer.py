"""Kills a sealing process before each of its steps, and looks after each kill. Run by `test_crash.py`.

    python kill_sealer.py ADDRESS DIRECTORY WORK STRIDE

WORK is "seal", "retain" or "forget". A step is a file that is opened, flushed or removed, a directory that is
made, a statement, a commit. For each number n, by STRIDE, there is new work, and a process that ends without
a word before its step n; then every interval must count as often as before, and every sealed file be there;
another process finishes the work. Prints JSON: kills, and how many of them left a file that no seal named. A
process of its own, because forking a test runner that may hold threads is not safe.
"""

import json
import os
import sys
import traceback
from collections import Counter
from pathlib import Path

import pyarrow as pa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from productivity.records import RecordingMode
from storage.sealed.retention import retain
from storage.sealed.sealing import seal_closed
from storage.sql.database import Database
from storage.sql.documented import DocumentedTime, document
from tests.storage.sealed.totals import counted, files_of, notes_of, recorded_paths
from tests.storage.sql.plants import DAY, HOUR, IRREGULAR, MONDAY, Deliveries, interval_record

DIED = 9
NOW = MONDAY + 40 * DAY
KEPT_FOR = {"retain": (20, 1000), "forget": (20, 30)}


def work(plant, root, kind):
    if kind == "seal":
        seal_closed(plant, root, now_ms=NOW)
    else:
        days = dict(zip(("intervals_days", "aggregates_days"), KEPT_FOR[kind], strict=True))
        retain(plant, root, "north", now_ms=NOW, **days)


class Steps:
    """Counts steps from now on; the process ends before one of them."""

    def __init__(self, last):
        self.count = 0
        self.last = last
        for module, name in ((os, "open"), (os, "fsync"), (Path, "mkdir"), (Path, "unlink"), (Path, "rmdir")):
            setattr(module, name, self.watched(getattr(module, name)))
        for name in ("before_cursor_execute", "commit"):
            event.listen(Engine, name, self.step)

    def watched(self, real):
        def call(*arguments, **named):
            self.step()
            return real(*arguments, **named)

        return call

    def step(self, *_):
        self.count += 1
        if self.count == self.last:
            os._exit(DIED)


def die_before(number, address, root, kind):
    with Database(address, None) as plant:
        Steps(number)
        work(plant, root, kind)


def look(plant, root, kind, expected):
    """Return how many files are left over; leave if anything is lost or counts twice."""
    if kind != "forget" and counted(plant, root) != expected:
        raise SystemExit("an interval is lost or counts twice")
    left = files_of(root) - recorded_paths(plant)
    if recorded_paths(plant) - files_of(root) or len(left) > len(notes_of(root)):
        raise SystemExit("files and seals differ")
    return len(left)


def deliver(plant, number):
    """Bring new work of two days; its durations are new too."""
    at = MONDAY + HOUR
    first, second, third, fourth = range(4 * number + 1, 4 * number + 5)
    Deliveries(plant).send(interval_record(at, first), interval_record(at, second))
    Deliveries(plant).send(interval_record(at + DAY, third))
    time = DocumentedTime(os.urandom(16), "bench", RecordingMode.SR, "rework", IRREGULAR, at, fourth)
    document(plant, "north", [time], 5)


def look_and_deliver(number, address, root, kind, expected, pipe):
    with Database(address, None) as plant:
        left = look(plant, root, kind, expected)
        finish(plant, root, kind, expected)
        deliver(plant, number)
        os.write(pipe, json.dumps([left, list(counted(plant, root).items())]).encode())


def finish(plant, root, kind, expected):
    """Do the work once more, to its end."""
    work(plant, root, kind)
    if look(plant, root, kind, expected) or notes_of(root):
        raise SystemExit("something is left over")
    if kind == "forget" and (counted(plant, root) or files_of(root)):
        raise SystemExit("something is kept")


def alone(task, *arguments):
    """Run a task in a process of its own; return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            task(*arguments)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def told(task, *arguments):
    """Run a task in a process of its own; return what it writes into a pipe."""
    read, write = os.pipe()
    if alone(task, *arguments, write):
        raise SystemExit(f"{task.__name__} failed")
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        return json.loads(pipe.read())


def main(address, root, kind, stride):
    kills = leftovers = 0
    expected = Counter()
    pa.array([0])  # loads what every child would load for itself
    while True:
        left, items = told(look_and_deliver, kills, address, root, kind, expected)
        leftovers += left > 0
        expected = Counter(dict(items))
        ended = alone(die_before, kills * stride + 1, address, root, kind)
        if ended == 0:
            break
        if ended != DIED:
            raise SystemExit(f"step {kills * stride + 1}: the work failed")
        kills += 1
    told(look_and_deliver, kills, address, root, kind, expected)
    print(json.dumps({"kills": kills, "leftovers": leftovers}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))

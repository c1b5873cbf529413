"""Kills a process whose threads say things to the log, again and again. Run by `test_desk_crash.py`.

    python kill_desk.py DIRECTORY KILLS SEED

Prints JSON: kills, words that were answered, and entries of words that nobody was answered for. Exits with an
error as soon as the log does not verify, an answered word does not stand under its number, or a word stands
twice. A process of its own, because forking a test runner that may hold threads is not safe.
"""

import importlib.util
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from consent.agreement.vocabulary import Role, View
from consent.entries.bodies import AccessViewed
from consent.entries.form import parse_entry
from consent.log.directory import Directory
from consent.log.tail import entries_from
from consent.log.verify import verify_log
from consent.site.opening import open_desk

THREADS = 4
LONGEST_LIFE_S = 0.25


def load_helper():
    """Load the site with an agreement in force that the operator's test uses."""
    name = "kill_operator"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def talk(desk, told, life, thread):
    """Say one thing after the other for ever; tell of each answer after it came."""
    number = 0
    while True:
        who = f"{life:08x}{thread:08x}{number:048x}"
        index = desk.say(
            AccessViewed(role=Role.ENGINEER, who=who, view=View.TIMELINES, station="assembly bench"),
            timeout_s=60,
        )
        os.write(told, f"{who} {index}\n".encode())  # short enough to be whole or not there (pipe(7))
        number += 1


def live(plant, world, now_ms, told, life):
    with open_desk(plant, signers=[world.log], now_ms=lambda: now_ms) as desk:
        os.write(told, b"!\n")
        threads = [
            threading.Thread(target=talk, args=(desk, told, life, thread), daemon=True)
            for thread in range(THREADS)
        ]
        for one in threads:
            one.start()
        time.sleep(60)


def one_life(plant, world, now_ms, life, rng):
    """Return what was answered before the process was killed."""
    receive, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(receive)
            live(plant, world, now_ms, told, life)
        finally:
            os._exit(1)
    os.close(told)
    heard = b""
    while not heard.startswith(b"!\n"):
        heard += os.read(receive, 2) or sys.exit("the desk did not open")
    time.sleep(rng.uniform(0, LONGEST_LIFE_S))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while part := os.read(receive, 65536):
        heard += part
    os.close(receive)
    lines = heard.decode().splitlines()[1:]
    return {who: int(index) for who, index in map(str.split, lines)}


def logged(plant, world):
    """Return the words that stand in the log, which must verify, by number."""
    files = Directory(plant.log)
    checkpoint = verify_log(files, world.log.verifier)
    found = {}
    for first, entries in entries_from(files, 0, checkpoint):
        for index, content in enumerate(entries, first):
            body = parse_entry(content, "entry").body
            if isinstance(body, AccessViewed):
                found[index] = body.who
    return found


def main(directory, kills, seed):
    rng, helper = random.Random(seed), load_helper()
    world = helper.load_world().World(helper.NoFiles())
    plant = helper.begin(directory / "site", world)
    answered = {}
    for life in range(kills):
        answered |= one_life(plant, world, helper.NOW_MS, life, rng)
        there = logged(plant, world)
        if any(there.get(index) != who for who, index in answered.items()):
            raise SystemExit(f"kill {life}: an answered word is not where it was said to be")
        if max(Counter(there.values()).values(), default=0) > 1:
            raise SystemExit(f"kill {life}: a word stands twice")
    print(json.dumps({"kills": kills, "answered": len(answered), "unanswered": len(there) - len(answered)}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

"""Kills an operator again and again while acts are handed in. Run by `test_crash.py`.

    python kill_operator.py DIRECTORY KILLS SEED

Prints JSON: kills, acts handed in, and kills that came between an append and the removal of its acts. Exits
with an error as soon as the log does not verify, an act is missing, stands twice or was refused. A process of
its own, because forking a test runner that may hold threads is not safe.
"""

import importlib.util
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from consent.agreement.signing import countersign, sign_agreement
from consent.entries.bodies import AgreementActivated, AgreementSuspended
from consent.entries.form import parse_entry, sign_act
from consent.keys import Role
from consent.log.directory import Directory, locked_directory
from consent.log.tail import entries_from
from consent.log.verify import verify_log
from consent.site.founding import found
from consent.site.operator import Operator
from consent.site.plant import Plant

KILLS_PER_LOG = 15
LONGEST_LIFE_S = 0.03
STALLS = 0.2
"""Share of the lives that end exactly between an append and the removal of its acts."""
NOW_MS = 1_803_884_400_000


def load_world():
    spec = importlib.util.spec_from_file_location("world", Path(__file__).parents[1] / "world.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["world"] = module
    spec.loader.exec_module(module)
    return module


class NoFiles:
    def read(self, _path):
        return None

    def replace(self, _path, content):
        self.read = lambda _: content

    def remove(self, _path):
        return None

    def widths(self, _path):
        return []


def begin(directory, world):
    """Found a site whose agreement is in force; return its plant."""
    plant = Plant(directory)
    plant.create()
    keys = {
        Role.EMPLOYER: world.employer.verifier,
        Role.WORKS_COUNCIL: world.council.verifier,
        Role.WITNESS: world.witness.verifier,
    }
    with locked_directory(plant.log) as files:
        found(files, world.log, keys, NOW_MS)
        signed = countersign(sign_agreement(world.agreement, world.employer), world.council)
        plant.hand_in(str(signed.note))
        body = AgreementActivated(agreement=world.hash)
        plant.hand_in(str(sign_act(body, world.log.name, NOW_MS, world.employer).note))
        Operator(plant, files, [world.log]).step(NOW_MS)
    return plant


def operate_until_killed(plant, world, ready, *, stalls):
    """Work for ever; one that stalls tells before it removes the first act that it appended, and waits."""

    def stall(_handed):
        os.write(ready, b"?")
        time.sleep(60)

    if stalls:
        plant.remove = stall
    with locked_directory(plant.log) as files:
        operator = Operator(plant, files, [world.log])
        os.write(ready, b"!")
        while True:
            operator.step(NOW_MS)


def life(plant, world, acts, rng):
    """Let an operator live for a random time while acts are handed in."""
    receive, ready = os.pipe()
    stalls = rng.random() < STALLS
    child = os.fork()
    if child == 0:
        try:
            operate_until_killed(plant, world, ready, stalls=stalls)
        finally:
            os._exit(1)
    os.close(ready)
    os.read(receive, 1)
    ends = time.monotonic() + rng.uniform(0, LONGEST_LIFE_S)
    for act in acts:
        plant.hand_in(act)
    if stalls:
        os.read(receive, 1)
    while time.monotonic() < ends and not stalls:
        time.sleep(0.0005)
    os.close(receive)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def logged(plant, world):
    """Count how often each act stands in the log, which must verify."""
    checkpoint = verify_log(Directory(plant.log), world.log.verifier)
    entries = [entry for _, some in entries_from(Directory(plant.log), 0, checkpoint) for entry in some]
    acts = (parse_entry(entry, "entry").act for entry in entries)
    return Counter(str(act.note) for act in acts if act is not None)


def main(directory, kills, seed):
    rng = random.Random(seed)
    world = load_world().World(NoFiles())
    between = total = 0
    for number in range(kills):
        if number % KILLS_PER_LOG == 0:
            plant, handed_in = begin(directory / str(number), world), []
        acts = []
        for _ in range(rng.choice((1, 2, 5))):
            body, at_ms = AgreementSuspended(agreement=world.hash), NOW_MS - len(handed_in) - len(acts)
            signer = rng.choice((world.council, world.employer))
            acts.append(str(sign_act(body, world.log.name, at_ms, signer).note))
        handed_in += acts
        life(plant, world, acts, rng)
        there, waiting = logged(plant, world), {one.content.decode() for one in plant.waiting()}
        lost = [act for act in handed_in if not there[act] and act not in waiting]
        if lost or any(count > 1 for count in there.values()):
            raise SystemExit(f"kill {number}: {len(lost)} acts lost, or one taken in twice")
        between += any(there[act] for act in waiting)
        if (number + 1) % KILLS_PER_LOG == 0 or number + 1 == kills:
            with locked_directory(plant.log) as files:
                Operator(plant, files, [world.log]).step(NOW_MS)
            there = logged(plant, world)
            if plant.waiting() or any(there[act] != 1 for act in handed_in) or any(plant.refused.iterdir()):
                raise SystemExit(f"kill {number}: not every act stands in the log once")
            state = plant.follow(world.log.verifier).poll()
            if state.agreements[world.hash].state != "suspended":
                raise SystemExit(f"kill {number}: the agreement is not suspended")
            total += len(handed_in)
    print(json.dumps({"kills": kills, "acts": total, "between": between}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

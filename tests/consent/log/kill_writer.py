"""Kills a writing process again and again, and verifies the log after each kill. Run by `test_crash.py`.

    python kill_writer.py DIRECTORY KILLS SEED

Prints JSON: kills, the number of them that left unpublished files, entries in the end. Exits with an error
as soon as an acknowledged entry is missing, an entry stands in a wrong place or the log does not verify. A
process of its own, because forking a test runner that may hold threads is not safe.
"""

import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.log.checkpoint import Checkpoint
from consent.log.directory import Directory, locked_directory
from consent.log.frontier import Frontier
from consent.log.merkle import leaf_hash
from consent.log.tiles import partial_width
from consent.log.verify import verify_log
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, Signer

KILLS_PER_LOG = 30
LONGEST_LIFE_S = 0.025
SIGNER = Signer("log.example", KeyType.ED25519, Ed25519PrivateKey.from_private_bytes(bytes(32)))


def entry(index):
    return b"entry %d" % index


def write_until_killed(directory, acknowledge, rng):
    """Append batches for ever; tell the size of the log after each acknowledgement."""
    with locked_directory(directory) as files:
        writer = LogWriter(files, SIGNER)
        os.write(acknowledge, writer.checkpoint.size.to_bytes(8, "big"))  # what it found is acknowledged too
        while True:
            size = writer.checkpoint.size
            count = rng.choice((1, 2, 17, 255, 256, 300))
            done = writer.append([entry(index) for index in range(size, size + count)])
            os.write(acknowledge, done.checkpoint.size.to_bytes(8, "big"))


def life(directory, rng):
    """Let a writer live for a random time; return the greatest size that it acknowledged."""
    receive, acknowledge = os.pipe()
    seed = rng.random()
    child = os.fork()
    if child == 0:
        try:
            write_until_killed(directory, acknowledge, random.Random(seed))
        finally:
            os._exit(1)
    os.close(acknowledge)
    if rng.random() < 0.8:  # the others may die while they recover
        select.select([receive], [], [])  # on a busy machine a process may be slow to begin
    time.sleep(rng.uniform(0, LONGEST_LIFE_S))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(receive, "rb") as pipe:
        told = pipe.read()
    return int.from_bytes(told[-8:], "big")


def unpublished_files(directory, size):
    """Whether an interrupted append left anything at the right edge that no checkpoint tells of."""
    bundle = Directory(directory)
    path = f"tile/entries/{size // 256:03d}"
    return bundle.read(path) is not None or any(
        width > partial_width(0, size) for width in bundle.widths(path)
    )


def main(directory, kills, seed):
    rng = random.Random(seed)
    interrupted = entries = 0
    for number in range(kills):
        if number % KILLS_PER_LOG == 0:
            log = directory / str(number)
            log.mkdir()
            with locked_directory(log) as files:
                create_log(files, SIGNER)
            expected, known = Frontier(), []
        acknowledged = life(log, rng)
        checkpoint = verify_log(Directory(log), SIGNER.verifier, earlier=known)
        if checkpoint.size < acknowledged:
            raise SystemExit(f"kill {number}: {acknowledged} acknowledged, {checkpoint.size} there")
        expected.push([leaf_hash(entry(index)) for index in range(expected.size, checkpoint.size)])
        if checkpoint != Checkpoint(SIGNER.name, expected.size, expected.root()):
            raise SystemExit(f"kill {number}: entries are not those that were written")
        known.append(checkpoint)
        interrupted += unpublished_files(log, checkpoint.size)
        entries += checkpoint.size if (number + 1) % KILLS_PER_LOG == 0 else 0
    print(json.dumps({"kills": kills, "interrupted": interrupted, "entries": entries}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

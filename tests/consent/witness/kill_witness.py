"""Kills a serving witness again and again while two plants push two histories at it. Run by `test_server.py`.

    python kill_witness.py DIRECTORY KILLS SEED

Prints JSON: kills, co-signatures handed out, sizes remembered beyond those. Exits with an error as soon as a
co-signature was handed out that is not remembered, or of another history.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

from witness_process import signer

from consent.log.checkpoint import open_checkpoint
from consent.log.directory import locked_directory
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, open_note
from consent.witness.client import WitnessError, cosign_latest
from consent.witness.folder import MemoryFolder
from consent.witness.server import WitnessServer
from consent.witness.witness import Witness

LOG = signer("log.example", KeyType.ED25519)
KEY = signer("council.example/witness", KeyType.COSIGNATURE)
MOST_CO_SIGNATURES = 5
LONGEST_WAIT_S = 10.0


def life(state):
    """Fork a witness; return its process number and port."""
    receive, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            witness = Witness(KEY, [LOG.verifier], MemoryFolder(state), lambda: int(time.time()))
            server = WitnessServer(witness, "127.0.0.1", 0)
            os.write(tell, server.server_port.to_bytes(4, "big"))
            server.serve_forever(poll_interval=0.5)
        finally:
            os._exit(1)
    os.close(tell)
    with os.fdopen(receive, "rb") as pipe:
        port = int.from_bytes(pipe.read(4), "big")
    return child, port


def push(directory, history, port, gone, issued):
    """Append and have it co-signed, until the witness is gone; note what was handed out."""
    with locked_directory(directory) as files:
        writer = LogWriter(files, LOG)
        while not gone.is_set():
            size = writer.checkpoint.size
            writer.append([b"%s %d" % (history, size)])
            try:
                done = ask(files, port, size)
            except WitnessError:
                continue
            issued.append((history, done.checkpoint))


def ask(files, port, old):
    url, at_ms = f"http://127.0.0.1:{port}", int(time.time() * 1000)
    return cosign_latest(files, LOG.verifier, KEY.verifier, url, at_ms=at_ms, old=old, timeout_s=2.0)


def main(directory, kills, seed):
    rng = random.Random(seed)
    state = directory / "state"
    state.mkdir()
    for name in ("a", "b"):
        (directory / name).mkdir()
        with locked_directory(directory / name) as files:
            create_log(files, LOG)
            LogWriter(files, LOG).append([b"both"])
    issued = []
    beyond = 0
    for number in range(kills):
        child, port = life(state)
        gone = threading.Event()
        enough = len(issued) + rng.randrange(MOST_CO_SIGNATURES)
        plants = [
            threading.Thread(target=push, args=(directory / name, name.encode(), port, gone, issued))
            for name in ("a", "b")
        ]
        for plant in plants:
            plant.start()
        ends = time.monotonic() + LONGEST_WAIT_S
        while len(issued) < enough and time.monotonic() < ends:
            time.sleep(0.0005)
        time.sleep(rng.uniform(0, 0.01))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        gone.set()
        for plant in plants:
            plant.join()
        beyond += check(state, issued, number)
    print(json.dumps({"kills": kills, "co-signed": len(issued), "beyond": beyond}))  # noqa: T201


def check(state, issued, number):
    """Hold what was handed out against what is remembered; tell whether more is remembered."""
    files = list(state.glob("*.note"))
    if not files:
        if issued:
            raise SystemExit(f"kill {number}: nothing is remembered")
        return False
    content = files[0].read_bytes()
    remembered, _ = open_checkpoint(content, LOG.verifier)
    open_note(content, (), required=[KEY.verifier])
    if len({history for history, one in issued if one.size > 1}) > 1:
        raise SystemExit(f"kill {number}: two histories were co-signed")
    last = max((one.size for _, one in issued), default=0)
    if remembered.size < last:
        raise SystemExit(f"kill {number}: {last} co-signed, {remembered.size} remembered")
    if any(one.size == remembered.size and one != remembered for _, one in issued):
        raise SystemExit(f"kill {number}: another root is remembered")
    return remembered.size > last


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

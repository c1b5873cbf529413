"""A witness as a process of its own, for tests that race and kill it.

    python witness_process.py serve STATE            prints its port, serves until stopped
    python witness_process.py race STATE             asks for what stands on stdin, one request per line

Keys come from names, as in the tests themselves. A request on stdin is hexadecimal; the answer is the status
and, if the witness co-signed, its line.
"""

import hashlib
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.notes import KeyType, Signer
from consent.witness.folder import MemoryFolder
from consent.witness.server import WitnessServer, stop_on_signals
from consent.witness.witness import Witness


def signer(name, type_):
    seed = hashlib.sha256(name.encode()).digest()
    return Signer(name, type_, Ed25519PrivateKey.from_private_bytes(seed))


def witness(state):
    key = signer("council.example/witness", KeyType.COSIGNATURE)
    log = signer("log.example", KeyType.ED25519).verifier
    return Witness(key, [log], MemoryFolder(state), lambda: int(time.time()))


def serve(state):
    with WitnessServer(witness(state), "127.0.0.1", 0) as server:
        stop_on_signals(server)
        print(server.server_port, flush=True)  # noqa: T201
        server.serve_forever(poll_interval=0.02)


def race(state):
    one = witness(state)
    for line in sys.stdin:
        answer = one.add_checkpoint(bytes.fromhex(line))
        print(int(answer.status), answer.body.strip(), flush=True)  # noqa: T201


if __name__ == "__main__":
    {"serve": serve, "race": race}[sys.argv[1]](Path(sys.argv[2]))

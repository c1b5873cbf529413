"""A device as a program, to be killed: `recorder_process.py STATE URL KEY-HEX FIRST LAST BATCH`.

Puts entries with the ordinals FIRST to LAST - 1 and prints each ordinal once its put has returned; sends
beside it with waits that a test can afford. `BATCH` entries at most share a batch.
"""

import sys
import threading
import time
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from capture.outbox import sender as sending
from capture.outbox.entry import Entry
from capture.outbox.outbox import Outbox
from capture.outbox.sender import Clocks, Sender
from capture.outbox.transport import Transport

sending.IDLE_S = 0.001


def make(ordinal):
    return Entry("a" * 32, ordinal, "press", "assemble", None, 1_700_000_000_000 + 10 * ordinal, 10**7, 900)


def main():
    state, url, key, first, last, batch = Path(sys.argv[1]), *sys.argv[2:]
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key))
    with Outbox(state / "outbox.db") as outbox, Transport(url) as transport:
        outbox.next_batch = partial(outbox.next_batch, most=int(batch))

        def post(batch):
            return transport.send(batch, "edge-1", private, lambda: int(time.time()))

        def monotonic_s():
            return 60 * time.monotonic()  # what is set aside comes back in a minute

        # A draw of -0.99 makes each wait a hundredth: what is tested is order and durability, not patience.
        clocks = Clocks(posix_s=lambda: int(time.time()), monotonic_s=monotonic_s, draw=lambda: -0.99)
        stopped = threading.Event()
        sender = threading.Thread(target=Sender(outbox, "edge-1", post, clocks).run, args=(stopped,))
        sender.start()
        for ordinal in range(int(first), int(last)):
            outbox.put([make(ordinal)])
            print(ordinal, flush=True)  # noqa: T201  # tells the test: this one must never be lost
        while outbox.next_batch("edge-1") is not None:
            time.sleep(0.01)
        stopped.set()
        sender.join()


if __name__ == "__main__":
    main()

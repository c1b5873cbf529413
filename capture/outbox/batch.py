"""A batch: entries with a number, in the very bytes that are sent, however often they are sent."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from capture.outbox.entry import Entry, entry_from

MOST = 200
"""Entries of one batch. The wire allows 1000; some 50 kB pass any proxy and are quick to repeat."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What the server acknowledges as one. `purged`: its content was replaced after it may have been sent."""

    boot: str
    sequence: int
    body: bytes
    purged: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """Which batch of this device it is."""
        return self.boot, self.sequence

    @property
    def digest(self) -> bytes:
        """SHA-256 of the body."""
        return hashlib.sha256(self.body).digest()


def write_body(device: str, boot: str, sequence: int, entries: Sequence[Entry]) -> bytes:
    """Return the JSON of a batch, UTF-8."""
    head = json.dumps(
        {"device": device, "boot": boot, "sequence": sequence}, ensure_ascii=False, separators=(",", ":")
    )
    return f'{head[:-1]},"intervals":[{",".join(entry.text() for entry in entries)}]}}'.encode()


def read_body(body: bytes) -> tuple[str, list[Entry]]:
    """Return device and entries of what `write_body` gave."""
    fields = json.loads(body)
    return fields["device"], [entry_from(interval) for interval in fields["intervals"]]

"""What the server needs from outside, as one frozen value."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from storage.sql.records import Acceptance, BatchRecord


class Store(Protocol):
    """The server's memory. What a method returns for is committed; what raises has changed nothing."""

    def enrol(self, code: str, name: str, key: str, at_ms: int) -> None:
        """Take a device in and use the code up. Raises `CodeRefused`, `NameTaken`."""

    def key_of(self, name: str) -> str | None:
        """Return a device's verifier key."""

    def accept(self, record: BatchRecord, at_ms: int) -> Acceptance:
        """Store a batch exactly once. Raises `UnknownDevice`."""

    def check_ready(self) -> None:
        """Raise if the database does not answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request and one device may ask for. Rates are requests per second."""

    body_bytes: int = 1024 * 1024
    """1000 intervals of some 250 bytes fit four times."""
    batch_rate: float = 50.0
    batch_burst: int = 500
    """A device that was away for days catches up: 500 batches of 200 intervals at once, then 50 a second."""
    enrolment_rate: float = 1.0
    enrolment_burst: int = 20


@dataclass(frozen=True, slots=True)
class Services:
    """Store, clocks and limits. `now_ms` is UTC in milliseconds, `steady_s` a clock that nobody sets."""

    store: Store
    now_ms: Callable[[], int]
    steady_s: Callable[[], float] = time.monotonic
    limits: Limits = field(default_factory=Limits)

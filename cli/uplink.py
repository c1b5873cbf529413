"""A device's way to its plant server: enrolment, key, connection; for every command that sends something."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from capture.outbox.batch import Batch
from capture.outbox.enrolment import Enrolment
from capture.outbox.pacing import Answer
from capture.outbox.sender import Clocks
from capture.outbox.transport import Reply, Transport
from consent.keys import Role, open_key
from consent.notes import Signer
from productivity.errors import BadInput


def posix_s() -> int:
    """Return the wall clock in seconds."""
    return int(time.time())


CLOCKS = Clocks(posix_s=posix_s, monotonic_s=time.monotonic)


def open_device_key(file: Path, passphrase: str) -> Signer:
    """Open the key that signs what a device sends; `BadInput` if it is another's."""
    role, signer = open_key(file, passphrase)
    if role is not Role.DEVICE:
        raise BadInput("key is not a device's", where=str(file), expected=Role.DEVICE, found=role)
    return signer


@dataclass(frozen=True, slots=True)
class Uplink:
    """Sends as one device; may be used by several threads."""

    enrolment: Enrolment
    signer: Signer
    transport: Transport

    @property
    def device(self) -> str:
        """The name under which the server knows this device."""
        return self.enrolment.device

    def send(self, batch: Batch) -> Answer:
        """Send a batch, signed now."""
        return self.transport.send(batch, self.device, self.signer.private, posix_s)

    def report(self, body: bytes, signed_s: int) -> Answer:
        """Send a report, signed as of a POSIX second."""
        return self.transport.report(body, self.device, self.signer.private, signed_s)

    def station_file(self, station: str, *, have: str = "") -> Reply | None:
        """Ask for what is published for a station."""
        return self.transport.station_file(station, self.device, self.signer.private, posix_s(), have=have)


@contextmanager
def uplink(enrolment: Enrolment, signer: Signer) -> Iterator[Uplink]:
    """Give the way to the server that a device is enrolled at."""
    with Transport(enrolment.url, certificates=enrolment.certificates) as transport:
        yield Uplink(enrolment, signer, transport)

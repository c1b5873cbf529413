"""What goes into the tables and comes out of them."""

from dataclasses import dataclass
from enum import Enum

from productivity.errors import FairtaktError
from productivity.states import StateCategory


@dataclass(frozen=True, slots=True)
class IntervalRecord:
    """One interval of a batch, as on the wire. `session` has 16 bytes, `confidence` is in thousandths."""

    session: bytes
    ordinal: int
    station: str
    state: str
    category: StateCategory | None
    start_ms: int
    duration_ns: int
    confidence: int
    cycle: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A batch as it came. `boot` has 16 bytes, `digest` is the SHA-256 of the body."""

    device: str
    boot: bytes
    sequence: int
    digest: bytes
    intervals: tuple[IntervalRecord, ...]


class Acceptance(Enum):
    """What became of a batch. All three are said only of what is committed."""

    STORED = "stored"
    DUPLICATE = "the same batch was stored before"
    CONFLICT = "another batch was stored under this number"


@dataclass(frozen=True, slots=True)
class Gap:
    """Sequence numbers of one boot of a device, `first` to `last` inclusive, that never arrived."""

    device: str
    boot: bytes
    first: int
    last: int

    @property
    def missing(self) -> int:
        """How many batches that are."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """How a device is. `created_s`: POSIX seconds of its own clock; `lights`: JSON, as on the wire."""

    device: str
    created_s: int
    waiting: int
    condition: str
    lights: str


class CodeRefused(FairtaktError):
    """No such enrolment code, or it was used, or it is too old. Which of these is not told."""

    def __init__(self) -> None:
        super().__init__("enrolment code is wrong, used or expired")


class NameTaken(FairtaktError):
    """A device of this name is enrolled already. The code stays usable."""

    def __init__(self) -> None:
        super().__init__("a device of this name is enrolled already")


class UnknownDevice(FairtaktError):
    """No device of this name is enrolled."""

    def __init__(self) -> None:
        super().__init__("no such device is enrolled")

"""What an acquisition delivers: sampled and documented times, output, paid time; and what is wrong with it.

Importers make these values, the aggregation consumes them. Durations are whole nanoseconds and never
negative. `period` is the label that a study gives to one stretch of paid time, for example "2026-03".
`source` names the row or rows that a value came from, for example "mes.csv:17" or "sheet.xlsx:4-9".
"""

from dataclasses import dataclass
from enum import StrEnum

from productivity.errors import BadInput

ALL_VARIANTS = ""
"""The variant of a value that holds for every variant of the product."""


class RecordingMode(StrEnum):
    """How a time was recorded."""

    RTS = "RTS"
    """Reduced time study: samples with a stopwatch."""
    SR = "SR"
    """Self-recording by the workers: documented durations."""
    OMD = "OMD"
    """Operating and machine data: documented durations and output."""
    CV = "CV"
    """Computer vision: samples with a camera."""


SAMPLING_MODES = frozenset({RecordingMode.RTS, RecordingMode.CV})
"""Modes that yield samples; the others only document whole durations."""


class Unit(StrEnum):
    """What a sampled duration occurs once for, and so what it is multiplied by (horizontal aggregation)."""

    PIECE = "piece"
    BATCH = "batch"
    SHIFT = "shift"


class Severity(StrEnum):
    """What a finding means for the result."""

    ERROR = "error"
    """The figures contradict each other or are refused; somebody must correct them."""
    WARNING = "warning"
    """The result holds, but on an assumption that somebody should confirm."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A contradiction, a refused row or a choice that was made, and the rows that cause it.

    `text` is an English sentence. `code` is stable and `facts` holds the sentence's values by name, so that
    another language can say the same; a fact whose name ends in "_ns" is a duration in nanoseconds. `system`
    is the work system concerned, empty when it is not known.
    """

    severity: Severity
    code: str
    text: str
    rows: tuple[str, ...] = ()
    facts: tuple[tuple[str, str | int], ...] = ()
    system: str = ""


@dataclass(frozen=True, slots=True)
class Documented:
    """Directly documented time (SR, OMD, or CV that saw the whole period): it simply adds up, eq. (5).

    `duration_ns` is the total of all `occurrences`; a row of 0 says that nothing occurred.
    """

    system: str
    state: str
    mode: RecordingMode
    period: str
    duration_ns: int
    occurrences: int = 1
    source: str = ""

    def __post_init__(self) -> None:
        _refuse_negative(self.source, duration_ns=self.duration_ns, occurrences=self.occurrences)
        if self.mode is RecordingMode.RTS:
            raise BadInput(
                "documented time has a mode that only samples",
                where=self.source,
                expected="SR, OMD or CV",
                found=self.mode,
            )


@dataclass(frozen=True, slots=True)
class Sampled:
    """Sampled durations of one state (RTS, CV), one for each observed `unit`; 0 where it did not occur.

    `sessions` says for each sample in which observation it was taken: samples of one session are correlated.
    Empty when that is not known. Samples hold for every period in which the work system is unchanged.
    """

    system: str
    state: str
    mode: RecordingMode
    durations_ns: tuple[int, ...]
    sessions: tuple[str, ...] = ()
    variant: str = ALL_VARIANTS
    unit: Unit = Unit.PIECE
    source: str = ""

    def __post_init__(self) -> None:
        if not self.durations_ns:
            raise BadInput(f"state {self.state!r} has no sample", where=self.source, expected="at least one")
        _refuse_negative(self.source, duration_ns=min(self.durations_ns))
        if self.sessions and len(self.sessions) != len(self.durations_ns):
            raise BadInput(
                f"state {self.state!r} has samples without a session",
                where=self.source,
                expected=f"{len(self.durations_ns)} sessions, or none",
                found=str(len(self.sessions)),
            )
        if self.mode not in SAMPLING_MODES:
            raise BadInput(
                "sampled time has a documenting mode",
                where=self.source,
                expected="RTS or CV",
                found=self.mode,
            )


@dataclass(frozen=True, slots=True)
class Output:
    """What a work system put out in a period: pieces, and the batches and shifts that they took.

    Shifts belong to no variant: state them with `ALL_VARIANTS`.
    """

    system: str
    period: str
    variant: str = ALL_VARIANTS
    pieces: int = 0
    batches: int = 0
    shifts: int = 0
    source: str = ""

    def __post_init__(self) -> None:
        _refuse_negative(self.source, pieces=self.pieces, batches=self.batches, shifts=self.shifts)
        if self.shifts and self.variant != ALL_VARIANTS:
            raise BadInput(
                "shifts are counted for one variant",
                where=self.source,
                expected="shifts on a row without a variant",
                found=repr(self.variant),
            )

    def count(self, unit: Unit) -> int:
        """Return how often the unit occurred."""
        return {Unit.PIECE: self.pieces, Unit.BATCH: self.batches, Unit.SHIFT: self.shifts}[unit]


@dataclass(frozen=True, slots=True)
class PaidTime:
    """The time that is paid in a work system in a period: T_paid of eq. (1)."""

    system: str
    period: str
    duration_ns: int
    source: str = ""

    def __post_init__(self) -> None:
        _refuse_negative(self.source, duration_ns=self.duration_ns)


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """T_NR of eq. (1) where it is given, and not what the balance leaves open."""

    system: str
    period: str
    duration_ns: int
    source: str = ""

    def __post_init__(self) -> None:
        _refuse_negative(self.source, duration_ns=self.duration_ns)


@dataclass(frozen=True, slots=True)
class Records:
    """Everything that was acquired for a study, of all systems and periods."""

    sampled: tuple[Sampled, ...] = ()
    documented: tuple[Documented, ...] = ()
    output: tuple[Output, ...] = ()
    paid: tuple[PaidTime, ...] = ()
    not_recorded: tuple[NotRecorded, ...] = ()

    def __add__(self, other: "Records") -> "Records":
        """Return the records of both, in order."""
        return Records(
            self.sampled + other.sampled,
            self.documented + other.documented,
            self.output + other.output,
            self.paid + other.paid,
            self.not_recorded + other.not_recorded,
        )


def _refuse_negative(source: str, **numbers: int) -> None:
    for name, number in numbers.items():
        if number < 0:
            raise BadInput(f"{name} is negative", where=source, expected="0 or more", found=str(number))

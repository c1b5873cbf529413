"""The mapping file: how a foreign file says what the method needs. YAML in, a frozen `FileMapping` out.

    fairtakt: mapping 1
    kind: state log                  # what the file holds, see `Kind`
    columns: {system: MachineName, state: ReasonCode, start: StartTime, end: EndTime}
    dates: month first               # ISO | day first | month first
    period: month                    # day | week | month, or a label such as "2026-03"
    systems: {Loading robot: Cell A} # names of the file: names of the study; others stay as they are
    states: {Idle: waiting, Working: null}  # null is passed over; with this table, others are refused

A role without an entry in `columns` is looked for under its own name. `constants` gives a role one value
for all rows instead.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from capture.yaml_document import Strict, read_document, refuse
from productivity.records import RecordingMode
from storage.importers.cells import TIME_UNITS, Notation

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]


class Kind(StrEnum):
    """What a file holds."""

    STATE_LOG = "state log"
    """Directly documented times, a row each: MES logs (OMD), self-recording (SR)."""
    ATTENDANCE = "attendance"
    """Paid time and absences, a row each: counts, pseudonymous or aggregated."""
    OUTPUT = "output"
    """Pieces, batches and shifts."""
    STOPWATCH = "stopwatch"
    """A reduced time study: a row for each element of work."""
    MACHINE_LOG = "machine log"
    """What an MTConnect adapter sent (SHDR)."""
    LABELS = "labels"
    """A labelled video: ELAN, BORIS or Label Studio."""
    RECORDING = "recording"
    """What `fairtakt record` wrote: state intervals with their cycles."""


ROLES = {
    Kind.STATE_LOG: "system state start end date duration occurrences resource period",
    Kind.ATTENDANCE: "system state start end date duration count period",
    Kind.OUTPUT: "system variant pieces batches shifts date period",
    Kind.STOPWATCH: "system state duration variant unit session number",
}
"""What a column of a table can be. `resource` is what is in one state at a time: by default the system as the
file names it. `number` counts the pieces (batches, shifts) that were observed within a session."""


class CycleStates(Strict):
    """A cycle begins with the first of these states and is complete after the last."""

    first: Name
    last: Name


class FileMapping(Strict):
    """How to read one kind of file. Unknown keys and roles are refused."""

    fairtakt: Literal["mapping 1"] = "mapping 1"
    kind: Kind
    mode: RecordingMode | None = None
    columns: dict[Name, Name] = Field(default_factory=dict)
    constants: dict[Name, str | int | float] = Field(default_factory=dict)
    systems: dict[str, Name] = Field(default_factory=dict)
    states: dict[str, Name | None] = Field(default_factory=dict)
    present: tuple[Name, ...] = ("present", "attendance", "anwesend", "Anwesenheit")
    period: Name = "month"
    # How the file is written
    decimal: Literal[".", ","] = "."
    dates: Literal["ISO", "day first", "month first"] = "ISO"
    time_zone: Name | None = None
    duration: Literal["h", "min", "cmin", "s", "ms"] = "h"
    timing: Literal["single", "progress"] = "single"
    encoding: Literal["utf-8", "utf-16", "cp1252", "iso-8859-15"] = "utf-8"
    header_line: Annotated[int, Field(ge=1, le=1000)] = 1
    sheet: Name | None = None
    # Machine logs, labels and recordings
    execution: Name | None = None
    frame_rate: Annotated[float, Field(gt=0, le=1000)] | None = None
    tiers: dict[str, Name] = Field(default_factory=dict)
    cycle: CycleStates | None = None
    session: Name | None = None
    variant: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> "FileMapping":
        roles = ROLES.get(self.kind, "system").split()
        for table in ("columns", "constants"):
            for role in getattr(self, table):
                if role not in roles:
                    refuse((table, role), f"expected one of {', '.join(roles)}")
        if both := self.columns.keys() & self.constants.keys():
            refuse(("constants", min(both)), "expected a column or a constant, found both")
        allowed = MODES.get(self.kind, ())
        if self.mode is not None and self.mode not in allowed:
            refuse(("mode",), f"expected {' or '.join(allowed) or 'no mode'} for a {self.kind}")
        if self.time_zone is not None:
            _check_zone(self.time_zone)
        return self

    @property
    def notation(self) -> Notation:
        """How the file writes numbers and dates."""
        return Notation(self.decimal, self.dates, self.time_zone)

    @property
    def recording_mode(self) -> RecordingMode:
        """The stated recording mode, or the usual one for this kind of file."""
        return self.mode or MODES[self.kind][0]

    @property
    def duration_unit(self) -> int:
        """Nanoseconds in what a plain number of a duration counts."""
        return TIME_UNITS[self.duration]


MODES = {
    Kind.STATE_LOG: (RecordingMode.OMD, RecordingMode.SR),
    Kind.ATTENDANCE: (RecordingMode.OMD,),
    Kind.OUTPUT: (RecordingMode.OMD,),
    Kind.STOPWATCH: (RecordingMode.RTS,),
    Kind.MACHINE_LOG: (RecordingMode.OMD,),
    Kind.LABELS: (RecordingMode.RTS, RecordingMode.CV),
    Kind.RECORDING: (RecordingMode.CV,),
}
"""The recording modes that a kind of file can have, the usual one first. A labelled video is a time study."""


def read_mapping(path: Path) -> FileMapping:
    """Read and validate a mapping file. Raises `BadInput` naming file, line, expectation and finding."""
    return read_document(path, FileMapping, "mapping file")


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        refuse(("time_zone",), f"expected the name of a time zone such as Europe/Berlin, found {name[:60]!r}")

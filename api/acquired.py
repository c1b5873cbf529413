"""What acquisition by API looks like on the wire: documented times, and what became of an imported file."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, RootModel

from api.problems import Kind, Problem
from api.wire import LONGEST_NS, Hex16, Word
from productivity.records import Finding, Severity
from productivity.states import StateCategory

MOST_ROWS = 1000
_LATEST_MS = 253_402_300_799_999
_MOST_OCCURRENCES = 2**31 - 1

Key = Annotated[Hex16, Field(description="drawn at random by the sender; a row counts once under it")]
Category = Annotated[StateCategory, Field(strict=False)]
Start = Annotated[int, Field(ge=0, le=_LATEST_MS, description="UTC; rounded down before it is stored")]
Lasted = Annotated[int, Field(ge=0, le=LONGEST_NS, description="total of all occurrences")]
Occurrences = Annotated[int, Field(ge=0, le=_MOST_OCCURRENCES)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OwnTime(_Wire):
    """Time in one state, as a worker records it at a terminal. No person; the station is the terminal's."""

    key: Key
    state: Word
    category: Category
    start_ms: Start
    duration_ns: Lasted
    occurrences: Occurrences = 1


class Time(OwnTime):
    """Time in one state at a station: self-recorded (SR), or operating and machine data (OMD). No person."""

    station: Word
    mode: Literal["SR", "OMD"]


class OwnTimes(RootModel[Annotated[list[OwnTime], Field(min_length=1, max_length=MOST_ROWS)]]):
    """Times that workers recorded at this terminal."""


class Times(RootModel[Annotated[list[Time], Field(min_length=1, max_length=MOST_ROWS)]]):
    """Documented times."""


class Stored(_Wire):
    """All rows are committed, by this request or (`duplicates`) an earlier one."""

    stored: int
    duplicates: int


class FoundFault(_Wire):
    """Something about a file: `rows` says where. An error refuses the file as a whole."""

    severity: Literal["error", "warning", "note"]
    code: str
    text: str
    rows: list[str]


class ImportedRows(_Wire):
    """What became of a file: `read` = `used` + `passed_over`; `stored` rows of the tables, or all before."""

    read: int
    used: int
    passed_over: int
    stored: int
    duplicates: int
    findings: list[FoundFault]


class PlantHoliday(_Wire):
    """A day on which no shift begins."""

    day: date
    name: str


class ImportedCalendar(_Wire):
    """How many shifts stand in the span now, and how many were left out because of holidays."""

    shifts: int
    left_out: int
    holidays: list[PlantHoliday]


MOST_FINDINGS = 200


def told(findings: Iterable[Finding]) -> list[FoundFault]:
    """Return findings for the wire, errors first, as many as somebody would read."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    some = sorted(findings, key=lambda finding: order[finding.severity])[:MOST_FINDINGS]
    return [
        FoundFault(severity=one.severity.value, code=one.code, text=one.text, rows=list(one.rows))
        for one in some
    ]


def refused(findings: Iterable[Finding], kind: Kind = Kind.INVALID) -> Problem:
    """Return the problem of a file with errors. Its findings name rows; they go to whoever sent the file."""
    found: list[JsonValue] = [one.model_dump() for one in told(findings)]
    return Problem(kind, "nothing was stored; the findings say why", findings=found)

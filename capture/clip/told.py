"""What the process that sees a clip may tell: one line of JSON each, of these kinds and no others.

It decodes a file that nobody vouches for, so whoever listens believes none of it before it is validated.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

LONGEST_CLIP_S = 120
EVIDENCE_STEP_MS = 200
"""Evidence is told five times per second: looks are about three per second."""
LONGEST_LINE = 2 * 1024 * 1024
"""Bytes. 66 rows of 600 percentages and 2,000 intervals are less than half of it."""

_Nanoseconds = Annotated[int, Field(ge=0, le=(LONGEST_CLIP_S + 60) * 10**9)]
_Text = Annotated[str, Field(max_length=500)]
_Name = Annotated[str, Field(max_length=100)]
_Percent = Annotated[int, Field(ge=0, le=100)]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Progress(_Told):
    """How far it is; `total_ns` is what the file says of its length, if it does."""

    kind: Literal["progress"] = "progress"
    at_ns: _Nanoseconds
    total_ns: _Nanoseconds | None


class Refused(_Told):
    """Nothing comes of it.

    `why`: the file is not what it must be; packages or weights are missing; the system cannot confine the
    process; the clip needs more memory than it may use; a fault of ours.
    """

    kind: Literal["refused"] = "refused"
    why: Literal["clip", "missing", "confinement", "memory", "fault"]
    detail: _Text


class TriedInterval(_Told):
    """A state interval of the clip."""

    state: _Name
    start_ns: _Nanoseconds
    duration_ns: _Nanoseconds
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    reason: _Text = ""


class TriedCycle(_Told):
    """A complete cycle in the clip."""

    number: Annotated[int, Field(ge=1)]
    start_ns: _Nanoseconds
    duration_ns: _Nanoseconds


class Evidence(_Told):
    """How well a state's rule fits over time, in per cent, a value for each `step_ms`."""

    state: _Name
    percent: Annotated[list[_Percent], Field(max_length=1000)]


class Watched(_Told):
    """What the station file makes of the clip: intervals that tile its span; no picture and no pose."""

    kind: Literal["watched"] = "watched"
    span_ns: _Nanoseconds
    intervals: Annotated[list[TriedInterval], Field(max_length=5000)]
    cycles: Annotated[list[TriedCycle], Field(max_length=1000)]
    step_ms: Annotated[int, Field(ge=1)]
    evidence: Annotated[list[Evidence], Field(max_length=66)]


Told: TypeAlias = Annotated[Progress | Refused | Watched, Field(discriminator="kind")]
told: TypeAdapter[Told] = TypeAdapter(Told)

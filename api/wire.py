"""What devices send and receive, as validated data. Unknown fields are refused; no value is converted."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.problems import Kind, Problem
from productivity.states import StateCategory

SAFE_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps (RFC 8259 section 6)."""

LONGEST_NS = 366 * 86_400 * 10**9
"""No interval lasts more than a year; sums of very many still fit 64 bits."""

_LATEST_MS = 253_402_300_799_999  # the end of the year 9999, the last that calendars know

# Printable in one line: no control character, which PostgreSQL or a log line could not carry.
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$")]
Hex16 = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Count = Annotated[int, Field(ge=0, le=SAFE_INTEGER)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Interval(_Wire):
    """One state interval. No person, no picture, no pose. A field that is null may be left out."""

    session: Hex16
    ordinal: Annotated[Count, Field(description="order within the session")]
    station: Word
    state: Word
    category: Annotated[StateCategory | None, Field(strict=False)] = None
    start_ms: Annotated[int, Field(ge=0, le=_LATEST_MS, description="UTC, rounded down by the device")]
    duration_ns: Annotated[int, Field(gt=0, le=LONGEST_NS)]
    confidence: Annotated[int, Field(ge=0, le=1000, description="thousandths")]
    cycle: Annotated[int, Field(ge=1, le=SAFE_INTEGER)] | None = None
    reason: Word | None = None


class Batch(_Wire):
    """State intervals of a device under a number that it never uses twice."""

    device: Word
    boot: Hex16
    sequence: Annotated[Count, Field(description="from 0, one more for each batch of the boot")]
    intervals: Annotated[list[Interval], Field(min_length=1, max_length=1000)]


class Enrolment(_Wire):
    """A device introduces itself with a one-time code."""

    code: Annotated[str, Field(min_length=1, max_length=100)]
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    key: Annotated[str, Field(max_length=400, description="C2SP verifier key, Ed25519")]


class Enrolled(_Wire):
    """The device is taken in."""

    device: str


class Acknowledged(_Wire):
    """The batch is committed, by this request or (`duplicate`) an earlier one."""

    device: str
    boot: str
    sequence: int
    duplicate: bool


class StationLight(_Wire):
    """What a device does at one of its stations now.

    `reason`: why it does not record. `state`: the present worker state, only where the works agreement
    permits times as fine as a report is frequent.
    """

    station: Word
    light: Literal["recording", "not recording", "ended"]
    reason: Word | None = None
    state: Word | None = None


class DeviceReport(_Wire):
    """How a device is; the newest one counts, by the time at which it was signed."""

    device: Word
    waiting: Annotated[Count, Field(description="intervals in its outbox")]
    condition: Annotated[Word, Field(description="in words how sending goes")]
    lights: Annotated[list[StationLight], Field(max_length=100)]


class Reported(_Wire):
    """The report is kept; or, `kept` false, one that was signed later or in the same second stands."""

    device: str
    kept: bool


class Health(_Wire):
    """The server answers."""

    status: str


Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], body: bytes) -> Model:
    """Read JSON. Raises `Problem` that names the place and the rule, never the value that broke it."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first: Any = error.errors(include_url=False, include_input=False, include_context=False)[0]
        if first["type"] == "json_invalid":
            raise Problem(Kind.MALFORMED, "the content is not JSON in UTF-8") from None
        place, rule = list(first["loc"]), first["type"].replace("_", " ")
        if first["type"] == "extra_forbidden":
            place = place[:-1]  # an unknown field's name is the client's word
        where = ".".join(map(str, place)) or "the content"
        raise Problem(Kind.INVALID, f"{where}: {rule}") from None

"""What is asked for and told of released tables."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.wire import Word
from productivity.disclosure.rules import Reason


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Unit(StrEnum):
    """What a period is made of."""

    WEEK = "week"
    MONTH = "month"


class StationDepth(StrEnum):
    """Down to what the dimension of stations goes."""

    STATION = "station"
    CELL = "cell"
    AREA = "area"
    ALL = "all"


class StateDetail(StrEnum):
    """Down to what the dimension of states goes."""

    STATE = "state"
    CATEGORY = "category"


class Periods(StrEnum):
    """Whether weeks or months are put together, or shown one by one as well."""

    TOGETHER = "together"
    EACH = "each"


class Counted(StrEnum):
    """How headcounts count somebody who works at several stations on one day."""

    ONCE = "once"
    AT_EACH = "at each station"


Day = Annotated[date, Field(strict=False, ge=date(1970, 1, 5), le=date(9990, 12, 31))]


class Wanted(_Wire):
    """A table. Its period is whole weeks or months, from that of one day to that of another."""

    name: Word
    unit: Annotated[Unit, Field(strict=False)]
    first_day: Day
    last_day: Day
    periods: Annotated[Periods, Field(strict=False)] = Periods.TOGETHER
    place: Annotated[
        str,
        Field(
            max_length=200,
            pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$",
            description="area or cell; empty: the whole plant",
        ),
    ] = ""
    stations: Annotated[StationDepth, Field(strict=False)]
    states: Annotated[StateDetail, Field(strict=False)]
    counted: Annotated[
        Counted,
        Field(
            strict=False,
            description="how the headcounts of the plant count whoever works at several stations on one day; "
            "it decides how many people are certain to be behind several stations",
        ),
    ]


class Confirmed(Wanted):
    """A table that somebody has seen the preview of, and releases."""

    confirms: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="`confirms` of the preview")]


WANTED = {
    "name": "Assembly, weeks 45 and 46",
    "unit": "week",
    "first_day": "2026-11-02",
    "last_day": "2026-11-15",
    "periods": "together",
    "place": "",
    "stations": "cell",
    "states": "category",
    "counted": "once",
}
CONFIRMED = {**WANTED, "confirms": "0" * 64}


class Group(_Wire):
    """A row or column, and the stations, states or days that it puts together."""

    name: str
    members: list[str]


class Axis(_Wire):
    """A dimension of a table."""

    name: Literal["station", "state", "period"]
    groups: list[Group]


class PreviewCell(_Wire):
    """A cell, without its figure. `reason`: why it would be hidden; null if it would be shown."""

    at: list[str]
    reason: Annotated[Reason | None, Field(strict=False)]


class Preview(_Wire):
    """What a release would hide and why. It holds no figure: nothing is shown before it is released."""

    first_day: date
    last_day: date
    dimensions: list[Axis]
    cells: list[PreviewCell]
    shown: int
    suppressed: int
    too_few: int
    dominated: int
    protecting: int
    smallest_group: Annotated[int | None, Field(description="people behind the smallest group that is shown")]
    required_group: int
    unjudged: Annotated[int, Field(description="shown figures of which nobody knows whether few dominate")]
    exposed: Annotated[
        list[list[str]],
        Field(description="cells that earlier releases give away to some degree, whatever is hidden here"),
    ]
    checked_against: Annotated[int, Field(description="earlier releases that overlap with this one")]
    not_sealed: Annotated[list[date], Field(description="days that may still be corrected")]
    confirms: Annotated[str, Field(description="what the release must name: this preview")]


class Published(_Wire):
    """The table is released: the log says so, and it is shown."""

    release: str
    entry: int
    next: str


class ReleaseLine(_Wire):
    """A release at a glance; `entry` is its number in the log."""

    release: str
    name: str
    at_ms: int
    entry: int
    first_day: date
    last_day: date
    smallest_group: int
    cells: int
    suppressed: int


class Releases(_Wire):
    """Released tables that are still shown, newest first. `retired` are past their retention."""

    releases: list[ReleaseLine]
    retired: int


class Figure(_Wire):
    """A cell: its figure in whole seconds, or that it is hidden."""

    at: list[str]
    value: int | None = None
    hidden: bool = False


class AppliedRules(_Wire):
    """By what it was decided."""

    smallest_group: int
    leading: int
    share: str


class Document(_Wire):
    """A released table, as it leaves. Its SHA-256 is the `content` of the log's entry."""

    format: Literal["fairtakt released table 1"]
    release: str
    name: str
    site: str
    released_ms: int
    agreement: str
    measure: str
    first_day: date
    last_day: date
    counted: Annotated[Counted, Field(strict=False)]
    rules: AppliedRules
    cells: int
    suppressed: int
    smallest_group: int
    unjudged: int
    dimensions: list[Axis]
    figures: list[Figure]
    statement: str
    commitment: Annotated[
        str, Field(description="SHA-256, salted, of what is kept for the check of later releases")
    ]

"""What studies look like on the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.acquired import FoundFault
from api.problems import Kind, Problem
from api.wire import Hex16, Word
from productivity.portfolio import Criterion
from productivity.records import RecordingMode
from productivity.states import StateCategory
from storage.importers.mapping import FileMapping
from storage.study.editing import LARGEST
from storage.study.server_data import Taken

MOST_ROWS = 2000
Revision = Annotated[
    str,
    Field(pattern=r"^[0-9a-f]{16}$", description="of the file that the change was made from, as it was read"),
]
StudyName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$")]
Language = Literal["en", "de"]
Cell = Annotated[str, Field(max_length=200)]
Percent = Annotated[float, Field(gt=0, le=100)]
Mode = Annotated[RecordingMode, Field(strict=False)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NewStudy(_Wire):
    """A study to be made from the template."""

    name: StudyName
    title: Word
    language: Language = "en"


class StudyLine(_Wire):
    """A study at a glance. `trouble`: why it cannot be read; all else is empty then."""

    name: str
    title: str
    area: str | None
    periods: list[str]
    steps_done: Annotated[int, Field(description="of the eight, in the newest period")]
    trouble: str


class Studies(_Wire):
    """All studies of the server."""

    studies: list[StudyLine]


class MissingPart(_Wire):
    """What is missing for a step. `code` is stable."""

    code: str
    text: str


class StepLine(_Wire):
    """One of the eight steps of the acquisition."""

    number: int
    task: str
    done: bool
    missing: list[MissingPart]


class StudyOverview(_Wire):
    """A study, and how far it is in one period."""

    name: str
    title: str
    language: Language
    area: str | None
    periods: list[str]
    period: str
    systems: list[str]
    sources: list[str]
    mappings: list[str]
    steps: list[StepLine]
    revisions: Annotated[dict[str, str], Field(description="of each file that can be changed")]


class SystemRow(_Wire):
    """A work system; `level` is plant, area, cell, line or workplace."""

    name: Word
    level: Annotated[str, Field(max_length=40)]
    part_of: Cell = ""


class SettingsChange(_Wire):
    """Decisions of a study; what is left out stays as it is. An empty `area` is none."""

    revision: Revision
    title: Word | None = None
    language: Language | None = None
    systems: Annotated[list[SystemRow], Field(min_length=1, max_length=MOST_ROWS)] | None = None
    area: Cell | None = None
    periods: Annotated[list[Word], Field(max_length=200)] | None = None
    abc: Annotated[Criterion, Field(strict=False)] | None = None
    variants: Annotated[list[Word], Field(max_length=MOST_ROWS)] | None = None
    samples: Annotated[int, Field(ge=2, le=1000)] | None = None
    half_width_percent: Percent | None = None
    confidence_percent: Annotated[float, Field(gt=50, lt=100)] | None = None
    cycle_bound: Annotated[list[Mode], Field(max_length=4)] | None = None
    batch_bound: Annotated[list[Mode], Field(max_length=4)] | None = None
    periodical: Annotated[list[Mode], Field(max_length=4)] | None = None
    irregular: Annotated[list[Mode], Field(max_length=4)] | None = None
    absent: Annotated[list[Word], Field(max_length=MOST_ROWS)] | None = None
    breaks: Annotated[list[Word], Field(max_length=MOST_ROWS)] | None = None
    orders: Annotated[list[Word], Field(max_length=MOST_ROWS)] | None = None


class ProtocolChange(_Wire):
    """Bars of the agreement with a manual study; null: reported, not judged. What is left out stays."""

    revision: Revision
    fixed_on: Annotated[date | None, Field(strict=False)] | Literal[""] = None
    cycle_margin_percent: Percent | None = None
    kappa: Annotated[float, Field(gt=0, lt=1)] | None = None
    human_kappa: Annotated[float, Field(gt=0, lt=1)] | None = None
    share_error_percent: Percent | None = None
    concordance: Annotated[float, Field(gt=0, lt=1)] | None = None
    mape_percent: Percent | None = None
    smallest_difference_s: Annotated[float, Field(gt=0)] | None = None
    clustering: Literal["session", "station"] | None = None


class Changed(_Wire):
    """The change is durable; the file's new revision."""

    revision: str


class StudyText(_Wire):
    """A file of a study as text."""

    text: Annotated[str, Field(max_length=LARGEST)]
    revision: Revision


class TableRows(_Wire):
    """A table as rows of text by column; a column that is left out is empty."""

    rows: Annotated[list[dict[Word, Cell]], Field(max_length=MOST_ROWS)]
    revision: Revision


class StudyTable(_Wire):
    """A table of a study."""

    columns: list[str]
    rows: list[dict[str, str]]
    revision: str


class PlanOrder(_Wire):
    """Make the recording plan anew, with the sample sizes that the pilot of a period asks for.

    Without a period, or an empty one, that of the last one.
    """

    period: Cell | None = None


class Planned(_Wire):
    """The plan was written."""

    rows: int
    revision: str


class Columns(_Wire):
    """The columns that a table has; no cell of it."""

    columns: list[str]


class StateTotal(_Wire):
    """The time that was read for a state, as the file (or the server) names it."""

    state: str
    duration_ns: int


class ImportReport(_Wire):
    """What becomes of a file, or became of it. `file_refused`: nothing of it can be used.

    `read` = `used` + `passed_over` + `refused`.
    """

    file_refused: bool
    read: int
    used: int
    passed_over: int
    refused: int
    samples: Annotated[int, Field(description="sampled durations")]
    documented: Annotated[int, Field(description="rows of documented time")]
    output: int
    paid: int
    systems: Annotated[list[str], Field(description="work systems in the data")]
    unknown_systems: Annotated[list[str], Field(description="those that the study does not have")]
    unknown_states: Annotated[list[str], Field(description="states that the study does not have")]
    unknown_periods: Annotated[list[str], Field(description="periods that the study does not name")]
    totals: list[StateTotal]
    findings: list[FoundFault]


class CycleDefinition(_Wire):
    """The states, in the station's words, that begin and end a cycle."""

    first: Word
    last: Word


class Taking(_Wire):
    """What is taken from the server's own records into a study. Days are the site's; both are included.

    `systems` and `states`: names of the server: names of the study; a state named null is passed over.
    `cycles` by station; without one, that of its published station file counts.
    """

    take: Annotated[Taken, Field(strict=False)]
    stations: Annotated[list[Word], Field(min_length=1, max_length=200)]
    first: Annotated[date, Field(strict=False)]
    last: Annotated[date, Field(strict=False)]
    session: Hex16 | None = None
    period: Annotated[str, Field(min_length=1, max_length=60)] = "month"
    variant: Cell = ""
    systems: Annotated[dict[Word, Word], Field(max_length=200)] = {}
    states: Annotated[dict[Word, Word | None], Field(max_length=500)] = {}
    cycles: Annotated[dict[Word, CycleDefinition], Field(max_length=200)] = {}


class ServerSession(_Wire):
    """A session of a station at a glance; its start at the resolution of the works agreement."""

    station: str
    session: str
    start_ms: int
    duration_ms: int
    intervals: int


class ServerSessions(_Wire):
    """Sessions of stations."""

    sessions: list[ServerSession]


def parse_mapping(body: bytes) -> FileMapping:
    """Read a mapping. Raises `Problem` that names the place and says what is expected there."""
    try:
        return FileMapping.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise Problem(Kind.MALFORMED, "the content is not JSON in UTF-8") from None
        place = first.get("ctx", {}).get("place", first["loc"])
        if first["type"] == "extra_forbidden":
            place = place[:-1]
        where = ".".join(map(str, place)) or "the content"
        rule = first["msg"] if first["type"] == "document" else first["type"].replace("_", " ")
        raise Problem(Kind.INVALID, f"{where}: {rule}") from None


CATEGORY_FIELDS = {
    StateCategory.CYCLE_BOUND: "cycle_bound",
    StateCategory.BATCH_BOUND: "batch_bound",
    StateCategory.PERIODICAL: "periodical",
    StateCategory.IRREGULAR: "irregular",
}

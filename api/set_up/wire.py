"""What the set-up pages send and receive, as validated data."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from capture.clip.told import Watched
from capture.clip.trial import Ending
from capture.station.file import Name
from capture.station.outline import Outline

LONGEST_TEXT = 32_768
"""Characters. Fifty zones and sixty states are a third of that; beyond, parsing takes seconds."""

MOST_LINES = 2000
"""Of a text; two texts are compared line by line."""


def _few_lines(text: str) -> str:
    if text.count("\n") > MOST_LINES:
        raise ValueError(f"expected at most {MOST_LINES} lines")
    return text


FileText = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=r"^[^\x00]*$"), AfterValidator(_few_lines)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the text in UTF-8")]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class NewStation(_Asked):
    """A station is made."""

    name: Annotated[Name, Field(description="as its station file will call it")]


class TextToCheck(_Asked):
    """The text of a station file."""

    text: FileText


class OutlineToWrite(_Asked):
    """What the text shall say. `text` is the text that is changed; its comments stay."""

    text: FileText
    outline: Outline


class Draft(_Asked):
    """A draft to keep. `base`: the newest revision that the writer has seen, 0 for none."""

    text: FileText
    base: Annotated[int, Field(ge=0, le=2**31 - 1)]


class Publication(_Asked):
    """Publishing a revision. `acknowledged`: also what the works agreement does not permit."""

    digest: Digest
    acknowledged: bool = False


class TrialToBegin(_Asked):
    """Rules that shall be tried on a clip, which follows."""

    text: FileText


class FlawTold(_Answer):
    """What is wrong at one place of the text; `line` counts from 1."""

    message: str
    german: str
    line: int | None
    place: list[int | str]


class Explanation(_Answer):
    """The station file in plain words."""

    de: str
    en: str


class Unpermitted(_Answer):
    """What the works agreement does not permit.

    `log`: nobody can tell, because the site's log cannot be read; `agreement`: none is in force or suspended
    at this station; `state`: the state of this name.
    """

    kind: Literal["log", "agreement", "state"]
    name: str = ""


class Checked(_Answer):
    """What a text says and what is wrong with it.

    `outline` is null for a text that has not the shape of a station file, `explanation` unless there are no
    flaws.
    """

    text: str
    digest: str
    flaws: list[FlawTold]
    outline: Outline | None
    explanation: Explanation | None
    unpermitted: list[Unpermitted]


class RevisionTold(_Answer):
    """One writing; `account` is who wrote or published it, `published_ms` null: a draft."""

    revision: int
    digest: str
    account: str | None
    written_ms: int
    published_ms: int | None


class DeviceUse(_Answer):
    """With which text a device recorded last at the station, as the site's log says."""

    device: str
    digest: str
    since_ms: int


class StationTold(_Answer):
    """A station; its newest revision and the one that devices fetch."""

    station: str
    place: str | None
    newest: RevisionTold | None
    published: RevisionTold | None


class StationDetail(StationTold):
    """A station with its revisions, newest first. `devices` is null while the site's log cannot be read."""

    revisions: list[RevisionTold]
    devices: list[DeviceUse] | None


class StationList(_Answer):
    """The stations of the site."""

    site: str
    stations: list[StationTold]


class RevisionText(_Answer):
    """A revision with its text."""

    revision: RevisionTold
    checked: Checked


class ChangedLine(_Answer):
    """A line of a comparison; its numbers in the earlier and the later text, null where it is not in one."""

    kind: Literal["same", "added", "removed"]
    before: int | None
    after: int | None
    text: str


class Changes(_Answer):
    """What is different between two revisions; of the lines that are the same, those around a change."""

    before: RevisionTold
    after: RevisionTold
    lines: list[ChangedLine]


class TrialTold(_Answer):
    """How a trial is. Its clip is gone as soon as it is not `waiting`, `receiving` or `running` any more."""

    trial: str
    status: Literal["waiting", "receiving", "running", "done", "failed"]
    progress: Annotated[float | None, Field(description="of the clip, from 0 to 1; null if nobody can tell")]
    result: Watched | None = None
    ending: Annotated[Ending | None, Field(description="why nothing came of it")] = None
    detail: str = ""

"""study.yaml: what a study is about, and what was decided beforehand."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, PlainValidator, StringConstraints, model_validator

from capture.yaml_document import Strict, read_document, refuse
from productivity.errors import BadInput
from productivity.hierarchy import Hierarchy
from productivity.iso22400 import PersonnelStates
from productivity.levels import Level, System, SystemNode
from productivity.portfolio import Criterion
from productivity.records import RecordingMode
from productivity.states import StateCategory
from productivity.study.plan import DEFAULT_SAMPLES

Name: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


def _parse_level(raw: object) -> Level:
    try:
        return Level.parse(str(raw))
    except BadInput as error:
        raise ValueError(str(error)) from None


class SystemEntry(Strict):
    """A work system, and the one that it is part of."""

    name: Name
    level: Annotated[Level, PlainValidator(_parse_level)]
    part_of: Name | None = None


class Iso22400(Strict):
    """Which states make up the times of ISO 22400-2, where the plant's states allow it.

    `absent`: paid, but not attending. `breaks`: breaks that the company authorised. `orders`: work on
    production orders. A state stands for all states that refine it.
    """

    absent: tuple[Name, ...] = ()
    breaks: tuple[Name, ...] = ()
    orders: Annotated[tuple[Name, ...], Field(min_length=1)]

    def personnel(self, hierarchy: Hierarchy) -> PersonnelStates:
        """Return what the method works with. Raises `BadInput` for states that cannot be meant."""
        states = PersonnelStates(self.absent, self.breaks, self.orders)
        try:
            states.check(hierarchy)
        except BadInput as error:
            raise BadInput(f"iso_22400: {error}") from None
        return states


class PlanSettings(Strict):
    """Samples per station before a pilot; afterwards as many as the wanted half-width needs.

    `half_width` is relative to the station's mean time per piece or batch.
    """

    samples: Annotated[int, Field(ge=2, le=1000)] = DEFAULT_SAMPLES
    half_width: Annotated[float, Field(gt=0.0, le=1.0)] = 0.05


class StudyFile(Strict):
    """The settings of a study; unknown keys are refused."""

    fairtakt: Literal["study 1"]
    title: Name
    language: Literal["en", "de"] = "en"
    systems: Annotated[tuple[SystemEntry, ...], Field(min_length=1)]
    periods: tuple[Name, ...] = ()
    area: Name | None = None
    abc: Criterion = Criterion.OUTPUT
    variants: tuple[Name, ...] = ()
    plan: PlanSettings = PlanSettings()
    confidence: Annotated[float, Field(gt=0.5, lt=1.0)] = 0.95
    modes: dict[StateCategory, Annotated[tuple[RecordingMode, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    iso_22400: Iso22400 | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> "StudyFile":
        try:
            self.system()
        except BadInput as error:
            refuse(("systems",), str(error))
        if self.area is not None and self.area not in self.system():
            refuse(("area",), f"expected one of the systems above, found {self.area!r}")
        for category, modes in self.modes.items():
            if len(set(modes)) < len(modes):
                refuse(("modes", category.value), "expected each recording mode once")
        return self

    def system(self) -> System:
        """Return the tree of work systems."""
        return System(tuple(SystemNode(entry.name, entry.level, entry.part_of) for entry in self.systems))


def read_settings(path: Path) -> StudyFile:
    """Read the settings of a study. Raises `BadInput` naming file, line, expectation and finding."""
    return read_document(path, StudyFile, "study file")

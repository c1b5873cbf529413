"""The station file: YAML in, a frozen and validated `Station` out; errors name line and expectation."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, PlainValidator, model_validator

from capture.station import rules
from capture.yaml_document import (
    Examined,
    Strict,
    examine_document,
    parse_document,
    read_document,
    refuse,
)
from productivity.errors import BadInput
from productivity.states import RESERVED_STATES, StateCategory, WorkerState
from productivity.time import Duration, seconds

Fraction: TypeAlias = Annotated[float, Field(ge=0.0, le=1.0)]
Point: TypeAlias = tuple[Fraction, Fraction]
Name: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=80, pattern=r"^[^\W_](?:[^\x00-\x1f<>]*\S)?$")
]


def _parse_rule(raw: object) -> rules.Rule:
    try:
        return rules.parse(raw)
    except BadInput as error:
        raise ValueError(str(error)) from None


class Crop(Strict):
    """The part of the picture that is looked at, in fractions of its width and height."""

    left: Fraction = 0.0
    top: Fraction = 0.0
    right: Fraction = 1.0
    bottom: Fraction = 1.0

    @model_validator(mode="after")
    def _has_area(self) -> "Crop":
        if self.right - self.left < 0.05 or self.bottom - self.top < 0.05:
            raise ValueError("crop: expected right and bottom at least 0.05 beyond left and top")
        return self

    def holds(self, point: Point) -> bool:
        """Tell whether a point lies inside or on the edge."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


class Tool(Strict):
    """A tool and the zone in which it rests when nobody uses it."""

    holder: Name


class State(Strict):
    """A worker state, its evidence rule, and the shortest duration that is plausible for it."""

    name: Name
    category: StateCategory
    value_adding: bool = False
    when: Annotated[rules.Rule, PlainValidator(_parse_rule)]
    shortest_s: Annotated[float, Field(gt=0.0, le=3600.0)] = 1.0

    @property
    def worker_state(self) -> WorkerState:
        """The state as the method knows it."""
        return WorkerState(self.name, self.category, self.value_adding)

    @property
    def shortest(self) -> Duration:
        """`shortest_s` in nanoseconds."""
        return seconds(self.shortest_s)


class CycleDefinition(Strict):
    """A cycle begins with the first of these states and is complete after the last."""

    first: Name
    last: Name


class Station(Strict):
    """A workplace (level 0) as the recorder needs to know it. Coordinates are fractions of the picture."""

    fairtakt: Literal["station 1"]
    name: Name
    crop: Crop = Crop()
    pose_rate: Annotated[float, Field(ge=0.5, le=30.0)] = 3.0
    place: Name | None = None
    zones: dict[Name, Annotated[tuple[Point, ...], Field(min_length=3, max_length=64)]] = Field(
        default_factory=dict
    )
    tools: dict[Name, Tool] = Field(default_factory=dict)
    states: Annotated[tuple[State, ...], Field(min_length=1, max_length=64)]
    cycle: CycleDefinition | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> "Station":
        if self.place:
            _require_known(("place",), self.place, self.zones)
        for name, tool in self.tools.items():
            _require_known(("tools", name, "holder"), tool.holder, self.zones)
        for name, polygon in self.zones.items():
            if outside := next((point for point in polygon if not self.crop.holds(point)), None):
                refuse(("zones", name), f"expected points inside the crop, found {list(outside)}")
            if abs(_area(polygon)) < 1e-5:
                refuse(("zones", name), "expected a polygon with an area, found none")
        names = [state.name for state in self.states]
        for index, state in enumerate(self.states):
            place = ("states", index)
            if state.name in RESERVED_STATES:
                refuse((*place, "name"), f"expected another name, {state.name!r} is reserved")
            if names.index(state.name) < index:
                refuse((*place, "name"), f"expected each state once, found {state.name!r} again")
            for atom in rules.atoms(state.when):
                match atom:
                    case rules.HandIn(_, zone) | rules.TorsoIn(zone):
                        _require_known((*place, "when"), zone, self.zones)
                    case rules.Holds(tool_name):
                        _require_known((*place, "when"), tool_name, self.tools)
        if self.cycle:
            _require_known(("cycle", "first"), self.cycle.first, names)
            _require_known(("cycle", "last"), self.cycle.last, names)
        return self

    @property
    def worker_states(self) -> list[WorkerState]:
        """The states as the method knows them, in the order of the file."""
        return [state.worker_state for state in self.states]


def _require_known(place: tuple[int | str, ...], name: str, known: Iterable[str]) -> None:
    known = list(known)
    if name not in known:
        refuse(place, f"expected one of {', '.join(known) or 'none'}, found {name!r}")


def _area(polygon: tuple[Point, ...]) -> float:
    following = (*polygon[1:], polygon[0])
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(polygon, following, strict=True)) / 2


def read_station(path: Path) -> Station:
    """Read and validate a station file. Raises `BadInput` naming file, line, expectation and finding."""
    return read_document(path, Station, "station file")


def parse_station(text: str, label: str) -> Station:
    """Validate the text of a station file; `label` names it in errors."""
    return parse_document(text, label, Station, "station file")


def examine_station(text: str) -> Examined[Station]:
    """Return what the text of a station file says, or all that is wrong with it; raises nothing."""
    return examine_document(text, Station, "station file")

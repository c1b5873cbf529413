"""The station file: YAML in, a frozen and validated `Station` out; errors name line and expectation."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from capture.station import rules
from productivity.errors import BadInput
from productivity.states import RESERVED_STATES, StateCategory, WorkerState
from productivity.time import Duration, seconds

LARGEST_FILE = 1_000_000
"""Bytes; a station file is a page of text, anything larger is a mistake."""

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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Crop(_Strict):
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


class Tool(_Strict):
    """A tool and the zone in which it rests when nobody uses it."""

    holder: Name


class State(_Strict):
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


class CycleDefinition(_Strict):
    """A cycle begins with the first of these states and is complete after the last."""

    first: Name
    last: Name


class Station(_Strict):
    """A workplace (level 0) as the recorder needs to know it. Coordinates are fractions of the picture."""

    fairtakt: Literal["station 1"]
    name: Name
    crop: Crop = Crop()
    pose_rate: Annotated[float, Field(ge=0.5, le=30.0)] = 3.0
    place: Name | None = None
    zones: dict[Name, Annotated[tuple[Point, ...], Field(min_length=3, max_length=64)]] = {}
    tools: dict[Name, Tool] = {}
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
                _refuse(("zones", name), f"expected points inside the crop, found {list(outside)}")
            if abs(_area(polygon)) < 1e-5:
                _refuse(("zones", name), "expected a polygon with an area, found none")
        names = [state.name for state in self.states]
        for index, state in enumerate(self.states):
            place = ("states", index)
            if state.name in RESERVED_STATES:
                _refuse((*place, "name"), f"expected another name, {state.name!r} is reserved")
            if names.index(state.name) < index:
                _refuse((*place, "name"), f"expected each state once, found {state.name!r} again")
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
        _refuse(place, f"expected one of {', '.join(known) or 'none'}, found {name!r}")


def _refuse(place: tuple[int | str, ...], text: str) -> NoReturn:
    """Refuse what only the whole file can show, and say where in the file it stands."""
    raise PydanticCustomError("station", "{text}", {"text": text, "place": place})


def _area(polygon: tuple[Point, ...]) -> float:
    following = (*polygon[1:], polygon[0])
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(polygon, following, strict=True)) / 2


def read_station(path: Path) -> Station:
    """Read and validate a station file. Raises `BadInput` naming file, line, expectation and finding."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
        text = raw.decode("utf-8")
    except FileNotFoundError:
        raise BadInput("station file", where=str(path), expected="a file", found="none") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"station file cannot be read ({type(error).__name__})", where=str(path)) from None
    if len(raw) > LARGEST_FILE:
        raise BadInput(
            "station file", where=str(path), expected=f"at most {LARGEST_FILE} bytes", found="more"
        )
    return parse_station(text, str(path))


def parse_station(text: str, label: str) -> Station:
    """Validate the text of a station file; `label` names it in errors."""
    try:
        document = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BadInput(f"not YAML ({error.problem})", where=f"{label}:{line}") from None
    except (YAMLError, ValueError) as error:
        raise BadInput(f"not YAML ({type(error).__name__})", where=label) from None
    if not isinstance(document, Mapping):
        raise BadInput("station file", where=label, expected="keys and values", found=type(document).__name__)
    try:
        return Station.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = first.get("ctx", {}).get("place", first["loc"])
        message = _message(place, first)
        raise BadInput(message, where=f"{label}:{_line(document, place)}") from None


def _message(place: tuple[int | str, ...], error: Any) -> str:  # noqa: ANN401  # pydantic's ErrorDetails
    path = ".".join(str(part) for part in place)
    if error["type"] == "extra_forbidden":
        return f"{path}: expected only known keys, found {str(place[-1])!r}"
    if error["type"] == "missing":
        return f"{path}: expected a value, found none"
    text = str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    if error["type"] in {"value_error", "station"}:
        return f"{path}: {text}"
    return f"{path}: {text}, found {str(error['input'])[:60]!r}"


def _line(document: object, place: tuple[int | str, ...]) -> int:
    """Return the line (from 1) of the deepest part of `place` that the document has."""
    line, node = 1, document
    for part in place:
        marks = getattr(node, "lc", None)
        if marks is None:
            break
        try:
            found = marks.key(part) if isinstance(part, str) else marks.item(part)
            node = node[part]  # type: ignore[index]  # a mapping or a list, as `lc` tells
        except (KeyError, IndexError, TypeError):
            break
        line = found[0] + 1
    return line

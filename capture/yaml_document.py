"""YAML files that people write: parsed once into a validated, frozen model; errors name file and line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from productivity.errors import BadInput

LARGEST_FILE = 1_000_000
"""Bytes; such a file is a few pages of text, anything larger is a mistake."""


class Strict(BaseModel):
    """A model that refuses unknown keys and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Constructor(RoundTripConstructor):
    """Names the line of a day that no calendar has, such as 2027-02-30."""

    def construct_yaml_timestamp(self, node: Any, values: Any = None) -> Any:  # noqa: ANN401  # ruamel's own types
        try:
            return super().construct_yaml_timestamp(node, values)
        except ValueError:
            raise ConstructorError(problem="no such day or time", problem_mark=node.start_mark) from None


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_yaml_timestamp)

Model = TypeVar("Model", bound=BaseModel)


def read_document(path: Path, model: type[Model], what: str) -> Model:
    """Read and validate a file; `what` names its kind in errors, for example "station file".

    Raises `BadInput` naming file, line, expectation and finding.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
        text = raw.decode("utf-8")
    except FileNotFoundError:
        raise BadInput(what, where=str(path), expected="a file", found="none") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{what} cannot be read ({type(error).__name__})", where=str(path)) from None
    if len(raw) > LARGEST_FILE:
        raise BadInput(what, where=str(path), expected=f"at most {LARGEST_FILE} bytes", found="more")
    return parse_document(text, str(path), model, what)


def parse_document(text: str, label: str, model: type[Model], what: str) -> Model:
    """Validate the text of a file; `label` names it in errors."""
    try:
        reader = YAML(typ="rt")
        reader.Constructor = _Constructor
        document = reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BadInput(f"not YAML ({error.problem})", where=f"{label}:{line}") from None
    except (YAMLError, ValueError) as error:
        raise BadInput(f"not YAML ({type(error).__name__})", where=label) from None
    if not isinstance(document, Mapping):
        raise BadInput(what, where=label, expected="keys and values", found=type(document).__name__)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = first.get("ctx", {}).get("place", first["loc"])
        message = _message(place, first)
        raise BadInput(message, where=f"{label}:{_line(document, place)}") from None


def refuse(place: tuple[int | str, ...], text: str) -> NoReturn:
    """Refuse, within a model's validator, what only the whole file can show; `place` is where it stands."""
    raise PydanticCustomError("document", "{text}", {"text": text, "place": place})


def _message(place: tuple[int | str, ...], error: Any) -> str:  # noqa: ANN401  # pydantic's ErrorDetails
    path = ".".join(str(part) for part in place)
    if error["type"] == "extra_forbidden":
        return f"{path}: expected only known keys, found {str(place[-1])!r}"
    if error["type"] == "missing":
        return f"{path}: expected a value, found none"
    text = str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    if error["type"] in {"value_error", "document"}:
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

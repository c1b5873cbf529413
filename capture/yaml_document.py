"""YAML files that people write: parsed once into a validated, frozen model; errors name file and line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from capture.found import found_text
from productivity.errors import BadInput

LARGEST_FILE = 1_000_000
"""Bytes; such a file is a few pages of text, anything larger is a mistake."""

_MOST_BRACKETS = 100
"""Open at a time. The YAML library takes time that grows with the square of this number."""


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


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a document at one place, such as ("states", 2, "when"); `line` counts from 1."""

    message: str
    line: int | None = None
    place: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined(Generic[Model]):
    """A document that was read: what it says, or what is wrong with it.

    `raw` is what the YAML holds, whether or not it is valid; None if the text is no YAML of keys and values.
    """

    model: Model | None
    flaws: tuple[Flaw, ...] = ()
    raw: Mapping[str, Any] | None = None


def parse_document(text: str, label: str, model: type[Model], what: str) -> Model:
    """Validate the text of a file; `label` names it in errors."""
    examined = examine_document(text, model, what)
    if examined.model is None:
        flaw = examined.flaws[0]
        raise BadInput(flaw.message, where=label if flaw.line is None else f"{label}:{flaw.line}")
    return examined.model


def examine_document(text: str, model: type[Model], what: str) -> Examined[Model]:
    """Read a text and return what it says or all that is wrong with it; raises nothing."""
    if _brackets(text) > _MOST_BRACKETS:
        return Examined(None, (Flaw("not readable (nested too deeply)"),))
    try:
        document = load_yaml(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Examined(
            None, (Flaw(f"not YAML ({' '.join(str(error.problem).split())})", mark.line + 1 if mark else 1),)
        )
    except (YAMLError, ValueError) as error:
        return Examined(None, (Flaw(f"not YAML ({type(error).__name__})"),))
    except RecursionError:
        return Examined(None, (Flaw("not readable (nested too deeply)"),))
    if not isinstance(document, Mapping):
        return Examined(None, (Flaw(f"{what}: expected keys and values, found {type(document).__name__}"),))
    try:
        return Examined(model.model_validate(document), (), document)
    except ValidationError as error:
        return Examined(None, tuple(_flaws(document, error)), document)
    except RecursionError:
        return Examined(None, (Flaw("not readable (nested too deeply)"),))


def load_yaml(text: str) -> Any:  # noqa: ANN401  # whatever the text says
    """Return what a text holds, with comments and the line of each key; raises ruamel's errors."""
    reader = YAML(typ="rt")
    reader.Constructor = _Constructor
    return reader.load(text)


def _brackets(text: str) -> int:
    """Return how many brackets are open at most, those in quotes and comments too."""
    depth = deepest = 0
    for sign in re.findall(r"[\[{}\]]", text):
        depth = depth + 1 if sign in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _flaws(document: object, error: ValidationError) -> Iterator[Flaw]:
    """Yield what is wrong; not that a list is too short because of entries that are told themselves."""
    found = error.errors(include_url=False)
    for one in found:
        inner = [other for other in found if other["loc"][: len(one["loc"])] == one["loc"] != other["loc"]]
        if one["type"] != "too_short" or not inner:
            yield _flaw(document, one)


def _flaw(document: object, error: Any) -> Flaw:  # noqa: ANN401  # pydantic's ErrorDetails
    place = tuple(error.get("ctx", {}).get("place", error["loc"]))
    return Flaw(" ".join(_message(place, error).split()), line_of(document, place), place)


def refuse(place: tuple[int | str, ...], text: str) -> NoReturn:
    """Refuse, within a model's validator, what only the whole file can show; `place` is where it stands."""
    raise PydanticCustomError("document", "{text}", {"text": text, "place": place})


def _message(place: tuple[int | str, ...], error: Any) -> str:  # noqa: ANN401  # pydantic's ErrorDetails
    path = ".".join(str(part) for part in place)
    if error["type"] == "extra_forbidden":
        return f"{path}: expected only known keys, found {str(place[-1])!r}"
    if error["type"] == "missing":
        return f"{path}: expected a value, found none"
    if error["type"] in {"too_short", "too_long"}:
        context, most = error["ctx"], error["type"] == "too_long"
        bound = f"at most {context['max_length']}" if most else f"at least {context['min_length']}"
        return f"{path}: expected {bound} items, found {context['actual_length']}"
    text = str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    if error["type"] in {"value_error", "document"}:
        return f"{path}: {text}"
    return f"{path}: {text}, found {found_text(error['input'])}"


def line_of(document: object, place: tuple[int | str, ...]) -> int:
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

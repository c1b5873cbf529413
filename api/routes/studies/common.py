"""What the routes of studies share."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query
from pydantic import TypeAdapter, ValidationError

from api.policy import Action
from api.problems import Kind, Problem, documented
from api.studies.wire import Language
from api.viewer import Viewer, permit
from api.wire import Word

Engineer = Annotated[Viewer, Depends(permit(Action.STUDY))]
Study = Annotated[str, Path(max_length=100, description="name of a study", examples=["cell-7"])]
Period = Annotated[str | None, Query(max_length=120, description="a period; the last one otherwise")]

Source = Annotated[str, Path(max_length=100, description="name of data within the study", examples=["mes"])]
Replace = Annotated[bool, Query(description="take the place of data of this name")]

InLanguage = Annotated[Language, Query(description="of what people read; CSV and JSON are English")]

READS = documented(Kind.NOT_FOUND, Kind.INVALID)
CHANGES = documented(
    Kind.MALFORMED, Kind.NOT_FOUND, Kind.CONFLICT, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID, Kind.TOO_MANY
)
LOOKS = documented(Kind.NOT_FOUND, Kind.NOT_AGREED, Kind.INVALID, Kind.TOO_MANY, Kind.NO_LOG)

REVISION = "0123456789abcdef"


_WORD: TypeAdapter[str] = TypeAdapter(Word)


def word(text: str, name: str) -> str:
    """Return a parameter that is a name. Raises `Problem`."""
    try:
        return _WORD.validate_python(text)
    except ValidationError:
        raise Problem(Kind.INVALID, f"{name}: expected 1 to 200 characters in one line") from None


def merged(*described: dict[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """Return the problems of several descriptions together."""
    found: dict[int | str, dict[str, Any]] = {}
    for one in described:
        for status, response in one.items():
            found.setdefault(status, response)
    return found

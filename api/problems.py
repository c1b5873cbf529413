"""Every error that the server tells: RFC 9457 problem details that repeat nothing of the request."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import JsonValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.responses import JSONResponse

from productivity.errors import BadInput, FairtaktError
from storage.sql.database import DatabaseBusy

MEDIA_TYPE = "application/problem+json"
URN = "urn:fairtakt:problem:"


class Kind(Enum):
    """Each problem: the end of its URN, its status and its title."""

    MALFORMED = ("malformed", 400, "The content is not JSON in UTF-8")
    UNSIGNED = ("signature", 401, "The request is not signed as it must be")
    CLOCK = ("clock", 401, "The signature's time is too far from the server's")
    TOKEN = ("token", 401, "The token is missing or wrong")
    SIGNED_OUT = ("sign-in", 401, "Nobody is signed in")
    FORBIDDEN = ("forbidden", 403, "Your role may not do this")
    CREDENTIALS = ("credentials", 403, "Name, password or code is wrong")
    INVITATION = ("invitation", 403, "The invitation is wrong, used or expired")
    SIGN_IN_AGAIN = ("sign-in-again", 403, "A fresh sign-in is needed")
    SECOND_FACTOR = ("second-factor", 403, "A second factor is needed")
    CSRF = ("origin", 403, "The request did not come from a page of this server")
    NOT_AGREED = ("not-agreed", 403, "The works agreement does not permit it")
    CODE = ("enrolment-code", 403, "The enrolment code is wrong, used or expired")
    NOT_FOUND = ("not-found", 404, "There is nothing at this address")
    METHOD = ("method", 405, "The method is not allowed here")
    NAME_TAKEN = ("name-taken", 409, "A device of this name is enrolled already")
    OTHER_BATCH = ("other-batch", 409, "Another batch was stored under this number")
    CONFLICT = ("conflict", 409, "It contradicts what is there")
    TOO_LARGE = ("too-large", 413, "The content is too large")
    MEDIA = ("media-type", 415, "The content is of another media type than is expected")
    INVALID = ("invalid", 422, "The content is not what it must be")
    PASSWORD = ("password", 422, "This cannot be a password")
    TOO_MANY = ("too-many", 429, "Too many requests")
    INTERNAL = ("internal", 500, "The server has a fault; nothing was changed")
    NO_LOG = ("log", 503, "The log does not take the entry in; nothing was shown or changed")
    UNAVAILABLE = ("unavailable", 503, "The database does not answer; try again")

    def __init__(self, name: str, status: int, title: str) -> None:
        self.urn = URN + name
        self.status = status
        self.title = title


class Problem(FairtaktError):
    """A request is refused and has changed nothing. `detail` is written by us, never by the client."""

    def __init__(
        self, kind: Kind, detail: str, *, headers: Mapping[str, str] | None = None, **members: JsonValue
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def response(self) -> JSONResponse:
        """Return the answer that tells it."""
        content = {
            "type": self.kind.urn,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            **self.members,
        }
        return JSONResponse(content, self.kind.status, self.headers, MEDIA_TYPE)


def problem_of(fault: Exception) -> Problem:
    """Return what a client is told of a fault that nobody foresaw: nothing of its text."""
    if isinstance(fault, DBAPIError | PoolTimeout | DatabaseBusy):
        detail = "the database does not answer; nothing was changed"
        return Problem(Kind.UNAVAILABLE, detail, headers={"Retry-After": "5"})
    return Problem(Kind.INTERNAL, "the fault is in the log of the server")


def conflict(error: BadInput) -> Problem:
    """Return a refusal as clients are told it: without its place where that is a path or an address.

    Stores name the file at fault, or the key store's address: for whoever runs the server, and nobody else.
    """
    text = str(error)
    place, told, rest = text.partition(": ")
    while told and "/" in place:
        text = rest
        place, told, rest = text.partition(": ")
    return Problem(Kind.CONFLICT, text)


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of the problems that a route may answer with."""
    described: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        entry = described.setdefault(
            kind.status,
            {
                "description": "",
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )
        entry["description"] = " / ".join(filter(None, (entry["description"], kind.title)))
        entry["content"][MEDIA_TYPE]["examples"][kind.urn.removeprefix(URN)] = {
            "value": {"type": kind.urn, "title": kind.title, "status": kind.status, "detail": kind.title}
        }
    return described


SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": [kind.urn for kind in Kind]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "server_time": {"type": "integer", "description": "The server's clock, POSIX seconds"},
        "findings": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/FoundFault"},
            "description": "What is wrong with an imported file, row by row",
        },
    },
}

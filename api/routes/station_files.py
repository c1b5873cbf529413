"""Devices fetch what was published for their stations."""

import hashlib
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from api.problems import Kind, Problem, documented
from api.rate import RateLimit
from api.services import Services
from api.signatures import SignedRequest
from api.signed import admit, described, signed_request
from api.viewer import by_device
from api.wire import Word

MEDIA_TYPE = "application/yaml"
"""RFC 9512."""
PROBLEMS = documented(
    Kind.UNSIGNED, Kind.CLOCK, Kind.NOT_FOUND, Kind.INVALID, Kind.TOO_MANY, Kind.UNAVAILABLE
)
EXAMPLE = """\
fairtakt: station 1
name: bench-1
states:
  - {name: assembling, category: cycle-bound, when: present}
"""
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "SHA-256 of the content, hexadecimal"}}
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The station file, as it was published",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": EXAMPLE}},
        "headers": ETAG,
    },
    304: {"description": "It is the one that If-None-Match names", "headers": ETAG},
}

_NAME: TypeAdapter[str] = TypeAdapter(Word)


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["station files"], dependencies=[Depends(by_device)])
    limits = services.limits
    rate = RateLimit(limits.report_rate, limits.report_burst, services.steady_s)

    @router.get(
        "/v1/stations/{station:path}/file",
        response_class=Response,
        responses={**FILE, **PROBLEMS},
        openapi_extra=described(),
    )
    async def fetch(station: str, request: Request) -> Response:
        """Return the newest published file of a station at the device's site.

        The request has no content; its signature covers method and path.
        """
        text = await run_in_threadpool(_fetch, services, rate, signed_request(request), station)
        content = text.encode()
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(content, media_type=MEDIA_TYPE, headers={"ETag": tag})

    return router


def _fetch(services: Services, rate: RateLimit, request: SignedRequest, station: str) -> str:
    signed = admit(services, rate, request, None)
    try:
        _NAME.validate_python(station)
    except ValidationError:
        raise Problem(Kind.INVALID, "station: expected 1 to 200 characters in one line") from None
    text = services.store.station_file(signed.device, station)
    if text is None:
        raise Problem(Kind.NOT_FOUND, "no station file is published for a station of this name")
    return text

"""Drafts of station files as they are written: text and outline in step, everything checked, nothing kept."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.openapi import content_of
from api.policy import Action
from api.problems import Kind, documented
from api.rate import RateLimit
from api.services import Services
from api.set_up import documents
from api.set_up.examples import OUTLINE, TEXT
from api.set_up.stations import require_station
from api.set_up.wire import Checked, OutlineToWrite, TextToCheck
from api.viewer import Viewer, permit
from api.wire import parse

Engineer = Annotated[Viewer, Depends(permit(Action.SET_UP))]
_PROBLEMS = documented(
    Kind.NOT_FOUND, Kind.MALFORMED, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID, Kind.TOO_MANY
)


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["station set-up"])
    limits = services.limits
    rate = RateLimit(limits.set_up_rate, limits.set_up_burst, services.steady_s)

    async def body_of(station: str, request: Request, viewer: Viewer) -> bytes:
        rate.spend(str(viewer.account_id))
        body = await read_body(request, limits.body_bytes)
        await run_in_threadpool(require_station, services, station)
        return body

    @router.post(
        "/v1/stations/{station:path}/files/check",
        response_model=Checked,
        responses=_PROBLEMS,
        openapi_extra={"requestBody": content_of(TextToCheck, {"text": TEXT})},
    )
    async def check(station: str, request: Request, viewer: Engineer) -> Checked:
        """Say what a text says, all that is wrong with it, and what the works agreement does not permit."""
        asked = parse(TextToCheck, await body_of(station, request, viewer))
        return await run_in_threadpool(documents.check, services, station, asked.text)

    @router.post(
        "/v1/stations/{station:path}/files/write",
        response_model=Checked,
        responses=_PROBLEMS,
        openapi_extra={"requestBody": content_of(OutlineToWrite, {"text": TEXT, "outline": OUTLINE})},
    )
    async def write(station: str, request: Request, viewer: Engineer) -> Checked:
        """Put an outline into its text, comments kept, and check that."""
        asked = parse(OutlineToWrite, await body_of(station, request, viewer))
        return await run_in_threadpool(documents.write, services, station, asked.text, asked.outline)

    return router

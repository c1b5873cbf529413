"""The server's own records for studies over the wire. Each is a look at stations, and is logged."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.openapi import content_of
from api.rate import RateLimit
from api.routes.studies.common import (
    CHANGES,
    LOOKS,
    Engineer,
    InLanguage,
    Replace,
    Source,
    Study,
    merged,
    word,
)
from api.services import Services
from api.studies.taking import preview_taking, sessions_of, take_from_server
from api.studies.wire import ImportReport, ServerSessions, Taking
from api.wire import parse

_TAKING = {
    "take": "camera",
    "stations": ["bench-1"],
    "first": "2026-11-02",
    "last": "2026-11-13",
    "systems": {"bench-1": "station 1"},
    "cycles": {"bench-1": {"first": "part handling", "last": "packaging"}},
}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["studies"])
    limits = services.limits
    rate = RateLimit(limits.acquisition_rate, limits.acquisition_burst, services.steady_s)

    async def taking_of(request: Request, viewer: Engineer) -> Taking:
        rate.spend(str(viewer.account_id))
        return parse(Taking, await read_body(request, limits.body_bytes))

    @router.get("/v1/studies/{study}/sessions", response_model=ServerSessions, responses=merged(LOOKS))
    async def sessions(
        study: Study,
        viewer: Engineer,
        station: Annotated[list[str], Query(min_length=1, max_length=50)],
        first: date,
        last: date,
    ) -> ServerSessions:
        """Return the sessions of stations; such a look is logged."""
        rate.spend(str(viewer.account_id))
        names = [word(one, "station") for one in station]
        found = await run_in_threadpool(sessions_of, services, viewer, study, names, first, last)
        return ServerSessions(sessions=found)

    @router.post(
        "/v1/studies/{study}/server-previews",
        response_model=ImportReport,
        responses=merged(CHANGES, LOOKS),
        openapi_extra={"requestBody": content_of(Taking, _TAKING)},
    )
    async def server_previews(
        study: Study, request: Request, viewer: Engineer, language: InLanguage = "en"
    ) -> ImportReport:
        """Say what the server has for a study; nothing of the study changes; such a look is logged."""
        taking = await taking_of(request, viewer)
        return await run_in_threadpool(preview_taking, services, viewer, study, taking, language)

    @router.put(
        "/v1/studies/{study}/server-sources/{source}",
        response_model=ImportReport,
        responses=merged(CHANGES, LOOKS),
        openapi_extra={"requestBody": content_of(Taking, _TAKING)},
    )
    async def put_server_source(
        study: Study,
        source: Source,
        request: Request,
        viewer: Engineer,
        replace: Replace = False,
        language: InLanguage = "en",
    ) -> ImportReport:
        """Take the server's own records into the study; such a look is logged."""
        taking = await taking_of(request, viewer)
        return await run_in_threadpool(
            take_from_server, services, viewer, study, source, taking, instead=replace, language=language
        )

    return router

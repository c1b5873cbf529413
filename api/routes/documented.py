"""Documented times: what workers record themselves (SR), and operating and machine data (OMD). Once each."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from api.acquired import OwnTimes, Stored, Times
from api.body import read_body
from api.documenting import of_terminal, store_times
from api.openapi import content_of
from api.policy import Action
from api.problems import Kind, Problem, documented
from api.rate import RateLimit
from api.services import Services
from api.viewer import Viewer, permit
from api.wire import parse

_PROBLEMS = documented(
    Kind.MALFORMED,
    Kind.NOT_AGREED,
    Kind.NOT_FOUND,
    Kind.CONFLICT,
    Kind.TOO_LARGE,
    Kind.MEDIA,
    Kind.INVALID,
    Kind.TOO_MANY,
    Kind.NO_LOG,
)
OWN_EXAMPLE = {
    "key": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "state": "waiting for material",
    "category": "irregular",
    "start_ms": 1_795_240_500_000,
    "duration_ns": 240_000_000_000,
}
EXAMPLE = {**OWN_EXAMPLE, "station": "bench-1", "mode": "OMD", "state": "breakdown", "occurrences": 2}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["acquisition"])
    limits = services.limits
    rate = RateLimit(limits.acquisition_rate, limits.acquisition_burst, services.steady_s)

    @router.post(
        "/v1/documented",
        response_model=Stored,
        responses=_PROBLEMS,
        openapi_extra={"requestBody": content_of(Times, [EXAMPLE])},
    )
    async def receive(request: Request, viewer: Annotated[Viewer, Depends(permit(Action.ACQUIRE))]) -> Stored:
        """Store documented times, all or none; a row that was stored before under its key changes nothing."""
        rate.spend(str(viewer.account_id))
        times = parse(Times, await read_body(request, limits.body_bytes)).root
        return await run_in_threadpool(store_times, services, times)

    @router.post(
        "/v1/self-recorded",
        response_model=Stored,
        responses=_PROBLEMS,
        openapi_extra={"requestBody": content_of(OwnTimes, [OWN_EXAMPLE])},
    )
    async def receive_own(
        request: Request, viewer: Annotated[Viewer, Depends(permit(Action.SELF_RECORD))]
    ) -> Stored:
        """Store what workers recorded at a terminal, at its station; sent again, it changes nothing."""
        rate.spend(str(viewer.account_id))
        times = parse(OwnTimes, await read_body(request, limits.body_bytes)).root
        if viewer.station is None:
            raise Problem(Kind.NOT_AGREED, "this account is not a terminal of a station")
        return await run_in_threadpool(store_times, services, of_terminal(viewer.station, times))

    return router

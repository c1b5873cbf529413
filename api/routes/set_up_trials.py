"""A clip on which the rules of a draft are tried: from memory, in a process without rights, one at a time."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.body import read_body
from api.openapi import content_of, raw_content
from api.policy import Action
from api.problems import Kind, Problem, documented
from api.rate import RateLimit
from api.services import Services
from api.set_up.examples import TEXT
from api.set_up.trials import LARGEST_CLIP, RECEIVING_S, Trials
from api.set_up.wire import TrialToBegin, TrialTold
from api.viewer import Viewer, permit
from api.wire import parse

Engineer = Annotated[Viewer, Depends(permit(Action.SET_UP))]

KINDS = (
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-matroska",
    "video/x-msvideo",
    "video/mpeg",
    "video/mp2t",
    "video/ogg",
    "video/3gpp",
    "application/octet-stream",
)
"""What browsers call videos; what it is, the file itself says."""
_FOUND = documented(Kind.NOT_FOUND)


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["station set-up"])
    limits = services.limits
    rate = RateLimit(limits.set_up_rate, limits.set_up_burst, services.steady_s)
    trials = Trials(services.steady_s)

    @router.post(
        "/v1/clip-trials",
        status_code=201,
        response_model=TrialTold,
        responses=documented(
            Kind.MALFORMED, Kind.CONFLICT, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID, Kind.TOO_MANY
        ),
        openapi_extra={"requestBody": content_of(TrialToBegin, {"text": TEXT})},
    )
    async def begin(request: Request, viewer: Engineer) -> TrialTold:
        """Begin to try the text of a station file on a clip, which must follow within a minute."""
        rate.spend(str(viewer.account_id))
        asked = parse(TrialToBegin, await read_body(request, limits.body_bytes))
        return trials.begin(viewer.login, asked.text)

    @router.put(
        "/v1/clip-trials/{trial}/clip",
        status_code=202,
        response_model=TrialTold,
        responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID),
        openapi_extra={
            "requestBody": raw_content(
                "a video of at most 64 MiB and 120 s; it stays in memory and is forgotten at once", *KINDS
            )
        },
    )
    async def receive(trial: str, request: Request, viewer: Engineer) -> TrialTold:
        """Receive the clip and begin to watch it. It is held in memory, and never written anywhere."""
        trials.expect_clip(viewer.login, trial)
        try:
            async with asyncio.timeout(RECEIVING_S):
                clip = await read_body(request, LARGEST_CLIP, *KINDS)
        except TimeoutError:
            trials.no_clip(viewer.login, trial)
            raise Problem(Kind.INVALID, f"the clip took longer than {RECEIVING_S:g} s to arrive") from None
        except (Problem, ClientDisconnect):
            trials.no_clip(viewer.login, trial)
            raise
        return trials.start(viewer.login, trial, clip)

    @router.get("/v1/clip-trials/{trial}", response_model=TrialTold, responses=_FOUND)
    async def told(trial: str, viewer: Engineer) -> TrialTold:
        """Say how a trial is, and what came of it."""
        return trials.told(viewer.login, trial)

    @router.delete("/v1/clip-trials/{trial}", status_code=204, response_class=Response, responses=_FOUND)
    async def drop(trial: str, viewer: Engineer) -> Response:
        """End a trial if it runs; what came of it is forgotten."""
        await run_in_threadpool(trials.drop, viewer.login, trial)
        return Response(status_code=204)

    return router

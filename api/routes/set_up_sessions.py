"""Set-up sessions: when the browser may open a camera, and when it must close it. No picture comes here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from starlette.concurrency import run_in_threadpool

from api.policy import Action
from api.problems import Kind, documented
from api.rate import RateLimit
from api.services import Services
from api.set_up.sessions import SessionTold, SetUpSessions
from api.set_up.stations import require_station
from api.viewer import Viewer, permit

Engineer = Annotated[Viewer, Depends(permit(Action.SET_UP))]
_FOUND = documented(Kind.NOT_FOUND)


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["station set-up"])
    limits = services.limits
    rate = RateLimit(limits.own_rate, limits.own_burst, services.steady_s)
    sessions = SetUpSessions(services)

    @router.post(
        "/v1/stations/{station:path}/set-up-sessions",
        status_code=201,
        response_model=SessionTold,
        responses=documented(Kind.NOT_FOUND, Kind.NOT_AGREED, Kind.NO_LOG, Kind.TOO_MANY),
    )
    async def begin(station: str, viewer: Engineer) -> SessionTold:
        """Begin a set-up session: it stands in the log when this answers, and then a camera may be opened.

        The works agreement must give the role *set-up pictures* at this station. The session ends by itself
        after five minutes, or fifteen seconds after it was last asked for.
        """
        rate.spend(str(viewer.account_id))
        await run_in_threadpool(require_station, services, station)
        return await run_in_threadpool(sessions.open, viewer, station)

    @router.get("/v1/set-up-sessions/{session}", response_model=SessionTold, responses=_FOUND)
    async def told(session: str, viewer: Engineer) -> SessionTold:
        """Say whether the camera may stay open; whoever is not told so closes it."""
        return await run_in_threadpool(sessions.told, viewer, session)

    @router.delete(
        "/v1/set-up-sessions/{session}", status_code=204, response_class=Response, responses=_FOUND
    )
    async def end(session: str, viewer: Engineer) -> Response:
        """End a set-up session."""
        await run_in_threadpool(sessions.close, viewer, session)
        return Response(status_code=204)

    return router

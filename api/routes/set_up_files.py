"""Station files by JSON: stations, revisions, comparison, publication."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.openapi import content_of
from api.policy import Action
from api.problems import Kind, documented
from api.rate import RateLimit
from api.services import Services
from api.set_up import stations as known
from api.set_up.examples import DIGEST, TEXT
from api.set_up.wire import (
    Changes,
    Draft,
    NewStation,
    Publication,
    RevisionText,
    RevisionTold,
    StationDetail,
    StationList,
)
from api.viewer import Viewer, permit
from api.wire import parse

Engineer = Annotated[Viewer, Depends(permit(Action.SET_UP))]
_MOST = 2**31 - 1
Number = Annotated[int, Path(ge=0, le=_MOST, description="of a revision")]
Since = Annotated[int, Query(ge=0, le=_MOST, description="number of the earlier revision")]

_READS = documented(Kind.NOT_FOUND, Kind.INVALID)
_BODY = (Kind.MALFORMED, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID, Kind.TOO_MANY)
_KEEPS = documented(Kind.NOT_FOUND, Kind.CONFLICT, *_BODY)
_PUBLISHES = documented(Kind.NOT_FOUND, Kind.NOT_AGREED, Kind.CONFLICT, *_BODY)


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["station set-up"])
    limits = services.limits
    rate = RateLimit(limits.set_up_rate, limits.set_up_burst, services.steady_s)

    async def body_of(request: Request, viewer: Viewer) -> bytes:
        rate.spend(str(viewer.account_id))
        return await read_body(request, limits.body_bytes)

    @router.get("/v1/stations", response_model=StationList, responses=_READS)
    async def stations(_: Engineer) -> StationList:
        """Return every station of the site with its newest and its published revision."""
        return await run_in_threadpool(known.station_list, services)

    @router.post(
        "/v1/stations",
        status_code=201,
        response_model=StationDetail,
        responses=_KEEPS,
        openapi_extra={"requestBody": content_of(NewStation, {"name": "bench-1"})},
    )
    async def create(request: Request, viewer: Engineer) -> StationDetail:
        """Make a station."""
        name = parse(NewStation, await body_of(request, viewer)).name
        return await run_in_threadpool(known.create, services, name)

    @router.get("/v1/stations/{station:path}/files", response_model=StationDetail, responses=_READS)
    async def files(station: str, _: Engineer) -> StationDetail:
        """Return a station, its revisions, and which device recorded with which of them."""
        return await run_in_threadpool(known.station_detail, services, station)

    @router.post(
        "/v1/stations/{station:path}/files",
        status_code=201,
        response_model=RevisionTold,
        responses=_KEEPS,
        openapi_extra={"requestBody": content_of(Draft, {"text": TEXT, "base": 0})},
    )
    async def keep(station: str, request: Request, viewer: Engineer) -> RevisionTold:
        """Keep a draft as a new revision; the text of the newest revision again is no new one.

        A draft may have flaws; it is for nobody but those who set stations up.
        """
        draft = parse(Draft, await body_of(request, viewer))
        return await run_in_threadpool(known.keep, services, viewer, station, draft)

    @router.get("/v1/stations/{station:path}/files/{revision}", response_model=RevisionText, responses=_READS)
    async def read(station: str, revision: Number, _: Engineer) -> RevisionText:
        """Return a revision with its text, checked as of now."""
        return await run_in_threadpool(known.revision_text, services, station, revision)

    @router.get(
        "/v1/stations/{station:path}/files/{revision}/changes", response_model=Changes, responses=_READS
    )
    async def compare(station: str, revision: Number, since: Since, _: Engineer) -> Changes:
        """Return what changed from one revision to another, line by line."""
        return await run_in_threadpool(known.changes, services, station, since, revision)

    @router.post(
        "/v1/stations/{station:path}/files/{revision}/publication",
        status_code=201,
        response_model=RevisionTold,
        responses=_PUBLISHES,
        openapi_extra={"requestBody": content_of(Publication, {"digest": DIGEST, "acknowledged": False})},
    )
    async def publish(station: str, revision: Number, request: Request, viewer: Engineer) -> RevisionTold:
        """Publish the text of a revision: devices of the site fetch it from then on.

        It must be without flaws. What the works agreement does not permit must be acknowledged; recorders
        refuse it all the same.
        """
        asked = parse(Publication, await body_of(request, viewer))
        return await run_in_threadpool(known.publish, services, viewer, station, revision, asked)

    return router

"""Released tables: previews, releases, and what they show, as programs ask for it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.openapi import content_of
from api.policy import Action
from api.problems import Kind, documented
from api.rate import RateLimit
from api.releases.archive import Standing, document_of, look_at, standing
from api.releases.csv_file import csv_of
from api.releases.form import Kept
from api.releases.publishing import preview, publish
from api.releases.wire import (
    CONFIRMED,
    WANTED,
    Confirmed,
    Document,
    Preview,
    Published,
    ReleaseLine,
    Releases,
    Wanted,
)
from api.services import Services
from api.viewer import Viewer, permit
from api.wire import parse

Maker = Annotated[Viewer, Depends(permit(Action.RELEASE))]
Reader = Annotated[Viewer, Depends(permit(Action.RELEASED))]
Identifier = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="as the log names it")]
BYTES = 16 * 1024
_MAKING = documented(
    Kind.MALFORMED,
    Kind.MEDIA,
    Kind.TOO_LARGE,
    Kind.INVALID,
    Kind.NOT_FOUND,
    Kind.NOT_AGREED,
    Kind.CONFLICT,
    Kind.TOO_MANY,
    Kind.NO_LOG,
)
_READING = documented(Kind.NOT_FOUND, Kind.NOT_AGREED, Kind.CONFLICT, Kind.INVALID, Kind.NO_LOG)


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["releases"])
    rate = RateLimit(services.limits.study_rate, services.limits.study_burst, services.steady_s)

    @router.get("/v1/releases", response_model=Releases, responses=documented(Kind.NOT_FOUND, Kind.NO_LOG))
    async def released(viewer: Reader) -> Releases:
        """Return what was released and is still shown, without any figure of it."""
        del viewer
        found = await run_in_threadpool(standing, services)
        return Releases(
            releases=[line_of(one) for one in found if not one.retired and one.kept is not None],
            retired=sum(one.retired for one in found),
        )

    @router.post(
        "/v1/releases/preview",
        response_model=Preview,
        responses=_MAKING,
        openapi_extra={"requestBody": content_of(Wanted, WANTED)},
    )
    async def look_ahead(request: Request, viewer: Maker) -> Preview:
        """Say what a release would hide and why. Nothing is kept, and no figure is shown."""
        rate.spend(str(viewer.account_id))
        wanted = parse(Wanted, await read_body(request, BYTES))
        return await run_in_threadpool(preview, services, wanted)

    @router.post(
        "/v1/releases",
        status_code=201,
        response_model=Published,
        responses=_MAKING,
        openapi_extra={"requestBody": content_of(Confirmed, CONFIRMED)},
    )
    async def make_public(request: Request, viewer: Maker) -> Published:
        """Release a table whose preview was seen; once the log says so, it is shown."""
        rate.spend(str(viewer.account_id))
        confirmed = parse(Confirmed, await read_body(request, BYTES))
        return await run_in_threadpool(publish, services, viewer, confirmed)

    @router.get("/v1/releases/{identifier}", response_model=Document, responses=_READING)
    async def table(identifier: Identifier, viewer: Reader) -> Response:
        """Return a table: its bytes have the SHA-256 that the log's entry names. Such a look is logged."""
        kept = await run_in_threadpool(seen, services, viewer, identifier)
        return Response(kept.text, media_type="application/json")

    @router.get(
        "/v1/releases/{identifier}/table.json",
        response_model=Document,
        responses=_READING,
    )
    async def json_file(identifier: Identifier, viewer: Reader) -> Response:
        """Return the same as a file to keep."""
        kept = await run_in_threadpool(seen, services, viewer, identifier)
        return Response(kept.text, media_type="application/json", headers=_file(identifier, "json"))

    @router.get(
        "/v1/releases/{identifier}/table.csv",
        response_class=Response,
        responses={
            200: {
                "description": "one line per cell; of hidden ones no figure",
                "content": {"text/csv": {"schema": {"type": "string"}}},
            },
            **_READING,
        },
    )
    async def csv_file(identifier: Identifier, viewer: Reader) -> Response:
        """Return a table for spreadsheets. Such a look is logged."""
        kept = await run_in_threadpool(seen, services, viewer, identifier)
        return Response(
            csv_of(kept.document), media_type="text/csv; charset=utf-8", headers=_file(identifier, "csv")
        )

    return router


def seen(services: Services, viewer: Viewer, identifier: str) -> Kept:
    """Return a table; the look at it stands in the log before. Raises `Problem`."""
    return document_of(look_at(services, viewer, identifier))


def line_of(one: Standing) -> ReleaseLine:
    """Return a release at a glance; requires that it is not damaged."""
    document = document_of(one).document
    return ReleaseLine(
        release=one.row.identifier,
        name=document.name,
        at_ms=one.said.at_ms,
        entry=one.said.index,
        first_day=document.first_day,
        last_day=document.last_day,
        smallest_group=document.smallest_group,
        cells=document.cells,
        suppressed=document.suppressed,
    )


def _file(identifier: str, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="release-{identifier[:8]}.{ending}"'}

"""Studies over the wire: all of them, one, a new one, one less."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.openapi import content_of
from api.problems import Kind, documented
from api.rate import RateLimit
from api.routes.studies.common import CHANGES, READS, Engineer, Period, Study
from api.services import Services
from api.studies.opening import told
from api.studies.overview import lines_of, overview_of
from api.studies.wire import NewStudy, Studies, StudyOverview
from api.wire import parse


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["studies"])
    limits = services.limits
    rate = RateLimit(limits.study_rate, limits.study_burst, services.steady_s)

    async def body_of(request: Request, viewer: Engineer) -> bytes:
        rate.spend(str(viewer.account_id))
        return await read_body(request, limits.body_bytes)

    @router.get("/v1/studies", response_model=Studies, responses=READS)
    async def studies(_: Engineer) -> Studies:
        """Return all studies."""
        return Studies(studies=await run_in_threadpool(lines_of, services))

    @router.post(
        "/v1/studies",
        status_code=201,
        response_model=StudyOverview,
        responses=CHANGES,
        openapi_extra={
            "requestBody": content_of(NewStudy, {"name": "cell-7", "title": "Cell 7", "language": "en"})
        },
    )
    async def create(request: Request, viewer: Engineer) -> StudyOverview:
        """Make a study from the template."""
        new = parse(NewStudy, await body_of(request, viewer))

        def make() -> StudyOverview:
            with told(services) as shelf:
                shelf.create(new.name, new.title, new.language)
            return overview_of(services, new.name, None)

        return await run_in_threadpool(make)

    @router.get("/v1/studies/{study}", response_model=StudyOverview, responses=READS)
    async def overview(study: Study, _: Engineer, period: Period = None) -> StudyOverview:
        """Return a study and how far it is."""
        return await run_in_threadpool(overview_of, services, study, period)

    @router.delete(
        "/v1/studies/{study}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT)
    )
    async def delete(study: Study, _: Engineer) -> Response:
        """Delete a study with all its data."""

        def remove() -> None:
            with told(services) as shelf:
                shelf.delete(study)

        await run_in_threadpool(remove)
        return Response(status_code=204)

    return router

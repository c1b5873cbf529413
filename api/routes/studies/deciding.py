"""Decisions of a study over the wire: settings and bars, its files as text, its tables, its plan."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.openapi import content_of
from api.rate import RateLimit
from api.routes.studies.common import CHANGES, READS, REVISION, Engineer, Study
from api.services import Services
from api.studies.deciding import change_protocol, change_settings
from api.studies.opening import told
from api.studies.planning import make_plan
from api.studies.tables import Table, read_rows, write_rows
from api.studies.wire import (
    Changed,
    Planned,
    PlanOrder,
    ProtocolChange,
    SettingsChange,
    StudyTable,
    StudyText,
    TableRows,
)
from api.wire import parse
from storage.study.editing import read_text, replace_text

FileName = Annotated[str, Path(max_length=60, description="study.yaml, states.yaml, plan.csv …")]
TableName = Annotated[Table, Path(description="which table")]
_LARGEST = 1024 * 1024


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["studies"])
    limits = services.limits
    rate = RateLimit(limits.study_rate, limits.study_burst, services.steady_s)

    async def body_of(request: Request, viewer: Engineer) -> bytes:
        rate.spend(str(viewer.account_id))
        return await read_body(request, _LARGEST)

    @router.patch(
        "/v1/studies/{study}/settings",
        response_model=Changed,
        responses=CHANGES,
        openapi_extra={
            "requestBody": content_of(SettingsChange, {"revision": REVISION, "periods": ["2026-11"]})
        },
    )
    async def settings(study: Study, request: Request, viewer: Engineer) -> Changed:
        """Change decisions of study.yaml; comments in it stay."""
        change = parse(SettingsChange, await body_of(request, viewer))
        return Changed(revision=await run_in_threadpool(change_settings, services, study, change))

    @router.patch(
        "/v1/studies/{study}/protocol",
        response_model=Changed,
        responses=CHANGES,
        openapi_extra={"requestBody": content_of(ProtocolChange, {"revision": REVISION, "kappa": 0.8})},
    )
    async def protocol(study: Study, request: Request, viewer: Engineer) -> Changed:
        """Change bars of the agreement with a manual study."""
        change = parse(ProtocolChange, await body_of(request, viewer))
        return Changed(revision=await run_in_threadpool(change_protocol, services, study, change))

    @router.get("/v1/studies/{study}/files/{file}", response_model=StudyText, responses=READS)
    async def text(study: Study, file: FileName, _: Engineer) -> StudyText:
        """Return a file of a study as text; one that is not there yet is empty."""

        def read() -> StudyText:
            with told(services) as shelf:
                found, revision = read_text(shelf.path(study), file)
                return StudyText(text=found, revision=revision)

        return await run_in_threadpool(read)

    @router.put(
        "/v1/studies/{study}/files/{file}",
        response_model=Changed,
        responses=CHANGES,
        openapi_extra={
            "requestBody": content_of(StudyText, {"text": "product,pieces\nA,800\n", "revision": REVISION})
        },
    )
    async def put_text(study: Study, file: FileName, request: Request, viewer: Engineer) -> Changed:
        """Put a new text in place of a file, if it can be read beside the others."""
        given = parse(StudyText, await body_of(request, viewer))

        def write() -> str:
            with told(services) as shelf, shelf.writing(study) as path:
                return replace_text(path, file, given.text, given.revision)

        return Changed(revision=await run_in_threadpool(write))

    @router.get("/v1/studies/{study}/tables/{table}", response_model=StudyTable, responses=READS)
    async def rows(study: Study, table: TableName, _: Engineer) -> StudyTable:
        """Return a table of a study; of records those that were written by hand."""
        return await run_in_threadpool(read_rows, services, study, table)

    @router.put(
        "/v1/studies/{study}/tables/{table}",
        response_model=Changed,
        responses=CHANGES,
        openapi_extra={
            "requestBody": content_of(
                TableRows, {"rows": [{"product": "A", "pieces": "800"}], "revision": REVISION}
            )
        },
    )
    async def put_rows(study: Study, table: TableName, request: Request, viewer: Engineer) -> Changed:
        """Put rows in place of a table's."""
        given = parse(TableRows, await body_of(request, viewer))
        return Changed(revision=await run_in_threadpool(write_rows, services, study, table, given))

    @router.post(
        "/v1/studies/{study}/plan",
        response_model=Planned,
        responses=CHANGES,
        openapi_extra={"requestBody": content_of(PlanOrder, {"period": "2026-11"})},
    )
    async def plan(study: Study, request: Request, viewer: Engineer) -> Planned:
        """Make the recording plan anew: as many samples as the decisions and a pilot ask for."""
        order = parse(PlanOrder, await body_of(request, viewer))
        count, revision = await run_in_threadpool(make_plan, services, study, order.period)
        return Planned(rows=count, revision=revision)

    return router

"""Files for studies over the wire, as they are; and data out of a study again."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.openapi import raw_content
from api.problems import Kind, Problem, documented
from api.rate import RateLimit
from api.routes.studies.common import CHANGES, Engineer, InLanguage, Replace, Source, Study, word
from api.services import Services
from api.studies.importing import Upload, columns_of, preview, take
from api.studies.opening import told
from api.studies.wire import Columns, ImportReport
from storage.files import MemoryFile
from storage.importers.mapping import Kind as FileKind
from storage.study.removing import remove_source

RAW = "application/octet-stream"
Named = Annotated[
    str,
    Query(alias="file", max_length=200, description="the file's name; its ending says of which sort it is"),
]
OfKind = Annotated[
    FileKind | None, Query(description="what the file holds, where its columns have usual names")
]
ByMapping = Annotated[str | None, Query(max_length=100, description="name of the mapping to read it with")]
HeaderLine = Annotated[int, Query(ge=1, le=1000)]
_FILE: dict[str, Any] = {"requestBody": raw_content("The file as it is, at most 32 MiB", RAW)}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["studies"])
    limits = services.limits
    rate = RateLimit(limits.acquisition_rate, limits.acquisition_burst, services.steady_s)

    async def file_of(request: Request, viewer: Engineer, name: str) -> MemoryFile:
        rate.spend(str(viewer.account_id))
        if "/" in name or "\\" in name or name.startswith("."):
            raise Problem(Kind.INVALID, "file: expected the name alone")
        return MemoryFile(word(name, "file"), await read_body(request, limits.study_file_bytes, RAW))

    @router.post(
        "/v1/studies/{study}/columns", response_model=Columns, responses=CHANGES, openapi_extra=_FILE
    )
    async def columns(
        study: Study, request: Request, viewer: Engineer, name: Named, header_line: HeaderLine = 1
    ) -> Columns:
        """Return the columns of a table, and no cell of it."""
        file = await file_of(request, viewer, name)
        return Columns(columns=await run_in_threadpool(columns_of, services, study, file, header_line))

    @router.post(
        "/v1/studies/{study}/previews", response_model=ImportReport, responses=CHANGES, openapi_extra=_FILE
    )
    async def previews(
        study: Study,
        request: Request,
        viewer: Engineer,
        name: Named,
        kind: OfKind = None,
        mapping: ByMapping = None,
        language: InLanguage = "en",
    ) -> ImportReport:
        """Say what would become of a file; nothing changes."""
        upload = Upload(await file_of(request, viewer, name), kind, mapping)
        return await run_in_threadpool(preview, services, study, upload, language)

    @router.put(
        "/v1/studies/{study}/sources/{source}",
        response_model=ImportReport,
        responses=CHANGES,
        openapi_extra=_FILE,
    )
    async def put_source(
        study: Study,
        source: Source,
        request: Request,
        viewer: Engineer,
        name: Named,
        kind: OfKind = None,
        mapping: ByMapping = None,
        replace: Replace = False,
        language: InLanguage = "en",
    ) -> ImportReport:
        """Take a file into the study, whole or not at all. A refused one has findings."""
        upload = Upload(await file_of(request, viewer, name), kind, mapping)
        return await run_in_threadpool(
            take, services, study, source, upload, instead=replace, language=language
        )

    @router.delete(
        "/v1/studies/{study}/sources/{source}",
        status_code=204,
        responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.INVALID),
    )
    async def delete_source(study: Study, source: Source, _: Engineer) -> Response:
        """Take data out of the study for good."""

        def remove() -> None:
            with told(services) as shelf, shelf.writing(study) as path:
                remove_source(path, source)

        await run_in_threadpool(remove)
        return Response(status_code=204)

    return router

"""Mappings over the wire: how to read a foreign file, kept with the study."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.openapi import content_of
from api.rate import RateLimit
from api.routes.studies.common import CHANGES, READS, Engineer, Study
from api.services import Services
from api.studies.opening import told
from api.studies.wire import parse_mapping
from storage.importers.mapping import FileMapping
from storage.study.mappings import mapping_of, write_mapping

Mapping = Annotated[str, Path(max_length=100, description="name of a mapping that is kept with the study")]
_MAPPING = {
    "kind": "state log",
    "columns": {"system": "Machine", "state": "Reason", "start": "Begin", "end": "End"},
    "dates": "day first",
    "states": {"Stop": "breakdown", "Run": None},
}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["studies"])
    limits = services.limits
    rate = RateLimit(limits.study_rate, limits.study_burst, services.steady_s)

    @router.get("/v1/studies/{study}/mappings/{mapping}", response_model=FileMapping, responses=READS)
    async def read(study: Study, mapping: Mapping, _: Engineer) -> FileMapping:
        """Return a mapping that is kept with the study."""

        def load() -> FileMapping:
            with told(services) as shelf:
                return mapping_of(shelf.path(study), mapping)

        return await run_in_threadpool(load)

    @router.put(
        "/v1/studies/{study}/mappings/{mapping}",
        status_code=204,
        responses=CHANGES,
        openapi_extra={"requestBody": content_of(FileMapping, _MAPPING)},
    )
    async def put_mapping(study: Study, mapping: Mapping, request: Request, viewer: Engineer) -> Response:
        """Keep a mapping with the study, also in place of an earlier one."""
        rate.spend(str(viewer.account_id))
        given = parse_mapping(await read_body(request, limits.body_bytes))

        def keep() -> None:
            with told(services) as shelf, shelf.writing(study) as path:
                write_mapping(path, mapping, given)

        await run_in_threadpool(keep)
        return Response(status_code=204)

    return router

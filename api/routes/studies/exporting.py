"""Results of studies as downloads. Each is a look at the stations whose data they rest on, and is logged."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from api.problems import Kind, Problem
from api.rate import RateLimit
from api.routes.studies.common import LOOKS, Engineer, InLanguage, Study
from api.services import Services
from api.studies.documents import Form
from api.studies.exporting import (
    MEDIA_TYPES,
    Asked,
    Download,
    Sides,
    agreement_file,
    comparison_file,
    results_file,
)

OfForm = Annotated[Form, Path(description="html, pdf, xlsx, csv, csv-de or json; CSV comes as a ZIP file")]
Names = Annotated[list[str], Query(max_length=200)]
MOST_PAIRS = 50
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for kind in MEDIA_TYPES.values()
        },
    }
}
_RESPONSES = {**_FILES, **LOOKS}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["studies"])
    limits = services.limits
    rate = RateLimit(limits.acquisition_rate, limits.acquisition_burst, services.steady_s)

    @router.get("/v1/studies/{study}/results/{form}", response_class=Response, responses=_RESPONSES)
    async def results(
        study: Study,
        form: OfForm,
        viewer: Engineer,
        language: InLanguage = "en",
        period: Names = [],  # noqa: B006  # FastAPI copies it
        system: Names = [],  # noqa: B006
    ) -> Response:
        """Return all results: of these periods and work systems, or of all."""
        rate.spend(str(viewer.account_id))
        asked = Asked(form, language, period, system)
        return _sent(await run_in_threadpool(results_file, services, viewer, study, asked))

    @router.get("/v1/studies/{study}/comparison/{form}", response_class=Response, responses=_RESPONSES)
    async def comparison(
        study: Study,
        form: OfForm,
        viewer: Engineer,
        before: Annotated[str, Query(max_length=120, description="a period")],
        after: Annotated[str, Query(max_length=120, description="a period, or the same one")],
        language: InLanguage = "en",
        system: Annotated[str | None, Query(max_length=120)] = None,
        other: Annotated[str | None, Query(max_length=120, description="work system after")] = None,
    ) -> Response:
        """Return the comparison of two periods, or of two work systems."""
        rate.spend(str(viewer.account_id))
        sides = Sides(before, after, system, other)
        asked = Asked(form, language)
        return _sent(await run_in_threadpool(comparison_file, services, viewer, study, asked, sides))

    @router.get("/v1/studies/{study}/agreement/{form}", response_class=Response, responses=_RESPONSES)
    async def agreement(
        study: Study,
        form: OfForm,
        viewer: Engineer,
        manual: Annotated[Names, Query(min_length=1, description="data of manual sessions")],
        measured: Annotated[Names, Query(min_length=1, description="data of the same sessions, measured")],
        language: InLanguage = "en",
        recorded_from: Annotated[date | None, Query(description="first day of the data")] = None,
    ) -> Response:
        """Return the report on the agreement of measured sessions with manual ones."""
        rate.spend(str(viewer.account_id))
        pairs = pairs_of(manual, measured)
        asked = Asked(form, language)
        return _sent(
            await run_in_threadpool(agreement_file, services, viewer, study, asked, pairs, recorded_from)
        )

    return router


def pairs_of(manual: list[str], measured: list[str]) -> list[tuple[str, str]]:
    """Return pairs of data. Raises `Problem` unless each has its counterpart."""
    if len(manual) != len(measured) or len(manual) > MOST_PAIRS:
        raise Problem(Kind.INVALID, f"measured: expected one for each manual session, at most {MOST_PAIRS}")
    return list(zip(manual, measured, strict=True))


def _sent(download: Download) -> Response:
    disposition = f"attachment; filename=\"{download.name}\"; filename*=UTF-8''{quote(download.name)}"
    return Response(
        download.content,
        media_type=download.media_type,
        headers={"Content-Disposition": disposition},
    )

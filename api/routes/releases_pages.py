"""The pages of released tables: all of them, one of them, and making one."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.clock import instant_text
from api.pages import Pages
from api.plant import own_site
from api.policy import Action
from api.problems import Problem
from api.releases.archive import document_of, look_at, standing
from api.releases.drawing import drawn
from api.releases.periods import whole
from api.releases.publishing import preview
from api.releases.view import bars, document_grids, preview_grids
from api.releases.wire import Counted, Periods, StateDetail, StationDepth, Unit, Wanted
from api.routes.releases import Identifier, line_of
from api.services import Services
from api.viewer import Viewer, permit
from api.words import releases
from consent.agreement.calendar import local_day
from consent.agreement.language import Language, day_text
from storage.sql.plant import places

Maker = Annotated[Viewer, Depends(permit(Action.RELEASE))]
Reader = Annotated[Viewer, Depends(permit(Action.RELEASED))]
_CHOICES = {
    "unit": list(Unit),
    "periods": list(Periods),
    "stations": list(StationDepth),
    "states": list(StateDetail),
    "counted": list(Counted),
}


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the pages' routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/releases")
    async def overview(request: Request, viewer: Reader) -> HTMLResponse:
        """Show what was released, without figures."""
        values = await run_in_threadpool(_overview, services, views.language(request))
        return views.render(
            request,
            "releases.html",
            releases.WORDS,
            viewer,
            may_release=viewer.may(Action.RELEASE),
            **values,
        )

    @router.get("/releases/new")
    async def new(request: Request, viewer: Maker) -> HTMLResponse:
        """Ask what a table shall be about, and show what a release of it would hide."""
        asked = {key: request.query_params[key] for key in Wanted.model_fields if key in request.query_params}
        values = await run_in_threadpool(_new, services, asked, views.language(request))
        return views.render(request, "release-new.html", releases.WORDS, viewer, **values)

    @router.get("/releases/{identifier}")
    async def one(request: Request, identifier: Identifier, viewer: Reader) -> HTMLResponse:
        """Show a table; the look stands in the log before."""
        values = await run_in_threadpool(_one, services, viewer, identifier, views.language(request))
        return views.render(request, "release.html", releases.WORDS, viewer, **values)

    return router


def _overview(services: Services, language: Language) -> dict[str, Any]:
    zone = own_site(services).time_zone
    found = standing(services)
    lines = [line_of(one) for one in found if not one.retired and one.kept is not None]
    return {
        "lines": [(line, instant_text(line.at_ms, zone, language), _span(line, language)) for line in lines],
        "damaged": [one.row.identifier for one in found if one.kept is None],
        "retired": sum(one.retired for one in found),
    }


def _one(services: Services, viewer: Viewer, identifier: str, language: Language) -> dict[str, Any]:
    zone = own_site(services).time_zone
    found = look_at(services, viewer, identifier)
    document = document_of(found).document
    chart = bars(document)
    return {
        "document": document,
        "entry": found.said.index,
        "at": instant_text(found.said.at_ms, zone, language),
        "span": _span(document, language),
        "content": found.said.body.content,
        "grids": document_grids(document),
        "chart": drawn(chart.shown, language) if chart.shown else None,
        "not_drawn": chart.hidden,
        "decimal": "," if language is Language.DE else ".",
    }


def _new(services: Services, asked: dict[str, str], language: Language) -> dict[str, Any]:
    site = own_site(services)
    today = local_day(services.now_ms(), site.time_zone)
    values: dict[str, Any] = {
        "asked": asked,
        "choices": _CHOICES,
        "today": today.isoformat(),
        "places": places(services.database, site.name),
        "wanted": None,
        "found": None,
        "trouble": None,
        "invalid": "",
        "grids": [],
    }
    if not asked:
        return values
    try:
        wanted = Wanted.model_validate(asked)
    except ValidationError as error:
        return {**values, "invalid": str(error.errors()[0]["loc"][-1])}
    try:
        found = preview(services, wanted)
    except Problem as problem:
        return {**values, "trouble": problem}
    first, last = whole(wanted.unit, wanted.first_day, wanted.last_day)
    return {
        **values,
        "wanted": {**wanted.model_dump(mode="json"), "confirms": found.confirms},
        "found": found,
        "span": f"{day_text(first, language)} – {day_text(last, language)}",
        "not_sealed": _days(found.not_sealed, language),
        "grids": preview_grids(found),
    }


def _days(days: Sequence[date], language: Language) -> str:
    """Return how many days, and from when to when: a list of a month would hide the sentence before it."""
    if not days:
        return ""
    ends = list(dict.fromkeys((days[0], days[-1])))
    return f"{len(days)} ({' – '.join(day_text(day, language) for day in ends)})"


def _span(one: Any, language: Language) -> str:  # noqa: ANN401  # whatever has a first and a last day
    return f"{day_text(one.first_day, language)} – {day_text(one.last_day, language)}"

"""The pages of timelines, and of labels for a recording of one's own, made in the browser."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from api.pages import Pages
from api.plant import own_site
from api.policy import Action, Role
from api.routes.timelines import permitted_stations
from api.services import Services
from api.viewer import Viewer, permit
from api.words import labelling, timelines
from productivity.hierarchy import DEFAULT_HIERARCHY
from productivity.states import RESERVED_STATES
from storage.sql.lookup import Selection
from storage.sql.plant import places, stations

Looker = Annotated[Viewer, Depends(permit(Action.TIMELINES))]
Student = Annotated[Viewer, Depends(permit(Action.STUDY))]
SHOWN_DAYS = 7


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/timelines")
    async def page(request: Request, viewer: Looker) -> HTMLResponse:
        """Show what may be looked at; nothing is looked at before somebody asks for it."""
        values = await run_in_threadpool(_choices, services, viewer)
        return views.render(request, "timelines.html", timelines.WORDS, viewer, **values)

    @router.get("/timelines/labels")
    async def labels(request: Request, viewer: Student) -> HTMLResponse:
        """Label a recording of one's own; it never leaves the browser."""
        names = [node.name for node in DEFAULT_HIERARCHY.leaves] + sorted(RESERVED_STATES)
        return views.render(request, "labelling.html", labelling.WORDS, viewer, known_states=names)

    return router


def _choices(services: Services, viewer: Viewer) -> dict[str, Any]:
    site = own_site(services)
    allowed = permitted_stations(services, viewer)
    placed = {one.name: one.place for one in stations(services.database, Selection(site.name))}
    today = datetime.fromtimestamp(services.now_ms() / 1000, UTC).astimezone(ZoneInfo(site.time_zone)).date()
    return {
        "site": site.name,
        "stations": [(name, placed[name] or "") for name in allowed],
        "places": []
        if viewer.role is Role.WORKER
        else [one.name for one in places(services.database, site.name)],
        "first": (today - timedelta(days=SHOWN_DAYS - 1)).isoformat(),
        "last": today.isoformat(),
        "may_correct": viewer.may(Action.CORRECT),
        "states": [{"name": node.name, "category": node.category.value} for node in DEFAULT_HIERARCHY.leaves],
    }

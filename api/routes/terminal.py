"""The self-recording terminal at a station: big tiles, no name, and patience while the network is away."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse
from starlette.concurrency import run_in_threadpool

from api.pages import Pages
from api.plant import own_site
from api.policy import Action
from api.services import Services
from api.viewer import Viewer, permit
from api.words import terminal
from consent.agreement.calendar import day_begins_ms
from consent.agreement.language import Language
from productivity.hierarchy import DEFAULT_HIERARCHY
from productivity.records import RecordingMode
from storage.sql.documented import documented_times
from storage.sql.lookup import NoSuch, Selection

Terminal = Annotated[Viewer, Depends(permit(Action.SELF_RECORD))]
_WORKER = Path(__file__).parents[1] / "static" / "terminal" / "offline.js"


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/terminal")
    async def page(request: Request, viewer: Terminal) -> HTMLResponse:
        """Show the tiles, and what was recorded at this station today."""
        language = views.language(request)
        today = await run_in_threadpool(today_at, services, viewer.station) if viewer.station else []
        return views.render(
            request,
            "terminal.html",
            terminal.WORDS,
            viewer,
            tiles=tiles(language),
            today=[(_called(state, language), number, _time(ns)) for state, number, ns in today],
        )

    @router.get("/terminal/offline.js")
    async def offline(viewer: Terminal) -> FileResponse:
        """Return the service worker that keeps the terminal, and no other page."""
        del viewer
        allowed = {
            "Service-Worker-Allowed": "/terminal",
            "Content-Security-Policy": "default-src 'none'; connect-src 'self'",  # a worker that may ask us
        }
        return FileResponse(_WORKER, media_type="text/javascript", headers=allowed)

    return router


def tiles(language: Language) -> list[dict[str, Any]]:
    """Return what can be recorded: name in the data, category, and what it is called."""
    return [
        {
            "state": state,
            "category": DEFAULT_HIERARCHY.category(state).value,
            "label": text.in_(language),
        }
        for state, text in terminal.STATES.items()
    ]


def today_at(services: Services, station: str) -> list[tuple[str, int, int]]:
    """Return what workers recorded at a station today: state, number, nanoseconds; the longest first."""
    site = own_site(services)
    zone = ZoneInfo(site.time_zone)
    day = datetime.fromtimestamp(services.now_ms() / 1000, UTC).astimezone(zone).date()
    span = (day_begins_ms(day, site.time_zone), day_begins_ms(_next(day), site.time_zone))
    try:
        rows = documented_times(services.database, Selection(site.name, None, (station,)), *span)
    except NoSuch:
        return []
    totals: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row.mode is RecordingMode.SR:
            number, ns = totals.get(row.state, (0, 0))
            totals[row.state] = number + row.occurrences, ns + row.duration_ns
    return sorted(((state, *sums) for state, sums in totals.items()), key=lambda one: -one[2])


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _called(state: str, language: Language) -> str:
    known = terminal.STATES.get(state)
    return state if known is None else known.in_(language)


def _time(ns: int) -> str:
    minutes, seconds = divmod(round(ns / 1e9), 60)
    return f"{minutes}:{seconds:02} min"

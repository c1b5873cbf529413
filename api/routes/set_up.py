"""The set-up pages: the stations of the site, and the editor of one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from api.clock import instant_text
from api.guard import CAMERA_HERE
from api.pages import Pages
from api.plant import own_site
from api.policy import Action
from api.services import Services
from api.set_up import documents, stations
from api.set_up.sessions import MINUTES, SetUpSessions
from api.set_up.trials import LARGEST_CLIP
from api.set_up.wire import Checked, StationDetail, StationTold
from api.viewer import Viewer, permit
from api.words import set_up
from capture.clip.told import LONGEST_CLIP_S
from consent.agreement.language import Language
from productivity.states import StateCategory
from reports.words import words_for

Engineer = Annotated[Viewer, Depends(permit(Action.SET_UP))]
_MIB = 1024 * 1024


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    sessions = SetUpSessions(services)

    @router.get("/set-up")
    async def every_station(request: Request, viewer: Engineer) -> HTMLResponse:
        """Show the stations with what is written and published of each."""
        found = await run_in_threadpool(stations.station_list, services)
        zone = (await run_in_threadpool(own_site, services)).time_zone
        language = views.language(request)
        rows = [(one, _written(one, zone, language)) for one in found.stations]
        return views.render(request, "set_up.html", set_up.LIST_WORDS, viewer, site=found.site, rows=rows)

    @router.get("/set-up/{station:path}")
    async def one_station(station: str, request: Request, viewer: Engineer) -> HTMLResponse:
        """Show the editor with the newest revision; the browser alone opens pictures."""
        detail, checked = await run_in_threadpool(_opened, services, station)
        refusal = await run_in_threadpool(sessions.refusal, viewer, station)
        names = words_for(views.language(request))
        page = views.render(
            request,
            "set_up_station.html",
            set_up.WORDS,
            viewer,
            station=station,
            clip={"mb": LARGEST_CLIP // _MIB, "s": LONGEST_CLIP_S},
            data={
                "detail": detail.model_dump(mode="json"),
                "checked": checked.model_dump(mode="json"),
                "time_zone": (await run_in_threadpool(own_site, services)).time_zone,
                "categories": [(category.value, names.name(category.value)) for category in StateCategory],
                "names": names.names,
                "limits": {"bytes": LARGEST_CLIP},
            },
            camera_refusal=refusal,
            camera_minutes=MINUTES,
        )
        if not refusal:
            page.headers["Permissions-Policy"] = CAMERA_HERE
        return page

    return router


def _written(station: StationTold, zone: str, language: Language) -> str:
    """Return when the published revision was published, or the newest one written."""
    shown = station.published or station.newest
    return "" if shown is None else instant_text(shown.published_ms or shown.written_ms, zone, language)


def _opened(services: Services, station: str) -> tuple[StationDetail, Checked]:
    detail = stations.station_detail(services, station)
    return detail, documents.check(services, station, stations.opening_text(services, detail))

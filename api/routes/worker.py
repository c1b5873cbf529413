"""The page for workers, at a station's terminal: what is recorded here, what was agreed, consent."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from api.agreements import Shown, shown
from api.live.wall import Walls
from api.looking import site_view
from api.pages import Pages
from api.plant import own_site
from api.policy import Action
from api.problems import Problem
from api.services import Services
from api.viewer import Viewer, permit
from api.words import live, worker
from api.words.motion import FORMATS
from capture.station.explain import explain
from capture.station.file import parse_station
from consent.agreement.language import Language, Text
from consent.agreement.names import NAMES
from consent.agreement.vocabulary import MotionPurpose
from consent.grants.check_in import LONGEST_MINUTES
from consent.royalties.disputes import DisputeReason, Outcome, RejectionReason
from consent.royalties.journal import State
from productivity.errors import BadInput
from reports.royalties import words as royalty_words
from storage.sql.lookup import NoSuch
from storage.sql.station_files import station_with_files, text_of

Worker = Annotated[Viewer, Depends(permit(Action.GRANT))]


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the page's route."""
    router = APIRouter(include_in_schema=False)
    walls = Walls(services)

    @router.get("/worker")
    async def page(request: Request, viewer: Worker) -> HTMLResponse:
        """Show what is recorded at this station, in plain words."""
        language = views.language(request)
        values = await run_in_threadpool(_page, services, walls, viewer.station, language)
        return views.render(request, "worker.html", {**live.WORDS, **worker.WORDS}, viewer, **values)

    return router


def _page(services: Services, walls: Walls, station: str | None, language: Language) -> dict[str, Any]:
    agreements: list[Shown] = []
    try:
        state = site_view(services).state
        agreements = [
            one for one in shown(state, language) if one.live and station in one.line.agreement.stations
        ]
        known = True
    except Problem:  # a worker who asks what is recorded here gets more than an error
        known = False
    lights = [placed.light for placed in walls.now().stations if placed.light.station == station]
    light = lights[0] if lights else None
    reasons = {reason: text.in_(language) for reason, text in live.REASONS.items()}
    return {
        "known": known,
        "agreements": agreements,
        "light": light,
        "reason": reasons.get(light.reason, light.reason) if light else "",
        "explained": _explained(services, station, language) if station else "",
        "grants": services.grants is not None,
        "vault": services.motion is not None,
        "longest": LONGEST_MINUTES,
        "reasons": {one.value: royalty_words.NAMES[one].in_(language) for one in DisputeReason},
        "formats": FORMATS,
        "names": {**_names(language), "zone": _zone(services), "station": station or ""},
    }


def _names(language: Language) -> dict[str, Any]:
    """Return what the page's modules call the words of closed lists."""
    known: dict[str, Mapping[Any, Text]] = {
        "purposes": {purpose: NAMES[purpose] for purpose in MotionPurpose},
        "uses": worker.USE_STATES,
        "because": worker.BECAUSE,
        "session": worker.SESSION,
        "royalties": {
            str(one): royalty_words.NAMES[one]
            for kind in (State, DisputeReason, Outcome, RejectionReason)
            for one in kind
        },
    }
    said = {
        kind: {str(key): text.in_(language) for key, text in all_.items()} for kind, all_ in known.items()
    }
    return {**said, "running": worker.RUNNING, "not_begun": worker.NOT_BEGUN, "time_over": worker.TIME_OVER}


def _zone(services: Services) -> str:
    try:
        return own_site(services).time_zone
    except Problem:  # a terminal without a site; there is nothing whose time could be told
        return "UTC"


def _explained(services: Services, station: str, language: Language) -> str:
    """Return what the published station file says, in plain words; empty if none is published."""
    site = own_site(services).name
    try:
        _, revisions = station_with_files(services.database, site, station)
        published = [one for one in revisions if one.published_ms is not None]
        if not published:
            return ""
        newest = max(published, key=lambda one: one.number)
        _, text = text_of(services.database, site, station, newest.number)
        return explain(parse_station(text, "station file"), language.value)
    except (NoSuch, BadInput):
        return ""

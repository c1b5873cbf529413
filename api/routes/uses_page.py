"""The page about motion: what there is, requests, decisions, downloads and models, for each role its own."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.looking import from_log
from api.pages import Pages
from api.plant import own_site
from api.policy import Action, Role
from api.problems import Kind, Problem
from api.routes.uses import UseWanted, line_of_use, model_lines, room_of, visible_uses
from api.services import Services
from api.uses.offer import offer
from api.uses.requests import PURPOSES, quote
from api.uses.room import MotionRoom
from api.uses.view import flowing, quantity_of, rates, shown_model, shown_quote, shown_use, span_text
from api.viewer import Viewer, permit
from api.words import motion as words
from consent.agreement.language import Language
from consent.agreement.vocabulary import RoyaltyUnit
from consent.site.desk import LogUnusable
from productivity.errors import BadInput
from storage.exports.motion.terms import standard_terms
from storage.sql.uses import UseState

Reader = Annotated[Viewer, Depends(permit(Action.USES))]
Asker = Annotated[Viewer, Depends(permit(Action.USE_MOTION))]
_MOST_STATIONS = 256
_LEADS = {
    Role.LICENSEE: "lead_licensee",
    Role.ENGINEER: "lead_engineer",
    Role.MANAGER: "lead_manager",
    Role.COUNCIL: "lead_council",
}


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the pages' routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/motion")
    async def overview(request: Request, viewer: Reader) -> HTMLResponse:
        """Show what this role has to do with motion."""
        values = await run_in_threadpool(_overview, services, viewer, views.language(request))
        return views.render(
            request, "motion.html", words.WORDS, viewer, lead=_LEADS[viewer.role], asked={}, **values
        )

    @router.get("/motion/new")
    async def new(request: Request, viewer: Asker) -> HTMLResponse:
        """Show terms and price of a use, before anything is asked for."""
        values = await run_in_threadpool(_new, services, viewer, _asked(request), views.language(request))
        return views.render(request, "motion-new.html", words.WORDS, viewer, **values)

    return router


def _overview(services: Services, viewer: Viewer, language: Language) -> dict[str, Any]:
    values: dict[str, Any] = {
        "vault": services.motion is not None,
        "trouble": "",
        "uses": [],
        "models": [],
        "waiting": [],
        "loggable": [],
        **_asking(None, viewer, language),
    }
    if services.motion is None:
        return values
    room, zone = services.motion, own_site(services).time_zone
    found = visible_uses(services, viewer)
    try:
        state = room.present().state
        shown = [shown_use(line_of_use(room, one), state, zone, language) for one in found]
        models = [shown_model(one, zone, language) for one in model_lines(services, room, viewer)]
        asking = _asking(room, viewer, language)
    except (LogUnusable, Problem) as error:
        return {**values, "trouble": str(error)}
    waiting = [one for one in shown if one.line.state == UseState.REQUESTED]
    return {
        **values,
        **asking,
        "uses": [one for one in shown if not (viewer.may(Action.APPROVE_USE) and one in waiting)],
        "models": models,
        "waiting": waiting,
        "loggable": [one for one in shown if one.line.entry is not None],
    }


def _asking(room: MotionRoom | None, viewer: Viewer, language: Language) -> dict[str, Any]:
    """Return what the form needs with which somebody asks."""
    purpose = PURPOSES.get(viewer.role)
    if room is None or purpose is None:
        return {"offered": [], "rates": [], "formats": words.FORMATS, "currency": ""}
    found = from_log(lambda: offer(room, purpose))
    cards = rates(from_log(room.present).state, purpose, language)
    return {
        "offered": [(one.station, span_text(one.span_ms)) for one in found],
        "rates": cards,
        "formats": words.FORMATS,
        "currency": cards[0].currency if cards else "",
    }


def _asked(request: Request) -> dict[str, Any]:
    query = request.query_params
    if "unit" not in query:
        return {}
    one = {name: query.get(name, "").strip() for name in ("format", "unit", "quantity", "model")}
    return {**one, "stations": query.getlist("stations")[: _MOST_STATIONS + 1]}


def _new(services: Services, viewer: Viewer, asked: Mapping[str, Any], language: Language) -> dict[str, Any]:
    room = room_of(services)
    values: dict[str, Any] = {
        **_asking(room, viewer, language),
        "asked": asked,
        "invalid": "",
        "trouble": None,
        "quote": None,
        "wanted": {},
        "terms": flowing(standard_terms(language)),
    }
    if not asked:
        return values
    wanted = _wanted(asked, str(values["currency"]))
    if isinstance(wanted, str):
        return {**values, "invalid": wanted}
    try:
        made = shown_quote(quote(room, viewer.role, wanted.wanted()), language)
    except Problem as problem:
        if problem.kind is not Kind.CONFLICT:
            raise
        return {**values, "trouble": problem.detail}
    return {**values, "quote": made, "wanted": wanted}


def _wanted(asked: Mapping[str, Any], currency: str) -> UseWanted | str:
    """Return what a form asks for, or the field that does not fit."""
    if asked["unit"] not in set(RoyaltyUnit):
        return "unit"
    try:
        quantity = quantity_of(RoyaltyUnit(asked["unit"]), asked["quantity"], currency)
    except BadInput:
        return "quantity"
    body = {
        "stations": asked["stations"],
        "format": asked["format"],
        "unit": asked["unit"],
        "quantity": quantity,
        "model": asked["model"].lower() or None,
    }
    try:
        return UseWanted.model_validate(body)
    except ValidationError as error:
        return str(error.errors()[0]["loc"][0])

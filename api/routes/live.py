"""The live wall: page, data, and news as server-sent events.

Lights are for everybody in the plant. Which state a station is in now is a look at its timeline: only for
roles that may, only by the works agreement, and in the log before it is shown.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from api.live.lights import Light
from api.live.wall import Placed, Wall, Walls
from api.looking import agreed_stations, look
from api.pages import Pages
from api.policy import Action
from api.problems import Kind, Problem, documented
from api.services import Services
from api.viewer import Viewer, permit
from api.words import live
from consent.agreement.vocabulary import View

Looker = Annotated[Viewer, Depends(permit(Action.LIGHTS))]
WithStates = Annotated[
    bool, Query(alias="states", description="with the present state of stations; such a look is logged")
]
NEWS_S = 2.0
"""How often it is asked whether something is new."""
ALIVE_S = 15.0
"""After so much silence something is said, so that proxies keep the connection."""
LONGEST_S = 15 * 60.0
"""Then the browser asks again."""
MOST_LISTENERS = 200
MOST_OF_ONE = 20
"""Of an account: as many as it may have sign-ins. No account takes the places of all others."""


class LiveStation(BaseModel):
    """A station's light. `state` is null unless it was asked for, is agreed, and the device tells it."""

    model_config = ConfigDict(frozen=True)

    station: str
    area: str
    cell: str
    light: Light
    reason: str
    device: str
    heard_ms: int | None
    state: str | None = None


class LiveWall(BaseModel):
    """The wall. `now_ms` is the server's clock."""

    model_config = ConfigDict(frozen=True)

    site: str
    now_ms: int
    agreement: Literal["active", "suspended", ""]
    log: str
    stations: list[LiveStation]


class _Listeners:
    """How many listen, by account."""

    def __init__(self) -> None:
        self._places: Counter[int] = Counter()

    def take(self, account_id: int) -> None:
        """Take a place. Raises `Problem` if there is none."""
        if self._places.total() >= MOST_LISTENERS or self._places[account_id] >= MOST_OF_ONE:
            raise Problem(Kind.TOO_MANY, "too many walls are open", headers={"Retry-After": "60"})
        self._places[account_id] += 1

    def give_back(self, account_id: int) -> None:
        """Leave a place."""
        self._places[account_id] -= 1


class _News(StreamingResponse):
    """A stream that says when it is over, also if it never began or broke off."""

    def __init__(self, news: AsyncIterator[str], over: Callable[[], None]) -> None:
        super().__init__(news, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        self._over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._over()


_KINDS = (Kind.NOT_FOUND, Kind.NOT_AGREED, Kind.NO_LOG, Kind.INVALID)


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the page's route."""
    router = APIRouter(include_in_schema=False)
    walls = Walls(services)

    @router.get("/live")
    async def page(request: Request, viewer: Looker) -> HTMLResponse:
        """Show the wall; what is new comes by itself."""
        wall = await run_in_threadpool(walls.now)
        shown = _shown(wall, services.now_ms(), frozenset())
        return views.render(
            request,
            "live.html",
            live.WORDS,
            viewer,
            wall=shown,
            lights=list(Light),
            may_see_states=viewer.may(Action.STATES),
            data=shown.model_dump(mode="json"),
            reasons={reason: text.in_(views.language(request)) for reason, text in live.REASONS.items()},
        )

    return router


def routes(services: Services) -> APIRouter:
    """Return the routes for data and news."""
    router = APIRouter(tags=["live"])
    walls = Walls(services)
    listeners = _Listeners()

    @router.get("/v1/live", response_model=LiveWall, responses=documented(*_KINDS))
    async def now(viewer: Looker, *, states: WithStates = False) -> LiveWall:
        """Return every station with its recording light."""
        return await run_in_threadpool(_now, services, walls, viewer, states=states)

    @router.get(
        "/v1/live/events",
        response_class=StreamingResponse,
        responses={
            200: {
                "description": "server-sent events: the wall, each time that something is new",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            **documented(Kind.TOO_MANY, *_KINDS),
        },
    )
    async def events(request: Request, viewer: Looker, *, states: WithStates = False) -> StreamingResponse:
        """Send the wall, and send it again each time that something is new."""
        listeners.take(viewer.account_id)  # before anything is waited for: others ask at the same time
        leave = partial(listeners.give_back, viewer.account_id)
        try:
            first = await run_in_threadpool(_now, services, walls, viewer, states=states)
        except BaseException:
            leave()
            raise

        async def news(wall: LiveWall) -> AsyncIterator[str]:
            yield _event(wall)
            quiet_s = open_s = 0.0
            while open_s < LONGEST_S and not await request.is_disconnected():
                await asyncio.sleep(NEWS_S)
                quiet_s, open_s = quiet_s + NEWS_S, open_s + NEWS_S
                try:
                    fresh = await run_in_threadpool(_again, services, walls, viewer, states=states)
                except Problem:
                    # The sign-in ended, or log or agreement do not permit it any more: ask anew, be told why.
                    return
                if fresh.model_copy(update={"now_ms": wall.now_ms}) != wall:
                    wall, quiet_s = fresh, 0.0
                    yield _event(wall)
                elif quiet_s >= ALIVE_S:
                    quiet_s = 0.0
                    yield ": nothing new\n\n"

        return _News(news(first), leave)

    return router


def _again(services: Services, walls: Walls, viewer: Viewer, *, states: bool) -> LiveWall:
    if services.accounts is None or not services.accounts.is_signed_in(viewer):
        raise Problem(Kind.SIGNED_OUT, "sign in first")
    return _now(services, walls, viewer, states=states)


def _now(services: Services, walls: Walls, viewer: Viewer, *, states: bool) -> LiveWall:
    if states and not viewer.may(Action.STATES):
        raise Problem(Kind.FORBIDDEN, f"the role {viewer.role} may not: {Action.STATES}")
    wall = walls.now()
    seen: frozenset[str] = frozenset()
    if states:
        names = [placed.light.station for placed in wall.stations]
        seen = frozenset(agreed_stations(services, viewer, View.TIMELINES, names))
        look(services, viewer, View.TIMELINES, sorted(seen))
    return _shown(wall, services.now_ms(), seen)


def _shown(wall: Wall, now_ms: int, seen: frozenset[str]) -> LiveWall:
    return LiveWall.model_validate(
        {
            "site": wall.site,
            "now_ms": now_ms,
            "agreement": wall.agreement,
            "log": wall.log,
            "stations": [_station(placed, seen) for placed in wall.stations],
        }
    )


def _station(placed: Placed, seen: frozenset[str]) -> LiveStation:
    light = placed.light
    return LiveStation(
        station=light.station,
        area=placed.area,
        cell=placed.cell,
        light=light.light,
        reason=light.reason,
        device=light.device,
        heard_ms=light.heard_ms,
        state=(light.state or None) if light.station in seen else None,
    )


def _event(wall: LiveWall) -> str:
    return f"event: wall\ndata: {wall.model_dump_json()}\n\n"

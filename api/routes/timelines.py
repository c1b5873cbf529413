"""Timelines: their data after a look that is logged, corrections of intervals, and limits of portions."""

import json
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.looking import agreed_stations, look, site_view
from api.openapi import content_of
from api.plant import own_site
from api.policy import Action, Role
from api.problems import Kind, Problem, documented
from api.services import Services
from api.viewer import Viewer, permit
from api.wire import Word, parse
from consent.agreement.calendar import day_begins_ms
from consent.agreement.vocabulary import View
from productivity.errors import BadInput
from productivity.states import StateCategory
from productivity.statistics import mean_interval
from storage.sql.corrections import History, IntervalId, Sealed, correct, history
from storage.sql.lookup import NoSuch, Selection
from storage.sql.plant import stations as stations_of
from storage.sql.timelines import Timeline, timeline

Looker = Annotated[Viewer, Depends(permit(Action.TIMELINES))]
Corrector = Annotated[Viewer, Depends(permit(Action.CORRECT))]
Day = Annotated[date, Query(description="a calendar day of the site")]
Number = Annotated[int, Path(ge=0, le=2**53 - 1)]
Position = Annotated[int, Path(ge=0, le=32767)]
MOST_STATIONS = 500
CORRECTION_BYTES = 16 * 1024
SAMPLES_BYTES = 4 * 1024 * 1024
CONFIDENCE = 0.95

CORRECTION = {"state": "waiting", "category": "irregular", "reason": "the driver was being repaired"}
SAMPLES = {"samples": [[0.2, 0.25, 0.3], [0.8]]}


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Correction(_Wire):
    """What an interval was, and why it is said to be something else."""

    state: Word
    category: Annotated[StateCategory | None, Field(strict=False)] = None
    reason: Word


class Revision(_Wire):
    """One correction of an interval, by the name of an account."""

    number: int
    state: str
    category: str | None
    reason: str
    account: str
    at_ms: int


class IntervalHistory(_Wire):
    """An interval as the device sent it, and its corrections, oldest first."""

    station: str
    state: str
    category: str | None
    start_ms: int
    duration_ns: int
    confidence: int
    reason: str | None
    sealed: bool
    revisions: list[Revision]


class Samples(_Wire):
    """Samples of several portions, such as that of a state in each shift."""

    samples: Annotated[
        list[Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=1, max_length=5000)]],
        Field(max_length=250),
    ]


class MeanLimits(_Wire):
    """A mean and its 95 % t-interval, eq. (2); null where one sample says nothing about its spread."""

    n: int
    mean: float
    low: float | None
    high: float | None


class Limits(_Wire):
    """One for each quantity."""

    limits: list[MeanLimits]


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["timelines"])

    @router.get(
        "/v1/timelines",
        response_class=Response,
        responses={
            200: {
                "description": "columns of intervals (docs/timelines.md)",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **documented(Kind.NOT_FOUND, Kind.NOT_AGREED, Kind.NO_LOG, Kind.INVALID),
        },
    )
    async def data(
        viewer: Looker,
        first: Day,
        last: Day,
        place: Annotated[str | None, Query(max_length=200)] = None,
        station: Annotated[list[str] | None, Query(max_length=MOST_STATIONS)] = None,
    ) -> Response:
        """Return the intervals of some days; the look is in the log before anything is shown."""
        found = await run_in_threadpool(_timeline, services, viewer, (first, last), place, station)
        return await run_in_threadpool(_json, found)

    @router.get(
        "/v1/intervals/{batch}/{position}",
        response_model=IntervalHistory,
        responses=documented(Kind.NOT_FOUND, Kind.NOT_AGREED, Kind.NO_LOG, Kind.INVALID),
    )
    async def interval(batch: Number, position: Position, viewer: Looker) -> IntervalHistory:
        """Return an interval as it came, and what was made of it."""
        return await run_in_threadpool(_history, services, viewer, IntervalId(batch, position))

    @router.post(
        "/v1/intervals/{batch}/{position}/revisions",
        status_code=201,
        response_model=Revision,
        responses=documented(
            Kind.MALFORMED, Kind.NOT_FOUND, Kind.NOT_AGREED, Kind.CONFLICT, Kind.TOO_LARGE, Kind.MEDIA,
            Kind.INVALID, Kind.NO_LOG,
        ),
        openapi_extra={"requestBody": content_of(Correction, CORRECTION)},
    )  # fmt: skip
    async def revise(batch: Number, position: Position, request: Request, viewer: Corrector) -> Revision:
        """Correct an interval; the original stays, and the newest correction counts."""
        said = parse(Correction, await read_body(request, CORRECTION_BYTES))
        return await run_in_threadpool(_correct, services, viewer, IntervalId(batch, position), said)

    @router.post(
        "/v1/mean-limits",
        response_model=Limits,
        responses=documented(Kind.MALFORMED, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID),
        openapi_extra={"requestBody": content_of(Samples, SAMPLES)},
    )
    async def limits(request: Request, viewer: Looker) -> Limits:
        """Return mean and confidence limits of samples; nothing is read or kept."""
        del viewer
        given = parse(Samples, await read_body(request, SAMPLES_BYTES))
        return await run_in_threadpool(_limits, given)

    return router


def permitted_stations(services: Services, viewer: Viewer) -> list[str]:
    """Return the stations whose timelines this viewer may see, by name; for threads."""
    names = [one.name for one in stations_of(services.database, Selection(own_site(services).name))]
    if viewer.role is Role.WORKER:
        names = [name for name in names if name == viewer.station]
    return agreed_stations(services, viewer, View.TIMELINES, names)


def _timeline(
    services: Services,
    viewer: Viewer,
    days: tuple[date, date],
    place: str | None,
    wanted: list[str] | None,
) -> Timeline:
    site = own_site(services)
    first, last = days
    try:
        from_ms = day_begins_ms(first, site.time_zone)
        to_ms = day_begins_ms(date.fromordinal(last.toordinal() + 1), site.time_zone)
        names = wanted or [one.name for one in stations_of(services.database, Selection(site.name, place))]
        if not wanted:  # all that may be seen; a station that is asked for by name is refused aloud
            allowed = set(permitted_stations(services, viewer))
            names = [name for name in names if name in allowed]
        look(services, viewer, View.TIMELINES, names)
        selection = Selection(site.name, place, tuple(names))
        resolution_ms = _resolution_ms(services, names)
        return timeline(services.database, selection, from_ms, to_ms, resolution_ms=resolution_ms)
    except NoSuch:
        raise Problem(Kind.NOT_FOUND, "no such place or station") from None
    except (BadInput, ValueError, OverflowError) as error:
        detail = str(error) if isinstance(error, BadInput) else "days: expected days of a calendar"
        raise Problem(Kind.INVALID, detail) from None


def _resolution_ms(services: Services, names: list[str]) -> int:
    """Return the coarsest resolution that the agreements of these stations demand."""
    state = site_view(services).state
    covering = [
        line.agreement.time_resolution_s
        for line in state.agreements.values()
        if set(names) & set(line.agreement.stations)
    ]
    return max(covering, default=1) * 1000


def _history(services: Services, viewer: Viewer, which: IntervalId) -> IntervalHistory:
    found = _look_at(services, viewer, which)
    return IntervalHistory(
        station=found.station,
        state=found.state,
        category=found.category.value if found.category else None,
        start_ms=found.start_ms,
        duration_ns=found.duration_ns,
        confidence=found.confidence,
        reason=found.reason,
        sealed=found.sealed,
        revisions=[
            Revision(
                number=one.number,
                state=one.state,
                category=one.category.value if one.category else None,
                reason=one.reason,
                account=one.account,
                at_ms=one.at_ms,
            )
            for one in found.revisions
        ],
    )


def _look_at(services: Services, viewer: Viewer, which: IntervalId) -> History:
    try:
        found = history(services.database, own_site(services).name, which)
    except NoSuch:
        raise Problem(Kind.NOT_FOUND, "no such interval, or not any more") from None
    look(services, viewer, View.TIMELINES, [found.station])
    return found


def _correct(services: Services, viewer: Viewer, which: IntervalId, said: Correction) -> Revision:
    _look_at(services, viewer, which)
    try:
        made = correct(
            services.database,
            own_site(services).name,
            which,
            state=said.state,
            category=said.category,
            reason=said.reason,
            account_id=viewer.account_id,
            at_ms=services.now_ms(),
        )
    except NoSuch:
        raise Problem(Kind.NOT_FOUND, "no such interval, or not any more") from None
    except Sealed as error:
        raise Problem(Kind.CONFLICT, str(error)) from None
    except BadInput as error:
        raise Problem(Kind.INVALID, str(error)) from None
    return Revision(
        number=made.number,
        state=made.state,
        category=made.category.value if made.category else None,
        reason=made.reason,
        account=made.account,
        at_ms=made.at_ms,
    )


def _limits(given: Samples) -> Limits:
    found = [mean_interval(samples, CONFIDENCE) for samples in given.samples]
    return Limits(limits=[MeanLimits(n=one.n, mean=one.mean, low=one.low, high=one.high) for one in found])


def _json(found: Timeline) -> Response:
    """Return the answer ready-made: the framework would look at each of a hundred thousand numbers."""
    return Response(
        json.dumps(found, ensure_ascii=False, separators=(",", ":")), media_type="application/json"
    )

"""The works council: its page, the one press that suspends, stop orders, and every access."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from api import council as shown
from api.body import read_body
from api.clock import instant_text
from api.looking import site_view
from api.openapi import raw_content
from api.pages import Pages
from api.plant import own_site
from api.policy import Action
from api.problems import Kind, Problem, documented
from api.services import Services
from api.site import Site
from api.stopping import count_stop_orders, deposit_stop_orders, stop
from api.viewer import Viewer, permit
from api.words import council
from consent.agreement.language import Language
from consent.entries.bodies import ReleasePublished
from consent.site.desk import LogUnusable
from consent.site.logged import Logged
from consent.site.sight import SiteView
from productivity.errors import BadInput
from storage.sql.retention import deletions

Reader = Annotated[Viewer, Depends(permit(Action.LOG))]
Stopper = Annotated[Viewer, Depends(permit(Action.SUSPEND))]
Hash = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the agreement")]
Before = Annotated[int | None, Query(ge=0, le=2**53 - 1, description="number of an entry: only earlier ones")]
SHOWN = 30
STOP_ORDERS_BYTES = 256 * 1024


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Suspended(_Answer):
    """The agreement is suspended: recorders stop within a second. `logged`: it stands in the log already."""

    agreement: str
    logged: bool


class Deposited(_Answer):
    """How many stop orders were new, of all that were sent."""

    new: int


class Access(_Answer):
    """Somebody looked at something; who it was stands nowhere."""

    entry: int
    at_ms: int
    role: str
    view: str
    station: str | None


class Accesses(_Answer):
    """Newest first; `before` is where the next page begins, null at the end."""

    accesses: list[Access]
    before: int | None


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the page's route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/council")
    async def page(request: Request, viewer: Reader, before: Before = None) -> HTMLResponse:
        """Show everything about the processing; of accesses those `before` an entry."""
        language = views.language(request)
        values = await run_in_threadpool(_page, services, language, before)
        paged = before is not None
        return views.render(request, "council.html", council.WORDS, viewer, paged=paged, **values)

    return router


def routes(services: Services) -> APIRouter:
    """Return the routes for acts and data."""
    router = APIRouter(tags=["council"])

    @router.post(
        "/v1/agreements/{agreement}/suspend",
        response_model=Suspended,
        responses=documented(Kind.CONFLICT, Kind.NO_LOG, Kind.INVALID),
    )
    async def suspend(agreement: Hash, viewer: Stopper) -> Suspended:
        """Stop all recording under an agreement, with a stop order that the council deposited."""
        del viewer
        logged = await run_in_threadpool(stop, services, agreement)
        return Suspended(agreement=agreement, logged=logged)

    @router.post(
        "/v1/stop-orders",
        response_model=Deposited,
        responses=documented(Kind.INVALID, Kind.MEDIA, Kind.TOO_LARGE, Kind.NO_LOG),
        openapi_extra={
            "requestBody": raw_content(
                "the file that `fairtakt agreement stop-order` wrote", "application/json"
            )
        },
    )
    async def deposit(request: Request, viewer: Stopper) -> Deposited:
        """Deposit suspensions that the council signed beforehand; each is good once."""
        del viewer
        content = await read_body(request, STOP_ORDERS_BYTES)
        return Deposited(new=await run_in_threadpool(deposit_stop_orders, services, content))

    @router.get("/v1/accesses", response_model=Accesses, responses=documented(Kind.NO_LOG, Kind.INVALID))
    async def accesses(viewer: Reader, before: Before = None) -> Accesses:
        """Return who looked at what, by role."""
        del viewer
        found = await run_in_threadpool(_recent, services, before)
        rows = [
            Access(
                entry=logged.index,
                at_ms=logged.entry.at_ms,
                role=body.role,
                view=shown.view_of(body),
                station=body.station,
            )
            for logged in found
            if isinstance(body := logged.entry.body, shown.LOOKS)
        ]
        return Accesses(accesses=rows, before=rows[-1].entry if len(rows) == SHOWN else None)

    return router


def _site(services: Services) -> Site:
    if services.site is None:
        raise Problem(Kind.NO_LOG, "this server was started without the site's log (--plant)")
    return services.site


def _recent(services: Services, before: int | None) -> list[Logged]:
    try:
        return _site(services).recent(*shown.LOOKS, most=SHOWN, before=before)
    except (LogUnusable, BadInput) as error:
        raise Problem(Kind.NO_LOG, str(error)) from None


def _page(services: Services, language: Language, before: int | None) -> dict[str, Any]:
    site = own_site(services)
    trouble, view = "", None
    try:
        view = site_view(services)
    except Problem as problem:  # the council must be able to press also while the log is not believed
        trouble = problem.detail
    health = None if services.site is None else services.site.health()
    cosigned = None if health is None else health.cosigned_ms
    known = _known(services, view, site.time_zone, language, before)
    return {
        **known,
        "site": site,
        "trouble": trouble,
        "health": health,
        "cosigned": "" if cosigned is None else instant_text(cosigned, site.time_zone, language),
        "deletions": [
            (instant_text(one.at_ms, site.time_zone, language), _deleted(one.what, language), one.rows)
            for one in deletions(services.database, site.name)[:SHOWN]
        ],
    }


def _deleted(what: str, language: Language) -> str:
    known = council.DELETED.get(what)
    return what if known is None else known.in_(language)


def _known(
    services: Services, view: SiteView | None, zone: str, language: Language, before: int | None
) -> dict[str, Any]:
    """Return what the log says; nothing of it while it cannot be believed."""
    if view is None:
        return {"live": [], "accesses": [], "before": None, "releases": []}
    desk, state = _site(services), view.state
    seen = desk.recent(*shown.LOOKS, most=SHOWN, before=before)
    return {
        "live": [
            (
                line,
                shown.signatures(line, language),
                shown.campaigns(line, state, services.now_ms(), language),
                count_stop_orders(services, line.hash),
            )
            for line in shown.live_lines(state)
        ],
        "accesses": shown.accesses(seen, zone, language),
        "before": seen[-1].index if len(seen) == SHOWN else None,
        "releases": shown.releases(desk.recent(ReleasePublished, most=SHOWN), zone, language),
    }

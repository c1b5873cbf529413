"""Administration: the plant's division, devices and codes for them, accounts. Nothing of it shows a state."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.clock import instant_text
from api.live.lights import LOST_MS
from api.openapi import content_of
from api.pages import Pages
from api.plant import own_site
from api.policy import Action, Role
from api.problems import Kind, Problem, documented
from api.services import Services
from api.viewer import Viewer, permit
from api.wire import Word, parse
from api.words import administration
from api.words.common import ROLES
from consent.agreement.language import Language
from productivity.errors import BadInput
from storage.sql import devices as device_rows
from storage.sql.accounts import accounts as account_rows
from storage.sql.accounts.invitations import invite, reset
from storage.sql.accounts.records import AccountExists
from storage.sql.batches import gaps
from storage.sql.device_reports import heard
from storage.sql.lookup import NoSuch, Selection, find_site, find_stations
from storage.sql.plant import Place, StationPlace, places, put_place, put_station, remove_place, stations
from storage.sql.records import UnknownDevice
from storage.sql.shifts import shifts

Administrator = Annotated[Viewer, Depends(permit(Action.ADMINISTER))]
Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Named = Annotated[str, Path(min_length=1, max_length=200)]
BODY_BYTES = 16 * 1024
CODE_HOURS = 24
COUNCIL = "accounts of the works council are made and changed on the server's machine: fairtakt account"
"""Decision 0018: no request of another role may end in a sign-in of the council, or keep it out."""
DAY_MS = 86_400_000
_BODY = (Kind.MALFORMED, Kind.MEDIA, Kind.TOO_LARGE, Kind.INVALID)


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NewPlace(_Wire):
    """An area, or with `area` a cell within one."""

    name: Word
    area: Word | None = None


class Placement(_Wire):
    """The place that a station is in; null: none."""

    place: Word | None = None


class NewAccount(_Wire):
    """An account: an office or a terminal; it need not bear a person's name."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    role: Annotated[Role, Field(strict=False)]
    station: Word | None = None


class Code(_Wire):
    """A one-time code; it is shown once, and valid for some hours."""

    code: str
    hours: int


class Done(_Wire):
    """It is done."""

    done: bool = True


PLACE = {"name": "assembly cell", "area": "hall 2"}
ACCOUNT = {"name": "terminal bench 7", "role": "worker", "station": "bench 7"}


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the page's route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/administration")
    async def page(request: Request, viewer: Administrator) -> HTMLResponse:
        """Show what an administrator looks after."""
        values = await run_in_threadpool(_page, services, views.language(request))
        return views.render(request, "administration.html", administration.WORDS, viewer, **values)

    return router


def routes(services: Services) -> APIRouter:
    """Return the routes of acts."""
    router = APIRouter(tags=["administration"])

    @router.post(
        "/v1/plant/places",
        response_model=Done,
        responses=documented(*_BODY, Kind.NOT_FOUND, Kind.CONFLICT),
        openapi_extra={"requestBody": content_of(NewPlace, PLACE)},
    )
    async def place(request: Request, viewer: Administrator) -> Done:
        """Make an area or a cell, or move a cell to another area."""
        del viewer
        new = parse(NewPlace, await read_body(request, BODY_BYTES))
        return await run_in_threadpool(_change, services, put_place, Place(new.name, new.area))

    @router.delete(
        "/v1/plant/places/{name}",
        response_model=Done,
        responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.INVALID),
    )
    async def remove(name: Named, viewer: Administrator) -> Done:
        """Remove an area or a cell that holds nothing."""
        del viewer
        return await run_in_threadpool(_change, services, remove_place, name)

    @router.put(
        "/v1/plant/stations/{name}",
        response_model=Done,
        responses=documented(*_BODY, Kind.NOT_FOUND, Kind.CONFLICT),
        openapi_extra={"requestBody": content_of(Placement, {"place": "assembly cell"})},
    )
    async def station(name: Named, request: Request, viewer: Administrator) -> Done:
        """Make a station unless it is there, and put it into a place."""
        del viewer
        wanted = parse(Placement, await read_body(request, BODY_BYTES))
        return await run_in_threadpool(_change, services, put_station, StationPlace(name, wanted.place))

    @router.post("/v1/devices/codes", response_model=Code, responses=documented(Kind.NOT_FOUND))
    async def device_code(viewer: Administrator) -> Code:
        """Draw a one-time code that enrols one device."""
        del viewer
        return await run_in_threadpool(_device_code, services)

    @router.post(
        "/v1/devices/{name}/retire",
        response_model=Done,
        responses=documented(Kind.NOT_FOUND, Kind.INVALID),
    )
    async def retire(name: Named, viewer: Administrator) -> Done:
        """Take nothing more from a device."""
        del viewer
        return await run_in_threadpool(_retire, services, name)

    @router.post(
        "/v1/accounts",
        status_code=201,
        response_model=Code,
        responses=documented(*_BODY, Kind.NAME_TAKEN, Kind.NOT_FOUND),
        openapi_extra={"requestBody": content_of(NewAccount, ACCOUNT)},
    )
    async def account(request: Request, viewer: Administrator) -> Code:
        """Make an account, of any role but works council; the code sets its password."""
        del viewer
        new = parse(NewAccount, await read_body(request, BODY_BYTES))
        return await run_in_threadpool(_account, services, new)

    @router.post(
        "/v1/accounts/{number}/{act}",
        response_model=Code | Done,
        responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.INVALID),
    )
    async def account_act(
        number: Number,
        act: Annotated[str, Path(pattern="^(invite|reset|disable|enable)$")],
        viewer: Administrator,
    ) -> Code | Done:
        """Draw a new code (`invite`), take all ways in away and draw one (`reset`), or close and open it.

        Not for accounts of the works council.
        """
        return await run_in_threadpool(_account_act, services, viewer, number, act)

    return router


def _change(services: Services, change: Any, what: object) -> Done:  # noqa: ANN401  # storage's functions of one shape
    try:
        change(services.database, own_site(services).name, what)
    except NoSuch:
        raise Problem(Kind.NOT_FOUND, "no such area, cell or station") from None
    except BadInput as error:
        raise Problem(Kind.CONFLICT, str(error)) from None
    return Done()


def _device_code(services: Services) -> Code:
    site = own_site(services)
    code = device_rows.add_code(
        services.database, site.name, site.time_zone, hours=CODE_HOURS, at_ms=services.now_ms()
    )
    return Code(code=code, hours=CODE_HOURS)


def _retire(services: Services, name: str) -> Done:
    try:
        device_rows.retire(services.database, name, services.now_ms())
    except UnknownDevice:
        raise Problem(Kind.NOT_FOUND, "no such device") from None
    return Done()


def _account(services: Services, new: NewAccount) -> Code:
    if new.role is Role.COUNCIL:
        raise Problem(Kind.FORBIDDEN, COUNCIL)
    if (new.role is Role.WORKER) != (new.station is not None):
        raise Problem(Kind.INVALID, "station: a terminal (role worker) needs one, and no other role has one")
    number = None if new.station is None else _station_id(services, new.station)
    at_ms = services.now_ms()
    try:
        made = account_rows.create_account(
            services.database, new.name, new.role.value, at_ms=at_ms, station_id=number
        )
    except AccountExists:
        raise Problem(Kind.NAME_TAKEN, "an account of this name is there already") from None
    except BadInput:
        raise Problem(Kind.INVALID, "name: 1 to 100 printable characters, no space at the ends") from None
    code = invite(services.database, made.id, hours=CODE_HOURS, at_ms=at_ms)
    return Code(code=code, hours=CODE_HOURS)


def _station_id(services: Services, name: str) -> int:
    try:
        with services.database.reading() as connection:
            site_id = find_site(connection, own_site(services).name).id
            return find_stations(connection, site_id, {name})[name]
    except NoSuch:
        raise Problem(Kind.NOT_FOUND, "no such station") from None


def _account_act(services: Services, viewer: Viewer, number: int, act: str) -> Code | Done:
    if number == viewer.account_id and act in {"disable", "reset"}:
        raise Problem(Kind.CONFLICT, "nobody closes the account that they are signed in with")
    database, at_ms = services.database, services.now_ms()
    known = account_rows.find_by_id(database, number)
    if known is None:
        raise Problem(Kind.NOT_FOUND, "no such account")
    if known.role == Role.COUNCIL:
        raise Problem(Kind.FORBIDDEN, COUNCIL)
    try:
        if act == "disable":
            account_rows.disable(database, number, at_ms)
            return Done()
        if act == "enable":
            account_rows.enable(database, number)
            return Done()
        draw = invite if act == "invite" else reset
        return Code(code=draw(database, number, hours=CODE_HOURS, at_ms=at_ms), hours=CODE_HOURS)
    except BadInput as error:
        raise Problem(Kind.CONFLICT, str(error)) from None


def _page(services: Services, language: Language) -> dict[str, Any]:
    site, now_ms = own_site(services), services.now_ms()
    missing: dict[str, int] = {}
    for gap in gaps(services.database):
        missing[gap.device] = missing.get(gap.device, 0) + gap.missing
    ahead = shifts(services.database, site.name, now_ms, now_ms + 400 * DAY_MS)
    return {
        "site": site,
        "areas": places(services.database, site.name),
        "stations": stations(services.database, Selection(site.name)),
        "devices": [
            {
                "name": one.device,
                "retired": one.retired_ms is not None,
                "heard": instant_text(one.received_ms, site.time_zone, language) if one.received_ms else "",
                "lost": one.received_ms is None or now_ms - one.received_ms > LOST_MS,
                "waiting": one.report.waiting if one.report else None,
                "condition": one.report.condition if one.report else "",
                "missing": missing.get(one.device, 0),
            }
            for one in heard(services.database, site.name)
        ],
        "accounts": account_rows.list_accounts(services.database),
        "roles": [(role.value, ROLES[role].in_(language)) for role in Role if role is not Role.COUNCIL],
        "council": Role.COUNCIL.value,
        "role_names": {role.value: ROLES[role].in_(language) for role in Role},
        "shifts": len(ahead),
        "next_shift": (ahead[0].name, instant_text(ahead[0].start_ms, site.time_zone, language))
        if ahead
        else None,
        "last_shift": instant_text(ahead[-1].start_ms, site.time_zone, language) if ahead else "",
    }

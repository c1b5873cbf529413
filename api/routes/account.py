"""The own account, with JSON: password, authenticator app, passkeys, sign-ins.

Each change of how one signs in ends the account's other sign-ins and renews this one: the answer brings a new
cookie and a new token for X-CSRF-Token.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.accounts.desk import LARGEST, Desk
from api.accounts.own import OwnAccount
from api.accounts.wire import (
    AccountView,
    Ended,
    Entered,
    NewPasskey,
    Options,
    PasskeyEntry,
    PasswordChange,
    SignInEntry,
    TotpConfirmation,
    TotpSetup,
)
from api.body import read_body
from api.openapi import content_of
from api.policy import TWO_FACTORS, Action, Role
from api.problems import Kind, documented
from api.rate import RateLimit
from api.services import Services
from api.viewer import Viewer, permit
from api.wire import SAFE_INTEGER, parse

Own = Annotated[Viewer, Depends(permit(Action.ACCOUNT))]
_BODY = (Kind.MALFORMED, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID)
_CHANGE = (Kind.SIGN_IN_AGAIN, Kind.CONFLICT, Kind.NOT_FOUND, Kind.TOO_MANY, Kind.UNAVAILABLE)
_CREDENTIAL = {
    "id": "ZmFpcnRha3Q",
    "rawId": "ZmFpcnRha3Q",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "attestationObject": "oA"},
}
_PASSWORDS = {"current": "vier nasse Pferde", "new": "fünf trockene Pferde"}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["account"])
    desk, limits = Desk(services), services.limits
    rate = RateLimit(limits.own_rate, limits.own_burst, services.steady_s)

    @router.get(
        "/v1/account", response_model=AccountView, responses=documented(Kind.NOT_FOUND, Kind.SIGN_IN_AGAIN)
    )
    async def see(viewer: Own) -> Response:
        """Return whatever is known of the account."""
        seen = await desk.ask(lambda: desk.accounts.own.see(viewer))
        return Response(view_of(seen, viewer).model_dump_json(), media_type="application/json")

    @router.post(
        "/v1/account/password",
        response_model=Entered,
        responses=documented(*_BODY, Kind.CREDENTIALS, Kind.PASSWORD, *_CHANGE),
        openapi_extra={"requestBody": content_of(PasswordChange, _PASSWORDS)},
    )
    async def change_password(request: Request, viewer: Own) -> Response:
        """Change the password."""
        rate.spend(str(viewer.account_id))
        asked = parse(PasswordChange, await read_body(request, LARGEST))
        own = desk.accounts.own
        return desk.enter(await desk.hash(lambda: own.change_password(viewer, asked.current, asked.new)))

    @router.post("/v1/account/totp/setup", response_model=TotpSetup, responses=documented(*_CHANGE))
    async def begin_totp(viewer: Own) -> Response:
        """Begin to set an authenticator app up; nothing changes before a code of it confirms it."""
        rate.spend(str(viewer.account_id))
        begun = await desk.ask(lambda: desk.accounts.own.begin_totp(viewer))
        setup = TotpSetup(secret=begun.secret, address=begun.address, qr=begun.qr)
        return Response(setup.model_dump_json(), media_type="application/json")

    @router.post(
        "/v1/account/totp/confirm",
        response_model=Entered,
        responses=documented(*_BODY, Kind.CREDENTIALS, *_CHANGE),
        openapi_extra={"requestBody": content_of(TotpConfirmation, {"code": "287082"})},
    )
    async def confirm_totp(request: Request, viewer: Own) -> Response:
        """Take the authenticator app into use."""
        rate.spend(str(viewer.account_id))
        asked = parse(TotpConfirmation, await read_body(request, LARGEST))
        own = desk.accounts.own
        return desk.enter(await desk.ask(lambda: own.confirm_totp(viewer, asked.code)))

    @router.delete("/v1/account/totp", response_model=Entered, responses=documented(*_CHANGE))
    async def remove_totp(viewer: Own) -> Response:
        """Forget the authenticator app, unless it is the last second factor of a role that needs one."""
        rate.spend(str(viewer.account_id))
        return desk.enter(await desk.ask(lambda: desk.accounts.own.remove_totp(viewer)))

    @router.post("/v1/account/passkey-options", response_model=Options, responses=documented(*_CHANGE))
    async def passkey_options(viewer: Own) -> Response:
        """Say what a new passkey has to be."""
        rate.spend(str(viewer.account_id))
        asked = await desk.ask(lambda: desk.accounts.own.passkey_options(viewer))
        options = Options(public_key=asked)
        return Response(options.model_dump_json(by_alias=True), media_type="application/json")

    @router.post(
        "/v1/account/passkeys",
        response_model=Entered,
        responses=documented(*_BODY, Kind.CREDENTIALS, *_CHANGE),
        openapi_extra={
            "requestBody": content_of(NewPasskey, {"label": "security key", "credential": _CREDENTIAL})
        },
    )
    async def add_passkey(request: Request, viewer: Own) -> Response:
        """Add a passkey."""
        rate.spend(str(viewer.account_id))
        asked = parse(NewPasskey, await read_body(request, LARGEST))
        own = desk.accounts.own
        return desk.enter(await desk.ask(lambda: own.add_passkey(viewer, asked.label, asked.credential)))

    @router.delete(
        "/v1/account/passkeys/{number}",
        response_model=Entered,
        responses=documented(Kind.INVALID, *_CHANGE),
    )
    async def remove_passkey(viewer: Own, number: Annotated[int, Path(ge=1, le=SAFE_INTEGER)]) -> Response:
        """Remove a passkey, unless it is the last second factor of a role that needs one."""
        rate.spend(str(viewer.account_id))
        return desk.enter(await desk.ask(lambda: desk.accounts.own.remove_passkey(viewer, number)))

    @router.delete("/v1/account/sign-ins", response_model=Ended, responses=documented(*_CHANGE))
    async def end_others(viewer: Own) -> Response:
        """End all sign-ins of the account but this one."""
        rate.spend(str(viewer.account_id))
        ended = await desk.ask(lambda: desk.accounts.own.end_others(viewer))
        return Response(Ended(ended=ended).model_dump_json(), media_type="application/json")

    @router.delete(
        "/v1/account/sign-ins/{identifier}",
        status_code=204,
        response_class=Response,
        responses=documented(Kind.INVALID, *_CHANGE),
    )
    async def end_sign_in(
        viewer: Own, identifier: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
    ) -> Response:
        """End one sign-in of the account."""
        rate.spend(str(viewer.account_id))
        digest = bytes.fromhex(identifier)
        await desk.ask(lambda: desk.accounts.own.end_sign_in(viewer, digest))
        return Response(status_code=204)

    return router


def view_of(seen: OwnAccount, viewer: Viewer) -> AccountView:
    """Return what is told of an account to its owner; nothing of it signs anybody in."""
    known = seen.account
    return AccountView(
        name=known.name,
        role=Role(known.role),
        station=known.station,
        password=known.password is not None,
        totp=known.totp is not None,
        needs_second_factor=viewer.role in TWO_FACTORS,
        passkeys=[
            PasskeyEntry(id=each.id, label=each.label, added_ms=each.added_ms, used_ms=each.used_ms)
            for each in seen.passkeys
        ],
        sign_ins=[
            SignInEntry(
                id=each.digest.hex(),
                created_ms=each.created_ms,
                seen_ms=each.seen_ms,
                second_factor=each.second_factor,
                current=each.digest == viewer.login,
            )
            for each in seen.sign_ins
        ],
    )

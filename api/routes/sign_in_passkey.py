"""Signing in with a passkey alone, with JSON."""

from fastapi import APIRouter, Depends, Request, Response

from api.accounts import browser
from api.accounts.desk import LARGEST, Desk, from_own_page
from api.accounts.wire import Entered, Options, PasskeySignIn
from api.body import read_body
from api.openapi import content_of
from api.problems import Kind, documented
from api.rate import RateLimit
from api.routes.sign_in import ANY, BODY
from api.services import Services
from api.viewer import everybody
from api.wire import parse

_CREDENTIAL = {
    "id": "ZmFpcnRha3Q",
    "rawId": "ZmFpcnRha3Q",
    "type": "public-key",
    "response": {
        "clientDataJSON": "e30",
        "authenticatorData": "AA",
        "signature": "AA",
        "userHandle": "AAAAAAAAAAAAAAAAAAAABw",
    },
}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["sign-in"])
    desk, limits = Desk(services), services.limits
    passkeys = RateLimit(limits.passkey_rate, limits.passkey_burst, services.steady_s)

    @router.post(
        "/v1/sign-in/passkey/options",
        dependencies=[Depends(everybody)],
        response_model=Options,
        responses=documented(Kind.CSRF, *ANY),
    )
    async def passkey_options(request: Request) -> Response:
        """Say what a passkey has to sign. Anybody's: nobody has to say a name, and none is told."""
        from_own_page(request)
        passkeys.spend("passkeys")
        options = Options(public_key=desk.accounts.passkeys.options_to_sign_in())
        return Response(options.model_dump_json(by_alias=True), media_type="application/json")

    @router.post(
        "/v1/sign-in/passkey",
        dependencies=[Depends(everybody)],
        response_model=Entered,
        responses=documented(*BODY, Kind.CREDENTIALS, *ANY),
        openapi_extra={"requestBody": content_of(PasskeySignIn, {"credential": _CREDENTIAL})},
    )
    async def passkey(request: Request) -> Response:
        """Sign in with a passkey alone."""
        from_own_page(request)
        passkeys.spend("passkeys")
        asked = parse(PasskeySignIn, await read_body(request, LARGEST))
        held = browser.held_login(request, secure=desk.secure)
        entry = desk.accounts.entry
        return desk.enter(await desk.ask(lambda: entry.by_passkey(asked.credential, replaces=held)))

    return router

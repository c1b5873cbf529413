"""Signing in and out, with JSON. The token of a sign-in is in a cookie, and in no body."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.accounts import browser
from api.accounts.desk import LARGEST, Desk, from_own_page
from api.accounts.wire import Acceptance, Entered, SecondFactor, SignIn
from api.body import read_body
from api.openapi import content_of
from api.policy import Action
from api.problems import Kind, documented
from api.rate import RateLimit
from api.services import Services
from api.viewer import Viewer, everybody, permit
from api.wire import parse

BODY = (Kind.MALFORMED, Kind.CSRF, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID)
ANY = (Kind.NOT_FOUND, Kind.TOO_MANY, Kind.UNAVAILABLE)
PASSWORD = "vier nasse Pferde"  # noqa: S105  # of an example
TICKET = "q2m8Rk3x0VYt5n1cWb7sHd9uJg4eLf6aZpQoXyTi-_s"


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["sign-in"])
    desk, limits = Desk(services), services.limits
    passwords = RateLimit(limits.sign_in_rate, limits.sign_in_burst, services.steady_s)
    anybody = [Depends(everybody)]

    @router.post(
        "/v1/sign-in",
        dependencies=anybody,
        response_model=Entered,
        responses=documented(*BODY, Kind.CREDENTIALS, *ANY),
        openapi_extra={"requestBody": content_of(SignIn, {"name": "engineering", "password": PASSWORD})},
    )
    async def sign_in(request: Request) -> Response:
        """Sign in with name and password; who has a second factor is asked for it next."""
        from_own_page(request)
        passwords.spend("passwords")
        asked = parse(SignIn, await read_body(request, LARGEST))
        held = browser.held_login(request, secure=desk.secure)
        entry = desk.accounts.entry
        return desk.enter(
            await desk.hash(lambda: entry.by_password(asked.name, asked.password, replaces=held))
        )

    @router.post(
        "/v1/sign-in/second-factor",
        dependencies=anybody,
        response_model=Entered,
        responses=documented(*BODY, Kind.CREDENTIALS, *ANY),
        openapi_extra={"requestBody": content_of(SecondFactor, {"ticket": TICKET, "code": "287082"})},
    )
    async def second_factor(request: Request) -> Response:
        """Sign in with the code of an authenticator app, after the password."""
        from_own_page(request)
        passwords.spend("passwords")
        asked = parse(SecondFactor, await read_body(request, LARGEST))
        entry = desk.accounts.entry
        return desk.enter(await desk.ask(lambda: entry.by_code(asked.ticket, asked.code)))

    @router.post(
        "/v1/invitations/accept",
        dependencies=anybody,
        response_model=Entered,
        responses=documented(*BODY, Kind.INVITATION, Kind.PASSWORD, *ANY),
        openapi_extra={
            "requestBody": content_of(
                Acceptance, {"code": "K7Q2-9XWM-3ABC-DEFG-HIJK-LMNO", "password": PASSWORD}
            )
        },
    )
    async def accept(request: Request) -> Response:
        """Give an account its password, with the one-time code of an invitation, and sign in."""
        from_own_page(request)
        passwords.spend("passwords")
        asked = parse(Acceptance, await read_body(request, LARGEST))
        entry = desk.accounts.entry
        return desk.enter(await desk.hash(lambda: entry.by_invitation(asked.code, asked.password)))

    @router.post("/v1/sign-out", status_code=204, response_class=Response)
    async def sign_out(viewer: Annotated[Viewer, Depends(permit(Action.ACCOUNT))]) -> Response:
        """End this sign-in."""
        await desk.ask(lambda: desk.accounts.sign_out(viewer))
        response = Response(status_code=204)
        browser.take_login(response, secure=desk.secure)
        return response

    return router

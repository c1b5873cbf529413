"""To the plant's identity provider and back.

The way back is a navigation that another site began, so browsers would not send a `SameSite=Strict` cookie on
whatever it is redirected to. The answer is therefore a page of ours that goes on by itself: from there the
cookie is sent, and it need not be weakened.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.accounts import browser
from api.accounts.accounts import CALLBACK
from api.accounts.desk import Desk
from api.accounts.oidc.errors import ProviderAway, SignInRefused
from api.accounts.outcomes import Outcome, SignedIn
from api.pages import Pages
from api.problems import Kind, Problem, documented
from api.rate import RateLimit
from api.routes.sign_in import ANY
from api.routes.sign_in_pages import sign_in_values
from api.services import Services
from api.viewer import everybody
from api.words import accounts as words

_LONGEST = 8192
"""Characters of what a browser brings back; codes of some providers have 2,000."""
_NEXT = Query(alias="next", description="the page to come to")
_BROUGHT = [
    {"name": name, "in": "query", "schema": {"type": "string"}, "description": text}
    for name, text in (
        ("code", "what buys the ID token"),
        ("state", "which sign-in it belongs to"),
        ("iss", "whose answer it is (RFC 9207)"),
        ("error", "instead of a code"),
    )
]
_PAGE = {"description": "A page that goes on by itself", "content": {"text/html": {}}}


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["sign-in"], dependencies=[Depends(everybody)])
    desk, limits = Desk(services), services.limits
    rate = RateLimit(limits.provider_rate, limits.provider_burst, services.steady_s)

    @router.get(
        "/v1/sign-in/oidc",
        status_code=303,
        response_class=RedirectResponse,
        responses=documented(Kind.INVALID, *ANY),
    )
    async def leave(wanted: Annotated[str, _NEXT] = "/") -> Response:
        """Send the browser to the identity provider, or to the sign-in page if that is away."""
        rate.spend("provider")
        known = desk.accounts.provider
        if known is None:
            raise Problem(Kind.NOT_FOUND, "no identity provider is configured")
        try:
            leaving = await desk.abroad(lambda: known.leave(browser.onward(wanted)))
        except ProviderAway as away:
            desk.note(away)
            return RedirectResponse("/sign-in?trouble=away", 303)
        response = RedirectResponse(leaving.address, 303)
        browser.give_away(response, leaving.browser, secure=desk.secure)
        return response

    @router.get(
        CALLBACK,
        response_class=Response,
        responses={200: _PAGE, 303: {"description": "To the sign-in page"}, **documented(*ANY)},
        openapi_extra={"parameters": _BROUGHT},
    )
    async def arrive(request: Request) -> Response:
        """Take the browser back from the identity provider: signed in, or to the sign-in page."""
        rate.spend("provider")
        known = desk.accounts.provider
        if known is None:
            raise Problem(Kind.NOT_FOUND, "no identity provider is configured")
        brought = {name: value[:_LONGEST] for name, value in request.query_params.items()}
        left = browser.held_away(request, secure=desk.secure)
        held = browser.held_login(request, secure=desk.secure)

        def believe() -> tuple[Outcome, str]:
            arrival = known.arrive(brought, left)
            return desk.accounts.entry.by_provider(arrival, replaces=held), arrival.onward

        try:
            entered, onward = await desk.abroad(believe)
        except (ProviderAway, SignInRefused) as refused:
            desk.note(refused)
            return _back("away" if isinstance(refused, ProviderAway) else "refused")
        except Problem as refused:
            if refused.kind is not Kind.CREDENTIALS:
                raise
            return _back("refused")
        if isinstance(entered, SignedIn):
            next_page = "/account" if entered.must_set_up else onward
            page = views.render(request, "arrived.html", words.WORDS, None, onward=next_page)
            browser.give_login(page, entered, secure=desk.secure)
        else:
            page = views.render(
                request, "sign-in.html", words.WORDS, None, **sign_in_values(desk, onward, half=entered)
            )
        browser.take_away(page, secure=desk.secure)
        return page

    def _back(trouble: str) -> Response:
        response = RedirectResponse(f"/sign-in?trouble={trouble}", 303)
        browser.take_away(response, secure=desk.secure)
        return response

    return router

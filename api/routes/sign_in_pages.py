"""The pages for signing in, for an invitation, and of the own account."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.accounts.browser import onward
from api.accounts.desk import Desk
from api.accounts.outcomes import SecondFactorWanted
from api.accounts.passwords import LONGEST, SHORTEST
from api.pages import Pages
from api.policy import Action
from api.routes.account import view_of
from api.services import Services
from api.viewer import Viewer, everybody, permit, viewer_of
from api.words import accounts as words
from api.words.common import ROLES

_TROUBLES = frozenset({"away", "refused"})


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    desk = Desk(services)
    anybody = [Depends(everybody)]

    @router.get("/sign-in", dependencies=anybody)
    async def sign_in(request: Request) -> HTMLResponse:
        """Ask who somebody is."""
        query = request.query_params
        values = sign_in_values(desk, onward(query.get("next")), trouble=query.get("trouble"))
        return views.render(request, "sign-in.html", words.WORDS, await viewer_of(request), **values)

    @router.get("/invitation", dependencies=anybody)
    async def invitation(request: Request) -> HTMLResponse:
        """Ask for a code and a new password."""
        limits = {"shortest": SHORTEST, "longest": LONGEST}
        return views.render(request, "invitation.html", words.WORDS, None, **limits)

    @router.get("/account")
    async def account(
        request: Request, viewer: Annotated[Viewer, Depends(permit(Action.ACCOUNT))]
    ) -> HTMLResponse:
        """Show how somebody signs in, and change it."""
        seen = await desk.ask(lambda: desk.accounts.own.see(viewer))
        language = views.language(request)
        return views.render(
            request,
            "account.html",
            words.WORDS,
            viewer,
            account=view_of(seen, viewer),
            role=ROLES[viewer.role].in_(language),
            makes_passkeys=desk.accounts.address.passkeys,
            shortest=SHORTEST,
            longest=LONGEST,
            moment=_moment,
        )

    return router


def sign_in_values(
    desk: Desk, wanted: str, *, half: SecondFactorWanted | None = None, trouble: str | None = None
) -> dict[str, Any]:
    """Return what the sign-in page shows; with a `half` sign-in it asks for the second factor."""
    provider = desk.accounts.provider
    return {
        "onward": wanted,
        "half": half,
        "trouble": trouble if trouble in _TROUBLES else None,
        "makes_passkeys": desk.accounts.address.passkeys,
        "provider": None if provider is None else provider.file.button,
    }


def _moment(at_ms: int) -> str:
    """Return a time as HTML spells it; the page's script says it as the reader's clock does."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")

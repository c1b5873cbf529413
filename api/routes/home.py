"""The start page of each role."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.pages import Pages
from api.policy import Action
from api.services import Services
from api.viewer import Viewer, permit
from api.words import home
from api.words.common import ROLES

AnyRole = Annotated[Viewer, Depends(permit(Action.HOME))]


def pages(views: Pages, _: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def start(request: Request, viewer: AnyRole) -> HTMLResponse:
        """Show what this role can do here."""
        language = views.language(request)
        return views.render(
            request,
            "home.html",
            home.WORDS,
            viewer,
            role=ROLES[viewer.role].in_(language),
            lead=home.LEADS[viewer.role].in_(language),
        )

    return router

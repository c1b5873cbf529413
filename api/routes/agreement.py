"""What was agreed, in plain words, for everybody in the plant."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from api.agreements import Shown, shown
from api.looking import site_view
from api.pages import Pages
from api.policy import Action
from api.problems import Problem
from api.services import Services
from api.viewer import Viewer, permit
from api.words import agreement

Reader = Annotated[Viewer, Depends(permit(Action.AGREEMENT))]


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the page's route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/agreement")
    async def page(request: Request, viewer: Reader) -> HTMLResponse:
        """Show what is in force, and what was before."""
        found: list[Shown] | None
        try:
            view = await run_in_threadpool(site_view, services)
            found = shown(view.state, views.language(request))
        except Problem:  # the page says so itself: a worker who asks what is agreed gets more than an error
            found = None
        return views.render(
            request,
            "agreement.html",
            agreement.WORDS,
            viewer,
            known=found is not None,
            live=[one for one in found or () if one.live],
            others=[one for one in found or () if not one.live],
        )

    return router

"""Whether the server is alive, and whether it can work."""

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool

from api.problems import Kind, documented
from api.services import Services
from api.viewer import everybody
from api.wire import Health


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["health"], dependencies=[Depends(everybody)])

    @router.get("/health/live", response_model=Health)
    async def live() -> Health:
        """Say that the process answers."""
        return Health(status="alive")

    @router.get("/health/ready", response_model=Health, responses=documented(Kind.UNAVAILABLE))
    async def ready() -> Health:
        """Say that the database answers too."""
        await run_in_threadpool(services.store.check_ready)
        return Health(status="ready")

    return router

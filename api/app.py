"""Puts the server together."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from api.guard import Guard
from api.openapi import TITLE, VERSION, describe
from api.problems import Kind, Problem, problem_of
from api.routes import batches, devices, health
from api.services import Services

_KINDS = {404: Kind.NOT_FOUND, 405: Kind.METHOD}


def create_app(services: Services) -> ASGIApp:
    """Return the application. Its only state is how much of its rate each device has used."""
    # No documentation pages: those of the framework load scripts from other hosts.
    app = FastAPI(
        title=TITLE, version=VERSION, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    for group in (devices, batches, health):
        app.include_router(group.routes(services))
    description: dict[str, Any] = describe(app)

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> JSONResponse:
        return JSONResponse(description)

    @app.exception_handler(Problem)
    async def refuse(_: Request, problem: Problem) -> JSONResponse:
        return problem.response()

    @app.exception_handler(HTTPException)
    async def refuse_route(_: Request, error: HTTPException) -> JSONResponse:
        kind = _KINDS.get(error.status_code, Kind.MALFORMED)
        return Problem(kind, kind.title, headers=error.headers).response()

    @app.exception_handler(Exception)
    async def fail(_: Request, fault: Exception) -> JSONResponse:
        return problem_of(fault).response()

    return Guard(app)

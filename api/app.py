"""Puts the server together."""

from functools import cache, partial
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from api.guard import Guard
from api.openapi import TITLE, VERSION, describe
from api.pages import Pages
from api.parameters import bad_parameter
from api.problems import Kind, Problem, problem_of
from api.routes import (
    account,
    administration,
    agreement,
    batches,
    council,
    devices,
    documented,
    grants,
    health,
    home,
    live,
    log_files,
    metrics,
    own_motion,
    own_royalties,
    plant_data,
    releases,
    releases_pages,
    reports,
    set_up,
    set_up_drafts,
    set_up_files,
    set_up_sessions,
    set_up_trials,
    sign_in,
    sign_in_pages,
    sign_in_passkey,
    sign_in_provider,
    station_files,
    studies,
    terminal,
    timelines,
    timelines_page,
    uses,
    uses_page,
    worker,
)
from api.services import Services
from api.viewer import check_fenced, everybody, viewer_of
from api.watched import watch
from api.words.common import PROBLEMS

_KINDS = {404: Kind.NOT_FOUND, 405: Kind.METHOD}
_STATIC = Path(__file__).with_name("static")

API = (
    devices,
    batches,
    council,
    reports,
    station_files,
    log_files,
    sign_in,
    sign_in_passkey,
    account,
    administration,
    health,
    metrics,
    live,
    grants,
    timelines,
    documented,
    plant_data,
    releases,
    set_up_files,
    set_up_drafts,
    set_up_trials,
    set_up_sessions,
    uses,
    own_motion,
    own_royalties,
    *studies.API,
)
"""Modules with `routes(services)`: what programs ask."""
PAGES = (
    home,
    live,
    timelines_page,
    terminal,
    worker,
    administration,
    releases_pages,
    uses_page,
    agreement,
    council,
    sign_in_pages,
    sign_in_provider,
    *studies.PAGES,
    set_up,
)
"""Modules with `pages(views, services)`: what people look at."""


def create_app(services: Services) -> ASGIApp:
    """Return the application. Its only state is how much of its rate each device has used.

    RuntimeError if a route does not say whom it is for: such a server is not started.
    """
    # No documentation pages: those of the framework load scripts from other hosts.
    app = FastAPI(
        title=TITLE, version=VERSION, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    app.state.services = services
    views = Pages(services)
    for group in API:
        app.include_router(group.routes(services))
    for page in PAGES:
        app.include_router(page.pages(views, services))
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    description = cache(partial(describe, app, secure=services.secure))

    @app.get("/openapi.json", include_in_schema=False, dependencies=[Depends(everybody)])
    async def openapi() -> JSONResponse:
        return JSONResponse(
            await run_in_threadpool(description)
        )  # made when somebody asks: it takes a second

    @app.exception_handler(Problem)
    async def refuse(request: Request, problem: Problem) -> Response:
        return await _tell(views, request, problem)

    @app.exception_handler(RequestValidationError)
    async def refuse_parameter(request: Request, error: RequestValidationError) -> Response:
        return await _tell(views, request, bad_parameter(error))

    @app.exception_handler(HTTPException)
    async def refuse_route(request: Request, error: HTTPException) -> Response:
        kind = _KINDS.get(error.status_code, Kind.MALFORMED)
        return await _tell(views, request, Problem(kind, kind.title, headers=error.headers))

    @app.exception_handler(Exception)
    async def fail(request: Request, fault: Exception) -> Response:
        return await _tell(views, request, problem_of(fault))

    check_fenced(app)
    watch(services)
    return Guard(app, services.metrics.answered)


async def _tell(views: Pages, request: Request, problem: Problem) -> Response:
    """Tell people on a page, and programs as problem details."""
    if request.method != "GET" or not _wants_page(request):
        return problem.response()
    if problem.kind is Kind.SIGNED_OUT:
        return RedirectResponse(str(URL("/sign-in").include_query_params(next=request.url.path)), 303)
    if problem.kind is Kind.SECOND_FACTOR:
        return RedirectResponse("/account", 303)
    try:
        viewer = await viewer_of(request)
    except Exception:  # the page about a fault must not fail for the same reason
        viewer = None
    title = PROBLEMS[problem.kind].in_(views.language(request))
    page = views.render(
        request,
        "problem.html",
        {},
        viewer,
        status=problem.kind.status,
        title=title,
        detail="" if problem.detail == problem.kind.title else problem.detail,
    )
    page.headers.update(problem.headers)
    return page


def _wants_page(request: Request) -> bool:
    program = request.url.path.startswith(
        ("/v1/", "/health/", "/static/", "/openapi.json", "/log/", "/metrics")
    )
    return not program and "text/html" in request.headers.get("accept", "")

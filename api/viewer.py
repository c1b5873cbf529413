"""Who asks, and whether they may: what every route names as its first dependency.

A route names exactly one of `permit(action)`, `everybody` and `by_device`; `check_fenced` refuses to serve an
application in which one does not. Requests that change something need the token of the sign-in in a header:
another site's page can make a browser send its cookie, but cannot read that token (CSRF).
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount

from api.plant import own_site
from api.policy import TWO_FACTORS, Action, Role, may
from api.problems import Kind, Problem

COOKIE, SECURE_COOKIE = "fairtakt", "__Host-fairtakt"
"""What holds the token of a sign-in; the second wherever the connection is encrypted."""
CSRF_HEADER = "X-CSRF-Token"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """An account that is signed in. `login` is the SHA-256 of its token; `csrf` is derived from the token."""

    account_id: int
    name: str
    role: Role
    station: str | None
    """Of a terminal."""
    login: bytes
    csrf: str
    second_factor: bool
    site: str | None = None
    """Of a terminal's station: stations of two sites may have one name."""

    def may(self, action: Action) -> bool:
        """Tell whether this account may do something, as it is signed in now."""
        complete = self.second_factor or self.role not in TWO_FACTORS or action is Action.ACCOUNT
        return complete and may(self.role, action)


class Permit:
    """A dependency: gives the viewer if the action is permitted, else raises `Problem`."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, request: Request) -> Viewer:
        """Find out who asks, and whether they may."""
        viewer = await viewer_of(request)
        if viewer is None:
            raise Problem(Kind.SIGNED_OUT, "sign in first")
        request.state.viewer = viewer
        if viewer.role in TWO_FACTORS and not viewer.second_factor and self.action is not Action.ACCOUNT:
            raise Problem(Kind.SECOND_FACTOR, "this role needs a second factor: set one up first")
        if not viewer.may(self.action):
            raise Problem(Kind.FORBIDDEN, f"the role {viewer.role} may not: {self.action}")
        check_origin(request, viewer)
        if viewer.site is not None and self.action is not Action.ACCOUNT:
            site = await run_in_threadpool(own_site, request.app.state.services)
            if viewer.site != site.name:
                raise Problem(Kind.FORBIDDEN, "this terminal stands at another site")
        return viewer


def permit(action: Action) -> Permit:
    """Return the dependency that permits one action: `viewer: Annotated[Viewer, Depends(permit(…))]`."""
    return Permit(action)


async def everybody() -> None:
    """Mark a route that anybody may ask: the dependency of those few."""


async def by_device() -> None:
    """Mark a route that itself verifies a device's signature (`api.signatures`)."""


async def viewer_of(request: Request) -> Viewer | None:
    """Return who is signed in, if anybody is; the first answer stands for the whole request."""
    known: Viewer | None = getattr(request.state, "viewer", None)
    if known is not None:
        return known
    services = request.app.state.services
    token = request.cookies.get(cookie_name(secure=services.secure))
    if not token or services.accounts is None:
        return None
    found: Viewer | None = await run_in_threadpool(services.accounts.viewer, token)
    return found


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name: browsers give a `__Host-` cookie to this host alone, encrypted."""
    return SECURE_COOKIE if secure else COOKIE


def check_origin(request: Request, viewer: Viewer) -> None:
    """Raise `Problem` if a request that changes something did not come from one of our own pages."""
    if request.method in _READS:
        return
    site = request.headers.get("sec-fetch-site", "same-origin")
    token = request.headers.get(CSRF_HEADER, "")
    if site != "same-origin" or not hmac.compare_digest(token.encode(), viewer.csrf.encode()):
        raise Problem(Kind.CSRF, f"expected the header {CSRF_HEADER} with the token of this sign-in")


def check_fenced(app: FastAPI) -> None:
    """Raise RuntimeError if a route does not say whom it is for; files of `static/` are for everybody."""
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, Mount) and len(list(fences(route))) != 1:
            msg = f"{route.path}: expected exactly one of permit(...), everybody and by_device"
            raise RuntimeError(msg)


def fences(route: RouteContext) -> Iterator[object]:
    """Yield what a route says about whom it is for: a `Permit`, `everybody` or `by_device`."""

    def walk(dependant: Dependant) -> Iterator[object]:
        for each in dependant.dependencies:
            if isinstance(each.call, Permit) or each.call in {everybody, by_device}:
                yield each.call
            yield from walk(each)

    if isinstance(route.original_route, APIRoute):
        yield from walk(route.dependant)

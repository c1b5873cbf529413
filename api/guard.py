"""Stands around the whole application: headers on each answer, one log line, and no fault gets past it.

A log line says which route, what came of it and how long it took. It never holds an address, a query, a
header, content, or the text of an exception, in which a library may have put any of these.
"""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem_of

HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Other words are the client's own."""

_log = structlog.get_logger("fairtakt.api")


class Guard:
    """ASGI middleware, the outermost."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        fault = ""
        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:  # the last resort, told by class only
            fault = type(error).__name__
            if status == 0:
                await problem_of(error).response()(scope, receive, send_guarded)
        finally:
            _tell(scope, status, time.perf_counter() - started, fault)


def _tell(scope: Scope, status: int, wall_s: float, fault: str) -> None:
    route = getattr(scope.get("route"), "path", "none")
    method = scope["method"] if scope["method"] in _METHODS else "other"
    line = _log.bind(method=method, route=route, status=status, ms=round(wall_s * 1000, 1))
    if fault:
        line.error("fault", fault=fault)
    else:
        line.info("answered")

"""Stands around the whole application: headers, a log line and a count for each answer; no fault gets past.

A log line says which route, what came of it and how long it took. It never holds an address, a query, a
header, content, or the text of an exception, in which a library may have put any of these.
"""

import time
from collections.abc import Callable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem_of

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
CAMERA_HERE = "camera=(self), microphone=(), geolocation=()"
"""What the editor of a station says instead, where the works agreement permits set-up pictures."""
NOTHING = b"default-src 'none'; frame-ancestors 'none'"
"""Policy of whatever is no page: nothing in it is ever loaded or run."""
OURS_ALONE = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:;"
    b" connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none';"
    b" frame-ancestors 'none'"
)
"""Policy of pages: our own files, no inline code; pictures that somebody opens stay in the browser."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Other words are the client's own."""

_log = structlog.get_logger("fairtakt.api")


class Guard:
    """ASGI middleware, the outermost."""

    def __init__(self, app: ASGIApp, count: Callable[[str, str, int, float], None]) -> None:
        """`count` is told route, method, status and seconds of each answer."""
        self._app, self._count = app, count

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
                message["headers"] = [*message.get("headers", ()), *_guarding(message, scope["path"])]
            await send(message)

        fault = ""
        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:  # the last resort, told by class only
            fault = type(error).__name__
            if status == 0:
                await problem_of(error).response()(scope, receive, send_guarded)
        finally:
            self._tell(scope, status, time.perf_counter() - started, fault)

    def _tell(self, scope: Scope, status: int, wall_s: float, fault: str) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._count(route, method, status, wall_s)
        line = _log.bind(method=method, route=route, status=status, ms=round(wall_s * 1000, 1))
        if fault:
            line.error("fault", fault=fault)
        else:
            line.info("answered")


def _guarding(message: Message, path: str) -> list[tuple[bytes, bytes]]:
    own = dict(message.get("headers", ()))
    page = own.get(b"content-type", b"").startswith(b"text/html")
    asked = own.get(b"permissions-policy", b"").decode("latin-1")
    camera = page and path.startswith("/set-up/") and asked == CAMERA_HERE
    # Anywhere else ours comes last, and the last one counts (RFC 9651 section 3.2).
    added = [header for header in HEADERS if not (camera and header[0] == b"permissions-policy")]
    if b"content-security-policy" not in own:
        added.append((b"content-security-policy", OURS_ALONE if page else NOTHING))
    if b"cache-control" not in own:
        # Our own files may be kept, if it is asked each time whether they are still the same.
        added.append((b"cache-control", b"no-cache" if path.startswith("/static/") else b"no-store"))
    return added

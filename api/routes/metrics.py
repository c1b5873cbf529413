"""Metrics for the plant's monitoring: on this machine, or with a token."""

import hmac
import ipaddress
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from api.problems import Kind, Problem, documented
from api.services import Services
from api.viewer import everybody

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="metrics"'}
_OK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Prometheus' text format",
        "content": {
            "text/plain": {"schema": {"type": "string"}, "example": "fairtakt_intervals_total 1200.0\n"}
        },
    }
}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["health"], dependencies=[Depends(everybody)])

    @router.get("/metrics", response_class=Response, responses={**_OK, **documented(Kind.TOKEN)})
    async def read(request: Request) -> Response:
        """Return the metrics; with a bearer token, or without one to this machine if no proxy is in front."""
        check(request, services)
        return Response(await run_in_threadpool(services.metrics.text), media_type=MEDIA_TYPE)

    return router


def check(request: Request, services: Services) -> None:
    """Raise `Problem` unless the metrics are for whoever asks.

    Behind a proxy on this machine everybody seems to be on this machine: then only the token counts.
    """
    if services.metrics_token is not None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), services.metrics_token):
            return
        raise Problem(Kind.TOKEN, "expected the token of --metrics-token-file", headers=_CHALLENGE)
    if services.secure or not _is_here(request):
        raise Problem(
            Kind.TOKEN, "start the server with --metrics-token-file to read them", headers=_CHALLENGE
        )


def _is_here(request: Request) -> bool:
    if request.client is None or any(
        name in request.headers for name in ("forwarded", "x-forwarded-for", "via")
    ):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False

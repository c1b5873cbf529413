"""Devices tell how they are: what waits in their outbox, and what they do at each station now."""

import json

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.problems import Kind, documented
from api.rate import RateLimit
from api.services import Services
from api.signatures import SignedRequest, not_this_device
from api.signed import admit, described, signed_request
from api.viewer import by_device
from api.wire import DeviceReport, Reported, parse
from storage.sql.records import DeviceReport as Record
from storage.sql.records import UnknownDevice

PROBLEMS = documented(
    Kind.MALFORMED,
    Kind.UNSIGNED,
    Kind.CLOCK,
    Kind.TOO_LARGE,
    Kind.MEDIA,
    Kind.INVALID,
    Kind.TOO_MANY,
    Kind.UNAVAILABLE,
)
EXAMPLE = {
    "device": "edge-1",
    "waiting": 3,
    "condition": "the server takes what is sent",
    "lights": [
        {"station": "bench-1", "light": "recording", "state": "assembling"},
        {"station": "bench-2", "light": "not recording", "reason": "the works agreement is suspended"},
    ],
}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["reports"], dependencies=[Depends(by_device)])
    limits = services.limits
    rate = RateLimit(limits.report_rate, limits.report_burst, services.steady_s)

    @router.post(
        "/v1/reports",
        response_model=Reported,
        responses=PROBLEMS,
        openapi_extra=described("DeviceReport", EXAMPLE),
    )
    async def receive(request: Request) -> Reported:
        """Keep a device's report; one that was not signed later than the one that stands changes nothing."""
        body = await read_body(request, limits.body_bytes)
        return await run_in_threadpool(_receive, services, rate, signed_request(request), body)

    return router


def _receive(services: Services, rate: RateLimit, request: SignedRequest, body: bytes) -> Reported:
    signed = admit(services, rate, request, body)
    report = parse(DeviceReport, body)
    if signed.device != report.device:
        raise not_this_device()
    lights = [light.model_dump() for light in report.lights]
    record = Record(
        device=report.device,
        created_s=signed.created_s,
        waiting=report.waiting,
        condition=report.condition,
        lights=json.dumps(lights, ensure_ascii=False),
    )
    try:
        kept = services.store.report(record, services.now_ms())
    except UnknownDevice:
        raise not_this_device() from None
    return Reported(device=report.device, kept=kept)

"""Devices are enrolled with a one-time code."""

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.problems import Kind, Problem, documented
from api.rate import RateLimit
from api.services import Services
from api.signatures import device_key
from api.viewer import everybody
from api.wire import Enrolled, Enrolment, parse
from storage.sql.records import CodeRefused, NameTaken

PROBLEMS = documented(
    Kind.MALFORMED,
    Kind.CODE,
    Kind.NAME_TAKEN,
    Kind.TOO_LARGE,
    Kind.MEDIA,
    Kind.INVALID,
    Kind.TOO_MANY,
    Kind.UNAVAILABLE,
)
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/Enrolment"},
            "example": {
                "code": "00112233445566778899aabbccddeeff",
                "name": "edge-1",
                "key": "edge-1+6a89e58d+ASvCgAszFuAJIJ/9dX2rGczwroS8eukGVOHoFxLScPZT",
            },
        }
    },
}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["devices"], dependencies=[Depends(everybody)])
    limits = services.limits
    # One limit for all: who is not enrolled yet has no name that could be believed.
    rate = RateLimit(limits.enrolment_rate, limits.enrolment_burst, services.steady_s)

    @router.post(
        "/v1/devices",
        status_code=201,
        response_model=Enrolled,
        responses=PROBLEMS,
        openapi_extra={"requestBody": BODY},
    )
    async def enrol(request: Request) -> Enrolled:
        """Enrol a device: its name and public key, against a one-time code."""
        rate.spend("enrolment")
        enrolment = parse(Enrolment, await read_body(request, limits.body_bytes))
        key = device_key(enrolment.key)
        try:
            await run_in_threadpool(
                services.store.enrol, enrolment.code, enrolment.name, str(key), services.now_ms()
            )
        except CodeRefused as error:
            raise Problem(Kind.CODE, str(error)) from None
        except NameTaken as error:
            raise Problem(Kind.NAME_TAKEN, str(error)) from None
        return Enrolled(device=enrolment.name)

    return router

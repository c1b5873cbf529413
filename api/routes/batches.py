"""Batches of state intervals: signed by a device, acknowledged only after commit."""

import hashlib

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.problems import Kind, Problem, documented
from api.rate import RateLimit
from api.services import Services
from api.signatures import CLOCK_TOLERANCE_S, SignedRequest, not_this_batch
from api.signed import admit, described, signed_request
from api.viewer import by_device
from api.wire import Acknowledged, Batch, parse
from storage.sql.records import Acceptance, BatchRecord, IntervalRecord, UnknownDevice

PROBLEMS = documented(
    Kind.MALFORMED,
    Kind.UNSIGNED,
    Kind.CLOCK,
    Kind.OTHER_BATCH,
    Kind.TOO_LARGE,
    Kind.MEDIA,
    Kind.INVALID,
    Kind.TOO_MANY,
    Kind.UNAVAILABLE,
)
EXAMPLE = {
    "device": "edge-1",
    "boot": "00112233445566778899aabbccddeeff",
    "sequence": 0,
    "intervals": [
        {
            "session": "ffeeddccbbaa99887766554433221100",
            "ordinal": 0,
            "station": "bench-1",
            "state": "assembling",
            "category": "cycle-bound",
            "start_ms": 1_795_240_800_000,
            "duration_ns": 4_200_000_000,
            "confidence": 970,
            "cycle": 1,
        }
    ],
}


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["batches"], dependencies=[Depends(by_device)])
    limits = services.limits
    rate = RateLimit(limits.batch_rate, limits.batch_burst, services.steady_s)

    @router.post(
        "/v1/batches",
        response_model=Acknowledged,
        responses=PROBLEMS,
        openapi_extra=described("Batch", EXAMPLE),
    )
    async def receive(request: Request) -> Response:
        """Store a batch exactly once; the same batch again changes nothing."""
        body = await read_body(request, limits.body_bytes)
        signed = signed_request(request)
        # In one go on a thread: everything below computes or waits for the disk.
        acknowledged = await run_in_threadpool(_receive, services, rate, signed, body)
        # Ready-made: the framework would validate our own answer once more.
        return Response(acknowledged.model_dump_json(), media_type="application/json")

    return router


def _receive(services: Services, rate: RateLimit, request: SignedRequest, body: bytes) -> Acknowledged:
    signed = admit(services, rate, request, body)
    batch = parse(Batch, body)
    if (signed.device, signed.nonce) != (batch.device, f"{batch.boot}.{batch.sequence}"):
        raise not_this_batch()
    now_ms = services.now_ms()
    _require_over(batch, now_ms)
    try:
        outcome = services.store.accept(_record(batch, body), now_ms)
    except UnknownDevice:
        raise not_this_batch() from None
    services.metrics.took_in(outcome, len(batch.intervals))
    if outcome is Acceptance.CONFLICT:
        raise Problem(Kind.OTHER_BATCH, "the number is taken by a batch with other content")
    return Acknowledged(
        device=batch.device,
        boot=batch.boot,
        sequence=batch.sequence,
        duplicate=outcome is Acceptance.DUPLICATE,
    )


def _require_over(batch: Batch, now_ms: int) -> None:
    """Refuse what is not over yet: an interval from the year 9999 would outlive every retention."""
    latest_ms = now_ms + CLOCK_TOLERANCE_S * 1000
    for number, interval in enumerate(batch.intervals):
        if interval.start_ms + interval.duration_ns // 1_000_000 > latest_ms:
            raise Problem(Kind.INVALID, f"intervals.{number}: not over yet by the server's clock")


def _record(batch: Batch, body: bytes) -> BatchRecord:
    return BatchRecord(
        device=batch.device,
        boot=bytes.fromhex(batch.boot),
        sequence=batch.sequence,
        digest=hashlib.sha256(body).digest(),
        intervals=tuple(
            IntervalRecord(
                session=bytes.fromhex(interval.session),
                ordinal=interval.ordinal,
                station=interval.station,
                state=interval.state,
                category=interval.category,
                start_ms=interval.start_ms,
                duration_ns=interval.duration_ns,
                confidence=interval.confidence,
                cycle=interval.cycle,
                reason=interval.reason,
            )
            for interval in batch.intervals
        ),
    )

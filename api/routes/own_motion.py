"""A worker's own motion at a kiosk, with a token: check in and out, what is kept, watch it, take it along."""

import math
import os
import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.looking import from_log
from api.openapi import content_of
from api.policy import Action
from api.problems import Kind, Problem, documented
from api.rate import RateLimit
from api.routes.uses import room_of, zipped
from api.services import Services
from api.tokens import NO_PLANT, Kiosk, Presented, Told, described
from api.uses.own import OWN_TERMS, UNPACKED, OwnLook, look_at_own, own_motion
from api.uses.terms import terms_hash
from api.viewer import Viewer, permit
from api.wire import Word, parse
from consent.agreement.vocabulary import MotionPurpose
from consent.grants.check_in import LONGEST_MINUTES, new_check_in, sign_check_in
from consent.grants.check_ins import CheckIns
from consent.grants.site import Site
from consent.notes import Signer
from consent.site.motion import permits
from models.motion import Motion
from productivity.errors import BadInput
from storage.exports.motion.export import Format, export
from storage.exports.motion.licensed import LicensedSegment, LicensedSet

Worker = Annotated[Viewer, Depends(permit(Action.GRANT))]
BODY_BYTES = 16 * 1024
EXAMPLE = "0123456789abcdef" * 2
Identifier = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
_PROBLEMS = documented(
    Kind.MALFORMED, Kind.MEDIA, Kind.TOO_LARGE, Kind.INVALID, Kind.CONFLICT, Kind.TOO_MANY, Kind.NO_LOG
)
LICENCE = "LicenseRef-fairtakt-own-motion"


class CheckInWanted(Presented):
    """Keep motion at this station from now on, for so many minutes."""

    station: Word
    minutes: Annotated[int, Field(ge=1, le=LONGEST_MINUTES)]


class NamedCheckIn(Told):
    """A check-in, by its random number. Seeing how it goes and ending it take no token: that must be easy."""

    check_in: Identifier


class Segments(Presented):
    """Some of the worker's own segments."""

    segments: Annotated[list[Identifier], Field(min_length=1, max_length=60)]


class TakeAlong(Segments):
    """The same, as files."""

    format: Annotated[Format, Field(strict=False)]


class CheckedIn(Told):
    """The number of a check-in; what became of it is told by `check_in`."""

    check_in: str


class CheckInState(Told):
    """What the recorder says of a check-in; null: nothing yet."""

    state: str | None


class OwnPieceLine(Told):
    """A segment that is kept of the worker."""

    segment: str
    station: str
    kept_ms: int
    seconds: float


class DestroyedLine(Told):
    """Segments of the worker whose key is destroyed: nobody can open them any more."""

    entry: int
    at_ms: int
    segments: int
    because: str


class OwnUseLine(Told):
    """A use of the worker's motion."""

    use: str
    entry: int | None
    state: str
    purpose: str
    licensee: str | None
    segments: int
    seconds: float
    at_ms: int
    models: list[str]


class OwnMotionTold(Told):
    """All that is kept of one worker, and what it was used for."""

    pieces: list[OwnPieceLine]
    uses: list[OwnUseLine]
    destroyed: list[DestroyedLine]
    check_in_here: bool
    """Whether motion may be kept at this terminal's station now."""


class Figure(Told):
    """A segment as a stick figure: joints in the order of BlazePose, in picture pixels; null: not known."""

    segment: str
    station: str
    picture: tuple[int, int]
    times_ms: list[float]
    joints: list[list[tuple[float, float] | None]]


class Watched(Told):
    """What was opened, and the entry of the log that says so."""

    use: str
    entry: int
    figures: list[Figure]


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["own motion"])
    kiosk = Kiosk(services, BODY_BYTES)
    screens = RateLimit(2.0, 30, services.steady_s)
    exits = RateLimit(2.0, 30, services.steady_s)

    @router.post(
        "/v1/motion/own/look",
        response_model=OwnMotionTold,
        responses=_PROBLEMS,
        openapi_extra=described(Presented),
    )
    async def look(request: Request, viewer: Worker) -> OwnMotionTold:
        """Return what is kept of a worker and what it was used for; no motion."""
        room_of(services)
        return await kiosk.present(request, Presented, _Kept(services, viewer.station))

    @router.post(
        "/v1/motion/own/check-in",
        response_model=CheckedIn,
        responses=_PROBLEMS,
        openapi_extra=described(CheckInWanted, station="bench 7", minutes=30),
    )
    async def check_in(request: Request, viewer: Worker) -> CheckedIn:
        """Have motion kept at this terminal's station, while the worker is alone there and until an end."""
        return await kiosk.present(request, CheckInWanted, _CheckIn(services, viewer.station))

    @router.post(
        "/v1/motion/own/check-in/state",
        response_model=CheckInState,
        responses=_PROBLEMS,
        openapi_extra={"requestBody": content_of(NamedCheckIn, {"check_in": EXAMPLE})},
    )
    async def state(request: Request, viewer: Worker) -> CheckInState:
        """Return what became of a check-in. A terminal's screen asks this every few seconds."""
        screens.spend(str(viewer.account_id))
        named = parse(NamedCheckIn, await read_body(request, BODY_BYTES))
        return await run_in_threadpool(_state, services, named)

    @router.post(
        "/v1/motion/own/check-out",
        response_model=CheckInState,
        responses=_PROBLEMS,
        openapi_extra={"requestBody": content_of(NamedCheckIn, {"check_in": EXAMPLE})},
    )
    async def check_out(request: Request, viewer: Worker) -> CheckInState:
        """End a check-in at once; no token is asked for."""
        exits.spend(str(viewer.account_id))  # of this terminal alone: nobody waits for others
        named = parse(NamedCheckIn, await read_body(request, BODY_BYTES))
        return await run_in_threadpool(_check_out, services, named)

    @router.post(
        "/v1/motion/own/watch",
        response_model=Watched,
        responses=_PROBLEMS,
        openapi_extra=described(Segments, segments=[EXAMPLE]),
    )
    async def watch(request: Request, viewer: Worker) -> Watched:
        """Open one's own segments as stick figures. The log says so before, co-signed."""
        del viewer
        return await kiosk.present(request, Segments, _Watch(services))

    @router.post(
        "/v1/motion/own/take",
        response_class=Response,
        responses={
            200: {
                "description": "one's own motion with its papers",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            },
            **_PROBLEMS,
        },
        openapi_extra=described(TakeAlong, segments=[EXAMPLE], format="lerobot"),
    )
    async def take(request: Request, viewer: Worker) -> Response:
        """Return one's own motion as files (GDPR Art. 20). The log says so before, co-signed."""
        del viewer
        content = await kiosk.present(request, TakeAlong, _Take(services))
        headers = {"Content-Disposition": 'attachment; filename="my-motion.zip"'}
        return Response(content, media_type="application/zip", headers=headers)

    return router


class _Kept:
    """What is kept of a worker, as seen at a terminal."""

    def __init__(self, services: Services, station: str | None) -> None:
        self._services, self._station = services, station

    def __call__(self, site: Site, worker: Signer, _: Presented, at_ms: int) -> OwnMotionTold:
        room = room_of(self._services)
        found = from_log(lambda: own_motion(self._services, room, worker.name))
        pieces = [
            OwnPieceLine(
                segment=one.segment, station=one.station, kept_ms=one.kept_ms, seconds=one.span_ms / 1000
            )
            for one in found.pieces
        ]
        uses = [
            OwnUseLine(
                use=one.use,
                entry=one.log_index,
                state=one.state,
                purpose=one.purpose,
                licensee=one.licensee,
                segments=len(one.segments),
                seconds=sum(part.span_ms for part in one.segments) / 1000,
                at_ms=one.changed_ms or one.created_ms,
                models=[model.name for model in found.models.values() if one.use in model.uses],
            )
            for one in found.uses[::-1]
        ]
        here = _record_for(site, worker, self._station, at_ms)
        said = from_log(room.said).destroyed
        destroyed = [
            DestroyedLine(entry=one.index, at_ms=one.at_ms, segments=one.segments, because=one.because)
            for record in site.histories(worker.name)
            for one in said.get(record, ())
        ]
        return OwnMotionTold(
            pieces=pieces,
            uses=uses,
            destroyed=sorted(destroyed, key=lambda one: -one.entry),
            check_in_here=here is not None,
        )


class _CheckIn:
    """Signs a check-in with the worker's key, at the station of the terminal alone."""

    def __init__(self, services: Services, station: str | None) -> None:
        self._services, self._station = services, station

    def __call__(self, site: Site, worker: Signer, said: CheckInWanted, at_ms: int) -> CheckedIn:
        room = room_of(self._services)
        record = _record_for(site, worker, self._station, at_ms)
        if said.station != self._station or record is None:
            raise BadInput(
                "motion cannot be kept here", expected="the station of this terminal, and consent for it"
            )
        public = room.keys.create(record)
        body = new_check_in(site.state, record, said.station, public, at_ms, said.minutes, os.urandom)
        return CheckedIn(check_in=CheckIns(site.plant.root).put(sign_check_in(body, worker)))


def _state(services: Services, named: NamedCheckIn) -> CheckInState:
    return CheckInState(state=_check_ins(services).state(named.check_in))


def _check_out(services: Services, named: NamedCheckIn) -> CheckInState:
    check_ins = _check_ins(services)
    try:
        check_ins.check_out(named.check_in)
    except BadInput:
        raise Problem(Kind.NO_LOG, "the site's directory cannot be written; withdraw instead") from None
    return CheckInState(state=check_ins.state(named.check_in))


def _check_ins(services: Services) -> CheckIns:
    """Return where check-ins lie: the log is not asked, so that a check-out always works at once."""
    if services.grants is None:
        raise Problem(Kind.NO_LOG, NO_PLANT)
    return CheckIns(services.grants.root)


class _Watch:
    """Opens segments for their worker."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, _: Site, worker: Signer, said: Segments, __: int) -> Watched:
        room = room_of(self._services)
        seen = from_log(lambda: look_at_own(room, worker, said.segments))
        figures = [_figure(one.piece.segment, one.piece.station, one.motion) for one in seen.pieces]
        return Watched(use=seen.use, entry=seen.index, figures=figures)


class _Take:
    """Opens segments for their worker and writes them as files, which exist only while they are packed."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, _: Site, worker: Signer, said: TakeAlong, __: int) -> bytes:
        room = room_of(self._services)
        seen = from_log(lambda: look_at_own(room, worker, said.segments))
        room.exports.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=UNPACKED, dir=room.exports) as folder:
            target = Path(folder) / "motion"
            export(_own_set(self._services, seen), said.format, target)
            return zipped(target)


def _own_set(services: Services, seen: OwnLook) -> LicensedSet:
    room = room_of(services)
    line = room.present().state.line_for(seen.pieces[0].piece.station)
    assert line is not None  # noqa: S101  # for the type checker; the vault has asked it
    commitment = room.grant_commitment(seen.record)
    return LicensedSet(
        use=seen.use,
        purpose=MotionPurpose.OWN_REVIEW,
        licensee=None,
        site=line.agreement.site,
        created_ms=seen.at_ms,
        agreement=line.hash,
        terms=OWN_TERMS,
        terms_hash=terms_hash(OWN_TERMS),
        licence=LICENCE,
        segments=tuple(
            LicensedSegment(one.piece.segment, one.piece.station, 1, one.motion, commitment)
            for one in seen.pieces
        ),
        proofs={"use.json": seen.entry, "use.tlog-proof": seen.proof},
    )


def _record_for(site: Site, worker: Signer, station: str | None, at_ms: int) -> str | None:
    """Return the record under which motion of the worker may be kept at a station now."""
    for grant in site.in_force(worker.name):
        if station is not None and permits(site.state, grant, station, at_ms):
            return grant.record
    return None


def _figure(segment: str, station: str, motion: Motion) -> Figure:
    joints = [
        [None if math.isnan(x) or math.isnan(y) else (round(x, 1), round(y, 1)) for x, y in pose]
        for pose in motion.joints[:, :, :2].tolist()
    ]
    return Figure(
        segment=segment,
        station=station,
        picture=motion.picture,
        times_ms=[round(ns / 1e6, 1) for ns in motion.times.tolist()],
        joints=joints,
    )

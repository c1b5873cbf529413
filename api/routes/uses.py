"""Motion for those who use it: what there is, requests with terms and price, decisions, downloads, models."""

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as InPath
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.looking import from_log
from api.openapi import content_of
from api.policy import Action, Role
from api.problems import Kind, Problem, conflict, documented
from api.rate import RateLimit
from api.services import Services
from api.tokens import Told
from api.uses.offer import offer, usable
from api.uses.requests import PURPOSES, Quoted, Wanted, decide, formula, quote, request, use_for
from api.uses.room import MotionRoom
from api.uses.trained import bill_of_materials, concerned
from api.viewer import Viewer, permit
from api.wire import SAFE_INTEGER, Word, parse
from consent.agreement.vocabulary import RoyaltyUnit
from consent.vault.trained import Affected, TrainedModel, require_known_uses
from productivity.errors import BadInput
from storage.exports.motion.export import Format
from storage.exports.motion.sums import FILE as SUMS
from storage.sql.trained_models import RegisteredModels
from storage.sql.uses import MotionUse, UseState, uses_in, uses_of_licensee

Asker = Annotated[Viewer, Depends(permit(Action.USE_MOTION))]
Decider = Annotated[Viewer, Depends(permit(Action.APPROVE_USE))]
Reader = Annotated[Viewer, Depends(permit(Action.USES))]
Use = Annotated[str, InPath(pattern="^[0-9a-f]{32}$", description="as the log names it")]
BODY_BYTES = 64 * 1024
EXAMPLE = {"stations": ["bench 7"], "format": "lerobot", "unit": "motion hour"}
_CHANGING = documented(
    Kind.MALFORMED,
    Kind.MEDIA,
    Kind.TOO_LARGE,
    Kind.INVALID,
    Kind.NOT_FOUND,
    Kind.CONFLICT,
    Kind.TOO_MANY,
    Kind.NO_LOG,
)
_READING = documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.NO_LOG)


class UseWanted(Told):
    """What somebody wants to use: all that workers have consented to at these stations."""

    stations: Annotated[list[Word], Field(min_length=1, max_length=256)]
    format: Annotated[Format, Field(strict=False)]
    unit: Annotated[RoyaltyUnit, Field(strict=False, description="a unit of the rate card")]
    quantity: Annotated[int, Field(ge=1, le=SAFE_INTEGER)] | None = None
    model: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    quoted: Annotated[int, Field(ge=0, le=SAFE_INTEGER)] | None = None
    """The price that was shown, in minor units: a request at any other price is refused."""

    def wanted(self) -> Wanted:
        """Return it for `api.uses.requests`."""
        return Wanted(tuple(self.stations), self.format, self.unit, self.quantity, self.model, self.quoted)


class Decision(Told):
    """What is decided about a request."""

    approved: bool


class ModelReported(Told):
    """A model that was trained on uses."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    uses: Annotated[
        list[Annotated[str, Field(pattern="^[0-9a-f]{32}$")]], Field(min_length=1, max_length=1024)
    ]


class OfferedStation(Told):
    """How much motion of a station there is."""

    station: str
    seconds: int


class Offer(Told):
    """What this account may ask for: totals alone."""

    purpose: str
    stations: list[OfferedStation]


class Quote(Told):
    """What a request would be. Nothing is kept."""

    purpose: str
    stations: list[str]
    segments: int
    seconds: int
    formula: str
    gross: int
    currency: str
    agreement: str


class UseLine(Told):
    """A use at a glance."""

    use: str
    state: str
    purpose: str
    licensee: str | None
    format: str
    unit: str
    quantity: int
    segments: int
    seconds: int
    agreement: str
    terms: str
    terms_text: str
    created_ms: int
    entry: int | None
    content: str | None
    expires_ms: int | None
    ready: bool


class Uses(Told):
    """Uses, newest first."""

    uses: list[UseLine]


class ModelLine(Told):
    """A registered model; `standing`, `withdrawn`: how a withdrawal concerns it, and which of its uses."""

    name: str
    sha256: str
    uses: list[str]
    registered_ms: int
    standing: str | None = None
    withdrawn: list[str] = Field(default_factory=list)


class Models(Told):
    """All registered models."""

    models: list[ModelLine]


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["motion"])
    rate = RateLimit(services.limits.study_rate, services.limits.study_burst, services.steady_s)

    @router.get("/v1/motion/offer", response_model=Offer, responses=_READING)
    async def offered(viewer: Asker) -> Offer:
        """Return how much motion there is of which station; no worker, and no number of people."""
        purpose = PURPOSES[viewer.role]
        room = room_of(services)
        found = await run_in_threadpool(from_log, lambda: offer(room, purpose))
        return Offer(
            purpose=purpose,
            stations=[OfferedStation(station=one.station, seconds=one.span_ms // 1000) for one in found],
        )

    @router.post(
        "/v1/motion/quotes",
        response_model=Quote,
        responses=_CHANGING,
        openapi_extra={"requestBody": content_of(UseWanted, EXAMPLE)},
    )
    async def quoted(request_: Request, viewer: Asker) -> Quote:
        """Return terms and price of a use; nothing is asked for yet."""
        rate.spend(str(viewer.account_id))
        wanted = parse(UseWanted, await read_body(request_, BODY_BYTES)).wanted()
        room = room_of(services)
        return _quote(await run_in_threadpool(quote, room, viewer.role, wanted))

    @router.post(
        "/v1/motion/uses",
        status_code=201,
        response_model=UseLine,
        responses=_CHANGING,
        openapi_extra={"requestBody": content_of(UseWanted, EXAMPLE)},
    )
    async def asked(request_: Request, viewer: Asker) -> UseLine:
        """Ask for a use; somebody of the plant decides about it."""
        rate.spend(str(viewer.account_id))
        wanted = parse(UseWanted, await read_body(request_, BODY_BYTES)).wanted()
        room = room_of(services)
        return await run_in_threadpool(lambda: line_of_use(room, request(services, room, viewer, wanted)))

    @router.get("/v1/motion/uses", response_model=Uses, responses=_READING)
    async def listed(viewer: Reader) -> Uses:
        """Return uses, newest first: one's own to a licensee, all to the plant and the works council."""
        room = room_of(services)
        # A line asks the vault whether its export is ready: that may wait, and no event loop waits with it.
        return await run_in_threadpool(
            lambda: Uses(uses=[line_of_use(room, one) for one in visible_uses(services, viewer)])
        )

    @router.post(
        "/v1/motion/uses/{use}/decision",
        response_model=UseLine,
        responses=_CHANGING,
        openapi_extra={"requestBody": content_of(Decision, {"approved": True})},
    )
    async def decided(request_: Request, use: Use, viewer: Decider) -> UseLine:
        """Approve or refuse a request. Whatever follows an approval goes on by itself."""
        rate.spend(str(viewer.account_id))
        decision = parse(Decision, await read_body(request_, BODY_BYTES))
        room = room_of(services)
        made = await run_in_threadpool(decide, services, use, approved=decision.approved)
        room.wanted.set()
        return await run_in_threadpool(line_of_use, room, made)

    @router.get(
        "/v1/motion/uses/{use}/export.zip",
        response_class=Response,
        responses={
            200: {
                "description": "the export with its papers, proofs and checksums",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            },
            **_READING,
        },
    )
    async def download(use: Use, viewer: Asker) -> Response:
        """Return what a use exported, as long as all consent in it is in force and it has not expired."""
        room = room_of(services)
        content = await run_in_threadpool(_zipped, services, room, viewer, use)
        headers = {"Content-Disposition": f'attachment; filename="motion-{use}.zip"'}
        return Response(content, media_type="application/zip", headers=headers)

    @router.post(
        "/v1/motion/models",
        status_code=201,
        response_model=ModelLine,
        responses=_CHANGING,
        openapi_extra={
            "requestBody": content_of(
                ModelReported, {"name": "reach 1", "sha256": "ab" * 32, "uses": ["0123456789abcdef" * 2]}
            )
        },
    )
    async def report(request_: Request, viewer: Asker) -> ModelLine:
        """Register a model with the uses that it was trained on; it stays."""
        rate.spend(str(viewer.account_id))
        reported = parse(ModelReported, await read_body(request_, BODY_BYTES))
        return await run_in_threadpool(_register, services, viewer, reported)

    @router.get("/v1/motion/models", response_model=Models, responses=_READING)
    async def models(viewer: Reader) -> Models:
        """Return the models that were registered: to a licensee, those of its own uses."""
        room = room_of(services)
        return Models(models=await run_in_threadpool(model_lines, services, room, viewer))

    @router.get(
        "/v1/motion/models/bom.json",
        response_class=Response,
        responses={
            200: {
                "description": "CycloneDX 1.6: the models, and the uses that they were trained on",
                "content": {"application/vnd.cyclonedx+json": {"schema": {"type": "object"}}},
            },
            **_READING,
        },
    )
    async def bom(viewer: Reader) -> Response:
        """Return the models of `/v1/motion/models` as a bill of materials (ML-BOM)."""
        room = room_of(services)
        found = await run_in_threadpool(visible_models, services, viewer)
        content = await run_in_threadpool(from_log, lambda: bill_of_materials(room, found))
        headers = {"Content-Disposition": 'attachment; filename="models.cdx.json"'}
        return Response(content, media_type="application/vnd.cyclonedx+json", headers=headers)

    return router


def room_of(services: Services) -> MotionRoom:
    """Return the vault; raises `Problem` where there is none."""
    if services.motion is None:
        raise Problem(Kind.NO_LOG, "this server keeps no motion (it needs --data, --plant and --log-key)")
    return services.motion


def visible_uses(services: Services, viewer: Viewer) -> list[MotionUse]:
    """Return the uses that an account may see, newest first."""
    if viewer.role is Role.LICENSEE:
        return uses_of_licensee(services.database, viewer.name)[::-1]
    return uses_in(services.database)[::-1]


def visible_models(services: Services, viewer: Viewer) -> list[TrainedModel]:
    """Return the models that an account may see, newest first, each with those of its uses that it may see.

    The plant may train one model on uses of several licensees: none of them is told of another's.
    """
    visible = {one.use for one in visible_uses(services, viewer)}
    models = RegisteredModels(services.database).models()[::-1]
    seen = ((one, tuple(use for use in one.uses if use in visible)) for one in models)
    return [replace(one, uses=uses) for one, uses in seen if uses]


def model_lines(services: Services, room: MotionRoom, viewer: Viewer) -> list[ModelLine]:
    """Return the same as they are told, with what a withdrawal means for each."""
    found = visible_models(services, viewer)
    touched = {one.model.sha256: one for one in from_log(lambda: concerned(room, found))}
    return [_model_line(one, touched.get(one.sha256)) for one in found]


def is_ready(room: MotionRoom, use: MotionUse) -> bool:
    """Tell whether an export can be fetched: booked, there, not expired, and all of its consent in force."""
    if use.state is not UseState.BOOKED or not (room.exports / use.use).is_dir():
        return False
    if use.expires_ms is None or room.present().at_ms >= use.expires_ms:
        return False
    wanted = {one.segment for one in use.segments}
    return {one.label.segment for one in usable(room, use.purpose, segments=wanted)} == wanted


def line_of_use(room: MotionRoom, use: MotionUse) -> UseLine:
    """Return a use as it is told."""
    return UseLine(
        use=use.use,
        state=use.state,
        purpose=use.purpose,
        licensee=use.licensee,
        format=use.format,
        unit=use.unit,
        quantity=use.quantity,
        segments=len(use.segments),
        seconds=sum(one.span_ms for one in use.segments) // 1000,
        agreement=use.agreement,
        terms=use.terms,
        terms_text=use.terms_text,
        created_ms=use.created_ms,
        entry=use.log_index,
        content=use.export_hash,
        expires_ms=use.expires_ms,
        ready=from_log(lambda: is_ready(room, use)),
    )


def _quote(found: Quoted) -> Quote:
    return Quote(
        purpose=found.purpose,
        stations=sorted({one.label.station for one in found.found}),
        segments=len(found.found),
        seconds=found.span_ms // 1000,
        formula=formula(found.price),
        gross=found.price.gross,
        currency=found.price.currency,
        agreement=found.price.card,
    )


def _zipped(services: Services, room: MotionRoom, viewer: Viewer, name: str) -> bytes:
    use = use_for(services, viewer, name)
    # A licence is not the plant's: its workers have consented to another purpose.
    if use.licensee != (viewer.name if viewer.role is Role.LICENSEE else None):
        raise Problem(Kind.NOT_FOUND, "no such use of yours")
    _require_ready(room, use)
    try:
        content = zipped(room.exports / use.use)
    except FileNotFoundError:  # the keeper erases it
        raise _nothing() from None
    # Packing takes seconds, in which consent may end and the keeper erase: nobody gets what was there before.
    if use.export_hash is None or not _holds(content, use.export_hash):
        raise _nothing()
    _require_ready(room, use)
    return content


def _require_ready(room: MotionRoom, use: MotionUse) -> None:
    if not from_log(lambda: is_ready(room, use)):
        raise _nothing()


def _nothing() -> Problem:
    return Problem(
        Kind.CONFLICT, "there is nothing to fetch: not booked yet, expired, or consent in it has ended"
    )


def _holds(content: bytes, export_hash: str) -> bool:
    """Tell whether a ZIP archive holds all of an export and nothing else, as the log names it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        named = sorted(set(archive.namelist()) - {SUMS})
        sums = "".join(f"{hashlib.sha256(archive.read(name)).hexdigest()}  {name}\n" for name in named)
        there = SUMS in archive.namelist() and archive.read(SUMS) == sums.encode()
    return there and hashlib.sha256(sums.encode()).hexdigest() == export_hash


def zipped(directory: Path) -> bytes:
    """Return a directory as a ZIP archive, the same bytes each time."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(one for one in directory.rglob("*") if one.is_file()):
            info = zipfile.ZipInfo(path.relative_to(directory).as_posix())
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
    return content.getvalue()


def _register(services: Services, viewer: Viewer, reported: ModelReported) -> ModelLine:
    known = [one.use for one in visible_uses(services, viewer) if one.log_index is not None]
    try:
        model = TrainedModel(
            reported.name, reported.sha256, tuple(dict.fromkeys(reported.uses)), services.now_ms()
        )
        require_known_uses(model, known)
        RegisteredModels(services.database, viewer.account_id).register(model)
    except BadInput as error:
        raise conflict(error) from None
    return _model_line(model)


def _model_line(model: TrainedModel, touched: Affected | None = None) -> ModelLine:
    return ModelLine(
        name=model.name,
        sha256=model.sha256,
        uses=list(model.uses),
        registered_ms=model.registered_ms,
        standing=None if touched is None else touched.standing,
        withdrawn=list(touched.uses) if touched else [],
    )

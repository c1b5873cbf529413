"""Consent to motion at a kiosk: the worker presents a token, and nobody asks a name (`api.tokens`)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from api.policy import Action
from api.problems import Kind, documented
from api.services import Services
from api.tokens import Kiosk, Presented, Told, described
from api.viewer import Viewer, permit
from api.wire import Word
from consent.agreement.language import Language
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import ConsentWithdrawn
from consent.grants.acts import answer_yes, newest_receipt, say_no, take_back
from consent.grants.choice import latest_end_ms
from consent.grants.lifecycle import GrantState
from consent.grants.site import Site
from consent.notes import Signer
from productivity.errors import BadInput

Worker = Annotated[Viewer, Depends(permit(Action.GRANT))]
BODY_BYTES = 8 * 1024
_PROBLEMS = documented(
    Kind.MALFORMED, Kind.MEDIA, Kind.TOO_LARGE, Kind.INVALID, Kind.CONFLICT, Kind.TOO_MANY, Kind.NO_LOG
)


class Yes(Presented):
    """Yes: to these purposes, at these stations, for so many whole days after today."""

    stations: Annotated[list[Word], Field(min_length=1, max_length=256)]
    purposes: Annotated[
        list[Annotated[MotionPurpose, Field(strict=False)]], Field(min_length=1, max_length=3)
    ]
    days: Annotated[int, Field(ge=1, le=3650)]
    language: Annotated[Language, Field(strict=False)] = Language.EN


class Question(Told):
    """What a worker is asked: what the agreement permits at most."""

    record: str
    stations: list[str]
    purposes: list[str]
    longest_days: int


class Consent(Told):
    """What the log says about one consent."""

    record: str
    state: str
    purposes: list[str]
    stations: list[str]
    until: str | None
    in_force: bool


class Standing(Told):
    """All that the log says under a token."""

    question: Question | None
    consents: list[Consent]


class Answered(Told):
    """The act is handed in; what stops something counts at once, the rest once the log has taken it in."""

    records: list[str]


class ReceiptFiles(Told):
    """A receipt and its proof, to be kept; `fairtakt grant check` reads them for years."""

    receipt: str
    proof: str


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["grants"])
    kiosk = Kiosk(services, BODY_BYTES)

    @router.post(
        "/v1/grants/look", response_model=Standing, responses=_PROBLEMS, openapi_extra=described(Presented)
    )
    async def look(request: Request, viewer: Worker) -> Standing:
        """Return what the log says under a token."""
        del viewer
        return await kiosk.present(request, Presented, _standing)

    @router.post(
        "/v1/grants/yes",
        response_model=Answered,
        responses=_PROBLEMS,
        openapi_extra=described(
            Yes, stations=["bench 7"], purposes=[MotionPurpose.OWN_REVIEW.value], days=30, language="en"
        ),
    )
    async def yes(request: Request, viewer: Worker) -> Answered:
        """Answer a question with yes."""
        del viewer
        return await kiosk.present(request, Yes, _yes)

    @router.post(
        "/v1/grants/no", response_model=Answered, responses=_PROBLEMS, openapi_extra=described(Presented)
    )
    async def no(request: Request, viewer: Worker) -> Answered:
        """Answer a question with no; no reason is asked."""
        del viewer
        return await kiosk.present(request, Presented, _no)

    @router.post(
        "/v1/grants/withdraw",
        response_model=Answered,
        responses=_PROBLEMS,
        openapi_extra=described(Presented),
    )
    async def withdraw(request: Request, viewer: Worker) -> Answered:
        """Take all consent back that a token gave; counts for recorders and for uses at once."""
        del viewer
        return await kiosk.present(request, Presented, _Withdraw(services), counted="withdrawals")

    @router.post(
        "/v1/grants/receipt",
        response_model=ReceiptFiles,
        responses=_PROBLEMS,
        openapi_extra=described(Presented),
    )
    async def receipt(request: Request, viewer: Worker) -> ReceiptFiles:
        """Return the receipt of the latest yes."""
        del viewer
        return await kiosk.present(request, Presented, _receipt)

    return router


def _standing(site: Site, worker: Signer, _: Presented, at_ms: int) -> Standing:
    # A withdrawal counts at once, also while it waits for the log.
    acts = site.waiting(worker.name)
    ended = {body.record for body in acts if isinstance(body, ConsentWithdrawn)}
    holds = {grant.record for grant in site.in_force(worker.name)} - ended
    consents = [
        Consent(
            record=one.record,
            state=str(GrantState.WITHDRAWN if one.record in ended else one.state),
            purposes=[str(purpose) for purpose in one.yes.body.purposes] if one.yes else [],
            stations=list(one.yes.body.stations) if one.yes else [],
            until=one.yes.body.until if one.yes else None,
            in_force=one.record in holds,
        )
        for one in site.histories(worker.name).values()
    ]
    try:
        asked, line = site.asked(worker.name)
    except BadInput:  # nobody asked, or the answer is on its way
        return Standing(question=None, consents=consents)
    motion = line.agreement.motion
    longest_ms = latest_end_ms(line.agreement, at_ms) - at_ms
    question = Question(
        record=asked.record,
        stations=list(motion.stations),
        purposes=[str(purpose) for purpose in motion.purposes],
        longest_days=max(0, longest_ms // 86_400_000),
    )
    return Standing(question=question, consents=consents)


def _yes(site: Site, worker: Signer, said: Yes, at_ms: int) -> Answered:
    record = answer_yes(
        site,
        worker,
        stations=tuple(said.stations),
        purposes=tuple(said.purposes),
        days=said.days,
        language=said.language,
        at_ms=at_ms,
    )
    return Answered(records=[record.record_id])


def _no(site: Site, worker: Signer, _: Presented, at_ms: int) -> Answered:
    return Answered(records=[say_no(site, worker, at_ms)])


class _Withdraw:
    """Takes consent back; once that is answered, no use that is under way goes on either."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, site: Site, worker: Signer, _: Presented, at_ms: int) -> Answered:
        records = take_back(site, worker.name, worker, at_ms)
        if self._services.site is not None:
            self._services.site.catch_up()
        return Answered(records=records)


def _receipt(site: Site, worker: Signer, _: Presented, __: int) -> ReceiptFiles:
    made = newest_receipt(site, worker.name)
    return ReceiptFiles(receipt=made.text, proof=made.proof)

"""A worker's own royalties at a kiosk, with a token: balance, statements, disputes. Nobody else's."""

import secrets
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ConfigDict, Field

from api.policy import Action
from api.problems import Kind, documented
from api.services import Services
from api.tokens import Kiosk, Presented, Told, described
from api.uses.statements import MEDIA, Asked, StatementForm, currencies, statement_file
from api.viewer import Viewer, permit
from consent.agreement.amounts import minor_digits
from consent.agreement.language import Language
from consent.grants.site import Site
from consent.notes import Signer
from consent.royalties import accounts
from consent.royalties.disputes import Dispute, DisputeReason, open_dispute
from consent.royalties.journal import STANDING, Booking
from productivity.errors import BadInput
from storage.sql.disputes import disputes_of_worker, keep_dispute
from storage.sql.royalties import WorkersBooks, books_of_worker, journal_of_booking

Worker = Annotated[Viewer, Depends(permit(Action.GRANT))]
BODY_BYTES = 8 * 1024
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
_PROBLEMS = documented(
    Kind.MALFORMED,
    Kind.MEDIA,
    Kind.TOO_LARGE,
    Kind.INVALID,
    Kind.NOT_FOUND,
    Kind.CONFLICT,
    Kind.TOO_MANY,
    Kind.NO_LOG,
)


class StatementWanted(Presented):
    """A statement of whole days at the site, the last one included."""

    model_config = ConfigDict(populate_by_name=True)

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    language: Annotated[Language, Field(strict=False)]
    form: Annotated[StatementForm, Field(strict=False)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None


class Disputed(Presented):
    """A booking that is said to be wrong, and why."""

    booking: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    reason: Annotated[DisputeReason, Field(strict=False)]


class BalanceLine(Told):
    """What is owed in one currency, in minor units."""

    currency: str
    digits: int
    """How many digits its minor unit takes."""
    owed: int
    """Below zero if more was paid than was right."""
    outstanding: int
    """What is still to be paid of it; not below zero."""
    earned: int
    """All that was booked and stands."""


class BookingLine(Told):
    """A booking to the worker."""

    booking: str
    use: str
    entry: int
    """Of the use in the log."""
    at_ms: int
    purpose: str
    licensee: str | None
    milliseconds: int
    """The worker's own motion in it."""
    amount: int
    currency: str
    state: str
    open_to_dispute: bool


class AnswerLine(Told):
    """The answer to a dispute."""

    outcome: str
    reason: str | None
    at_ms: int


class DisputeLine(Told):
    """A dispute, and its answer if there is one."""

    dispute: str
    booking: str
    reason: str
    at_ms: int
    answer: AnswerLine | None


class OwnRoyalties(Told):
    """All that is booked to one worker, newest first."""

    balances: list[BalanceLine]
    bookings: list[BookingLine]
    disputes: list[DisputeLine]


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["own royalties"])
    kiosk = Kiosk(services, BODY_BYTES)

    @router.post(
        "/v1/royalties/own",
        response_model=OwnRoyalties,
        responses=_PROBLEMS,
        openapi_extra=described(Presented),
    )
    async def own(request: Request, viewer: Worker) -> OwnRoyalties:
        """Return what was booked to a worker, what is owed, and what the worker has disputed."""
        del viewer
        return await kiosk.present(request, Presented, _Own(services))

    @router.post(
        "/v1/royalties/own/statement",
        response_class=Response,
        responses={
            200: {
                "description": "the statement, as a file to keep",
                "content": {
                    "text/html": {"schema": {"type": "string"}},
                    "application/json": {"schema": {"type": "object"}},
                    "application/pdf": {"schema": {"type": "string", "format": "binary"}},
                    "application/zip": {"schema": {"type": "string", "format": "binary"}},
                },
            },
            **_PROBLEMS,
        },
        openapi_extra=described(
            StatementWanted, **{"from": "2027-01-01", "to": "2027-12-31", "language": "de", "form": "pdf"}
        ),
    )
    async def statement(request: Request, viewer: Worker) -> Response:
        """Return a statement for a period; one without anything is one too. `zip`: with all proofs."""
        del viewer
        form, content = await kiosk.present(request, StatementWanted, _Statement(services))
        headers = {"Content-Disposition": f'attachment; filename="statement.{form}"'}
        return Response(content, media_type=MEDIA[form], headers=headers)

    @router.post(
        "/v1/royalties/own/dispute",
        status_code=201,
        response_model=DisputeLine,
        responses=_PROBLEMS,
        openapi_extra=described(Disputed, booking="0123456789abcdef" * 2, reason=DisputeReason.TIME.value),
    )
    async def dispute(request: Request, viewer: Worker) -> DisputeLine:
        """Say that a booking of one's own is wrong; it gets an answer."""
        del viewer
        return await kiosk.present(request, Disputed, _Dispute(services))

    return router


class _Own:
    """What is booked to a worker."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, _: Site, worker: Signer, __: Presented, ___: int) -> OwnRoyalties:
        books = books_of_worker(self._services.database, worker.name)
        disputes = disputes_of_worker(self._services.database, worker.name)
        waiting = {one.booking for one in disputes if one.answer is None}
        mine = [one for one in books.journal.bookings.values() if one.account == accounts.worker(worker.name)]
        return OwnRoyalties(
            balances=[_balance(books, mine, worker.name, currency) for currency in currencies(books)],
            bookings=[_line(books, one, worker.name, waiting) for one in mine[::-1]],
            disputes=[_told(one) for one in disputes[::-1]],
        )


class _Statement:
    """Writes a statement of a worker's own."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(
        self, site: Site, worker: Signer, said: StatementWanted, _: int
    ) -> tuple[StatementForm, bytes]:
        asked = Asked(said.first, said.last, said.language, said.form, said.currency)
        return said.form, statement_file(self._services, site.state, worker.name, asked)


class _Dispute:
    """Opens a dispute of a booking of a worker's own."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, _: Site, worker: Signer, said: Disputed, at_ms: int) -> DisputeLine:
        database = self._services.database
        journal = journal_of_booking(database, said.booking)
        made = open_dispute(journal, secrets.token_hex(16), said.booking, worker.name, said.reason, at_ms)
        waiting = [one.booking for one in disputes_of_worker(database, worker.name) if one.answer is None]
        if said.booking in waiting:
            raise BadInput("booking is disputed already", expected="one dispute at a time; an answer comes")
        keep_dispute(database, made)
        return _told(made)


def _balance(books: WorkersBooks, mine: list[Booking], pseudonym: str, currency: str) -> BalanceLine:
    here = [one for one in mine if one.accrual.currency == currency]
    owed = books.journal.owed(pseudonym, currency)
    return BalanceLine(
        currency=currency,
        digits=minor_digits(currency),
        owed=owed,
        outstanding=max(owed, 0),
        earned=sum(one.amount for one in here if one.state in STANDING),
    )


def _line(books: WorkersBooks, one: Booking, pseudonym: str, waiting: set[str]) -> BookingLine:
    first = one.accrual
    priced = books.priced[first.use, first.number]
    return BookingLine(
        booking=first.booking,
        use=first.use,
        entry=first.log_index,
        at_ms=first.at_ms,
        purpose=priced.purpose,
        licensee=priced.licensee,
        milliseconds=sum(part.ms for part in priced.segments if part.pseudonym == pseudonym),
        amount=one.amount,
        currency=first.currency,
        state=one.state,
        open_to_dispute=one.state in STANDING and first.booking not in waiting,
    )


def _told(dispute: Dispute) -> DisputeLine:
    answer = dispute.answer
    return DisputeLine(
        dispute=dispute.dispute,
        booking=dispute.booking,
        reason=dispute.reason,
        at_ms=dispute.at_ms,
        answer=None
        if answer is None
        else AnswerLine(outcome=answer.outcome, reason=answer.reason, at_ms=answer.at_ms),
    )

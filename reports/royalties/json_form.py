"""A statement as JSON that another program can add up: whole minor units, UTC, and a published schema."""

import json
from collections.abc import Mapping
from typing import Literal

from consent.agreement.schema import Hash, Name, Strict
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.entries.bodies import Count, Currency, Identifier, Index, Instant, Pseudonym
from consent.entries.times import utc_text
from consent.royalties.disputes import Dispute, DisputeReason, Outcome, RejectionReason
from consent.royalties.journal import State
from consent.royalties.statement import Line, Receipt, Statement


class SegmentForm(Strict):
    """A segment of the worker's own."""

    segment: Identifier
    milliseconds: Count
    weight: str
    """A whole number or a fraction, such as 3/2."""


class DeductionForm(Strict):
    """Something that was taken off before anything was shared."""

    name: Name
    amount: Count


class UseForm(Strict):
    """A use and what it brought the worker. part = workers x mine / all, rounded; see docs/royalties.md."""

    booked: Instant
    booking: Identifier
    use: Identifier
    log_index: Index
    proof: str | None
    """Name of the proof file."""
    licensee: Name | None
    """Null: the plant itself."""
    purpose: MotionPurpose
    model: Hash | None
    segments: tuple[SegmentForm, ...]
    rate_card: Hash
    unit: RoyaltyUnit
    rate: Count
    quantity: Count
    """Milliseconds, models, or minor units of revenue, by the unit."""
    gross: Count
    deductions: tuple[DeductionForm, ...]
    net: Count
    workers: Count
    """The share of all workers together."""
    mine: str
    """Weighted milliseconds of the worker; a whole number or a fraction."""
    all: str
    part: Count
    state: State


class CorrectionForm(Strict):
    """A booking that was reversed."""

    corrected: Instant
    entry: Identifier
    booking: Identifier
    use: Identifier
    log_index: Index
    amount: Count


class ReceiptForm(Strict):
    """What the log says of a payment: SHA-256 of salt and content (UTF-8), one after the other."""

    content: str
    salt: Hash
    log_index: Index | None
    """Null: the log does not say it yet."""
    proof: str | None
    """Name of the proof file."""


class PaymentForm(Strict):
    """A payment; its reference is the end-to-end reference of the transfer."""

    paid: Instant
    payout: Identifier
    amount: int
    bookings: Count
    receipt: ReceiptForm | None
    """Null: lost, with what a backup did not hold."""


class AnswerForm(Strict):
    """The answer to a dispute."""

    answered: Instant
    outcome: Outcome
    reason: RejectionReason | None
    correction: Identifier | None


class DisputeForm(Strict):
    """A dispute that was opened or answered in the period."""

    opened: Instant
    dispute: Identifier
    booking: Identifier
    reason: DisputeReason
    answer: AnswerForm | None


class StatementForm(Strict):
    """A worker's statement of royalties. Amounts are whole minor units of the currency.

    opening + parts of uses - amounts of corrections - amounts of payments = closing.
    """

    fairtakt: Literal["royalty statement 1"]
    site: Name
    pseudonym: Pseudonym
    currency: Currency
    first: Instant
    before: Instant
    """The first instant that is not part of the period any more."""
    opening: int
    uses: tuple[UseForm, ...]
    corrections: tuple[CorrectionForm, ...]
    payments: tuple[PaymentForm, ...]
    carried_over: tuple[Instant, ...]
    closing: int
    outstanding: Count
    disputes: tuple[DisputeForm, ...]


def statement_form(
    statement: Statement, *, site: str, proofs: Mapping[int, str] | None = None
) -> StatementForm:
    """Return a statement as data that fits the schema."""
    return StatementForm(
        fairtakt="royalty statement 1",
        site=site,
        pseudonym=statement.pseudonym,
        currency=statement.currency,
        first=utc_text(statement.from_ms),
        before=utc_text(statement.to_ms),
        opening=statement.opening,
        uses=tuple(_use(line, proofs or {}) for line in statement.lines),
        corrections=tuple(
            CorrectionForm(
                corrected=utc_text(one.at_ms),
                entry=one.entry,
                booking=one.booking,
                use=one.use,
                log_index=one.log_index,
                amount=one.amount,
            )
            for one in statement.corrections
        ),
        payments=tuple(
            PaymentForm(
                paid=utc_text(one.at_ms),
                payout=one.payout,
                amount=one.amount,
                bookings=one.bookings,
                receipt=None if one.receipt is None else _receipt(one.receipt, proofs or {}),
            )
            for one in statement.payments
        ),
        carried_over=tuple(utc_text(at_ms) for at_ms in statement.carried_ms),
        closing=statement.closing,
        outstanding=statement.outstanding,
        disputes=tuple(_dispute(one) for one in statement.disputes),
    )


def statement_json(statement: Statement, *, site: str, proofs: Mapping[int, str] | None = None) -> str:
    """Return a statement as JSON text with a line feed at the end."""
    form = statement_form(statement, site=site, proofs=proofs)
    return json.dumps(form.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def schema_json() -> str:
    """Return the JSON Schema of statements, as `statement.schema.json` holds it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | StatementForm.model_json_schema()
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


def _use(line: Line, proofs: Mapping[int, str]) -> UseForm:
    priced, price = line.priced, line.priced.price
    return UseForm(
        booked=utc_text(line.at_ms),
        booking=line.booking,
        use=priced.use,
        log_index=priced.log_index,
        proof=proofs.get(priced.log_index),
        licensee=priced.licensee,
        purpose=priced.purpose,
        model=priced.model,
        segments=tuple(
            SegmentForm(segment=one.segment, milliseconds=one.ms, weight=str(one.weight))
            for one in priced.segments
        ),
        rate_card=price.card,
        unit=price.unit,
        rate=price.rate,
        quantity=price.quantity,
        gross=price.gross,
        deductions=tuple(DeductionForm(name=one.name, amount=one.amount) for one in price.deductions),
        net=price.net,
        workers=line.shared.workers,
        mine=str(line.shared.mine),
        all=str(line.shared.all),
        part=line.part,
        state=line.state,
    )


def _receipt(receipt: Receipt, proofs: Mapping[int, str]) -> ReceiptForm:
    index = receipt.log_index
    return ReceiptForm(
        content=receipt.content,
        salt=receipt.salt.hex(),
        log_index=index,
        proof=None if index is None else proofs.get(index),
    )


def _dispute(dispute: Dispute) -> DisputeForm:
    answer = dispute.answer
    return DisputeForm(
        opened=utc_text(dispute.at_ms),
        dispute=dispute.dispute,
        booking=dispute.booking,
        reason=dispute.reason,
        answer=None
        if answer is None
        else AnswerForm(
            answered=utc_text(answer.at_ms),
            outcome=answer.outcome,
            reason=answer.reason,
            correction=answer.correction,
        ),
    )

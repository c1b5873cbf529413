"""Disputes of bookings, and the one answer to each; neither is ever changed."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from consent.royalties.disputes import Answer, Dispute, DisputeReason, Outcome, RejectionReason
from consent.royalties.journal import Entry
from consent.royalties.priced import PricedUse
from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.lookup import NoSuch
from storage.sql.royalties import write_bookings
from storage.sql.tables import royalty_answer, royalty_dispute


def keep_dispute(database: Database, dispute: Dispute) -> None:
    """Keep a dispute; durable on return.

    Raises `BadInput` if its identifier is taken, or if the same booking has a dispute without an answer.
    """
    row = {
        "dispute": dispute.dispute,
        "booking": dispute.booking,
        "pseudonym": dispute.pseudonym,
        "reason": dispute.reason,
        "at_ms": dispute.at_ms,
    }
    waiting = (
        select(royalty_dispute.c.id)
        .outerjoin(royalty_answer, royalty_answer.c.dispute == royalty_dispute.c.dispute)
        .where(royalty_dispute.c.booking == dispute.booking, royalty_answer.c.dispute.is_(None))
    )
    try:
        with database.writing() as connection:
            if connection.execute(waiting.limit(1)).first() is not None:
                raise BadInput("booking is disputed already", expected="the answer first")
            connection.execute(insert(royalty_dispute).values(row))
    except IntegrityError:
        raise BadInput("dispute is known already", expected="a new identifier") from None


def keep_answer(database: Database, dispute: str, answer: Answer) -> None:
    """Keep the answer to a dispute. Raises `NoSuch`, and `BadInput` if it has one."""
    find_dispute(database, dispute)
    with database.writing() as connection:
        _answer(connection, dispute, answer)


def keep_correction(
    database: Database,
    dispute: str,
    answer: Answer,
    reversals: Sequence[Entry],
    priced: PricedUse,
    entries: Sequence[Entry],
) -> None:
    """Keep an answer with the reversals of the wrong price and the bookings of the right one: all, or none.

    Raises `NoSuch`, and `BadInput` if the dispute has an answer or the bookings do not stand any more.
    """
    find_dispute(database, dispute)
    with database.writing() as connection:
        write_bookings(connection, priced, [*reversals, *entries])
        _answer(connection, dispute, answer)


def find_dispute(database: Database, dispute: str) -> Dispute:
    """Return a dispute with its answer. Raises `NoSuch`."""
    for one in _disputes(database, dispute=dispute):
        return one
    raise NoSuch("no such dispute")


def disputes_of_worker(database: Database, pseudonym: str) -> list[Dispute]:
    """Return a worker's disputes, oldest first."""
    return _disputes(database, pseudonym=pseudonym)


def open_disputes(database: Database) -> list[Dispute]:
    """Return the disputes without an answer, oldest first."""
    return [one for one in _disputes(database) if one.answer is None]


def _answer(connection: Connection, dispute: str, answer: Answer) -> None:
    row = {
        "dispute": dispute,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "correction": answer.correction,
        "at_ms": answer.at_ms,
    }
    try:
        connection.execute(insert(royalty_answer).values(row))
    except IntegrityError:  # leaving by an error rolls everything back
        raise BadInput("dispute has an answer", expected="one that is open") from None


def _disputes(database: Database, **wanted: str) -> list[Dispute]:
    joined = royalty_dispute.outerjoin(royalty_answer, royalty_answer.c.dispute == royalty_dispute.c.dispute)
    query = select(
        royalty_dispute,
        royalty_answer.c.outcome,
        royalty_answer.c.reason.label("because"),
        royalty_answer.c.correction,
        royalty_answer.c.at_ms.label("answered_ms"),
    ).select_from(joined)
    for name, value in wanted.items():
        query = query.where(royalty_dispute.c[name] == value)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(royalty_dispute.c.id)).all()
    return [
        Dispute(
            row.dispute,
            row.booking,
            row.pseudonym,
            DisputeReason(row.reason),
            row.at_ms,
            None
            if row.outcome is None
            else Answer(
                Outcome(row.outcome),
                row.answered_ms,
                None if row.because is None else RejectionReason(row.because),
                row.correction,
            ),
        )
        for row in rows
    ]

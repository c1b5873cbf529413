"""A worker says that a booking is wrong; somebody answers. Reasons are closed lists, so no story is kept.

A dispute is open until it has its one answer: rejected with a reason, or corrected by reversing the booking.
"""

from dataclasses import dataclass
from enum import StrEnum

from consent.entries.vocabulary import Account
from consent.royalties.journal import STANDING, Entry, Journal, Kind
from productivity.errors import BadInput


class DisputeReason(StrEnum):
    """What the worker says is wrong."""

    AMOUNT = "the amount is not what was agreed"
    TIME = "the time is not right"
    WEIGHT = "the weight is not what was declared"
    NOT_MINE = "it is not my motion"
    NOT_PERMITTED = "I did not consent to this use"
    AFTER_WITHDRAWAL = "I had withdrawn before"


class RejectionReason(StrEnum):
    """Why a dispute was rejected."""

    AS_AGREED = "booked as the works agreement says"
    AS_LOGGED = "time and use are as the log says"
    AS_GRANTED = "the consent in the log permits it"
    CORRECTED_BEFORE = "corrected already"


class Outcome(StrEnum):
    """How a dispute was answered."""

    REJECTED = "rejected"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a dispute: a reason if it was rejected, else the entry that reversed the booking."""

    outcome: Outcome
    at_ms: int
    reason: RejectionReason | None = None
    correction: str | None = None

    def __post_init__(self) -> None:
        """Refuse an answer that says neither or both."""
        rejected = self.outcome is Outcome.REJECTED
        if rejected != (self.reason is not None) or rejected == (self.correction is not None):
            raise BadInput("not an answer", expected="a reason for a rejection, else the correction")


@dataclass(frozen=True, slots=True)
class Dispute:
    """A worker's dispute of one booking."""

    dispute: str
    """32 hexadecimal digits, random."""
    booking: str
    pseudonym: str
    reason: DisputeReason
    at_ms: int
    answer: Answer | None = None


def open_dispute(
    journal: Journal, dispute: str, booking: str, pseudonym: str, reason: DisputeReason, at_ms: int
) -> Dispute:
    """Return a new dispute. Raises `BadInput` unless the booking is the worker's own, and stands."""
    known = journal.bookings.get(booking)
    if known is None or known.share != (Account.WORKER, pseudonym):
        raise BadInput("no such booking", expected="one of the worker's own")
    if known.state not in STANDING:
        raise BadInput("booking was corrected already", expected="one that stands")
    return Dispute(dispute, booking, pseudonym, reason, at_ms)


def rejected(dispute: Dispute, reason: RejectionReason, at_ms: int) -> Answer:
    """Return the answer that rejects a dispute. Raises `BadInput` if it has an answer."""
    _require_open(dispute)
    return Answer(Outcome.REJECTED, at_ms, reason=reason)


def accepted(dispute: Dispute, correction: Entry, at_ms: int) -> Answer:
    """Return the answer that the booking was reversed by an entry. Raises `BadInput` if it was another."""
    _require_open(dispute)
    if correction.kind is not Kind.CORRECTED or correction.booking != dispute.booking:
        raise BadInput("correction is of another booking", expected="the reversal of the disputed one")
    return Answer(Outcome.CORRECTED, at_ms, correction=correction.entry)


def _require_open(dispute: Dispute) -> None:
    if dispute.answer is not None:
        raise BadInput("dispute has an answer", expected="one that is open")

"""A worker's statement for a period: each use, what it brought, what was corrected, paid, and is still owed.

Holds what CRM Directive 2014/26/EU Art. 18 and DSM Directive (EU) 2019/790 Art. 19 ask of statements to
rightholders: period, uses by licensee and purpose, price, deductions with names, the own part, what is
outstanding. Opening balance, uses, corrections and payments add up to the closing balance, or there is no
statement. A statement without anything is one too. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from consent.royalties import accounts
from consent.royalties.disputes import Dispute
from consent.royalties.journal import Entry, Journal, Kind, State
from consent.royalties.priced import PricedSegment, PricedUse
from consent.royalties.split import weighed
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class Shared:
    """How the net amount was shared, as far as a worker's part follows from it."""

    workers: int
    """The share of all workers together; minor units."""
    mine: Fraction
    """This worker's weighted milliseconds."""
    all: Fraction
    """Weighted milliseconds of all workers of the use."""


@dataclass(frozen=True, slots=True)
class Line:
    """A use, and what it brought the worker. `priced` holds the worker's own segments only."""

    at_ms: int
    booking: str
    priced: PricedUse
    shared: Shared
    part: int
    state: State
    """Where the booking stands at the end of the period."""
    disputes: tuple[Dispute, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A booking that was reversed in the period."""

    at_ms: int
    entry: str
    booking: str
    use: str
    log_index: int
    amount: int
    """What was taken back; not negative."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What opens the commitment by which the log knows a payment (`consent.royalties.payout.opens`)."""

    content: str
    salt: bytes
    log_index: int | None
    """None: not said in the log yet."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment in the period."""

    at_ms: int
    payout: str
    amount: int
    bookings: int
    """How many it paid."""
    receipt: Receipt | None = None
    """None: lost, with what a backup did not hold."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a worker is told of a period, from its first instant to before its last; in one currency."""

    pseudonym: str
    currency: str
    from_ms: int
    to_ms: int
    opening: int
    lines: tuple[Line, ...]
    corrections: tuple[Correction, ...]
    payments: tuple[Paid, ...]
    carried_ms: tuple[int, ...]
    """When a payout run left something for the next one."""
    closing: int
    disputes: tuple[Dispute, ...] = ()
    """Those that were opened or answered in the period."""

    def __post_init__(self) -> None:
        """Refuse a statement that does not add up."""
        if self.opening + self.earned - self.corrected - self.paid != self.closing:
            raise BadInput("statement does not add up", expected="opening and movements that are the closing")

    @property
    def earned(self) -> int:
        """What the uses of the period brought."""
        return sum(line.part for line in self.lines)

    @property
    def corrected(self) -> int:
        """What corrections took back in the period."""
        return sum(one.amount for one in self.corrections)

    @property
    def paid(self) -> int:
        """What was paid in the period."""
        return sum(one.amount for one in self.payments)

    @property
    def outstanding(self) -> int:
        """What is still to be paid: the closing balance, and nothing where more was paid than was right."""
        return max(self.closing, 0)

    @property
    def indices(self) -> tuple[int, ...]:
        """Log indices of the uses; a proof file belongs to each."""
        return tuple(
            sorted(
                {line.priced.log_index for line in self.lines} | {one.log_index for one in self.corrections}
            )
        )

    @property
    def paid_indices(self) -> tuple[int, ...]:
        """Log indices of payments that the log tells of; a proof file belongs to each, once co-signed."""
        receipts = (one.receipt for one in self.payments if one.receipt is not None)
        return tuple(sorted(one.log_index for one in receipts if one.log_index is not None))

    @property
    def nothing(self) -> bool:
        """Whether nothing happened, and nothing is owed: that is a statement too."""
        moved = self.lines or self.corrections or self.payments or self.carried_ms or self.disputes
        return not (moved or self.opening or self.closing)


def statement(
    journal: Journal,
    priced: Mapping[tuple[str, int], PricedUse],
    shares: Mapping[tuple[str, int], int],
    pseudonym: str,
    currency: str,
    period: tuple[int, int],
    disputes: Iterable[Dispute] = (),
    receipts: Mapping[str, Receipt] = MappingProxyType({}),
) -> Statement:
    """Return a worker's statement; `receipts` by payout.

    `journal` holds at least all entries of the worker's bookings; `priced` their uses by identifier and
    number, and `shares` what all workers got of each. Raises `BadInput` if the period has no order.
    """
    from_ms, to_ms = period
    if from_ms >= to_ms:
        raise BadInput("period has no order", expected="a beginning before its end")
    mine = accounts.worker(pseudonym)
    own = {
        booking
        for booking, known in journal.bookings.items()
        if known.account == mine and known.accrual.currency == currency
    }
    entries = [entry for entry in _in_order(journal.entries) if entry.booking in own and entry.at_ms < to_ms]
    at_end = Journal.of(entries)
    at_start = Journal.of(entry for entry in entries if entry.at_ms < from_ms)
    moved = [entry for entry in entries if entry.at_ms >= from_ms]
    theirs = [one for one in disputes if one.pseudonym == pseudonym and one.booking in own]
    lines = tuple(
        _line(entry, at_end, priced[entry.use, entry.number], shares[entry.use, entry.number], theirs)
        for entry in moved
        if entry.kind is Kind.ACCRUED
    )
    return Statement(
        pseudonym=pseudonym,
        currency=currency,
        from_ms=from_ms,
        to_ms=to_ms,
        opening=at_start.owed(pseudonym, currency),
        lines=lines,
        corrections=tuple(_correction(entry, mine) for entry in moved if entry.kind is Kind.CORRECTED),
        payments=_payments(moved, mine, receipts),
        carried_ms=tuple(sorted({entry.at_ms for entry in moved if entry.kind is Kind.CARRIED})),
        closing=at_end.owed(pseudonym, currency),
        disputes=tuple(one for one in theirs if _touches(one, from_ms, to_ms)),
    )


def _in_order(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Give no step of a booking an earlier time than the step before: a clock may have been set back."""
    latest: dict[str, int] = {}
    for entry in entries:
        at_ms = latest[entry.booking] = max(entry.at_ms, latest.get(entry.booking, entry.at_ms))
        yield replace(entry, at_ms=at_ms)


def workers_shares(journal: Journal) -> dict[tuple[str, int], int]:
    """Return what all workers together were booked for each price, in a journal that holds all of it."""
    sums: dict[tuple[str, int], int] = {}
    for booking in journal.bookings.values():
        if booking.share is not None and booking.share[1] is not None:
            key = (booking.accrual.use, booking.accrual.number)
            sums[key] = sums.get(key, 0) + booking.amount
    return sums


def _line(entry: Entry, at_end: Journal, priced: PricedUse, workers: int, disputes: list[Dispute]) -> Line:
    booking = at_end.bookings[entry.booking]
    share = booking.share
    pseudonym = "" if share is None or share[1] is None else share[1]
    parts = weighed(priced.contributions)
    own: tuple[PricedSegment, ...] = tuple(one for one in priced.segments if one.pseudonym == pseudonym)
    return Line(
        at_ms=entry.at_ms,
        booking=entry.booking,
        priced=replace(priced, segments=own),  # other workers' pseudonyms are none of this worker's business
        shared=Shared(workers, parts[pseudonym], sum(parts.values(), Fraction(0))),
        part=booking.amount,
        state=booking.state,
        disputes=tuple(one for one in disputes if one.booking == entry.booking),
    )


def _correction(entry: Entry, account: str) -> Correction:
    amount = sum(post.amount for post in entry.posts if post.account == account)
    return Correction(entry.at_ms, entry.entry, entry.booking, entry.use, entry.log_index, amount)


def _payments(moved: list[Entry], account: str, receipts: Mapping[str, Receipt]) -> tuple[Paid, ...]:
    found: dict[str, Paid] = {}
    for entry in moved:
        if entry.payout is None:
            continue
        amount = sum(post.amount for post in entry.posts if post.account == account)
        first = Paid(entry.at_ms, entry.payout, 0, 0, receipts.get(entry.payout))
        before = found.get(entry.payout, first)
        bookings = before.bookings + (entry.kind is Kind.PAID)
        found[entry.payout] = replace(before, amount=before.amount + amount, bookings=bookings)
    return tuple(found.values())


def _touches(dispute: Dispute, from_ms: int, to_ms: int) -> bool:
    times = [dispute.at_ms] + ([] if dispute.answer is None else [dispute.answer.at_ms])
    return any(from_ms <= at < to_ms for at in times)

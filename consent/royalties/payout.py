"""What is paid out now, and what carries over.

Per worker: all open bookings, less what was paid for bookings that were corrected since. The balance is paid
if it is at least the threshold of the agreement; else it carries over. Of more bookings than one payout can
name, the largest come first: however many small ones there are, they stand in nobody's way. A consent plays
no part in it: money that was owed before a withdrawal stays owed, and is paid.

A payout stands in the log as a list of bookings and a salted commitment; pseudonym, amount and currency are
in the content that it commits to, which the worker gets with the salt. Pure: salts are given.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from consent.canonical import canonical_json
from consent.entries.bodies import RoyaltyPaid
from consent.entries.vocabulary import Account
from consent.royalties.journal import OPEN, Booking, Entry, Journal, Kind, State, following
from productivity.errors import BadInput

AT_ONCE = 1024
"""Bookings that one entry of the log can name; more are paid by the next run."""


class CarriedBecause(StrEnum):
    """Why a worker is not paid now."""

    THRESHOLD = "less than the threshold"
    NO_ACCOUNT = "no bank account is known"


@dataclass(frozen=True, slots=True)
class Payout:
    """Money for one worker, in one transfer."""

    payout: str
    run: str
    pseudonym: str
    amount: int
    currency: str
    bookings: tuple[str, ...]
    settles: tuple[str, ...]
    """Bookings that were corrected after they were paid: their payment counts towards this one."""
    salt: bytes
    at_ms: int

    @property
    def content(self) -> str:
        """What the commitment is to: canonical JSON."""
        return canonical_json(
            {
                "payout": self.payout,
                "pseudonym": self.pseudonym,
                "amount": self.amount,
                "currency": self.currency,
                "bookings": list(self.bookings),
                "settles": list(self.settles),
            }
        )

    @property
    def commitment(self) -> str:
        """SHA-256 of salt and content, in hexadecimal digits."""
        return hashlib.sha256(self.salt + self.content.encode()).hexdigest()

    @property
    def body(self) -> RoyaltyPaid:
        """What the log says of it."""
        return RoyaltyPaid(payout=self.payout, bookings=self.bookings, commitment=self.commitment)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a worker is still owed after a run."""

    pseudonym: str
    amount: int
    because: CarriedBecause


@dataclass(frozen=True, slots=True)
class Run:
    """A payout run: transfers, what carries over, and the entries of the journal for both."""

    run: str
    payouts: tuple[Payout, ...]
    carried: tuple[Carried, ...]
    entries: tuple[Entry, ...]


def plan_run(
    journal: Journal,
    run: str,
    currency: str,
    threshold: int,
    at_ms: int,
    *,
    draw_salt: Callable[[], bytes],
    payable: Collection[str] | None = None,
) -> Run:
    """Work out a payout run over the whole journal; nothing is changed.

    `payable` are the pseudonyms whose bank account is known; None: all. Salts must be 32 random bytes.
    """
    if len(run) != 32:
        raise BadInput("run has no identifier", expected="32 hexadecimal digits")
    payouts: list[Payout] = []
    carried: list[Carried] = []
    entries: list[Entry] = []
    for pseudonym, (due, overpaid) in sorted(_by_worker(journal, currency).items()):
        now, later = _first(due)
        settled = sum(one.amount for one in overpaid)
        owed, amount = sum(one.amount for one in due) - settled, sum(one.amount for one in now) - settled
        known = payable is None or pseudonym in payable
        if owed <= 0:  # what was paid before covers it
            continue
        if known and owed >= threshold and amount > 0:
            payout = _payout(run, pseudonym, amount, currency, now, overpaid, draw_salt(), at_ms)
            payouts.append(payout)
            entries += [_step(Kind.PAID, one, run, at_ms, payout.payout) for one in now]
            entries += [_step(Kind.SETTLED, one, run, at_ms, payout.payout) for one in overpaid]
        else:
            because = CarriedBecause.THRESHOLD if known else CarriedBecause.NO_ACCOUNT
            carried.append(Carried(pseudonym, owed, because))
            later = due
        entries += [_step(Kind.CARRIED, one, run, at_ms) for one in later]
    return Run(run, tuple(payouts), tuple(carried), tuple(entries))


def paid_already(journal: Journal, said: Iterable[tuple[RoyaltyPaid, int]]) -> list[Entry]:
    """Return the payments that the log tells of and the journal lacks, as after a restore from a backup.

    `said` are payouts and when they were logged, in milliseconds. Nobody is paid again for these bookings.
    What else such a payout settled is not known any more, nor are bookings that the journal itself lacks.
    """
    known = {entry.payout for entry in journal.entries}
    return [
        _step(Kind.PAID, booking, body.payout, at_ms, body.payout)
        for body, at_ms in said
        if body.payout not in known
        for booking in map(journal.bookings.get, body.bookings)
        if booking is not None and booking.state in OPEN
    ]


def opens(commitment: str, content: str, salt: bytes) -> bool:
    """Tell whether a commitment in the log is to this content."""
    return hashlib.sha256(salt + content.encode()).hexdigest() == commitment


def _by_worker(journal: Journal, currency: str) -> dict[str, tuple[list[Booking], list[Booking]]]:
    found: dict[str, tuple[list[Booking], list[Booking]]] = {}
    for booking in journal.bookings.values():  # in the order of their accrual
        account, pseudonym = booking.share or (None, None)
        if account is not Account.WORKER or pseudonym is None or booking.accrual.currency != currency:
            continue
        if booking.state in OPEN:
            found.setdefault(pseudonym, ([], []))[0].append(booking)
        elif booking.state is State.OVERPAID:
            found.setdefault(pseudonym, ([], []))[1].append(booking)
    return {name: both for name, both in found.items() if both[0]}


def _first(due: list[Booking]) -> tuple[list[Booking], list[Booking]]:
    """Divide bookings into those of the next payout and those that must wait, each in their old order."""
    largest = sorted(due, key=lambda one: -one.amount)[:AT_ONCE]
    first = {one.accrual.booking for one in largest}
    return (
        [one for one in due if one.accrual.booking in first],
        [one for one in due if one.accrual.booking not in first],
    )


def _payout(
    run: str,
    pseudonym: str,
    amount: int,
    currency: str,
    due: list[Booking],
    overpaid: list[Booking],
    salt: bytes,
    at_ms: int,
) -> Payout:
    return Payout(
        payout=_identifier("payout", run, pseudonym, currency),
        run=run,
        pseudonym=pseudonym,
        amount=amount,
        currency=currency,
        bookings=tuple(one.accrual.booking for one in due),
        settles=tuple(one.accrual.booking for one in overpaid),
        salt=salt,
        at_ms=at_ms,
    )


def _step(kind: Kind, booking: Booking, run: str, at_ms: int, payout: str | None = None) -> Entry:
    return following(kind, booking, _identifier(kind, run, booking.accrual.booking), at_ms, payout)


def _identifier(*parts: str) -> str:
    return hashlib.sha256("\n".join(("royalty", *parts)).encode()).hexdigest()[:32]

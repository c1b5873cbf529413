"""The royalty journal: double entry, only ever appended to, in whole minor units.

An entry is about one booking and names the log index of the use that caused it. What may follow what stands
in `TRANSITIONS`:

    accrued --> carried --> paid --> overpaid --> settled
       |           |         ^
       +-----------+---------+        overpaid: corrected after it was paid; the next payout is less by it
       +--> corrected

Rules, each enforced by `Journal.append`:

1. Debits equal credits in each entry, and no entry is there twice.
2. An accrual debits who is charged and credits a share or a deduction.
3. A correction reverses its accrual as a whole, post by post. What is right is accrued anew.
4. A payment debits the worker with the whole booking; money was sent. Settling is its opposite: an earlier
   payment counts towards this one.
5. Carrying over moves nothing. It is written down so that a statement can say why there was no payment.
6. Later entries of a booking keep its use, log index, price and currency.

Pure; reads no clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from consent.entries.vocabulary import Account
from consent.royalties import accounts
from productivity.errors import BadInput


class Kind(StrEnum):
    """What an entry does to its booking."""

    ACCRUED = "accrued"
    CORRECTED = "corrected"
    CARRIED = "carried over"
    PAID = "paid"
    SETTLED = "settled"


class State(StrEnum):
    """Where a booking stands."""

    ACCRUED = "accrued"
    CARRIED = "carried over"
    """Still owed: a payout left it for the next one."""
    PAID = "paid"
    CORRECTED = "corrected"
    OVERPAID = "overpaid"
    """Paid, then corrected: it counts towards the next payout."""
    SETTLED = "settled"


TRANSITIONS: Mapping[tuple[State | None, Kind], State] = MappingProxyType(
    {
        (None, Kind.ACCRUED): State.ACCRUED,
        (State.ACCRUED, Kind.CARRIED): State.CARRIED,
        (State.CARRIED, Kind.CARRIED): State.CARRIED,
        (State.ACCRUED, Kind.PAID): State.PAID,
        (State.CARRIED, Kind.PAID): State.PAID,
        (State.ACCRUED, Kind.CORRECTED): State.CORRECTED,
        (State.CARRIED, Kind.CORRECTED): State.CORRECTED,
        (State.PAID, Kind.CORRECTED): State.OVERPAID,
        (State.OVERPAID, Kind.SETTLED): State.SETTLED,
    }
)

OPEN = frozenset({State.ACCRUED, State.CARRIED})
"""Owed and not yet paid."""
STANDING = frozenset({State.ACCRUED, State.CARRIED, State.PAID})
"""Not corrected."""


@dataclass(frozen=True, slots=True)
class Post:
    """One side of an entry: a debit above zero, a credit below."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal; an accrual's `booking` is its own identifier."""

    entry: str
    """32 hexadecimal digits."""
    kind: Kind
    booking: str
    use: str
    number: int
    """Of the price of the use, from 0."""
    log_index: int
    """Of the use in the log."""
    currency: str
    at_ms: int
    posts: tuple[Post, ...]
    payout: str | None = None

    def __post_init__(self) -> None:
        """Refuse an entry that does not balance, or lacks what its kind needs."""
        if sum(post.amount for post in self.posts):
            raise BadInput("entry does not balance", expected="debits that equal credits")
        if len(self.posts) != (0 if self.kind is Kind.CARRIED else 2):
            raise BadInput("entry has another number of posts", expected="two, and none if carried over")
        if (self.kind in {Kind.PAID, Kind.SETTLED}) != (self.payout is not None):
            raise BadInput("entry does not fit", expected="a payout for what is paid or settled, no other")
        if (self.kind is Kind.ACCRUED) != (self.entry == self.booking):
            raise BadInput("entry does not fit", expected="a booking of its own for an accrual, no other")
        if self.log_index < 0 or self.number < 0:
            raise BadInput("entry names no use", expected="the log index of the use that caused it")


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking: its accrual, and where it stands now."""

    accrual: Entry
    state: State

    @property
    def account(self) -> str:
        """The account that it was booked to."""
        return self.accrual.posts[1].account

    @property
    def amount(self) -> int:
        """What was booked; not negative."""
        return self.accrual.posts[0].amount

    @property
    def share(self) -> tuple[Account, str | None] | None:
        """Whose it is, as the log names it; None for a deduction."""
        return accounts.share_of(self.account)


@dataclass(slots=True)
class Journal:
    """Entries in order, and what follows from them. Holds all entries of each booking that it holds."""

    entries: list[Entry] = field(default_factory=list)
    bookings: dict[str, Booking] = field(default_factory=dict)
    _balances: dict[tuple[str, str], int] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Journal":
        """Return the journal of entries that were kept. Raises `BadInput` if they break a rule."""
        journal = cls()
        for entry in entries:
            journal.append(entry)
        return journal

    def append(self, entry: Entry) -> None:
        """Append an entry. Raises `BadInput`, and nothing has changed, if it breaks a rule."""
        known = self.bookings.get(entry.booking)
        state = TRANSITIONS.get((None if known is None else known.state, entry.kind))
        if state is None or entry.entry in self._known:
            at = "unknown" if known is None else known.state
            raise BadInput(
                "not a step of a booking", expected="one of the table", found=f"{at}, {entry.kind}"
            )
        if known is None:
            _check_accrual(entry)
        else:
            _check_follows(entry, known)
        accrual = entry if known is None else known.accrual
        self.entries.append(entry)
        self._known.add(entry.entry)
        self.bookings[entry.booking] = Booking(accrual, state)
        for post in entry.posts:
            key = (post.account, entry.currency)
            self._balances[key] = self._balances.get(key, 0) + post.amount

    def balance(self, account: str, currency: str) -> int:
        """Return an account's balance: a debit above zero, a credit below."""
        return self._balances.get((account, currency), 0)

    def balances(self) -> Mapping[tuple[str, str], int]:
        """Return the balance of each account and currency that was ever posted to."""
        return MappingProxyType(self._balances)

    def owed(self, pseudonym: str, currency: str) -> int:
        """Return what is owed to a worker; below zero if more was paid than was right."""
        return -self.balance(accounts.worker(pseudonym), currency)


def _check_accrual(entry: Entry) -> None:
    debit, credit = entry.posts
    creditor = accounts.share_of(credit.account) is not None or accounts.is_deduction(credit.account)
    if not (accounts.is_debtor(debit.account) and creditor and debit.amount >= 0):
        raise BadInput("not an accrual", expected="a debit of who is charged, a credit of a share")


def _check_follows(entry: Entry, booking: Booking) -> None:
    first = booking.accrual
    if (entry.use, entry.number, entry.log_index, entry.currency) != (
        first.use,
        first.number,
        first.log_index,
        first.currency,
    ):
        raise BadInput(
            "entry is about another use", expected="use, price, log index, currency of its booking"
        )
    if entry.posts != posts_of(entry.kind, booking):
        raise BadInput("posts do not fit", expected=f"those that follow from the booking, for {entry.kind}")


def posts_of(kind: Kind, booking: Booking) -> tuple[Post, ...]:
    """Return the posts that an entry of this kind about a booking has: nobody chooses them."""
    amount = booking.amount
    match kind:
        case Kind.CORRECTED:
            return tuple(Post(post.account, -post.amount) for post in booking.accrual.posts)
        case Kind.PAID | Kind.SETTLED:
            if booking.share is None or booking.share[0] is not Account.WORKER:
                raise BadInput("only workers are paid out here", expected="a booking to a worker")
            sent = amount if kind is Kind.PAID else -amount
            return Post(booking.account, sent), Post(accounts.PAID_OUT, -sent)
        case _:
            return ()


def following(kind: Kind, booking: Booking, entry: str, at_ms: int, payout: str | None = None) -> Entry:
    """Return the entry that takes a booking a step further."""
    first = booking.accrual
    return Entry(
        entry,
        kind,
        first.booking,
        first.use,
        first.number,
        first.log_index,
        first.currency,
        at_ms,
        posts_of(kind, booking),
        payout,
    )

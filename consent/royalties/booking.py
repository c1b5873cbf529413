"""From a priced use to the journal and the log, and back again where it was wrong.

The identifier of a booking follows from use, price, account and pseudonym: after a crash the same bookings
come out again, and what is already there is recognised. One entry per share: each can be reversed, paid and
disputed by itself. Every worker of a use gets a booking, even of nothing: that too is a statement.
"""

import hashlib
from collections.abc import Iterable

from consent.agreement.schema import Royalties
from consent.entries.bodies import RoyaltyAccrued, RoyaltyCorrected
from consent.entries.vocabulary import Account
from consent.royalties import accounts
from consent.royalties.journal import STANDING, Entry, Journal, Kind, Post, following
from consent.royalties.priced import PricedUse
from consent.royalties.split import split
from productivity.errors import BadInput


def booking_id(use: str, number: int, account: str) -> str:
    """Return the identifier of a booking: 32 hexadecimal digits of SHA-256 over use, price and account.

    The account of a worker holds the pseudonym (`consent.royalties.accounts.worker`).
    """
    return _identifier("booking", use, str(number), account)


def book(priced: PricedUse, royalties: Royalties, at_ms: int) -> tuple[Entry, ...]:
    """Return the accruals of a priced use: deductions, workers, collective, plant. Together they are gross.

    `royalties` are those of the agreement that the price names. Raises `BadInput` if the currency is another.
    """
    price = priced.price
    if price.currency != royalties.currency:
        raise BadInput("price is in another currency", expected=royalties.currency, found=price.currency)
    shares = split(price.net, royalties, priced.use, priced.contributions)
    owed: list[tuple[str, int]] = [(accounts.deduction(one.name), one.amount) for one in price.deductions]
    owed += [(accounts.worker(name), shares.workers[name]) for name in sorted(shares.workers)]
    owed += [(accounts.COLLECTIVE, shares.collective), (accounts.PLANT, shares.plant)]
    return tuple(
        _accrual(priced, account, amount, at_ms)
        for account, amount in owed
        if amount or accounts.share_of(account) not in {(Account.COLLECTIVE, None), (Account.PLANT, None)}
    )


def accrued_bodies(entries: Iterable[Entry]) -> tuple[RoyaltyAccrued, ...]:
    """Return what the log says of accruals; it says nothing of deductions."""
    bodies = []
    for entry in entries:
        share = accounts.share_of(entry.posts[1].account) if entry.kind is Kind.ACCRUED else None
        if share is not None:
            account, pseudonym = share
            body = RoyaltyAccrued(
                booking=entry.booking,
                use=entry.use,
                account=account,
                pseudonym=pseudonym,
                amount=entry.posts[0].amount,
                currency=entry.currency,
            )
            bodies.append(body)
    return tuple(bodies)


def correct(journal: Journal, booking: str, at_ms: int) -> Entry:
    """Return the entry that reverses a booking as a whole. Raises `BadInput` if it does not stand."""
    known = journal.bookings.get(booking)
    if known is None or known.state not in STANDING:
        raise BadInput("booking cannot be corrected", expected="one that stands")
    return following(Kind.CORRECTED, known, _identifier("correction", booking), at_ms)


def correct_price(journal: Journal, use: str, number: int, at_ms: int) -> tuple[Entry, ...]:
    """Return the entries that reverse everything that was booked for a price of a use, so far as it stands.

    What is right is then priced with the next number, and booked: shares follow from the agreement again.
    """
    wrong = [
        one
        for one, booking in journal.bookings.items()
        if (booking.accrual.use, booking.accrual.number) == (use, number) and booking.state in STANDING
    ]
    if not wrong:
        raise BadInput("nothing to correct", expected="a price whose bookings stand")
    return tuple(correct(journal, one, at_ms) for one in wrong)


def corrected_bodies(journal: Journal, entries: Iterable[Entry]) -> tuple[RoyaltyCorrected, ...]:
    """Return what the log says of corrections; it says nothing of deductions."""
    return tuple(
        RoyaltyCorrected(booking=entry.entry, reverses=entry.booking)
        for entry in entries
        if entry.kind is Kind.CORRECTED and journal.bookings[entry.booking].share is not None
    )


def _accrual(priced: PricedUse, account: str, amount: int, at_ms: int) -> Entry:
    booking = booking_id(priced.use, priced.number, account)
    posts = (Post(accounts.debtor(priced.licensee), amount), Post(account, -amount))
    return Entry(
        entry=booking,
        kind=Kind.ACCRUED,
        booking=booking,
        use=priced.use,
        number=priced.number,
        log_index=priced.log_index,
        currency=priced.price.currency,
        at_ms=at_ms,
        posts=posts,
    )


def _identifier(*parts: str) -> str:
    return hashlib.sha256("\n".join(("royalty", *parts)).encode()).hexdigest()[:32]

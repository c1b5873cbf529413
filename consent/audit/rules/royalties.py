"""Check 13: each use is logged before it produces anything, and booked as the agreement says.

The log shows that bookings exist, their currency and their shares; that the price is right needs the terms,
whose hash alone stands in it. Amounts are whole minor units, so a share may be off by one per booking.
"""

from consent.agreement.language import Text
from consent.agreement.schema import Royalties
from consent.agreement.vocabulary import RoyaltyUnit
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import Booking, Facts, Grant, Use
from consent.audit.findings import Book, plain
from consent.entries.bodies import (
    MotionExported,
    MotionUsed,
    RoyaltyAccrued,
    RoyaltyCorrected,
    RoyaltyPaid,
)
from consent.entries.vocabulary import Account

BOOKED_WITHIN_MS = 24 * 3600_000
"""From a use to its bookings; a day is what a nightly run needs. No legal source."""

_KNOWN_LATER = frozenset({RoyaltyUnit.DEPLOYMENT_HOUR, RoyaltyUnit.REVENUE_SHARE})
"""What is paid by these is known only when there is something to share."""


def begun(case: Case, body: MotionUsed, grants: tuple[Grant, ...]) -> None:
    """Begin a use; its bookings are to follow."""
    case.book.looked(Check.ROYALTIES)
    if body.use in case.facts.uses:
        case.find(Check.ROYALTIES, Text("Nutzung zum zweiten Mal", "use for the second time"))
        return
    lines = (case.facts.agreements.get(grant.agreement) for grant in grants)
    agreed = next((line.agreement.royalties for line in lines if line is not None), None)
    workers = frozenset(grant.pseudonym for grant in grants)
    case.facts.uses[body.use] = Use(case.index, case.at_ms, body.purpose, agreed, workers)


def exported(case: Case, body: MotionExported) -> None:
    """Judge that a use has produced something."""
    if body.use not in case.facts.uses:
        what = Text(
            "Ausfuhr ohne zuvor protokollierte Nutzung", "export without a use that was logged before"
        )
        case.find(Check.ROYALTIES, what)


def accrued(case: Case, body: RoyaltyAccrued) -> None:
    """Book a share of a use's price."""
    case.book.looked(Check.ROYALTIES)
    use = case.facts.uses.get(body.use)
    if use is None:
        case.find(Check.ROYALTIES, Text("Buchung ohne Nutzung", "booking without a use"))
    elif body.booking in case.facts.bookings:
        case.find(Check.ROYALTIES, _TWICE)
    elif use.royalties is None or body.currency != use.royalties.currency:
        expected = None if use.royalties is None else plain(use.royalties.currency)
        case.find(
            Check.ROYALTIES,
            Text("Währung der Buchung", "currency of the booking"),
            expected,
            plain(body.currency),
        )
    elif body.pseudonym is not None and body.pseudonym not in use.workers:
        what = Text(
            "Buchung für jemanden, dessen Daten nicht genutzt wurden",
            "booking for somebody whose motion was not used",
        )
        case.find(Check.ROYALTIES, what)
    else:
        case.facts.bookings[body.booking] = Booking(body.use, body.account, body.amount)
        use.booked[body.account] += body.amount
        use.bookings += 1
        case.facts.paid[body.currency, body.account] += body.amount


def corrected(case: Case, body: RoyaltyCorrected) -> None:
    """Reverse a booking as a whole, once."""
    case.book.looked(Check.ROYALTIES)
    wrong = case.facts.bookings.get(body.reverses)
    if wrong is None or wrong.reversed:
        what = Text("Storno ohne offene Buchung", "reversal without a booking that stands")
        case.find(Check.ROYALTIES, what)
    elif body.booking in case.facts.bookings:
        case.find(Check.ROYALTIES, _TWICE)
    else:
        wrong.reversed = True
        use = case.facts.uses[wrong.use]
        case.facts.bookings[body.booking] = Booking(wrong.use, wrong.account, 0, reversed=True)
        use.booked[wrong.account] -= wrong.amount
        use.bookings -= 1
        if use.royalties is not None:
            case.facts.paid[use.royalties.currency, wrong.account] -= wrong.amount


def paid(case: Case, body: RoyaltyPaid) -> None:
    """Pay bookings out, each once."""
    case.book.looked(Check.ROYALTIES)
    for booking in body.bookings:
        known = case.facts.bookings.get(booking)
        if known is None or known.reversed or known.paid:
            what = Text("Auszahlung ohne offene Buchung", "payout without a booking that is open")
            case.find(Check.ROYALTIES, what)
            return
        known.paid = True


def finish(facts: Facts, book: Book, now_ms: int) -> None:
    """Hold the bookings of each use against the agreement."""
    for use in facts.uses.values():
        rates = () if use.royalties is None else use.royalties.rate_card
        units = {rate.unit for rate in rates if rate.purpose is use.purpose}
        if use.bookings and use.royalties is not None:
            _judge_shares(book, use, use.royalties)
        elif units and now_ms > use.at_ms + BOOKED_WITHIN_MS:
            what = Text("Nutzung ohne Vergütung", "use without a royalty")
            say = book.warn if units <= _KNOWN_LATER else book.find
            say(Check.ROYALTIES, use.index, what)


def _judge_shares(book: Book, use: Use, royalties: Royalties) -> None:
    total = sum(use.booked.values())
    shares = {
        Account.WORKER: royalties.worker_share_percent,
        Account.COLLECTIVE: royalties.collective_share_percent,
    }
    for account, percent in shares.items():
        # In hundredths of a minor unit: exact, and off by less than one unit for each booking.
        if abs(use.booked[account] * 100 - total * percent) > 100 * use.bookings:
            found = plain(f"{use.booked[account]} / {total}")
            what = Text("Anteil weicht von der Vereinbarung ab", "share is not what was agreed")
            book.find(Check.ROYALTIES, use.index, what, plain(f"{account} {percent} %"), found)
            return


_TWICE = Text("Buchung zum zweiten Mal", "booking for the second time")

"""Uses of motion, prices and journals, made by hand or drawn at random."""

import hashlib
from fractions import Fraction

from hypothesis import strategies as st

from consent.agreement.schema import Rate, Royalties
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.royalties.booking import book, correct_price
from consent.royalties.journal import Journal
from consent.royalties.payout import plan_run
from consent.royalties.price import Deduction, Price, gross_of
from consent.royalties.priced import PricedSegment, PricedUse

CARD = "ab" * 32
HOUR = 3_600_000


def identifier(*words):
    return hashlib.sha256(repr(words).encode()).hexdigest()[:32]


def worker(name):
    return f"w-{identifier(name)}"


ANNA, BORA, CEM = (worker(name) for name in ("first", "second", "third"))


def royalties(workers=70, collective=20, threshold=2000):
    rates = (
        Rate(purpose=MotionPurpose.LICENSING, unit=RoyaltyUnit.MOTION_HOUR, amount=4000),
        Rate(purpose=MotionPurpose.LICENSING, unit=RoyaltyUnit.MODEL, amount=100_01),
        Rate(purpose=MotionPurpose.LICENSING, unit=RoyaltyUnit.REVENUE_SHARE, amount=300),
    )
    return Royalties(
        currency="EUR",
        rate_card=rates,
        worker_share_percent=workers,
        collective_share_percent=collective,
        payout_threshold=threshold,
    )


def segments(*spans):
    """Make segments of (worker, milliseconds) or (worker, milliseconds, weight)."""
    return tuple(
        PricedSegment(identifier("segment", number, *span), span[0], span[1], Fraction(*span[2:] or (1,)))
        for number, span in enumerate(spans)
    )


THREE_TO_TWO_TO_TWO = segments((ANNA, 60_000), (ANNA, 30_000), (BORA, 60_000), (CEM, 60_000))


def use(name="a use", spans=THREE_TO_TWO_TO_TWO, amount=100_01, deductions=(), **changes):
    """Make a use whose gross price is `amount`: one model at that rate."""
    price = Price(
        RoyaltyUnit.MODEL, amount, 1, "EUR", CARD, gross_of(RoyaltyUnit.MODEL, amount, 1), deductions
    )
    values = {
        "use": identifier(name),
        "number": 0,
        "log_index": 7,
        "purpose": MotionPurpose.LICENSING,
        "licensee": "Robotics buyer",
        "model": None,
        "segments": spans,
        "price": price,
    }
    return PricedUse(**{**values, **changes})


def journal_of(*uses, at_ms=1000, agreed=None):
    """Book uses one after another."""
    journal = Journal()
    for one in uses:
        for entry in book(one, agreed or royalties(), at_ms):
            journal.append(entry)
    return journal


def salt():
    return b"s" * 32


workers = st.sampled_from([worker(number) for number in range(6)])
weights = st.fractions(Fraction(1, 9), Fraction(9), max_denominator=9)
spans = st.lists(
    st.builds(PricedSegment, st.uuids().map(lambda one: one.hex), workers, st.integers(0, 60_000), weights),
    min_size=1,
    max_size=12,
).map(tuple)
agreements = st.integers(1, 100).flatmap(
    lambda mine: st.integers(0, 100 - mine).flatmap(
        lambda theirs: st.integers(0, 5000).map(lambda least: royalties(mine, theirs, least))
    )
)


@st.composite
def uses(draw, name=None):
    """Draw a use, at times with deductions."""
    amount = draw(st.integers(0, 10**9))
    fee = draw(st.integers(0, amount))
    deductions = (Deduction("fees", fee),) if fee else ()
    name = name if name is not None else draw(st.integers(0, 10**6))
    licensee = draw(st.sampled_from(["Robotics buyer", None]))
    index = draw(st.integers(0, 10**6))
    return use(name, draw(spans), amount, deductions, licensee=licensee, log_index=index)


@st.composite
def histories(draw):
    """Draw what may happen to a ledger: uses, corrections with new bookings, payout runs, in any order.

    Returns the journal, the prices, and the agreement; each step takes place at a time of its own.
    """
    agreed = draw(agreements)
    journal, priced = Journal(), {}
    for at_ms in range(1, draw(st.integers(2, 9))):
        step = draw(st.sampled_from(["use", "use", "correct", "pay"]))
        if step == "use" or not priced:
            new = draw(uses(at_ms))
            added = book(new, agreed, at_ms)
            priced[new.use, 0] = new
        elif step == "correct":
            old = priced[draw(st.sampled_from(sorted(one for one in priced if not _corrected(journal, one))))]
            right = draw(uses(at_ms))
            again = use(
                spans=right.segments,
                amount=right.price.gross,
                use=old.use,
                number=old.number + 1,
                licensee=old.licensee,
                log_index=old.log_index,
            )
            added = correct_price(journal, old.use, old.number, at_ms) + book(again, agreed, at_ms)
            priced[again.use, again.number] = again
        else:
            run = plan_run(
                journal, identifier("run", at_ms), "EUR", agreed.payout_threshold, at_ms, draw_salt=salt
            )
            added = run.entries
        for entry in added:
            journal.append(entry)
    return journal, priced, agreed


def _corrected(journal, key):
    return not any(
        (one.accrual.use, one.accrual.number) == key and one.state in ("accrued", "carried over", "paid")
        for one in journal.bookings.values()
    )

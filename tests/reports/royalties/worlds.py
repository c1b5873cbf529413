"""A year of a worker: a licence with deductions, a plant's use, a payout, a correction, two disputes."""

from dataclasses import replace
from fractions import Fraction

from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.royalties.booking import book, correct_price
from consent.royalties.disputes import DisputeReason, RejectionReason, accepted, open_dispute, rejected
from consent.royalties.payout import plan_run
from consent.royalties.price import Deduction, Price, gross_of
from consent.royalties.statement import statement, workers_shares
from tests.consent.royalties import worlds
from tests.consent.royalties.worlds import ANNA, BORA, CEM

DAY = 86_400_000
JANUARY = 1_767_222_000_000
"""Midnight of 1 January 2026 in Berlin."""
YEAR = (JANUARY, JANUARY + 365 * DAY)


def at(day, hour=10):
    return JANUARY + day * DAY + hour * 3_600_000


def hours(ms, amount=4000, deductions=()):
    gross = gross_of(RoyaltyUnit.MOTION_HOUR, amount, ms)
    return Price(RoyaltyUnit.MOTION_HOUR, amount, ms, "EUR", worlds.CARD, gross, deductions)


def a_year():
    """Return the statement of the first worker, and all that it is made from."""
    charges = (Deduction("bank charges", 1_01),)
    licence = worlds.use("licence", amount=101_02, deductions=charges, model="cd" * 32, log_index=412)
    spans = worlds.segments((ANNA, 58_500), (ANNA, 60_000, Fraction(3, 2)), (BORA, 60_000), (CEM, 41_000))
    own = worlds.use(
        "plant",
        spans,
        purpose=MotionPurpose.PLANT_TRAINING,
        licensee=None,
        log_index=977,
        price=hours(219_500, 125_000),
    )
    journal = worlds.journal_of(licence, at_ms=at(40))
    booked = list(journal.bookings)
    mine = next(key for key in booked if journal.bookings[key].share == ("worker", ANNA))
    first = open_dispute(journal, "d1" * 16, mine, ANNA, DisputeReason.TIME, at(50))
    first = replace(first, answer=rejected(first, RejectionReason.AS_LOGGED, at(55)))
    run = plan_run(journal, worlds.identifier("run"), "EUR", 20_00, at(90), draw_salt=worlds.salt)
    second = open_dispute(journal, "d2" * 16, mine, ANNA, DisputeReason.AMOUNT, at(95))
    for entry in run.entries:
        journal.append(entry)
    reversals = correct_price(journal, licence.use, 0, at(100))
    second = replace(
        second,
        answer=accepted(second, next(one for one in reversals if one.booking == mine), at(100)),
    )
    right = replace(licence, number=1, price=replace(licence.price, rate=140_00, gross=140_00))
    for entry in (
        reversals + book(right, worlds.royalties(), at(100)) + book(own, worlds.royalties(), at(200))
    ):
        journal.append(entry)
    late = plan_run(journal, worlds.identifier("late"), "EUR", 900_00, at(300), draw_salt=worlds.salt)
    for entry in late.entries:
        journal.append(entry)
    priced = {(one.use, one.number): one for one in (licence, right, own)}
    return statement(journal, priced, workers_shares(journal), ANNA, "EUR", YEAR, [first, second])


def an_empty_year():
    """Return the statement of a worker whose motion nobody used."""
    return statement(worlds.journal_of(), {}, {}, worlds.worker("nobody"), "EUR", YEAR)

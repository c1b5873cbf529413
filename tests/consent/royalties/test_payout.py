"""Who is paid what and when; never more than is owed."""

import pytest
from hypothesis import given, settings

from consent.royalties import payout as payouts
from consent.royalties.booking import book, correct_price
from consent.royalties.journal import Kind, State
from consent.royalties.payout import CarriedBecause, opens, plan_run
from productivity.errors import BadInput
from tests.consent.royalties import worlds
from tests.consent.royalties.worlds import ANNA, BORA, CEM

RUN = "12" * 16


def plan(journal, name="run", threshold=20_00, **keys):
    return plan_run(journal, worlds.identifier(name), "EUR", threshold, 5000, draw_salt=worlds.salt, **keys)


def take(journal, run):
    for entry in run.entries:
        journal.append(entry)
    return run


def test_the_threshold_itself_is_paid_and_a_cent_less_is_not():
    journal = worlds.journal_of(worlds.use())
    run = take(journal, plan(journal, threshold=20_01))
    assert {one.pseudonym: one.amount for one in run.payouts} == {ANNA: 30_01}
    assert {one.pseudonym: one.amount for one in run.carried} == {BORA: 20_00, CEM: 20_00}
    assert {one.because for one in run.carried} == {CarriedBecause.THRESHOLD}
    assert len(take(journal, plan(journal, "next", threshold=20_00)).payouts) == 2
    assert journal.owed(ANNA, "EUR") == journal.owed(BORA, "EUR") == 0


def test_what_carries_over_is_paid_with_what_comes_later():
    journal = worlds.journal_of(worlds.use())
    take(journal, plan(journal, threshold=50_00))
    for entry in book(worlds.use("another"), worlds.royalties(), 6000):
        journal.append(entry)
    run = take(journal, plan(journal, "next", threshold=50_00))
    (anna,) = run.payouts
    assert (anna.amount, len(anna.bookings)) == (60_02, 2)


def test_who_has_no_bank_account_keeps_the_claim():
    journal = worlds.journal_of(worlds.use())
    run = take(journal, plan(journal, payable={BORA, CEM}))
    assert [(one.pseudonym, one.because) for one in run.carried] == [(ANNA, CarriedBecause.NO_ACCOUNT)]
    assert journal.owed(ANNA, "EUR") == 30_01
    assert [one.pseudonym for one in take(journal, plan(journal, "next")).payouts] == [ANNA]


def test_a_run_that_follows_at_once_pays_nothing():
    journal = worlds.journal_of(worlds.use())
    assert len(take(journal, plan(journal)).payouts) == 3
    again = plan(journal, "next")
    assert (again.payouts, again.carried, again.entries) == ((), (), ())


def test_an_overpayment_counts_towards_the_next_payout():
    """30.01 was paid, 21.00 was right, 14.00 comes later: 4.99 is sent, and then nothing is owed."""
    journal = worlds.journal_of(worlds.use())
    take(journal, plan(journal))
    for entry in correct_price(journal, worlds.use().use, 0, 6000):
        journal.append(entry)
    for entry in book(worlds.use(number=1, amount=70_00), worlds.royalties(), 6000):
        journal.append(entry)
    assert journal.owed(ANNA, "EUR") == 21_00 - 30_01
    run = take(journal, plan(journal, "next", threshold=0))
    assert run.payouts == ()
    for entry in book(worlds.use("later", worlds.segments((ANNA, 1000)), 20_00), worlds.royalties(), 7000):
        journal.append(entry)
    run = take(journal, plan(journal, "last", threshold=0))
    (anna,) = [one for one in run.payouts if one.pseudonym == ANNA]
    assert (anna.amount, len(anna.bookings), len(anna.settles)) == (4_99, 2, 1)
    assert journal.owed(ANNA, "EUR") == 0
    assert journal.bookings[anna.settles[0]].state is State.SETTLED


def test_the_log_hears_of_bookings_and_a_commitment_that_only_content_and_salt_open():
    run = plan(worlds.journal_of(worlds.use()))
    one = run.payouts[0]
    assert one.body.bookings == one.bookings
    assert opens(one.body.commitment, one.content, one.salt)
    assert not opens(one.body.commitment, one.content.replace(str(one.amount), "1"), one.salt)
    assert not opens(one.body.commitment, one.content, b"t" * 32)


def test_a_payout_names_no_more_bookings_than_an_entry_of_the_log_can(monkeypatch):
    monkeypatch.setattr(payouts, "AT_ONCE", 2)
    spans = worlds.segments((ANNA, 1000))
    journal = worlds.journal_of(*(worlds.use(number, spans, 100_00) for number in range(3)))
    run = take(journal, plan(journal))
    assert [(len(one.bookings), one.amount) for one in run.payouts] == [(2, 140_00)]
    assert take(journal, plan(journal, "next")).payouts[0].amount == 70_00


def test_many_small_bookings_stand_in_nobodys_way(monkeypatch):
    """The balance counts, and the largest come first; what is left is paid by the next runs."""
    monkeypatch.setattr(payouts, "AT_ONCE", 2)
    spans = worlds.segments((ANNA, 1000))
    uses = [worlds.use(number, spans, 2 + number) for number in range(4)]
    journal = worlds.journal_of(*uses, worlds.use("large", spans, 100_00))
    run = take(journal, plan(journal))
    assert [len(one.bookings) for one in run.payouts] == [2]
    assert run.payouts[0].amount > 70_00
    assert journal.owed(ANNA, "EUR") > 0
    assert sum(entry.kind is Kind.CARRIED for entry in run.entries) == 3


def test_nothing_is_carried_over_for_whom_nothing_is_owed():
    """30.01 was paid, and 30.01 is right after all."""
    journal = worlds.journal_of(worlds.use())
    take(journal, plan(journal))
    for entry in correct_price(journal, worlds.use().use, 0, 6000):
        journal.append(entry)
    for entry in book(worlds.use(number=1), worlds.royalties(), 6000):
        journal.append(entry)
    run = plan(journal, "next")
    assert (run.payouts, run.carried, run.entries) == ((), (), ())


def test_a_run_needs_an_identifier():
    with pytest.raises(BadInput, match="identifier"):
        plan_run(worlds.journal_of(), "1", "EUR", 0, 1, draw_salt=worlds.salt)


def test_another_currency_is_another_run():
    journal = worlds.journal_of(worlds.use())
    run = plan_run(journal, RUN, "CHF", 0, 1, draw_salt=worlds.salt)
    assert (run.payouts, run.carried) == ((), ())


@settings(deadline=None, max_examples=150)
@given(worlds.histories())
def test_never_more_is_paid_than_is_owed(history):
    """At each run, a worker gets at most the balance; over all time, what was sent is what was booked."""
    journal, _, agreed = history
    run = plan(journal, "last", threshold=agreed.payout_threshold)
    for one in run.payouts:
        assert max(1, agreed.payout_threshold) <= one.amount <= journal.owed(one.pseudonym, "EUR")
    before = journal.balance("paid out", "EUR")
    take(journal, run)
    assert before - journal.balance("paid out", "EUR") == sum(one.amount for one in run.payouts)
    for one in run.payouts:
        assert journal.owed(one.pseudonym, "EUR") == 0
    assert {entry.kind for entry in run.entries} <= {Kind.PAID, Kind.SETTLED, Kind.CARRIED}

"""A statement adds up, tells the worker's own things and nobody else's, and can be disputed."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.entries.vocabulary import Account
from consent.royalties.booking import book, correct, correct_price
from consent.royalties.disputes import (
    Answer,
    DisputeReason,
    Outcome,
    RejectionReason,
    accepted,
    open_dispute,
    rejected,
)
from consent.royalties.journal import Journal, Kind, State
from consent.royalties.payout import plan_run
from consent.royalties.statement import statement, workers_shares
from productivity.errors import BadInput
from tests.consent.royalties import worlds
from tests.consent.royalties.worlds import ANNA, BORA

REASON = DisputeReason.TIME


def tell(journal, priced, pseudonym=ANNA, period=(0, 10_000), disputes=()):
    return statement(journal, priced, workers_shares(journal), pseudonym, "EUR", period, disputes)


@pytest.fixture
def world():
    """A use in January (1000), paid (2000), corrected and booked anew (3000)."""
    first = worlds.use()
    journal = worlds.journal_of(first, at_ms=1000)
    run = plan_run(journal, worlds.identifier("run"), "EUR", 20_00, 2000, draw_salt=worlds.salt)
    for entry in run.entries:
        journal.append(entry)
    second = worlds.use(number=1, amount=140_00)
    for entry in correct_price(journal, first.use, 0, 3000) + book(second, worlds.royalties(), 3000):
        journal.append(entry)
    return journal, {(first.use, 0): first, (first.use, 1): second}


def test_a_year_by_hand(world):
    said = tell(*world)
    assert (said.opening, said.earned, said.corrected, said.paid, said.closing) == (
        0,
        30_01 + 42_00,
        30_01,
        30_01,
        42_00 - 30_01,
    )
    assert said.outstanding == 42_00 - 30_01
    assert [line.state for line in said.lines] == [State.OVERPAID, State.ACCRUED]
    assert said.indices == (7,)


def test_periods_follow_each_other_without_a_gap(world):
    parts = [tell(*world, period=period) for period in [(0, 1000), (1000, 2000), (2000, 3000), (3000, 9000)]]
    assert [one.opening for one in parts] == [0, 0, 30_01, 0]
    assert [one.closing for one in parts] == [0, 30_01, 0, 11_99]
    assert parts[0].nothing
    assert not parts[1].nothing


def test_a_clock_that_was_set_back_makes_no_period_impossible(world):
    """The payment is stamped before its accrual; an end of a period lies between them."""
    journal, priced = world
    entries = [replace(one, at_ms=400) if one.kind is Kind.PAID else one for one in journal.entries]
    parts = [tell(Journal.of(entries), priced, period=period) for period in [(0, 500), (500, 2000)]]
    assert [one.closing for one in parts] == [0, 0]
    assert (parts[1].earned, parts[1].paid) == (30_01, 30_01)


def test_a_line_says_how_the_part_came_about(world):
    line = tell(*world).lines[0]
    assert (line.shared.workers, line.shared.mine, line.shared.all) == (70_01, 90_000, 210_000)
    assert line.part == 30_01
    assert line.priced.price.gross == 100_01


def test_nobody_else_is_in_it(world):
    said = tell(*world)
    assert {one.pseudonym for line in said.lines for one in line.priced.segments} == {ANNA}
    assert BORA not in repr(said)


def test_a_worker_without_uses_gets_a_statement_of_nothing(world):
    said = tell(*world, pseudonym=worlds.worker("nobody"))
    assert said.nothing
    assert said.closing == 0


def test_a_period_without_order_is_refused(world):
    with pytest.raises(BadInput, match="order"):
        tell(*world, period=(5, 5))


def test_a_statement_that_does_not_add_up_cannot_be_made(world):
    with pytest.raises(BadInput, match="does not add up"):
        replace(tell(*world), closing=1)


def own_booking(journal, pseudonym=ANNA, state=State.ACCRUED):
    return next(
        key
        for key, one in journal.bookings.items()
        if one.share == (Account.WORKER, pseudonym) and one.state is state
    )


def test_a_dispute_is_answered_once_by_a_reason_or_a_reversal(world):
    journal, priced = world
    dispute = open_dispute(journal, "d" * 32, own_booking(journal), ANNA, REASON, 4000)
    no = rejected(dispute, RejectionReason.AS_LOGGED, 5000)
    assert no == Answer(Outcome.REJECTED, 5000, reason=RejectionReason.AS_LOGGED)
    reversal = correct(journal, dispute.booking, 5000)
    yes = accepted(dispute, reversal, 5000)
    assert (yes.outcome, yes.correction) == (Outcome.CORRECTED, reversal.entry)
    with pytest.raises(BadInput, match="has an answer"):
        rejected(replace(dispute, answer=no), RejectionReason.AS_LOGGED, 6000)
    journal.append(reversal)
    said = tell(journal, priced, disputes=[replace(dispute, answer=yes)])
    assert said.closing == -30_01
    assert said.lines[-1].disputes[0].answer == yes
    assert tell(journal, priced, pseudonym=BORA, disputes=[dispute]).disputes == ()


def test_only_the_worker_disputes_a_booking_that_stands(world):
    journal, _ = world
    with pytest.raises(BadInput, match="no such booking"):
        open_dispute(journal, "d" * 32, own_booking(journal, BORA), ANNA, REASON, 4000)
    with pytest.raises(BadInput, match="no such booking"):
        open_dispute(journal, "d" * 32, "0" * 32, ANNA, REASON, 4000)
    with pytest.raises(BadInput, match="corrected already"):
        open_dispute(journal, "d" * 32, own_booking(journal, state=State.OVERPAID), ANNA, REASON, 4000)


def test_an_answer_fits_its_dispute(world):
    journal, _ = world
    dispute = open_dispute(journal, "d" * 32, own_booking(journal), ANNA, REASON, 4000)
    with pytest.raises(BadInput, match="another booking"):
        accepted(dispute, correct(journal, own_booking(journal, BORA), 5000), 5000)
    with pytest.raises(BadInput, match="not an answer"):
        Answer(Outcome.REJECTED, 5000, reason=RejectionReason.AS_LOGGED, correction="0" * 32)


@settings(deadline=None, max_examples=150)
@given(worlds.histories(), st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True))
def test_whatever_happens_statements_chain_from_nothing_to_what_is_owed(history, cuts):
    """Opening + movements == closing in each period, and the next one opens where this one closed."""
    journal, priced, _ = history
    shares = workers_shares(journal)
    for number in range(6):
        pseudonym, before, earned, paid = worlds.worker(number), 0, 0, 0
        times = [0, *sorted(cuts), 99]
        for period in pairwise(times):
            said = statement(journal, priced, shares, pseudonym, "EUR", period)
            assert said.opening == before
            before = said.opening + said.earned - said.corrected - said.paid
            assert before == said.closing
            earned, paid = earned + said.earned - said.corrected, paid + said.paid
        assert before == journal.owed(pseudonym, "EUR") == earned - paid


@settings(deadline=None, max_examples=100)
@given(worlds.histories())
def test_a_workers_statement_needs_only_the_workers_entries(history):
    journal, priced, _ = history
    shares = workers_shares(journal)
    for number in range(6):
        pseudonym = worlds.worker(number)
        own = {key for key, one in journal.bookings.items() if one.share == (Account.WORKER, pseudonym)}
        few = Journal.of(entry for entry in journal.entries if entry.booking in own)
        whole = statement(journal, priced, shares, pseudonym, "EUR", (0, 99))
        assert statement(few, priced, shares, pseudonym, "EUR", (0, 99)) == whole

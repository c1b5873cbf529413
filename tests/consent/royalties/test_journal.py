"""Debits equal credits, and a booking takes only the steps of the table."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from consent.entries.vocabulary import Account
from consent.royalties import accounts
from consent.royalties.booking import (
    accrued_bodies,
    book,
    booking_id,
    correct,
    correct_price,
    corrected_bodies,
)
from consent.royalties.journal import TRANSITIONS, Journal, Kind, Post, State, following
from consent.royalties.price import Deduction
from consent.royalties.priced import parse_weight, read_priced
from productivity.errors import BadInput
from tests.consent.royalties import worlds
from tests.consent.royalties.worlds import ANNA, BORA, CEM

FEE = (Deduction("bank charges", 1_01),)


def test_a_use_is_booked_by_hand():
    """101.02 EUR gross, 1.01 EUR charges, 100.01 EUR shared as in the split worked by hand."""
    journal = worlds.journal_of(worlds.use(amount=101_02, deductions=FEE))
    assert dict(journal.balances()) == {
        ("receivable:Robotics buyer", "EUR"): 101_02,
        ("deductions:bank charges", "EUR"): -1_01,
        (accounts.worker(ANNA), "EUR"): -30_01,
        (accounts.worker(BORA), "EUR"): -20_00,
        (accounts.worker(CEM), "EUR"): -20_00,
        ("collective", "EUR"): -20_00,
        ("plant", "EUR"): -10_00,
    }


def test_a_use_of_the_plants_own_is_its_expense():
    journal = worlds.journal_of(worlds.use(licensee=None))
    assert journal.balance(accounts.EXPENSE, "EUR") == 100_01


def test_the_log_hears_of_shares_and_not_of_deductions():
    bodies = accrued_bodies(book(worlds.use(amount=101_02, deductions=FEE), worlds.royalties(), 5))
    assert [(body.account, body.amount) for body in bodies if body.pseudonym is None] == [
        (Account.COLLECTIVE, 20_00),
        (Account.PLANT, 10_00),
    ]
    assert {body.pseudonym: body.amount for body in bodies if body.pseudonym} == {
        ANNA: 30_01,
        BORA: 20_00,
        CEM: 20_00,
    }
    assert sum(body.amount for body in bodies) == 100_01


def test_a_retry_makes_the_same_bookings():
    """Whatever order the segments come in, and whenever: after a crash nothing is booked twice."""
    first = book(worlds.use(), worlds.royalties(), 5)
    again = book(worlds.use(spans=worlds.THREE_TO_TWO_TO_TWO[::-1]), worlds.royalties(), 6)
    assert [entry.entry for entry in first] == [entry.entry for entry in again]
    assert [entry.posts for entry in first] == [entry.posts for entry in again]
    journal = Journal.of(first)
    for entry in again:
        with pytest.raises(BadInput, match="not a step"):
            journal.append(entry)


def test_bookings_of_another_price_account_or_use_are_others():
    account = accounts.worker(ANNA)
    ids = {
        booking_id("u", 0, account),
        booking_id("u", 1, account),
        booking_id("u", 0, "plant"),
        booking_id("v", 0, account),
    }
    assert len(ids) == 4
    assert all(len(one) == 32 for one in ids)


def test_nothing_to_share_is_booked_for_each_worker_all_the_same():
    """A use that came to nothing after it was logged: the log shows that everybody gets nothing."""
    bodies = accrued_bodies(book(worlds.use(amount=0), worlds.royalties(), 5))
    assert [(body.account, body.amount) for body in bodies] == [(Account.WORKER, 0)] * 3


def test_a_correction_reverses_a_price_as_a_whole_and_what_is_right_is_booked_anew():
    journal = worlds.journal_of(worlds.use(deductions=FEE))
    reversals = correct_price(journal, worlds.use().use, 0, 2000)
    for entry in reversals:
        journal.append(entry)
    assert set(journal.balances().values()) == {0}
    bodies = corrected_bodies(journal, reversals)
    assert len(bodies) == len(reversals) - 1  # the deduction stands in the journal alone
    assert all(journal.bookings[body.reverses].state is State.CORRECTED for body in bodies)
    for entry in book(worlds.use(number=1, amount=70_00), worlds.royalties(), 2000):
        journal.append(entry)
    assert journal.owed(ANNA, "EUR") == 21_00
    with pytest.raises(BadInput, match="nothing to correct"):
        correct_price(journal, worlds.use().use, 0, 3000)


def at(state):
    """Bring the first booking of a use into a state; return journal and booking."""
    journal = worlds.journal_of(worlds.use())
    first = next(one for one, booking in journal.bookings.items() if booking.account == accounts.worker(ANNA))
    ways = {
        State.ACCRUED: (),
        State.CARRIED: (Kind.CARRIED,),
        State.PAID: (Kind.PAID,),
        State.CORRECTED: (Kind.CORRECTED,),
        State.OVERPAID: (Kind.PAID, Kind.CORRECTED),
        State.SETTLED: (Kind.PAID, Kind.CORRECTED, Kind.SETTLED),
    }
    for number, kind in enumerate(ways[state]):
        journal.append(step(journal, first, kind, number))
    assert journal.bookings[first].state is state
    return journal, first


def step(journal, booking, kind, number):
    payout = "f" * 32 if kind in (Kind.PAID, Kind.SETTLED) else None
    return following(kind, journal.bookings[booking], f"{number:032x}", 2000, payout)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.ACCRUED])
def test_only_the_steps_of_the_table_are_taken(state, kind):
    journal, booking = at(state)
    entry = step(journal, booking, kind, 99)
    if (state, kind) in TRANSITIONS:
        journal.append(entry)
        assert journal.bookings[booking].state is TRANSITIONS[state, kind]
    else:
        with pytest.raises(BadInput, match="not a step"):
            journal.append(entry)
        assert journal.bookings[booking].state is state


def test_an_entry_that_does_not_balance_cannot_be_made():
    entry = book(worlds.use(), worlds.royalties(), 5)[0]
    with pytest.raises(BadInput, match="does not balance"):
        replace(entry, posts=(entry.posts[0], Post(entry.posts[1].account, entry.posts[1].amount - 1)))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"log_index": 8}, id="another log index"),
        pytest.param({"use": "0" * 32}, id="another use"),
        pytest.param({"number": 1}, id="another price"),
        pytest.param({"currency": "CHF"}, id="another currency"),
        pytest.param(
            {"posts": (Post("plant", 30_01), Post("paid out", -30_01))}, id="somebody else's account"
        ),
        pytest.param({"posts": (Post(accounts.worker(ANNA), 1), Post("paid out", -1))}, id="a part of it"),
    ],
)
def test_a_later_entry_says_the_same_of_its_booking(change):
    journal, booking = at(State.ACCRUED)
    with pytest.raises(BadInput):
        journal.append(replace(step(journal, booking, Kind.PAID, 1), **change))
    assert journal.owed(ANNA, "EUR") == 30_01


def test_an_accrual_charges_who_uses_and_nobody_else():
    entry = book(worlds.use(), worlds.royalties(), 5)[0]
    stolen = replace(entry, posts=(Post(accounts.worker(BORA), 5), Post("plant", -5)))
    with pytest.raises(BadInput, match="not an accrual"):
        Journal().append(stolen)


def test_what_does_not_stand_is_not_corrected():
    for state in (State.CORRECTED, State.OVERPAID, State.SETTLED):
        journal, booking = at(state)
        with pytest.raises(BadInput, match="cannot be corrected"):
            correct(journal, booking, 3000)


@given(worlds.uses())
def test_a_price_comes_back_from_its_text(use):
    assert read_priced(use.text()) == use


@pytest.mark.parametrize("text", ["0", "1/0", "1.5", "-1", "", "1/2/3", "٣", "9999999"])
def test_what_is_no_weight_is_refused(text):
    with pytest.raises(BadInput, match="not a weight"):
        parse_weight(text)


@settings(deadline=None, max_examples=150)
@given(worlds.histories())
def test_whatever_happens_debits_equal_credits(history):
    journal, _, _ = history
    assert sum(journal.balances().values()) == 0
    for entry in journal.entries:
        assert sum(post.amount for post in entry.posts) == 0
        assert journal.bookings[entry.booking].accrual.log_index == entry.log_index


@settings(deadline=None, max_examples=150)
@given(worlds.histories())
def test_whatever_happens_the_bookings_that_stand_are_what_was_charged(history):
    """For each price: shares and deductions that stand add up to gross, or all were reversed."""
    journal, priced, _ = history
    for (use, number), one in priced.items():
        booked = [
            booking
            for booking in journal.bookings.values()
            if (booking.accrual.use, booking.accrual.number) == (use, number)
        ]
        assert sum(booking.amount for booking in booked) == one.price.gross
        standing = {booking.state in (State.ACCRUED, State.CARRIED, State.PAID) for booking in booked}
        assert len(standing) == 1

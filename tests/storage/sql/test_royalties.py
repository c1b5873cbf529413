"""The ledger in the tables: whole, once, and for good; and what a restart finds missing in the log."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from consent.royalties.booking import book, correct_price
from consent.royalties.disputes import DisputeReason, RejectionReason, accepted, open_dispute, rejected
from consent.royalties.journal import Kind, State
from consent.royalties.payout import opens, plan_run
from consent.royalties.statement import Receipt, statement, workers_shares
from productivity.errors import BadInput
from storage.sql.disputes import (
    disputes_of_worker,
    find_dispute,
    keep_answer,
    keep_correction,
    keep_dispute,
    open_disputes,
)
from storage.sql.lookup import NoSuch
from storage.sql.royalties import (
    _insert,
    books_of_worker,
    journal_of_booking,
    journal_of_use,
    keep_bookings,
    keep_entries,
    keep_run,
    logged,
    note_logged,
    payouts_of_run,
    priced_use,
    prices_of_use,
    runs,
    unlogged,
    whole_journal,
)
from storage.sql.statements import currencies_of_worker, is_card, worker_statement
from storage.sql.tables.royalties import APPEND_ONLY
from storage.sql.uses import MotionUse, UsedSegment
from tests.consent.royalties import worlds
from tests.consent.royalties.worlds import ANNA, BORA

AGREED = worlds.royalties()


def write(database, use=None, at_ms=1000, **keys):
    use = use or worlds.use()
    return keep_bookings(database, use, book(use, AGREED, at_ms), **keys)


def pay(database, name="run", at_ms=5000):
    run = plan_run(
        whole_journal(database), worlds.identifier(name), "EUR", 20_00, at_ms, draw_salt=worlds.salt
    )
    keep_run(database, run)
    return run


def test_a_use_comes_back_as_it_was_booked(database):
    assert write(database) == 5
    journal = whole_journal(database)
    assert journal.entries == list(book(worlds.use(), AGREED, 1000))
    assert prices_of_use(database, worlds.use().use) == [worlds.use()]
    assert journal_of_use(database, worlds.use().use).entries == journal.entries


def test_a_retry_after_a_crash_writes_nothing(database):
    write(database)
    assert write(database, at_ms=2000) == 0
    assert len(whole_journal(database).entries) == 5
    with pytest.raises(BadInput, match="priced otherwise"):
        write(database, worlds.use(amount=1))
    assert len(whole_journal(database).entries) == 5


def test_a_failure_half_way_leaves_nothing(database):
    """The last entry is refused: neither the price nor the entries before it stay."""
    entries = book(worlds.use(), AGREED, 1000)
    other = book(worlds.use("other", log_index=8), AGREED, 1000)[0]
    alien = correct_price(worlds.journal_of(worlds.use("other")), other.use, 0, 1000)[0]
    with pytest.raises(BadInput, match="not a step"):
        keep_bookings(database, worlds.use(), [*entries, alien])
    assert whole_journal(database).entries == []
    assert prices_of_use(database, worlds.use().use) == []


def test_a_correction_and_what_is_right_are_written_together(database):
    write(database)
    right = worlds.use(number=1, amount=70_00)
    reversals = correct_price(journal_of_use(database, right.use), right.use, 0, 2000)
    assert write(database, right, 2000, reversals=reversals) == 10
    assert whole_journal(database).owed(ANNA, "EUR") == 21_00
    assert write(database, right, 2000, reversals=reversals) == 0


def test_a_run_pays_once(database):
    write(database)
    run = pay(database)
    assert keep_run(database, run) == 0
    assert whole_journal(database).owed(ANNA, "EUR") == 0
    assert payouts_of_run(database, run.run) == list(run.payouts)
    (mine,) = (one for one in run.payouts if one.pseudonym == ANNA)
    receipt = Receipt(mine.content, mine.salt, None)
    assert books_of_worker(database, ANNA).receipts == {mine.payout: receipt}
    note_logged(database, {mine.payout: 12})
    assert books_of_worker(database, ANNA).receipts == {mine.payout: replace(receipt, log_index=12)}
    assert opens(mine.commitment, receipt.content, receipt.salt)
    assert runs(database) == [(run.run, 5000)]


def test_of_two_runs_that_were_planned_at_once_one_is_refused(database):
    write(database)
    journal = whole_journal(database)
    first, second = (
        plan_run(journal, worlds.identifier(name), "EUR", 0, 5000, draw_salt=worlds.salt)
        for name in ("first", "second")
    )
    keep_run(database, first)
    with pytest.raises(BadInput, match="not a step"):
        keep_run(database, second)
    assert payouts_of_run(database, second.run) == []
    assert -whole_journal(database).balance("paid out", "EUR") == 70_01


def test_a_run_planned_before_a_correction_is_refused(database):
    write(database)
    run = plan_run(whole_journal(database), worlds.identifier("run"), "EUR", 0, 5000, draw_salt=worlds.salt)
    keep_entries(database, correct_price(whole_journal(database), worlds.use().use, 0, 4000))
    with pytest.raises(BadInput, match="not a step"):
        keep_run(database, run)


def test_a_workers_books_make_the_same_statement_as_the_whole_journal(database):
    write(database)
    pay(database)
    write(database, worlds.use("more", amount=50_00), 6000)
    books = books_of_worker(database, ANNA)
    whole = whole_journal(database)
    priced = {(one.use, one.number): one for name in ("a use", "more") for one in [worlds.use(name)]}
    priced[worlds.use("more").use, 0] = worlds.use("more", amount=50_00)
    few = statement(books.journal, books.priced, books.shares, ANNA, "EUR", (0, 9000))
    assert few == statement(whole, priced, workers_shares(whole), ANNA, "EUR", (0, 9000))
    assert len(few.lines) == 2
    assert all(booking.share[1] == ANNA for booking in books.journal.bookings.values())
    assert books_of_worker(database, worlds.worker("nobody")).journal.entries == []


def test_a_booking_cannot_be_paid_twice_whatever_was_checked_before(database):
    write(database)
    pay(database)
    paid = next(entry for entry in whole_journal(database).entries if entry.kind == "paid")
    with pytest.raises(DBAPIError, match=r"UNIQUE|unique|stay as"), database.writing() as connection:
        _insert(connection, replace(paid, entry="f" * 32))


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.name)
@pytest.mark.parametrize(
    "change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"]
)
def test_the_database_itself_refuses_to_change_what_was_written(database, table, change):
    write(database)
    pay(database)
    booking = whole_journal(database).entries[0].booking
    dispute = open_dispute(
        journal_of_booking(database, booking),
        "d" * 32,
        booking,
        _owner(database, booking),
        DisputeReason.TIME,
        6000,
    )
    keep_dispute(database, dispute)
    keep_answer(database, dispute.dispute, rejected(dispute, RejectionReason.AS_LOGGED, 7000))
    note_logged(database, {booking: 9})
    column = next(iter(table.columns)).name
    with database.reading() as connection:
        if "REPLACE" in change and connection.dialect.name != "sqlite":
            pytest.skip("INSERT OR REPLACE is SQLite's")
    with pytest.raises(DBAPIError, match="stay as they were written"), database.writing() as connection:
        connection.execute(text(change.format(table.name, column)))


def _owner(database, booking):
    return journal_of_booking(database, booking).bookings[booking].share[1]


def test_a_restart_finds_what_the_log_may_lack(database):
    write(database)
    run = pay(database)
    journal, entries, payouts = unlogged(database)
    assert {entry.entry for entry in entries} == set(journal.bookings)
    assert payouts == list(run.payouts)
    note_logged(database, {entry.entry: 10 + number for number, entry in enumerate(entries[1:])})
    note_logged(database, {run.payouts[0].payout: 20})
    note_logged(database, {run.payouts[0].payout: 20})
    _, left, unpaid = unlogged(database)
    assert left == entries[:1]
    assert unpaid == list(run.payouts[1:])
    assert logged(database, [run.payouts[0].payout, "unknown"]) == {run.payouts[0].payout: 20}


def test_deductions_are_never_missing_in_the_log(database):
    from consent.royalties.price import Deduction

    write(database, worlds.use(deductions=(Deduction("fee", 5),)))
    _, entries, _ = unlogged(database)
    assert len(entries) == 5
    assert len(whole_journal(database).entries) == 6


def disputed(database):
    """Book a use, and return the first worker's booking with a maker of disputes."""
    write(database)
    journal = whole_journal(database)
    booking = next(key for key, one in journal.bookings.items() if one.share[1] == ANNA)
    return booking, lambda name: open_dispute(journal, name * 32, booking, ANNA, DisputeReason.NOT_MINE, 2000)


def test_disputes_come_back_with_their_answers(database):
    _, make = disputed(database)
    first, second = make("d"), make("e")
    keep_dispute(database, first)
    with pytest.raises(BadInput, match="disputed already"):
        keep_dispute(database, second)
    no = rejected(first, RejectionReason.AS_LOGGED, 2500)
    keep_answer(database, first.dispute, no)
    keep_dispute(database, second)
    assert open_disputes(database) == [second]
    assert find_dispute(database, first.dispute).answer == no
    assert [one.dispute for one in disputes_of_worker(database, ANNA)] == [first.dispute, second.dispute]
    assert disputes_of_worker(database, BORA) == []
    with pytest.raises(BadInput, match="has an answer"):
        keep_answer(database, first.dispute, no)
    keep_answer(database, second.dispute, rejected(second, RejectionReason.AS_LOGGED, 2600))
    with pytest.raises(BadInput, match="known already"):
        keep_dispute(database, second)
    with pytest.raises(NoSuch):
        find_dispute(database, "0" * 32)


def test_an_answer_by_correction_is_kept_with_the_bookings_or_not_at_all(database):
    booking, make = disputed(database)
    dispute = make("d")
    keep_dispute(database, dispute)
    right = worlds.use(number=1, amount=70_00)
    reversals = correct_price(whole_journal(database), right.use, 0, 3000)
    mine = next(entry for entry in reversals if entry.booking == booking)
    yes, entries = accepted(dispute, mine, 3000), book(right, AGREED, 3000)
    keep_correction(database, dispute.dispute, yes, reversals, right, entries)
    assert find_dispute(database, dispute.dispute).answer == yes
    assert journal_of_booking(database, booking).bookings[booking].state is State.CORRECTED
    said = worker_statement(database, ANNA, "EUR", (0, 9000))
    assert (said.closing, [one.answer for one in said.disputes]) == (21_00, [yes])
    assert currencies_of_worker(database, ANNA) == ["EUR"]
    # A second answer changes neither the ledger nor the dispute.
    wrong = worlds.use(number=2, amount=10_00)
    again = correct_price(whole_journal(database), right.use, 1, 4000)
    with pytest.raises(BadInput, match="has an answer"):
        keep_correction(database, dispute.dispute, yes, again, wrong, book(wrong, AGREED, 4000))
    assert whole_journal(database).owed(ANNA, "EUR") == 21_00
    assert is_card(database, worlds.CARD)
    assert not is_card(database, "cd" * 32)


def test_a_use_of_the_tables_is_priced_with_what_was_declared():
    price = worlds.use().price
    made = MotionUse(
        use=worlds.use().use,
        purpose=worlds.use().purpose,
        licensee="Robotics buyer",
        agreement=worlds.CARD,
        terms=worlds.CARD,
        terms_text="terms",
        unit=price.unit,
        quantity=1,
        segments=tuple(
            UsedSegment(one.segment, one.pseudonym, one.ms, str(one.weight)) for one in worlds.use().segments
        ),
        created_ms=0,
    )
    with pytest.raises(BadInput, match="not in the log"):
        priced_use(made, price)
    from dataclasses import replace

    assert priced_use(replace(made, log_index=7), price) == worlds.use()


def test_later_entries_are_found_by_kind(database):
    write(database)
    pay(database)
    kinds = [entry.kind for entry in whole_journal(database).entries]
    assert kinds.count(Kind.ACCRUED) == 5
    assert kinds.count(Kind.PAID) == 3


def test_the_same_booking_with_another_amount_is_refused(database):
    """Same use, same price, other shares: somebody took another version of the agreement."""
    write(database)
    others = book(worlds.use(), worlds.royalties(60, 30), 1000)
    with pytest.raises(BadInput, match="something else was booked"):
        keep_bookings(database, worlds.use(), others)
    assert whole_journal(database).entries == list(book(worlds.use(), AGREED, 1000))

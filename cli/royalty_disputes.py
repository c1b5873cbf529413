"""`fairtakt royalties dispute`: what workers say is wrong, and the one answer to each.

A correction reverses all that was booked for that price of the use, and books what is right anew, in one
transaction: shares depend on each other, so no booking is corrected alone. The server says it in the log.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.handing_in import now_ms
from cli.royalty_books import amount_text, opened_books, read_agreement
from cli.serve import DEFAULT_DATABASE, DatabaseAddress
from cli.terminal import tell
from consent.agreement.form import agreement_hash
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import RoyaltyUnit
from consent.entries.times import utc_text
from consent.royalties.booking import book, correct_price
from consent.royalties.disputes import Dispute, RejectionReason, accepted, rejected
from consent.royalties.price import price, royalties_of
from productivity.errors import BadInput

if TYPE_CHECKING:
    from consent.royalties.priced import PricedUse
    from storage.sql.database import Database

dispute = typer.Typer(help="What workers say is wrong, and the answers.", no_args_is_help=True)

_REASONS = {one.name.lower().replace("_", "-"): one for one in RejectionReason}


@dispute.command("list")
def list_(database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Print the disputes that wait for an answer, oldest first."""
    with opened_books(database) as opened:
        from storage.sql.disputes import open_disputes

        found = open_disputes(opened)
    for one in found:
        tell(f"{utc_text(one.at_ms)} {one.dispute}: booking {one.booking} of {one.pseudonym}: {one.reason}")
    if not found:
        tell("no dispute waits")


@dispute.command()
def answer(
    which: Annotated[str, typer.Argument(metavar="DISPUTE", help="As `list` prints it.", show_default=False)],
    reject: Annotated[
        str | None, typer.Option("--reject", metavar="REASON", help=f"{', '.join(_REASONS)}.")
    ] = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="Reverse what was booked, and book what is right.")
    ] = False,
    quantity: Annotated[
        int | None,
        typer.Option(
            "--quantity", min=0, help="With --correct: models, milliseconds, or minor units of revenue."
        ),
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option("--leave-out", metavar="SEGMENT", help="With --correct: not part of it; repeatable."),
    ] = None,
    agreement: Annotated[
        Path | None,
        typer.Option("--agreement", metavar="FILE", help="With --correct: the agreement of that price."),
    ] = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Answer a dispute, for good: reject it with a reason, or correct what was booked."""
    if (reject is None) == (not correct):
        raise BadInput("one answer to a dispute", expected="--reject REASON, or --correct")
    if reject is not None and (quantity is not None or leave_out or agreement):
        raise BadInput("a rejection changes nothing", expected="--reject REASON alone")
    with opened_books(database) as opened:
        from storage.sql.disputes import find_dispute, keep_answer

        found = find_dispute(opened, which)
        if reject is not None:
            keep_answer(opened, which, rejected(found, _reason(reject), now_ms()))
            tell(f"rejected: {_reason(reject)}")
            return
        if agreement is None:
            raise BadInput("what is right follows from the agreement", expected="--agreement FILE")
        tell(_correct(opened, found, read_agreement(agreement), quantity, frozenset(leave_out or ())))


def _correct(
    database: "Database", found: Dispute, agreed: Agreement, quantity: int | None, leave_out: frozenset[str]
) -> str:
    from storage.sql.disputes import keep_correction
    from storage.sql.royalties import journal_of_booking, journal_of_use, prices_of_use

    at_ms = now_ms()
    accrual = journal_of_booking(database, found.booking).bookings[found.booking].accrual
    prices = {one.number: one for one in prices_of_use(database, accrual.use)}
    wrong = prices[accrual.number]
    right = _right(wrong, max(prices) + 1, agreed, quantity, leave_out)
    reversals = correct_price(journal_of_use(database, accrual.use), accrual.use, accrual.number, at_ms)
    mine = next((one for one in reversals if one.booking == found.booking), None)
    if mine is None:
        raise BadInput("booking was corrected already", expected="--reject corrected-before")
    entries = book(right, royalties_of(agreed), at_ms)
    keep_correction(database, found.dispute, accepted(found, mine, at_ms), reversals, right, entries)
    account = accrual.posts[1].account
    before = accrual.posts[0].amount
    now = sum(one.posts[0].amount for one in entries if one.posts[1].account == account)
    return (
        f"corrected: {amount_text(before, accrual.currency)} reversed, "
        f"{amount_text(now, accrual.currency)} booked to the worker; "
        f"the use costs {amount_text(right.price.gross, right.price.currency)}"
    )


def _right(
    wrong: "PricedUse", number: int, agreed: Agreement, quantity: int | None, leave_out: frozenset[str]
) -> "PricedUse":
    """Return the use as it should have been priced."""
    if agreement_hash(agreed) != wrong.price.card:
        raise BadInput("use was priced by another agreement", expected=wrong.price.card)
    if unknown := leave_out - {one.segment for one in wrong.segments}:
        raise BadInput("no such segment in this use", where="--leave-out", found=sorted(unknown)[0])
    segments = tuple(one for one in wrong.segments if one.segment not in leave_out)
    if not segments:
        raise BadInput("nothing is left of the use", where="--leave-out", expected="some of its segments")
    old = wrong.price
    if quantity is None and old.unit is RoyaltyUnit.MOTION_HOUR:
        quantity = old.quantity - sum(one.ms for one in wrong.segments if one.segment in leave_out)
    new = price(
        agreed, wrong.purpose, old.unit, old.quantity if quantity is None else quantity, old.deductions
    )
    if (new, segments) == (old, wrong.segments):
        raise BadInput("nothing would change", expected="--quantity or --leave-out, or a rejection")
    return replace(wrong, number=number, segments=segments, price=new)


def _reason(text: str) -> RejectionReason:
    if text not in _REASONS:
        raise BadInput("unknown reason", where="--reject", expected=", ".join(_REASONS), found=text)
    return _REASONS[text]

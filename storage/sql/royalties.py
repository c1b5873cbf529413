"""The royalty ledger in the tables: written as a whole, or not at all, and never changed.

A use's bookings are written together in one transaction, and a second time changes nothing: identifiers of
bookings follow from the use. Each new entry is checked against the entries of the same bookings that are
there (`consent.royalties.journal`), within the transaction that appends it; ledger writes wait for each
other. What stands in the log as well is noted afterwards (`note_logged`), so that a restart finds what is
still missing there (`unlogged`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, text
from sqlalchemy.engine import Row

from consent.royalties import accounts
from consent.royalties.journal import Entry, Journal, Kind, Post
from consent.royalties.payout import Payout, Run
from consent.royalties.price import Price
from consent.royalties.priced import PricedSegment, PricedUse, parse_weight, read_priced
from consent.royalties.statement import Receipt, workers_shares
from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.tables import (
    royalty_entry,
    royalty_logged,
    royalty_payout,
    royalty_post,
    royalty_price,
)
from storage.sql.uses import MotionUse

_LOCK = 0x6661_6973
"""Advisory lock of PostgreSQL; any number that nothing else here uses (`storage.sql.migrate`)."""
_AT_ONCE = 500
"""Identifiers in one condition: below the fewest variables that a SQLite may have been built with."""


@dataclass(frozen=True, slots=True)
class WorkersBooks:
    """What a statement of one worker is made from (`consent.royalties.statement.statement`)."""

    journal: Journal
    """All entries of the worker's own bookings."""
    priced: Mapping[tuple[str, int], PricedUse]
    shares: Mapping[tuple[str, int], int]
    """What all workers together got of each price."""
    receipts: Mapping[str, Receipt]
    """Of the worker's payments, by payout."""


def priced_use(use: MotionUse, price: Price, number: int = 0) -> PricedUse:
    """Return what is booked from, for a use that is logged. Raises `BadInput` if it is not."""
    if use.log_index is None:
        raise BadInput("use is not in the log", expected="its log index")
    segments = tuple(
        PricedSegment(one.segment, one.pseudonym, one.span_ms, parse_weight(one.weight))
        for one in use.segments
    )
    return PricedUse(use.use, number, use.log_index, use.purpose, use.licensee, use.model, segments, price)


def keep_bookings(
    database: Database, priced: PricedUse, entries: Sequence[Entry], *, reversals: Sequence[Entry] = ()
) -> int:
    """Write the price of a use and its accruals, and return how many entries were new; durable on return.

    `reversals` are those of an earlier price, which this one corrects; all are written, or none. A retry
    after a crash writes nothing. Raises `BadInput` if something else was booked for it already.
    """
    with database.writing() as connection:
        return write_bookings(connection, priced, [*reversals, *entries])


def write_bookings(connection: Connection, priced: PricedUse, entries: Sequence[Entry]) -> int:
    """Do what `keep_bookings` does within the caller's transaction."""
    row = {"use": priced.use, "number": priced.number, "content": priced.text()}
    mine = (royalty_price.c.use == priced.use) & (royalty_price.c.number == priced.number)
    _hold(connection)
    known = connection.execute(select(royalty_price.c.content).where(mine)).scalar_one_or_none()
    if known is not None and known != row["content"]:
        raise BadInput("use was priced otherwise", expected="the next number for another price")
    if known is None:
        connection.execute(insert(royalty_price).values(row))
    return _append(connection, entries)


def keep_entries(database: Database, entries: Sequence[Entry]) -> int:
    """Write steps of bookings, all or none; return how many were new. `BadInput` for an illegal one."""
    with database.writing() as connection:
        _hold(connection)
        return _append(connection, entries)


def keep_run(database: Database, run: Run) -> int:
    """Write a payout run, all or nothing; return how many entries were new. A retry writes nothing.

    The payouts that count, with their salts, are then those of `payouts_of_run`.

    Raises `BadInput` if what it was planned on has changed since: nothing is paid twice.
    """
    with database.writing() as connection:
        _hold(connection)
        known = set(
            connection.execute(
                select(royalty_payout.c.payout).where(royalty_payout.c.run == run.run)
            ).scalars()
        )
        rows = [
            {
                "payout": one.payout,
                "run": one.run,
                "pseudonym": one.pseudonym,
                "at_ms": one.at_ms,
                "content": one.content,
                "salt": one.salt,
            }
            for one in run.payouts
            if one.payout not in known
        ]
        if rows:
            connection.execute(insert(royalty_payout), rows)
        return _append(connection, run.entries)


def whole_journal(database: Database) -> Journal:
    """Return everything: for payout runs and exports."""
    with database.snapshot() as connection:
        return Journal.of(_entries(connection))


def journal_of_use(database: Database, use: str) -> Journal:
    """Return all entries that a use caused."""
    with database.snapshot() as connection:
        bookings = select(royalty_entry.c.booking).where(royalty_entry.c.use == use)
        return Journal.of(_entries(connection, set(connection.execute(bookings).scalars())))


def journal_of_booking(database: Database, booking: str) -> Journal:
    """Return all entries of one booking."""
    with database.snapshot() as connection:
        return Journal.of(_entries(connection, {booking}))


def books_of_worker(database: Database, pseudonym: str) -> WorkersBooks:
    """Return what statements of a worker are made from."""
    mine = (
        select(royalty_entry.c.booking)
        .join(royalty_post, royalty_post.c.entry_id == royalty_entry.c.id)
        .where(royalty_post.c.account == accounts.worker(pseudonym))
    )
    with database.snapshot() as connection:
        journal = Journal.of(_entries(connection, set(connection.execute(mine).scalars())))
        uses = sorted({entry.use for entry in journal.entries})
        priced = {(one.use, one.number): one for one in _prices(connection, uses)}
        shares: dict[tuple[str, int], int] = {}
        for some in _some(uses):
            accrued = (
                select(royalty_entry.c.booking)
                .where(royalty_entry.c.use.in_(some), royalty_entry.c.kind == Kind.ACCRUED)
                .distinct()
            )
            theirs = _entries(connection, set(connection.execute(accrued).scalars()))
            shares |= workers_shares(Journal.of(theirs))
        paid = (
            select(royalty_payout, royalty_logged.c.log_index)
            .outerjoin(royalty_logged, royalty_logged.c.identifier == royalty_payout.c.payout)
            .where(royalty_payout.c.pseudonym == pseudonym)
        )
        receipts = {
            row.payout: Receipt(row.content, bytes(row.salt), row.log_index)
            for row in connection.execute(paid)
        }
    return WorkersBooks(journal, priced, shares, receipts)


def prices_of_use(database: Database, use: str) -> list[PricedUse]:
    """Return how a use was priced, by number."""
    with database.reading() as connection:
        return sorted(_prices(connection, [use]), key=lambda one: one.number)


def payouts_of_run(database: Database, run: str) -> list[Payout]:
    """Return the payouts of a run, with the salts that open their commitments."""
    wanted = select(royalty_payout).where(royalty_payout.c.run == run).order_by(royalty_payout.c.id)
    with database.reading() as connection:
        return [_payout(row) for row in connection.execute(wanted)]


def runs(database: Database) -> list[tuple[str, int]]:
    """Return the payout runs and when they were, oldest first; one that paid nobody has none."""
    wanted = select(royalty_payout.c.run, royalty_payout.c.at_ms).order_by(royalty_payout.c.id)
    with database.reading() as connection:
        return list({row.run: row.at_ms for row in connection.execute(wanted)}.items())


def note_logged(database: Database, indices: Mapping[str, int]) -> None:
    """Note under which index bookings, corrections and payouts stand in the log. Twice changes nothing."""
    with database.writing() as connection:
        _hold(connection)
        known = {
            key
            for some in _some(sorted(indices))
            for key in connection.execute(
                select(royalty_logged.c.identifier).where(royalty_logged.c.identifier.in_(some))
            ).scalars()
        }
        rows = [{"identifier": key, "log_index": index} for key, index in indices.items() if key not in known]
        if rows:
            connection.execute(insert(royalty_logged), rows)


def logged(database: Database, identifiers: Iterable[str]) -> dict[str, int]:
    """Return the log index of each of these that was noted."""
    found: dict[str, int] = {}
    with database.reading() as connection:
        for some in _some(sorted(set(identifiers))):
            wanted = select(royalty_logged).where(royalty_logged.c.identifier.in_(some))
            found |= {row.identifier: row.log_index for row in connection.execute(wanted)}
    return found


def unlogged(database: Database) -> tuple[Journal, list[Entry], list[Payout]]:
    """Return what the log may still lack, and the journal of it: accruals and corrections of shares, payouts.

    Whether it really lacks them is for the log to say: a crash may lie between an entry and its note.
    """
    noted = select(royalty_logged.c.identifier)
    told = (Kind.ACCRUED, Kind.CORRECTED)
    with database.snapshot() as connection:
        bookings = set(
            connection.execute(
                select(royalty_entry.c.booking).where(
                    royalty_entry.c.kind.in_(told), royalty_entry.c.entry.not_in(noted)
                )
            ).scalars()
        )
        journal = Journal.of(_entries(connection, bookings))
        known = {
            key
            for some in _some(sorted(entry.entry for entry in journal.entries))
            for key in connection.execute(noted.where(royalty_logged.c.identifier.in_(some))).scalars()
        }
        rows = connection.execute(
            select(royalty_payout).where(royalty_payout.c.payout.not_in(noted)).order_by(royalty_payout.c.id)
        )
        payouts = [_payout(row) for row in rows]
    entries = [
        entry
        for entry in journal.entries
        if entry.kind in told
        and entry.entry not in known
        and journal.bookings[entry.booking].share is not None
    ]
    return journal, entries, payouts


def _hold(connection: Connection) -> None:
    """Have others that write the ledger wait: SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _append(connection: Connection, entries: Sequence[Entry]) -> int:
    journal = Journal.of(_entries(connection, {entry.booking for entry in entries}))
    there = {entry.entry: entry for entry in journal.entries}
    new = 0
    for entry in entries:
        known = there.get(entry.entry)
        if known is None:
            journal.append(entry)
            _insert(connection, entry)
            new += 1
        elif (known.kind, known.posts, known.log_index) != (entry.kind, entry.posts, entry.log_index):
            raise BadInput("something else was booked already", expected="the same entry, or a correction")
    return new


def _insert(connection: Connection, entry: Entry) -> None:
    row = {
        "entry": entry.entry,
        "kind": entry.kind,
        "booking": entry.booking,
        "use": entry.use,
        "number": entry.number,
        "log_index": entry.log_index,
        "currency": entry.currency,
        "at_ms": entry.at_ms,
        "payout": entry.payout,
    }
    made = connection.execute(insert(royalty_entry).values(row).returning(royalty_entry.c.id)).scalar_one()
    posts = [
        {"entry_id": made, "position": position, "account": post.account, "amount": post.amount}
        for position, post in enumerate(entry.posts)
    ]
    if posts:
        connection.execute(insert(royalty_post), posts)


def _entries(connection: Connection, bookings: set[str] | None = None) -> list[Entry]:
    """Return entries in their order: those of some bookings, or all."""
    if bookings is None:
        conditions: list[ColumnElement[bool] | None] = [None]
    else:
        conditions = [royalty_entry.c.booking.in_(some) for some in _some(sorted(bookings))]
    rows: list[Row[Any]] = []
    posts: dict[int, list[Post]] = {}
    for condition in conditions:
        wanted = select(royalty_entry)
        sides = select(royalty_post).join(royalty_entry, royalty_entry.c.id == royalty_post.c.entry_id)
        if condition is not None:
            wanted, sides = wanted.where(condition), sides.where(condition)
        rows += connection.execute(wanted).all()
        for side in connection.execute(sides.order_by(royalty_post.c.position)):
            posts.setdefault(side.entry_id, []).append(Post(side.account, side.amount))
    return [
        Entry(
            row.entry,
            Kind(row.kind),
            row.booking,
            row.use,
            row.number,
            row.log_index,
            row.currency,
            row.at_ms,
            tuple(posts.get(row.id, ())),
            row.payout,
        )
        for row in sorted(rows, key=lambda row: row.id)
    ]


def _prices(connection: Connection, uses: Sequence[str]) -> list[PricedUse]:
    return [
        read_priced(content)
        for some in _some(uses)
        for content in connection.execute(
            select(royalty_price.c.content).where(royalty_price.c.use.in_(some))
        ).scalars()
    ]


def _payout(row: Row[Any]) -> Payout:
    content = json.loads(row.content)
    return Payout(
        row.payout,
        row.run,
        row.pseudonym,
        content["amount"],
        content["currency"],
        tuple(content["bookings"]),
        tuple(content["settles"]),
        bytes(row.salt),
        row.at_ms,
    )


def _some(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))

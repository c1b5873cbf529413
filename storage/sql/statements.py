"""Statements straight from the tables."""

from sqlalchemy import select

from consent.royalties import accounts
from consent.royalties.statement import Statement, statement
from storage.sql.database import Database
from storage.sql.disputes import disputes_of_worker
from storage.sql.royalties import books_of_worker
from storage.sql.tables import royalty_entry, royalty_post, royalty_price


def worker_statement(database: Database, pseudonym: str, currency: str, period: tuple[int, int]) -> Statement:
    """Return a worker's statement, of nothing if there is nothing. Raises `BadInput` for no period.

    The period is from its first instant to before its last, in milliseconds (UTC).
    """
    books = books_of_worker(database, pseudonym)
    disputes = disputes_of_worker(database, pseudonym)
    return statement(
        books.journal, books.priced, books.shares, pseudonym, currency, period, disputes, books.receipts
    )


def currencies_of_worker(database: Database, pseudonym: str) -> list[str]:
    """Return the currencies of a worker's bookings, in alphabetical order."""
    mine = (
        select(royalty_entry.c.currency)
        .join(royalty_post, royalty_post.c.entry_id == royalty_entry.c.id)
        .where(royalty_post.c.account == accounts.worker(pseudonym))
        .distinct()
    )
    with database.reading() as connection:
        return sorted(connection.execute(mine).scalars())


def is_card(database: Database, agreement: str) -> bool:
    """Tell whether a use was priced by an agreement of this hash."""
    priced = select(royalty_price.c.id).where(
        royalty_price.c.content.contains(f'"card":"{agreement}"', autoescape=True)
    )
    with database.reading() as connection:
        return connection.execute(priced.limit(1)).first() is not None

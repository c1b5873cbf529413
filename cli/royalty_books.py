"""What the commands of `fairtakt royalties` share: the books, the agreement, and how amounts are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capture.yaml_document import read_document
from cli.files import read_bytes, read_verifier
from consent.agreement.amounts import money
from consent.agreement.language import Language
from consent.agreement.schema import Agreement
from consent.agreement.signing import open_agreement
from consent.entries.bodies import RoyaltyAccrued, RoyaltyPaid
from consent.site.opening import open_desk
from consent.site.plant import Plant
from productivity.errors import MissingExtra

_PAGE = 4096
"""Entries of the log read at a time."""

if TYPE_CHECKING:
    from storage.sql.database import Database


def read_agreement(file: Path) -> Agreement:
    """Read a works agreement: a draft in YAML, or a signed note."""
    if file.suffix in {".yaml", ".yml"}:
        return read_document(file, Agreement, "works agreement")
    return open_agreement(read_bytes(file, expected="a signed agreement"), str(file)).agreement


def amount_text(amount: int, currency: str) -> str:
    """Return an amount of minor units as it is told."""
    return ("-" if amount < 0 else "") + money(abs(amount), currency, Language.EN)


@dataclass(frozen=True, slots=True)
class Said:
    """What the log says of royalties."""

    booked: frozenset[str]
    """Bookings that were accrued."""
    paid: tuple["tuple[RoyaltyPaid, int]", ...]
    """Payouts, and when they were logged (ms)."""


def royalties_in_log(plant: Path, log_key: Path) -> Said:
    """Read them from a site's log, checked against its `.vkey`; the server may be running."""
    booked: set[str] = set()
    paid: list[tuple[RoyaltyPaid, int]] = []
    with open_desk(Plant(plant), log=read_verifier(log_key)) as desk:
        size = desk.state().size
        for first in range(0, size, _PAGE):
            for one in desk.entries(first, min(first + _PAGE, size)):
                if isinstance(one.entry.body, RoyaltyAccrued):
                    booked.add(one.entry.body.booking)
                elif isinstance(one.entry.body, RoyaltyPaid):
                    paid.append((one.entry.body, one.entry.at_ms))
    return Said(frozenset(booked), tuple(paid))


@contextmanager
def opened_books(address: str) -> "Iterator[Database]":
    """Give the database."""
    with needing_server():
        from storage.sql.database import Database
    with Database(address) as opened:
        yield opened


@contextmanager
def needing_server() -> Iterator[None]:
    """Say which extra is missing, if an import inside fails."""
    try:
        yield
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None

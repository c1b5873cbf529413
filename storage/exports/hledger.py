"""The royalty journal as plain-text accounting: `hledger` and `ledger` read it, and add it up themselves.

A transaction per entry, with the entry's identifier as its code and the log index of the use in its
description. Accounts become `assets:receivable:…`, `liabilities:worker:…` and so on. Names of licensees and
deductions are spelled so that no sign of theirs means something to those programs. Carried entries move
nothing and are left out. Dates are those of the site's calendar.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType

from consent.agreement.amounts import money
from consent.agreement.language import Language
from consent.royalties import accounts
from consent.royalties.journal import Entry

_PLACES: Mapping[str, str] = MappingProxyType(
    {
        accounts.EXPENSE: "expenses:motion",
        accounts.COLLECTIVE: "liabilities:collective",
        accounts.PLANT: "revenues:plant",
        accounts.PAID_OUT: "assets:bank",
    }
)
_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "worker": "liabilities:worker",
        "receivable": "assets:receivable",
        "deductions": "liabilities:deductions",
    }
)


def plain_journal(entries: Iterable[Entry], zone: tzinfo) -> str:
    """Return the journal as text, in the order of the entries."""
    return "".join(_transaction(entry, zone) for entry in entries if entry.posts)


def place_of(account: str) -> str:
    """Return what an account of the ledger is called there."""
    kind, separator, name = account.partition(":")
    return f"{_PREFIXES[kind]}:{_spelled(name)}" if separator else _PLACES[account]


def _transaction(entry: Entry, zone: tzinfo) -> str:
    day = datetime.fromtimestamp(entry.at_ms // 1000, UTC).astimezone(zone).date()
    lines = [
        f"{day.isoformat()} * ({entry.entry}) {entry.kind}, use {entry.use}, log index {entry.log_index}"
    ]
    lines += [f"    {place_of(post.account)}  {_amount(post.amount, entry.currency)}" for post in entry.posts]
    return "\n".join(lines) + "\n\n"


def _amount(amount: int, currency: str) -> str:
    sign = "-" if amount < 0 else ""
    return sign + money(abs(amount), currency, Language.EN)


def _spelled(name: str) -> str:
    """Spell a name so that it is one part of one account: other signs by their number.

    Two spaces end an account, a colon divides it, and brackets and semicolons have a meaning at places. A
    space becomes `_`, so `_` is spelled by its number too: no two names become one account.
    """
    return re.sub(r"[^\w.-]|_", lambda sign: "_" if sign[0] == " " else f"~{ord(sign[0]):x}~", name)

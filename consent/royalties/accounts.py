"""Accounts of the royalty ledger, and their names. A debit is above zero, a credit below.

| account | what its balance says |
|---|---|
| `receivable:<licensee>` | debit: what the licensee has been charged |
| `expense` | debit: what the plant has spent on uses of its own |
| `deductions:<name>` | credit: what was taken off before sharing |
| `worker:<pseudonym>` | credit: what is owed to the worker |
| `collective`, `plant` | credit: what is owed to them |
| `paid out` | credit: what has left the bank account for workers |

That a licensee has paid its invoice stands in the plant's accounts, not here: what is owed to workers does
not depend on it.
"""

from consent.entries.vocabulary import Account
from productivity.errors import BadInput

EXPENSE = "expense"
COLLECTIVE = "collective"
PLANT = "plant"
PAID_OUT = "paid out"
_WORKER, _RECEIVABLE, _DEDUCTIONS = "worker:", "receivable:", "deductions:"


def debtor(licensee: str | None) -> str:
    """Return the account that a use is charged to."""
    return EXPENSE if licensee is None else f"{_RECEIVABLE}{licensee}"


def worker(pseudonym: str) -> str:
    """Return the account of a worker."""
    return f"{_WORKER}{pseudonym}"


def deduction(name: str) -> str:
    """Return the account of a deduction."""
    return f"{_DEDUCTIONS}{name}"


def creditor(account: Account, pseudonym: str | None) -> str:
    """Return the account of a share, as the log's entry names it."""
    if (account is Account.WORKER) != (pseudonym is not None):
        raise BadInput("account does not fit", expected="a pseudonym for a worker's account and no other")
    return str(account) if pseudonym is None else worker(pseudonym)


def share_of(name: str) -> tuple[Account, str | None] | None:
    """Return whose share an account holds, as the log's entry names it; None for accounts of other kinds."""
    if name.startswith(_WORKER):
        return Account.WORKER, name.removeprefix(_WORKER)
    return {COLLECTIVE: (Account.COLLECTIVE, None), PLANT: (Account.PLANT, None)}.get(name)


def is_debtor(name: str) -> bool:
    """Tell whether an account is charged for uses."""
    return name == EXPENSE or name.startswith(_RECEIVABLE)


def is_deduction(name: str) -> bool:
    """Tell whether an account holds a deduction."""
    return name.startswith(_DEDUCTIONS)

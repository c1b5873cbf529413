"""Who gets how much of a net amount: whole minor units that add up to it, whatever the order of names.

1. The net amount is divided into the shares of workers, collective and plant, by percent of the agreement.
2. The workers' share is divided by time times declared weight, exactly (integers and fractions).

Both by largest remainders: everybody gets the exact part rounded down, and the units left over go, one each,
to those whose fraction was cut most. So no part is off by a whole unit, and there are never more units left
than there are parts.

Ties. Equal fractions must be ranked somehow. By name, the same person would gain every time, and by the
order of a list, whoever wrote it would choose. So ties go by SHA-256 of use and pseudonym: it depends on
nothing but who took part in what, and over many uses everybody is first equally often. The identifier of a
use is drawn at random before anybody knows whom it favours; what is at stake is one minor unit. Between
workers, collective and plant the order of that list decides: they are offices of the agreement, and
workers come first. Pure.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from consent.agreement.schema import Royalties
from consent.entries.vocabulary import Account
from productivity.errors import BadInput

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Contribution:
    """Motion of one worker within a use; a worker may have many."""

    pseudonym: str
    ms: int
    weight: Fraction = Fraction(1)
    """Declared beforehand, in the terms of the use."""

    def __post_init__(self) -> None:
        """Refuse time that runs backwards, and work that is declared to be worth nothing."""
        if self.ms < 0 or self.weight <= 0:
            raise BadInput("contribution is not possible", expected="time of 0 or more, weight above 0")


@dataclass(frozen=True, slots=True)
class Shares:
    """A net amount, shared out. Workers are in no particular order."""

    workers: Mapping[str, int]
    collective: int
    plant: int

    @property
    def total(self) -> int:
        """The net amount again."""
        return sum(self.workers.values()) + self.collective + self.plant


def split(net: int, royalties: Royalties, use: str, contributions: Iterable[Contribution]) -> Shares:
    """Share a net amount out. Raises `BadInput` if nobody contributed, or for a negative amount."""
    parts = weighed(contributions)
    by_account = largest_remainder(net, _percent(royalties), list(Account).index)
    workers = largest_remainder(
        by_account[Account.WORKER], parts, lambda pseudonym: tie_break(use, pseudonym)
    )
    return Shares(workers, by_account[Account.COLLECTIVE], by_account[Account.PLANT])


def weighed(contributions: Iterable[Contribution]) -> dict[str, Fraction]:
    """Return time times weight of each worker, in weighted milliseconds.

    Where all motion is a single pose and so lasts no time, each contribution counts as its weight alone.
    """
    given = list(contributions)
    if not given:
        raise BadInput("nobody to share with", expected="motion of at least one worker")
    timed = any(one.ms for one in given)
    parts: dict[str, Fraction] = {}
    for one in given:
        part = one.weight * (one.ms if timed else 1)
        parts[one.pseudonym] = parts.get(one.pseudonym, Fraction(0)) + part
    return parts


def largest_remainder(
    amount: int, parts: Mapping[_Key, Fraction], rank: Callable[[_Key], object]
) -> dict[_Key, int]:
    """Divide an amount in proportion to parts; `rank` orders equal remainders, the smaller one first.

    Requires an amount of 0 or more, and parts of 0 or more whose sum is more. `rank` must be distinct.
    """
    total = sum(parts.values(), Fraction(0))
    if amount < 0 or total <= 0 or min(parts.values()) < 0:
        raise BadInput("amount cannot be shared", expected="0 or more, and parts that are not negative")
    exact = {key: amount * part / total for key, part in parts.items()}
    whole = {key: int(share) for key, share in exact.items()}
    left = amount - sum(whole.values())
    first = sorted(parts, key=lambda key: (whole[key] - exact[key], rank(key)))
    return whole | {key: whole[key] + 1 for key in first[:left]}


def tie_break(use: str, pseudonym: str) -> bytes:
    """Return what ranks a worker among equals within a use."""
    return hashlib.sha256(f"{use}\n{pseudonym}".encode()).digest()


def _percent(royalties: Royalties) -> dict[Account, Fraction]:
    workers, collective = royalties.worker_share_percent, royalties.collective_share_percent
    return {
        Account.WORKER: Fraction(workers),
        Account.COLLECTIVE: Fraction(collective),
        Account.PLANT: Fraction(100 - workers - collective),
    }

"""What can be worked out from what is shown: a linear program for each end of each figure's range.

An attacker who knows all that was released, that no figure is below 0, and what everybody knows beforehand,
can narrow a hidden figure down to the range that the linear constraints leave (Hundepool et al. 2012, section
4.4; Fischetti & Salazar 2001, "attacker subproblems"). This module judges what `suppression` chose and shares
no arithmetic with it.

What follows by subtraction is worked out in integers. Only what is left over goes to the solver, scaled so
that its tolerance of 1e-7 is far below anything that matters.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from productivity.disclosure.atoms import Mask, bits_of, indicator
from productivity.errors import BadInput

SCALE = 10_000.0
"""What the largest figure becomes in the solver: a ten-thousandth of it is 1, the tolerance 1e-7."""

TOLERANCE = 1e-3
"""How far, in the solver's units, a range may miss its goal: a ten-millionth of the largest figure."""

Step = Callable[[], None]
"""Called before each linear program; what it raises gives up."""


def go_on() -> None:
    """Give up never."""


HORIZON = 4
"""Atoms above so many times the largest figure are left aside. Ranges become finite, and only narrower."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What anybody knows: `sums` over atoms exactly, `bounds` of sums (None: no upper bound).

    `largest` is the largest figure of all tables, shown or not: the unit of the arithmetic.
    """

    atoms: int
    sums: Mapping[Mask, int]
    bounds: Mapping[Mask, tuple[int, int | None]]
    largest: int

    @property
    def unit(self) -> float:
        """How many of the solver's units make one unit of the figures."""
        return SCALE / max(self.largest, 1)


@dataclass(frozen=True, slots=True)
class Goal:
    """A sum that must not be narrowed down: the range must reach from `low` to `high`, or beyond."""

    mask: Mask
    low: float
    high: float


class Attacker:
    """Works out the range of any sum over atoms. Raises `BadInput` when known sums contradict each other."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Subtract whatever can be subtracted, and prepare the linear program for the rest."""
        self._known = knowledge
        self._exact, rows = _subtract(knowledge.sums)
        exact = sum(1 << number for number in self._exact)
        self._open = [number for number in range(knowledge.atoms) if not exact >> number & 1]
        self._place = {number: place for place, number in enumerate(self._open)}
        unit = knowledge.unit
        masks = [self._local(bits) for bits in rows]
        lows = [value * unit for value in rows.values()]
        highs = list(lows)
        for bits, (least, most) in knowledge.bounds.items():
            if left := self._local(bits & ~exact):
                inside = self._exact_sum(bits & exact)
                masks.append(left)
                lows.append((least - inside) * unit)
                highs.append(np.inf if most is None else (most - inside) * unit)
        self._sums = LinearConstraint(indicator(masks, len(self._open)), lows, highs)

    def _local(self, bits: Mask) -> Mask:
        return sum(1 << self._place[number] for number in bits_of(bits))

    def _exact_sum(self, bits: Mask) -> int:
        return sum(self._exact[number] for number in bits_of(bits))

    def table(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (atoms,) float64: the possible table whose weighted sum is least, in the solver's units."""
        full = np.zeros(self._known.atoms)
        for number, value in self._exact.items():
            full[number] = value * self._known.unit
        if self._open:
            solution = milp(  # without integers: a linear program, with less ado than linprog
                weights[self._open], constraints=self._sums, bounds=Bounds(0, HORIZON * SCALE)
            )
            if solution.x is None:
                raise BadInput(
                    "figures contradict each other",
                    expected="one state of affairs that all released figures agree with",
                )
            full[self._open] = solution.x
        return full

    def range(self, bits: Mask) -> tuple[float, float]:
        """Return the least and greatest value that a sum can have, in units of the figures."""
        weights = indicator([bits], self._known.atoms).toarray()[0]
        ends = (self.table(weights), self.table(-weights))
        low, high = (float(weights @ end) / self._known.unit for end in ends)
        return low, high


class Possibilities:
    """Possible tables that were found so far. Each proves, for every sum, one value that it can have.

    One table proves many goals at once, which saves most of the linear programs.
    """

    def __init__(self, atoms: int) -> None:
        """Begin with none."""
        self._tables = np.zeros((0, atoms))

    def add(self, table: NDArray[np.float64]) -> None:
        """Remember (atoms,) float64."""
        self._tables = np.vstack([self._tables, table])

    def furthest(self, rows: csr_array, sign: float) -> NDArray[np.float64]:
        """Return (n,) float64: the greatest value of `sign` times each sum; -inf where there is no table.

        `rows` is (n, atoms) float64, as `indicator` gives it.
        """
        furthest: NDArray[np.float64] = (sign * (rows @ self._tables.T)).max(axis=1, initial=-np.inf)
        return furthest

    def __len__(self) -> int:
        return len(self._tables)

    def absorb(self, other: "Possibilities", since: int) -> None:
        """Remember those of another from a number on."""
        self._tables = np.vstack([self._tables, other._tables[since:]])

    def agreeing(self, bits: Mask, value: float) -> "Possibilities":
        """Return those in which a sum has a value, within the solver's tolerance."""
        kept = Possibilities(self._tables.shape[1])
        sums = (self._tables @ indicator([bits], self._tables.shape[1]).T).ravel()
        kept._tables = self._tables[np.abs(sums - value) <= TOLERANCE / 10]
        return kept


def missed(
    knowledge: Knowledge, goals: Sequence[Goal], found: Possibilities, step: Step = go_on
) -> Iterator[tuple[Goal, float]]:
    """Yield goals that an attacker narrows further: with 1.0 if the upper end is missed, -1.0 if the lower.

    Tables that are worked out on the way are added to `found`. First all open goals pull at one table
    together, as long as that proves any; only what is left over takes a linear program of its own.
    """
    if not goals:
        return
    attacker = Attacker(knowledge)
    rows = indicator([goal.mask for goal in goals], knowledge.atoms)
    for sign in (1.0, -1.0):
        ends = np.array([goal.high if sign > 0 else goal.low for goal in goals]) * knowledge.unit
        left = np.flatnonzero(sign * ends - found.furthest(rows, sign) > TOLERANCE)
        while len(left) > 1:
            step()
            together = attacker.table(-sign * rows[left].sum(axis=0))
            found.add(together)
            open_ = left[sign * (ends[left] - rows[left] @ together) > TOLERANCE]
            if len(open_) == len(left):
                break
            left = open_
        while len(left):
            step()
            alone = attacker.table(-sign * rows[[left[0]]].toarray()[0])
            found.add(alone)
            gaps = sign * (ends[left] - rows[left] @ alone)
            if gaps[0] > TOLERANCE:
                yield goals[left[0]], sign
            left = left[1:][gaps[1:] > TOLERANCE]


def _subtract(sums: Mapping[Mask, int]) -> tuple[dict[int, int], dict[Mask, int]]:
    """Return the atoms that are known exactly, and the sums of two or more others that remain."""
    exact: dict[int, int] = {}
    rows = dict(sums)
    settled = 0
    changed = True
    while changed:
        changed = False
        left: dict[Mask, int] = {}
        for bits, value in rows.items():
            rest = bits & ~settled
            remainder = value - sum(exact[number] for number in bits_of(bits & settled))
            if remainder < 0 or (not rest and remainder) or left.get(rest, remainder) != remainder:
                raise BadInput(
                    "figures contradict each other", expected="totals that are the sum of their parts"
                )
            if rest and (remainder == 0 or rest.bit_count() == 1):
                exact.update(dict.fromkeys(bits_of(rest), remainder))
                settled |= rest
                changed = True
            elif rest:
                left[rest] = remainder
        rows = left
    return exact, rows

"""Complementary suppression: what else to leave out, and as little as possible of it.

Leaving out the least is NP-hard (Fischetti & Salazar 2001). This is the usual heuristic, one linear program
for each figure that is not yet hidden well enough (after Kelly, Golden & Assad 1992, "Cell suppression:
disclosure protection for sensitive tabular data", Networks 22):

1. Find the table nearest to the true one in which the figure lies as far away as it must look possible. Near
   means: little change in figures that are still shown; change in hidden ones is free.
2. Leave out what differs. That table is then possible for anybody, so this end of the range is reached, and
   stays so, since leaving out more only adds possible tables.
3. When all goals are reached, show again whatever is not needed, the largest figures first. Then check
   once more without anything that was found on the way.

`attacker` judges each step, so an imperfect choice costs figures, never protection. The same input gives the
same output: nothing is drawn at random, and equal costs are broken by a fixed order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]
from scipy.sparse import csr_array, eye_array, hstack, vstack  # type: ignore[import-untyped]

from productivity.disclosure.atoms import Mask, indicator
from productivity.disclosure.attacker import (
    HORIZON,
    SCALE,
    TOLERANCE,
    Goal,
    Knowledge,
    Possibilities,
    Step,
    go_on,
    missed,
)

SHORTFALL_COST = 1e4
"""Of missing a goal by one unit, so that no suppression is too dear: changing a figure costs 1 to 2."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What can be chosen. `figures` may be shown or not, by their atoms; `fixed` is known in any case."""

    atoms: int
    figures: Mapping[Mask, int]
    fixed: Mapping[Mask, int]
    bounds: Mapping[Mask, tuple[int, int | None]]
    largest: int

    def knowledge(self, hidden: frozenset[Mask]) -> Knowledge:
        """Return what anybody knows when some figures are hidden."""
        shown = {bits: value for bits, value in self.figures.items() if bits not in hidden}
        return Knowledge(self.atoms, {**shown, **self.fixed}, self.bounds, self.largest)


@dataclass(frozen=True, slots=True)
class Choice:
    """The hidden figures; and the goals that no choice can reach, because too much is known already."""

    hidden: frozenset[Mask]
    exposed: frozenset[Mask]


def suppress(
    problem: Problem,
    primary: frozenset[Mask],
    goals: Sequence[Goal],
    sums_of: Callable[[frozenset[Mask]], Sequence[Goal]],
    step: Step = go_on,
) -> Choice:
    """Hide `primary`, and what else it takes to reach all goals.

    `sums_of` gives the further goals that come with a set of hidden figures. A goal that is out of reach
    even with everything hidden is lowered to what is in reach, and reported. What `step` raises gives up.
    """
    lowered: dict[Goal, Goal] = {}

    def in_reach(goal: Goal) -> Goal:
        while goal in lowered:
            goal = lowered[goal]
        return goal

    def wanted(hidden: frozenset[Mask]) -> list[Goal]:
        return [in_reach(goal) for goal in (*goals, *sums_of(hidden))]

    everything = frozenset(problem.figures)
    nearest = _Nearest(problem)
    found = Possibilities(problem.atoms)
    hidden = primary
    while (miss := next(missed(problem.knowledge(hidden), wanted(hidden), found, step), None)) is not None:
        goal, sign = miss
        differing, shortfall = nearest.differing(hidden, goal, sign)
        if shortfall > TOLERANCE:
            lowered[goal] = _lower(goal, sign, 1.1 * shortfall / problem.knowledge(hidden).unit)
        elif differing <= hidden == everything:  # nothing is left to do for this end
            lowered[goal] = _lower(goal, sign, float(HORIZON * max(problem.largest, 1) * problem.atoms))
        elif differing <= hidden:  # the two programs disagree within their tolerance: be on the safe side
            differing = everything
        hidden |= differing

    enough = hidden
    for bits in sorted(hidden - primary, key=lambda bits: (-problem.figures[bits], bits)):
        fewer = hidden - {bits}
        knowledge = problem.knowledge(fewer)
        kept = found.agreeing(bits, problem.figures[bits] * knowledge.unit)
        before = len(kept)
        if next(missed(knowledge, wanted(fewer), kept, step), None) is None:
            hidden, found = fewer, kept
        else:
            found.absorb(kept, before)
    afresh = missed(problem.knowledge(hidden), wanted(hidden), Possibilities(problem.atoms), step)
    if next(afresh, None) is not None:  # tables kept from before agreed only within their tolerance
        hidden = enough
    return Choice(hidden, frozenset(goal.mask for goal in lowered))


def _lower(goal: Goal, sign: float, by: float) -> Goal:
    """Return a goal that asks for less at one end."""
    if sign > 0:
        return replace(goal, high=goal.high - by)
    return replace(goal, low=goal.low + by)


class _Nearest:
    """Step 1: the nearest table in which a figure is elsewhere."""

    def __init__(self, problem: Problem) -> None:
        """Prepare what all figures share: variables are atoms, changes up, changes down, shortfall."""
        self._problem = problem
        self._masks = sorted(problem.figures)
        count, figures = problem.atoms, len(self._masks)
        unit = problem.knowledge(frozenset()).unit
        values = np.array([problem.figures[bits] for bits in self._masks], dtype=np.float64) * unit
        ones = eye_array(figures, format="csr")
        changes = hstack([indicator(self._masks, count), -ones, ones, csr_array((figures, 1))])
        self._rows = vstack(
            [changes, self._padded(list(problem.fixed)), self._padded(list(problem.bounds))], format="csr"
        )
        fixed = np.array(list(problem.fixed.values()), dtype=np.float64) * unit
        least, most = (
            np.array([np.inf if each[end] is None else each[end] for each in problem.bounds.values()]) * unit
            for end in (0, 1)
        )
        self._lows = np.concatenate([values, fixed, least])
        self._highs = np.concatenate([values, fixed, most])
        self._limits = Bounds(0, [*[HORIZON * SCALE] * count, *[np.inf] * (2 * figures + 1)])
        # Large figures are dearer, for they say more; the last term decides between equals.
        order = np.arange(figures) / max(figures, 1)
        self._costs = 1 + values / SCALE + 1e-3 * order
        self._unit = unit

    def _padded(self, masks: Sequence[Mask]) -> csr_array:
        further = csr_array((len(masks), 2 * len(self._masks) + 1))
        return hstack([indicator(masks, self._problem.atoms), further], format="csr")

    def differing(self, hidden: frozenset[Mask], goal: Goal, sign: float) -> tuple[frozenset[Mask], float]:
        """Return the figures that change when a sum reaches one end of its goal, and by how much it fails to.

        The second is in the solver's units.
        """
        costs = np.where([bits in hidden for bits in self._masks], 0.0, self._costs)
        width = self._rows.shape[1]
        target = self._padded([goal.mask]) + csr_array(([sign], ([0], [width - 1])), shape=(1, width))
        wanted = (goal.high if sign > 0 else goal.low) * self._unit
        solution = milp(
            np.concatenate([np.zeros(self._problem.atoms), costs, costs, [SHORTFALL_COST]]),
            constraints=LinearConstraint(
                vstack([self._rows, target], format="csr"),
                np.append(self._lows, wanted if sign > 0 else -np.inf),
                np.append(self._highs, np.inf if sign > 0 else wanted),
            ),
            bounds=self._limits,
        )
        if solution.x is None:  # the solver gave up: hiding everything is always right
            return frozenset(self._masks), 0.0
        changes: NDArray[np.float64] = solution.x[self._problem.atoms : -1].reshape(2, -1).sum(axis=0)
        moved = zip(self._masks, changes, strict=True)
        return frozenset(bits for bits, change in moved if change > TOLERANCE / 10), float(solution.x[-1])

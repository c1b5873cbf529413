"""A release: what of a table may be shown, given all that was released before.

1. The rules say which figures are sensitive by themselves (primary suppression).
2. What earlier releases show is known for good, and what they hid must stay hidden. All tables are divided
   into common pieces, so that overlapping groups and periods are seen for what they have in common.
3. Differences between a figure of this table and one of an earlier table are figures too.
4. More is left out until an attacker who holds all releases cannot narrow any of this (complementary
   suppression). At worst the whole table is left out: then it tells nothing.

No claim is made against outside knowledge, nor against several people at small stations who pool theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Self

import numpy as np

from productivity.disclosure.atoms import Atoms, Mask, Region, regions
from productivity.disclosure.attacker import SCALE, Attacker, Goal, Knowledge, Step, go_on
from productivity.disclosure.rules import Reason, Rules
from productivity.disclosure.suppression import Problem, suppress
from productivity.disclosure.table import Cell, Table, check_cell
from productivity.disclosure.targets import (
    Located,
    differences,
    hidden_sums,
    leftovers,
    sensitive,
    small_differences,
)
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class Figure:
    """What becomes of a cell: its exact value, or the reason why it is left out."""

    at: tuple[str, ...]
    value: int | None
    reason: Reason | None


@dataclass(frozen=True)  # without slots: the lookup below is worked out once and kept
class Released:
    """A table as it may be shown: `figures`, in the order of their places.

    Only the figures may leave. The rest is for the check of later releases, and as confidential as the table.
    `exposed` are sensitive figures of this table, and only of this, that earlier releases or common
    knowledge give away to some degree, whatever is left out here: a matter for whoever is responsible.
    """

    table: Table
    rules: Rules
    figures: tuple[Figure, ...]
    exposed: tuple[tuple[str, ...], ...] = ()
    background: Mapping[Region, Cell] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        """How many figures the table has."""
        return len(self.figures)

    @property
    def suppressed(self) -> int:
        """How many figures are left out."""
        return sum(figure.reason is not None for figure in self.figures)

    @property
    def smallest_group(self) -> int | None:
        """The people behind the figure with the fewest that is shown; None if none has any.

        Figures of 0 where nobody attended do not count: there is no group.
        """
        return min((cell.people for cell in self._shown_cells if cell.people > 0), default=None)

    @property
    def unjudged(self) -> int:
        """How many figures are shown though too little is known to tell whether few people dominate."""
        return sum(cell.people > 0 and not self.rules.judged(cell) for cell in self._shown_cells)

    @property
    def _shown_cells(self) -> list[Cell]:
        return [self.table.by_place[figure.at] for figure in self.figures if figure.reason is None]

    @cached_property
    def by_place(self) -> dict[tuple[str, ...], Figure]:
        """The figures by their place."""
        return {figure.at: figure for figure in self.figures}


@dataclass(frozen=True, slots=True)
class History:
    """All releases so far. Tables of another measure are taken to say nothing about each other."""

    releases: tuple[Released, ...] = ()

    def with_(self, released: Released) -> Self:
        """Return the history with one more release."""
        return type(self)((*self.releases, released))

    def comparable(self, table: Table) -> tuple[Released, ...]:
        """Return the releases of the same measure.

        Raises `BadInput` if one has other dimensions: a table that leaves one out must say what it is about
        with a dimension of a single group.
        """
        same = tuple(each for each in self.releases if each.table.measure == table.measure)
        names = [dimension.name for dimension in table.dimensions]
        for each in same:
            theirs = [dimension.name for dimension in each.table.dimensions]
            if theirs != names:
                raise BadInput(
                    f"dimensions cannot be compared with those of table {each.table.name!r}",
                    where=f"table {table.name!r}",
                    expected=", ".join(theirs),
                    found=", ".join(names),
                )
        return same


NO_HISTORY = History()
NO_BACKGROUND: Mapping[Region, Cell] = {}


def release(
    table: Table,
    rules: Rules,
    history: History = NO_HISTORY,
    background: Mapping[Region, Cell] = NO_BACKGROUND,
    step: Step = go_on,
) -> Released:
    """Decide which figures of a table may be shown.

    `background` tells about regions that no table shows how many people were there, above all those that
    `unknown_groups` asks for; the cell's `at` serves for messages only. A region that nobody tells about is
    taken to be a small group. `step` is called between pieces of work, which may be many: what it raises
    gives up. Raises `BadInput` when figures contradict those of earlier releases.
    """
    world = _World(table, rules, history, background)
    choice = suppress(
        world.problem,
        frozenset(each.mask for each in world.new if rules.verdict(each.cell) is not None)
        & frozenset(world.problem.figures),
        world.goals(step),
        lambda hidden: hidden_sums(table, world.masks, hidden, rules, world.resolution),
        step,
    )
    figures: list[Figure] = []
    for each in world.new:
        verdict = rules.verdict(each.cell)
        if verdict is None and each.mask in choice.hidden:
            verdict = Reason.PROTECTS
        value = each.cell.value if verdict is None else None
        figures.append(Figure(each.cell.at, value, verdict))
    exposed = tuple(
        each.cell.at
        for each in world.new
        if each.mask in choice.exposed and rules.verdict(each.cell) is not None
    )
    return Released(table, rules, tuple(figures), exposed, background)


def unknown_groups(
    table: Table,
    rules: Rules,
    history: History = NO_HISTORY,
    background: Mapping[Region, Cell] = NO_BACKGROUND,
) -> tuple[Region, ...]:
    """Return the regions whose people decide what may be shown, and of which nothing is known yet.

    Without history these are the parts of totals that the table has no figures for. The caller who finds
    out about them and hands that to `release` loses fewer figures.
    """
    world = _World(table, rules, history, background)
    return tuple(world.unknown.values())


class _World:
    """A table, the past and the background over common atoms."""

    def __init__(
        self, table: Table, rules: Rules, history: History, background: Mapping[Region, Cell]
    ) -> None:
        past = history.comparable(table)
        for region, cell in background.items():
            if len(region.members) != len(table.dimensions) or not all(region.members):
                raise BadInput(
                    "background is about something else",
                    where=f"background {' / '.join(cell.at)}",
                    expected=f"members in each of {len(table.dimensions)} dimensions",
                )
            check_cell(cell, f"background {' / '.join(cell.at)}")
        told = [(background, rules), *((each.background, each.rules) for each in past)]
        parts = [regions(each.dimensions) for each in (table, *(each.table for each in past))]
        self._atoms = Atoms(
            [region for part in parts for _, region in sorted(part.items())]
            + [region for each, _ in told for region in each]
        )
        self._rules = rules
        self._past = [
            (self._locate(each.table, part), each) for each, part in zip(past, parts[1:], strict=True)
        ]
        self._told = [
            ([Located(cell, region, self._atoms.mask(region)) for region, cell in each.items()], under)
            for each, under in told
        ]
        self.new = self._locate(table, parts[0])
        self.masks = {each.cell.at: each.mask for each in self.new}
        everything = [*self.new, *(each for cells, _ in (*self._past, *self._told) for each in cells)]
        self._known = self._agree(table, everything)
        self._largest = max(each.cell.value for each in everything)
        self.resolution = max(1, int(self._largest / SCALE))
        old = [each for cells, released in self._past for each in cells if _is_shown(each, released)]
        nobody = {each.mask: 0 for each in everything if each.cell.people == 0}
        seen = [*old, *(each for each in self.new if rules.verdict(each.cell) is None)]
        self._small, self.unknown = small_differences(
            differences(self.new, old),
            leftovers(seen, self._atoms, reduce(or_, nobody, 0)),
            self._atoms,
            self._known,
            rules,
        )
        fixed = {**{each.mask: each.cell.value for each in old}, **nobody}
        self.problem = Problem(
            len(self._atoms),
            {each.mask: each.cell.value for each in self.new if each.mask not in nobody},
            fixed,
            {
                each.mask: (each.cell.least, each.cell.most)
                for each in everything
                if each.cell.least > 0 or each.cell.most is not None
            },
            self._largest,
        )
        self._truth = self._all_figures(table)

    def _locate(self, table: Table, part: Mapping[tuple[str, ...], Region]) -> list[Located]:
        return [Located(cell, part[at], self._atoms.mask(part[at])) for at, cell in table.by_place.items()]

    def _agree(self, table: Table, everything: list[Located]) -> dict[Mask, Cell]:
        """Return one cell for each set of atoms; the one with the fewest people, should counts differ."""
        known: dict[Mask, Cell] = {}
        for each in everything:
            other = known.setdefault(each.mask, each.cell)
            if other.value != each.cell.value:
                raise BadInput(
                    f"figure contradicts another of the same, {' / '.join(each.cell.at)}",
                    where=table.place(other.at),
                    expected="the same figure in each release and background",
                )
            if each.cell.people < other.people:
                known[each.mask] = each.cell
        return known

    def goals(self, step: Step) -> list[Goal]:
        """Return what must stay hidden whatever is chosen, the largest first."""
        found = sensitive(self.new, self._rules, self.resolution)
        for cells, released in self._past:
            found += sensitive(cells, released.rules, self.resolution)
        for located, under in self._told:
            found += sensitive(located, under, self.resolution)
        values: dict[Mask, float] = dict(self._small)
        loose = [bits for bits in self.unknown if bits not in values]
        values.update(zip(loose, self._consistent(loose, step), strict=True))
        for bits, value in values.items():
            found.append(Goal(bits, *self._rules.interval(Cell((), round(value), 1), self.resolution)))
        return sorted(set(found), key=lambda goal: (-goal.high, goal.mask, goal.low))

    def _consistent(self, masks: list[Mask], step: Step) -> list[float]:
        """Return for sums that no table has a value that agrees with all figures, shown and hidden.

        Where the figures leave no choice it is the true one. Where they do, nobody can tell.
        """
        middles = []
        for bits in masks:
            step()
            low, high = self._truth.range(bits)
            middles.append((low + high) / 2)
        return middles

    def _all_figures(self, table: Table) -> Attacker:
        """Return what somebody could work out who knows every figure, hidden ones too."""
        sums = {bits: cell.value for bits, cell in self._known.items()}
        try:
            attacker = Attacker(Knowledge(len(self._atoms), sums, self.problem.bounds, self._largest))
            attacker.table(np.zeros(len(self._atoms)))
        except BadInput:
            raise BadInput(
                "figures contradict those of earlier releases or the background",
                where=f"table {table.name!r}",
                expected="one state of affairs that all of them agree with",
            ) from None
        return attacker


def _is_shown(each: Located, released: Released) -> bool:
    return released.by_place[each.cell.at].reason is None

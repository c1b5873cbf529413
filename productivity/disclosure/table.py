"""A table as it would be if nothing had to be hidden: every figure, and how many people are behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from productivity.disclosure.dimension import Dimension
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure. `at` names its group in each dimension; `value` is in whole units, `least` or more.

    `people` is how many attended there, from attendance counts. `largest` are the largest contributions of
    single people, falling; None where nobody knows them. `least` and `most` are what everybody knows
    beforehand, for example that no more time than the paid time can have been spent.
    """

    at: tuple[str, ...]
    value: int
    people: int
    largest: tuple[int, ...] | None = None
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)  # without slots: the lookups below are worked out once and kept
class Table:
    """Figures of one `measure` for all combinations of the groups of its dimensions, totals included.

    A fixed circumstance such as the period is a dimension too, of one group. Raises `BadInput`, which names
    the cell but never its figure: a figure that is missing or stands twice, a figure that contradicts its
    own people, contributions or bounds, totals that do not add up, a part with more people than its whole.
    """

    name: str
    measure: str
    dimensions: tuple[Dimension, ...]
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        wanted = set(product(*([group.name for group in each.groups] for each in self.dimensions)))
        found = [cell.at for cell in self.cells]
        if len(set(found)) != len(found):
            twice = min(at for at in found if found.count(at) > 1)
            raise BadInput("figure stands twice", where=self.place(twice), expected="one figure")
        if wanted != set(found):
            odd = min(wanted ^ set(found))
            raise BadInput(
                "figure is missing" if odd in wanted else "figure has no place in the table",
                where=self.place(odd),
                expected="one figure for each combination of groups",
            )
        for cell in self.cells:
            check_cell(cell, self.place(cell.at))
        self._check_totals()

    def place(self, at: tuple[str, ...]) -> str:
        """Return in words where a cell stands."""
        return f"table {self.name!r}, {' / '.join(at)}"

    @cached_property
    def by_place(self) -> dict[tuple[str, ...], Cell]:
        """The cells by their place, in an order that does not depend on the order of input."""
        return {cell.at: cell for cell in sorted(self.cells, key=lambda cell: cell.at)}

    @cached_property
    def relations(self) -> tuple[tuple[Cell, tuple[Cell, ...]], ...]:
        """Each total and the cells that add up to it, for each dimension in which it is a total."""
        return tuple(self._relations())

    def _relations(self) -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
        for number, dimension in enumerate(self.dimensions):
            parts = {group.name: dimension.parts(group.name) for group in dimension.groups}
            for at, cell in self.by_place.items():
                if names := parts[at[number]]:
                    places = ((*at[:number], name, *at[number + 1 :]) for name in names)
                    yield cell, tuple(self.by_place[place] for place in places)

    def _check_totals(self) -> None:
        for total, parts in self.relations:
            if total.value != sum(part.value for part in parts):
                raise BadInput(
                    "total does not add up", where=self.place(total.at), expected="the sum of its parts"
                )
            for part in parts:
                if part.people > total.people:
                    raise BadInput(
                        "more people than in the whole that it is part of",
                        where=self.place(part.at),
                        expected=f"at most those of {' / '.join(total.at)}",
                    )


def check_cell(cell: Cell, where: str) -> None:
    """Raise `BadInput` unless a cell's figure, people, contributions and bounds fit each other."""
    most = cell.value if cell.most is None else cell.most
    if not 0 <= cell.least <= cell.value <= most:
        raise BadInput("figure is out of its bounds", where=where, expected="0 <= least <= value <= most")
    if cell.people < 0 or (cell.people == 0 and cell.value > 0):
        raise BadInput("figure has nobody behind it", where=where, expected="people, or a figure of 0")
    if cell.largest is None:
        return
    largest = cell.largest
    whole = len(largest) == cell.people
    if (
        list(largest) != sorted(largest, reverse=True)
        or any(each < 0 for each in largest)
        or len(largest) > cell.people
        or sum(largest) > cell.value
        or (whole and sum(largest) != cell.value)
    ):
        raise BadInput(
            "contributions do not fit the figure",
            where=where,
            expected="falling, none below 0, no more of them than people, within the figure",
        )

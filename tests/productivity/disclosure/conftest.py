"""Tables from their leaves, and an attacker of a quite different kind: exact, by enumerating vertices."""

from fractions import Fraction
from itertools import combinations, product

import pytest

from productivity.disclosure.dimension import Dimension
from productivity.disclosure.table import Cell, Table


@pytest.fixture(scope="session")
def table_of():
    """Add up leaves, `{(member, member): value}`, over all groups; people are asked per tuple of groups.

    `people` is a number for all cells, or a function of a cell's groups.
    """

    def make(dimensions, leaves, people, *, name="table", largest=None):
        cells = []
        for groups in product(*(dimension.groups for dimension in dimensions)):
            at = tuple(group.name for group in groups)
            value = sum(leaves[leaf] for leaf in product(*(group.members for group in groups)))
            crew = people(groups) if callable(people) else people
            cells.append(Cell(at, value, crew, (largest or {}).get(at)))
        return Table(name, "minutes", tuple(dimensions), tuple(cells))

    return make


@pytest.fixture(scope="session")
def grid_of(table_of):
    """Make a table of rows and columns with totals from a matrix; `people` is {place: number}, else 20."""

    def make(matrix, people=None, **more):
        rows = [f"r{number}" for number in range(len(matrix))]
        columns = [f"c{number}" for number in range(len(matrix[0]))]
        dimensions = (flat("row", rows), flat("column", columns))
        leaves = {
            (row, column): matrix[i][j] for i, row in enumerate(rows) for j, column in enumerate(columns)
        }

        def crew(groups):
            return (people or {}).get(tuple(group.name for group in groups), 20)

        return table_of(dimensions, leaves, crew, **more)

    return make


def flat(name, members):
    return Dimension.tree(name, {"all": None, **dict.fromkeys(members, "all")})


@pytest.fixture(scope="session")
def dimension():
    """Make a dimension of members and their total, "all"."""
    return flat


@pytest.fixture(scope="session")
def vertex_attacker():
    """Work out ranges exactly: the ends of a range are at vertices of the polytope of possible tables.

    `rows` are (coefficients, value) over unknowns of 0 or more. Their sum is at most `ceiling`, so that the
    polytope is bounded. Returns the least and greatest value of each wanted combination.
    """

    def ranges(rows, unknowns, wanted, ceiling):
        # The ceiling as an equation: one more unknown takes up the slack.
        system = [([*coefficients, 0], value) for coefficients, value in rows]
        system.append(([1] * (unknowns + 1), ceiling))
        independent = _independent(system)
        found = [
            point
            for basis in combinations(range(unknowns + 1), len(independent))
            if (point := _solve(independent, basis, unknowns + 1)) is not None
        ]
        assert found, "the known sums contradict each other"
        sums = [[sum(a * x for a, x in zip(each, point, strict=False)) for point in found] for each in wanted]
        return [(min(each), max(each)) for each in sums]

    return ranges


def _independent(system):
    """Return rows in echelon form, as fractions, without those that say nothing new."""
    rows = [[Fraction(each) for each in (*coefficients, value)] for coefficients, value in system]
    kept = []
    for column in range(len(rows[0]) - 1):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [each / pivot[column] for each in pivot]
        rows = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        kept = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in kept]
        kept.append(pivot)
    return kept


def _solve(rows, basis, unknowns):
    """Return the point at which only the basis is above 0, or None if there is none."""
    left = [[*(row[column] for column in basis), row[-1]] for row in rows]
    size = len(basis)
    for column in range(size):
        pivot = next((number for number in range(column, size) if left[number][column]), None)
        if pivot is None:
            return None
        left[column], left[pivot] = left[pivot], left[column]
        left[column] = [each / left[column][column] for each in left[column]]
        for number in range(size):
            if number != column and left[number][column]:
                factor = left[number][column]
                left[number] = [a - factor * b for a, b in zip(left[number], left[column], strict=True)]
    point = [Fraction(0)] * unknowns
    for column, row in zip(basis, left, strict=True):
        point[column] = row[-1]
    return point if min(point) >= 0 else None

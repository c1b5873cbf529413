from dataclasses import replace

import pytest

from productivity.disclosure.table import Cell, Table
from productivity.errors import BadInput


@pytest.fixture
def table(grid_of):
    return grid_of([[4, 6], [1, 0]])


def changed(table, at, **changes):
    cells = tuple(replace(cell, **changes) if cell.at == at else cell for cell in table.cells)
    return replace(table, cells=cells)


def test_totals_and_their_parts(table):
    sums = {(total.at, tuple(part.at for part in parts)) for total, parts in table.relations}
    assert len(sums) == 6
    assert (("all", "c1"), (("r0", "c1"), ("r1", "c1"))) in sums
    assert (("r0", "all"), (("r0", "c0"), ("r0", "c1"))) in sums


@pytest.mark.parametrize(
    ("at", "changes", "message"),
    [
        (("r0", "c0"), {"value": 5}, "table 'table', all / c0: total does not add up"),
        (("all", "all"), {"value": 12}, "all / all: total does not add up"),
        (("r0", "c0"), {"value": -1}, "r0 / c0: figure is out of its bounds"),
        (("r0", "c0"), {"least": 5}, "r0 / c0: figure is out of its bounds"),
        (("r0", "c0"), {"most": 3}, "r0 / c0: figure is out of its bounds"),
        (("r0", "c0"), {"people": 0}, "r0 / c0: figure has nobody behind it"),
        (("r0", "c0"), {"people": -1}, "r0 / c0: figure has nobody behind it"),
        (("r0", "c0"), {"people": 21}, "r0 / c0: more people than in the whole"),
        (("r0", "c0"), {"largest": (1, 2)}, "r0 / c0: contributions do not fit"),
        (("r0", "c0"), {"largest": (3, 2)}, "r0 / c0: contributions do not fit"),
        (("r0", "c0"), {"largest": (5, -1)}, "r0 / c0: contributions do not fit"),
        (("r0", "c0"), {"people": 1, "largest": (2, 2)}, "r0 / c0: contributions do not fit"),
        (("r0", "c0"), {"people": 2, "largest": (2, 1)}, "r0 / c0: contributions do not fit"),
    ],
)
def test_a_cell_that_cannot_be_is_named(table, at, changes, message):
    with pytest.raises(BadInput, match=message):
        changed(table, at, **changes)


def test_messages_do_not_tell_figures(grid_of):
    with pytest.raises(BadInput) as caught:
        changed(grid_of([[417, 6], [1, 0]]), ("r0", "c0"), value=418)
    assert "41" not in str(caught.value)


def test_a_missing_a_double_and_a_misplaced_figure_are_named(table):
    with pytest.raises(BadInput, match="all / all: figure is missing"):
        replace(table, cells=tuple(cell for cell in table.cells if cell.at != ("all", "all")))
    with pytest.raises(BadInput, match="r1 / c0: figure stands twice"):
        replace(table, cells=(*table.cells, table.by_place["r1", "c0"]))
    with pytest.raises(BadInput, match="r9 / c0: figure has no place"):
        Table("table", "minutes", table.dimensions, (*table.cells, Cell(("r9", "c0"), 1, 20)))

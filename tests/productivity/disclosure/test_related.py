"""Which earlier releases a table has anything to do with: whoever is reached from overlap to overlap."""

import pytest

from productivity.disclosure.atoms import Region
from productivity.disclosure.dimension import Dimension
from productivity.disclosure.related import related
from productivity.disclosure.release import History, release
from productivity.disclosure.rules import Rules
from productivity.disclosure.table import Cell, Table


def table(stations, weeks, measure="minutes"):
    dimensions = (Dimension.fixed("station", "s", stations), Dimension.fixed("week", "w", map(str, weeks)))
    return Table(f"{stations} {weeks}", measure, dimensions, (Cell(("s", "w"), 100 * len(weeks), 9),))


def released(*arguments, **more):
    return release(table(*arguments, **more), Rules(7))


@pytest.mark.parametrize(
    ("earlier", "found"),
    [
        ([("ab", [1, 2])], [0]),
        ([("ab", [4, 5])], []),
        ([("cd", [1, 2])], []),
        ([("ab", [3, 4]), ("ab", [2, 3])], [0, 1]),
        ([("ab", [3, 4]), ("b", [4, 5]), ("cd", [5, 6]), ("bc", [2, 3])], [0, 1, 3]),
    ],
    ids=["overlap", "later", "elsewhere", "through another", "a chain that ends"],
)
def test_overlaps_lead_from_one_to_the_next(earlier, found):
    past = [released(*each) for each in earlier]
    assert related(table("ab", [1, 2]), past) == tuple(past[number] for number in found)


def test_another_measure_says_nothing():
    assert related(table("ab", [1]), [released("ab", [1], measure="pieces")]) == ()


def test_what_was_told_with_a_release_belongs_to_it():
    told = {Region((frozenset("a"), frozenset("1"))): Cell(("a",), 50, 9)}
    other = release(table("ab", [2]), Rules(7), History(), told)
    assert related(table("a", [1]), [other]) == (other,)


def test_leaving_the_others_aside_changes_nothing():
    past = [released("ab", [1, 2]), released("ab", [5, 6]), released("cd", [1, 2])]
    new = table("ab", [1, 2, 3])
    near = related(new, past)
    assert len(near) == 1
    whole, part = (release(new, Rules(7), History(tuple(each))) for each in (past, near))
    assert whole.figures == part.figures

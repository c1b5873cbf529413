"""Which figures are sensitive: the rules at their edges."""

from fractions import Fraction

import pytest

from productivity.disclosure.rules import Reason, Rules
from productivity.disclosure.table import Cell
from productivity.errors import BadInput

RULES = Rules(7)


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        (Cell((), 100, 7), None),
        (Cell((), 100, 6), Reason.TOO_FEW),
        (Cell((), 0, 6), Reason.TOO_FEW),
        (Cell((), 0, 0), None),
        (Cell((), 0, 7), None),
        (Cell((), 100, 7, (60, 30)), None),
        (Cell((), 100, 7, (60, 31)), Reason.DOMINATED),
        (Cell((), 100, 6, (60, 31)), Reason.TOO_FEW),
        (Cell((), 100, 7, (99,)), None),
        (Cell((), 0, 7, (0,) * 7), None),
    ],
    ids=[
        "just enough people",
        "one too few",
        "nothing done is a fact about few people too",
        "nobody there, nobody to protect",
        "nothing done by enough people",
        "90 % is not more than 90 %",
        "91 % by two",
        "too few comes first",
        "one contribution does not tell what two do",
        "nothing is not dominated",
    ],
)
def test_the_verdict(cell, verdict):
    assert RULES.verdict(cell) is verdict


def test_a_strict_rule_leaves_out_what_it_cannot_judge():
    strict = Rules(7, strict=True)
    assert strict.verdict(Cell((), 100, 12)) is Reason.DOMINATED
    assert strict.verdict(Cell((), 100, 12, (20, 20))) is None


@pytest.mark.parametrize(
    ("cell", "interval"),
    [
        (Cell((), 100, 3), (50, 150)),
        (Cell((), 101, 3), (50, 152)),
        (Cell((), 100, 12, (80, 15)), (60, 140)),
        (Cell((), 4, 3), (0, 14)),
        (Cell((), 0, 3), (0, 10)),
    ],
    ids=[
        "half of all",
        "rounded outwards",
        "half of the largest",
        "at least the resolution",
        "never below 0",
    ],
)
def test_the_interval_that_must_look_possible(cell, interval):
    assert RULES.interval(cell, 10) == interval


@pytest.mark.parametrize("leading", [(91, 0), (60, 31), (46, 45), (100, 0)])
def test_the_interval_exceeds_the_usual_upper_protection_level(leading):
    _, high = RULES.interval(Cell((), 100, 12, leading), 1)
    assert high > Fraction(sum(leading)) / RULES.share


@pytest.mark.parametrize(
    "rules", [{"group": 2}, {"group": 5, "leading": 0}, {"group": 5, "share": Fraction(2)}]
)
def test_rules_without_sense_are_refused(rules):
    with pytest.raises(BadInput, match="make no sense"):
        Rules(**rules)

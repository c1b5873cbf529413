"""The attacker on a published example and on small systems that can be solved by hand."""

import numpy as np
import pytest

from productivity.disclosure.attacker import Attacker, Goal, Knowledge, Possibilities, missed
from productivity.errors import BadInput

# The introductory example of Fischetti & Salazar (2001): investment by activity (I to III), region (A to C).
# Atoms are numbered by rows. II-C is sensitive; II-A, III-A and III-C are left out to protect it.
INVESTMENT = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]
HIDDEN = {(1, 0), (1, 2), (2, 0), (2, 2)}


def bit(row, column):
    return 1 << (3 * row + column)


def investment():
    sums = {
        bit(row, column): INVESTMENT[row][column]
        for row in range(3)
        for column in range(3)
        if (row, column) not in HIDDEN
    }
    for line in range(3):
        sums[sum(bit(line, other) for other in range(3))] = sum(INVESTMENT[line])
        sums[sum(bit(other, line) for other in range(3))] = sum(row[line] for row in INVESTMENT)
    sums[(1 << 9) - 1] = 190
    return sums


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        # With t for II-C: II-A = 30 - t, III-C = 34 - t, III-A = 25 - (30 - t) = t - 5, none below 0.
        ((1, 2), (5, 30)),
        ((1, 0), (0, 25)),
        ((2, 2), (4, 29)),
        ((2, 0), (0, 25)),
        ((0, 0), (20, 20)),
    ],
)
def test_the_ranges_of_the_published_example(place, expected):
    attacker = Attacker(Knowledge(9, investment(), {}, 190))
    assert attacker.range(bit(*place)) == pytest.approx(expected, abs=1e-6)


def test_common_knowledge_narrows_a_range():
    bounds = {bit(1, 0): (3, 20)}  # so that t = 30 - (II-A) is between 10 and 27
    attacker = Attacker(Knowledge(9, investment(), bounds, 190))
    assert attacker.range(bit(1, 2)) == pytest.approx((10, 27), abs=1e-6)


def test_bounds_hold_where_part_of_the_sum_is_known():
    # x0 = 7 is shown, x0 + x1 is known to be 10 to 15: x1 is 3 to 8.
    attacker = Attacker(Knowledge(2, {0b01: 7}, {0b11: (10, 15)}, 15))
    assert attacker.range(0b10) == pytest.approx((3, 8), abs=1e-6)


def test_zero_totals_give_every_part_away():
    attacker = Attacker(Knowledge(3, {0b111: 0}, {}, 5))
    assert [attacker.range(1 << number) for number in range(3)] == [(0, 0)] * 3


def test_a_total_less_its_parts_is_exact_even_for_figures_beyond_double_precision():
    huge = 2**60
    attacker = Attacker(Knowledge(3, {0b111: huge + 3, 0b001: huge, 0b010: 2}, {}, huge + 3))
    assert attacker._exact == {0: huge, 1: 2, 2: 1}


@pytest.mark.parametrize(
    "sums",
    [
        {0b11: 5, 0b01: 6},
        {0b11: 5, 0b01: 2, 0b10: 2},
        {0b110: 4, 0b011: 1, 0b101: 1, 0b111: 2},
    ],
    ids=["a part above its total", "parts below their total", "no table at all"],
)
def test_contradictions_are_refused(sums):
    with pytest.raises(BadInput, match="contradict each other"):
        Attacker(Knowledge(3, sums, {}, 6)).range(0b100)


def test_a_goal_is_missed_at_the_end_that_is_too_near():
    knowledge = Knowledge(9, investment(), {}, 190)
    goals = [
        Goal(bit(1, 2), 5, 30),
        Goal(bit(1, 2), 5, 31),
        Goal(bit(1, 2), 4, 30),
        Goal(bit(2, 2), 4, 29),
        Goal(bit(0, 0), 20, 21),
    ]
    found = missed(knowledge, goals, Possibilities(9))
    assert list(found) == [(goals[1], 1.0), (goals[4], 1.0), (goals[2], -1.0)]


def test_possible_tables_prove_ranges_only_while_they_agree_with_what_is_shown():
    found = Possibilities(2)
    found.add(np.array([1.0, 4.0]))
    found.add(np.array([3.0, 2.0]))
    kept = found.agreeing(0b01, 3.0)
    assert (len(found), len(kept)) == (2, 1)
    assert kept._tables.tolist() == [[3.0, 2.0]]

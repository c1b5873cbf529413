from dataclasses import replace

import pytest

from productivity.evaluation import Evaluation, StateTime
from productivity.hierarchy import DEFAULT_HIERARCHY
from productivity.levels import Level
from productivity.ranking import balance_steps, circle, ranking
from productivity.records import RecordingMode
from productivity.states import NOT_RECORDED, StateCategory

CYCLE, IRREGULAR = StateCategory.CYCLE_BOUND, StateCategory.IRREGULAR
OMD, RTS, CV = RecordingMode.OMD, RecordingMode.RTS, RecordingMode.CV

STATES = (
    StateTime("screwing", CYCLE, True, (CV,), 500, 400, 600, 40.0, 3.0),
    StateTime("sickness", IRREGULAR, False, (OMD,), 200, 200, 200),
    StateTime("vacation", IRREGULAR, False, (OMD,), 150, 150, 150),
    StateTime("reaching", CYCLE, False, (RTS,), 40, None, None, None, estimated=True),
    StateTime("part handling", CYCLE, False, (CV,), 10, 5, 15, 1.0, 5.0),
)
CELL = Evaluation("cell", Level.CELL, "may", 1000, STATES, 100)


def test_states_are_ranked_with_limits_and_a_cumulative_portion():
    rows = ranking(CELL)
    assert [(r.rank, r.state, r.portion, r.low, r.high, r.cumulative) for r in rows[:3]] == [
        (1, "screwing", 0.5, 0.4, 0.6, 0.5),
        (2, "sickness", 0.2, 0.2, 0.2, 0.7),
        (3, "vacation", 0.15, 0.15, 0.15, 0.85),
    ]
    assert (rows[3].low, rows[3].high, rows[3].estimated) == (None, None, True)
    assert rows[-1].cumulative == 0.9


def test_without_a_depth_states_stay_as_they_were_recorded():
    assert ranking(CELL, DEFAULT_HIERARCHY) == ranking(CELL, depth=1) == ranking(CELL)


def test_put_together_at_depth_one():
    """Both absences are one state; handling has a part of unknown spread, so it has no limits."""
    rows = ranking(CELL, DEFAULT_HIERARCHY, 1)
    assert [(r.state, r.total_ns, r.rank) for r in rows] == [
        ("screwing", 500, 1),
        ("absenteeism", 350, 2),
        ("part handling", 50, 3),
    ]
    assert (rows[1].low, rows[1].high, rows[1].value_adding) == (0.35, 0.35, False)
    assert (rows[2].low, rows[2].modes, rows[2].estimated) == (None, (RTS, CV), True)


def test_put_together_by_category():
    """Value is None where only some of the states add value."""
    rows = ranking(CELL, DEFAULT_HIERARCHY, 0)
    assert [(r.state, r.total_ns, r.value_adding) for r in rows] == [
        ("cycle-bound", 550, None),
        ("irregular", 350, False),
    ]


def test_limits_of_states_put_together_are_those_of_their_sum():
    """SE 3 and 4 give 5; with 3 degrees of freedom each 5^4 / (3^4/3 + 4^4/3) = 5.56."""
    two = (
        StateTime("reaching", CYCLE, False, (CV,), 500, 1, 2, 3.0, 3.0),
        StateTime("walking with part", CYCLE, False, (CV,), 400, 1, 2, 4.0, 3.0),
    )
    [row] = ranking(replace(CELL, states=two), DEFAULT_HIERARCHY, 1)
    assert row.low == pytest.approx(0.9 - 5 * 2.495 / 1000, abs=1.1e-3)
    assert row.high - 0.9 == pytest.approx(0.9 - row.low)


def test_the_circle_is_the_paid_time():
    slices = circle(CELL)
    assert [s.name for s in slices] == [*(state.state for state in STATES), NOT_RECORDED]
    assert sum(s.duration_ns for s in slices) == CELL.paid_ns
    assert [s.recorded for s in slices] == [True] * 5 + [False]
    assert slices[-1].share == 0.1


def test_a_circle_of_too_much_is_still_a_circle():
    over = replace(CELL, paid_ns=800, not_recorded_ns=0, excess_ns=100)
    assert [s.share for s in circle(over)][:2] == [500 / 900, 200 / 900]
    assert sum(s.share for s in circle(over)) == pytest.approx(1)


@pytest.mark.parametrize("states", [(), (replace(STATES[1], total_ns=0),)])
def test_nothing_paid_is_an_empty_circle(states):
    assert circle(replace(CELL, paid_ns=0, states=states, not_recorded_ns=0)) == ()


def test_the_balance_climbs_from_zero_to_the_paid_time():
    steps = balance_steps(CELL)
    assert [(s.name, s.start_ns, s.end_ns) for s in steps] == [
        ("cycle-bound", 0, 550),
        ("batch-bound", 550, 550),
        ("periodical", 550, 550),
        ("irregular", 550, 900),
        (NOT_RECORDED, 900, 1000),
    ]
    assert steps[3].duration_ns == 350


def test_portions_of_nothing_paid_are_zero():
    assert ranking(replace(CELL, paid_ns=0))[0].portion == 0.0

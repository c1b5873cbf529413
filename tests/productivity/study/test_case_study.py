"""Every figure that Czumanski & Lödding 2012 publish of their assembly cell comes out as published."""

import pytest

from productivity.analysis import analyse
from productivity.ranking import balance_steps, circle, ranking
from productivity.states import NOT_RECORDED

MINUTE = 60_000_000_000


@pytest.fixture(scope="module")
def cell(case):
    return analyse(case.RECORDS, case.SYSTEM, case.HIERARCHY, case.PERIOD).of(case.CELL)


@pytest.fixture(scope="module")
def ranks(cell):
    return {row.state: row for row in ranking(cell)}


PORTIONS = [
    ("manual assembly", 24.0),
    ("screwing", 14.1),
    ("sickness", 12.4),
    ("vacation", 10.6),
    ("part handling", 8.8),
    ("final inspection", 7.5),
    ("cell feeding", 5.1),
    ("packaging", 3.1),
    ("labeling", 2.6),
]


@pytest.mark.parametrize(("rank", "state", "percent"), [(i, *row) for i, row in enumerate(PORTIONS, 1)])
def test_each_state_has_its_published_portion_and_rank(ranks, rank, state, percent):
    assert (round(100 * ranks[state].portion, 1), ranks[state].rank) == (percent, rank)


def test_each_total_is_the_published_one_to_half_a_nanosecond_per_piece(case, ranks):
    for state, _, _, number, _ in case.PUBLISHED:
        assert abs(ranks[state].total_ns - case.hours(number)) <= case.PIECES // 2


def test_paid_time_is_what_the_portions_allow(case, cell):
    assert 1126.5 * case.HOUR <= cell.paid_ns <= 1128.0 * case.HOUR
    assert sum(state.total_ns for state in cell.states) + cell.not_recorded_ns == cell.paid_ns


def test_not_recorded_is_derived_from_the_balance(case, cell):
    assert not cell.not_recorded_given
    assert round(100 * cell.portion(cell.not_recorded_ns), 1) == case.NOT_RECORDED_PERCENT
    assert round(cell.not_recorded_ns / case.HOUR, 1) == case.NOT_RECORDED_HOURS


def test_56_percent_do_not_add_value(cell):
    assert round(100 * cell.non_value_adding_share) == 56


def test_7_2_minutes_of_irregular_time_per_piece(cell):
    assert round(cell.irregular_per_piece_ns / MINUTE, 1) == 7.2


def test_totals_without_samples_have_no_limits(ranks):
    """The paper publishes no samples: limits of the sampled states cannot be made up."""
    assert ranks["screwing"].low is None
    assert ranks["sickness"].low == ranks["sickness"].high == ranks["sickness"].portion


def test_circle_and_balance_end_with_what_was_not_recorded(cell):
    assert [circle(cell)[-1].name, balance_steps(cell)[-1].name] == [NOT_RECORDED] * 2
    assert sum(part.duration_ns for part in circle(cell)) == balance_steps(cell)[-1].end_ns == cell.paid_ns


def test_the_case_study_has_no_contradiction(cell):
    assert cell.findings == ()

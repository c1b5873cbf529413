from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productivity.cycles import count_cycles
from productivity.errors import BadInput
from productivity.intervals import Cycle, StateInterval
from productivity.states import NOT_RECORDED, UNKNOWN, StateCategory, WorkerState
from productivity.summary import Unit, summarise, time_in_cycle
from productivity.time import SECOND
from productivity.timeline import Span

STATES = [
    WorkerState("part handling", StateCategory.CYCLE_BOUND, value_adding=False),
    WorkerState("assembly", StateCategory.CYCLE_BOUND, value_adding=True),
    WorkerState("transport", StateCategory.BATCH_BOUND, value_adding=False),
    WorkerState("break", StateCategory.PERIODICAL, value_adding=False),
]


def timeline(*pieces):
    intervals, edge = [], 0
    for state, length in pieces:
        intervals.append(StateInterval("bench", state, edge, length * SECOND))
        edge += length * SECOND
    return intervals, Span(0, edge)


@pytest.fixture
def worked():
    """Two cycles of 2 + 4 s and 3 + 5 s; assembly in two pieces the second time; 20 s in all."""
    intervals, span = timeline(
        ("part handling", 2),
        ("assembly", 4),
        ("transport", 2),
        (UNKNOWN, 1),
        ("part handling", 3),
        ("assembly", 1),
        ("assembly", 4),
        (NOT_RECORDED, 3),
    )
    cycles = count_cycles(intervals, "part handling", "assembly")
    return summarise("bench", STATES, intervals, cycles, span)


def row(summary, state):
    return next(r for r in summary.rows if r.state == state)


def test_states_are_ranked_and_the_rest_comes_last(worked):
    assert [r.state for r in worked.rows] == [
        "assembly",
        "part handling",
        "transport",
        "break",
        UNKNOWN,
        NOT_RECORDED,
    ]


def test_totals_shares_and_occurrences(worked):
    assembly = row(worked, "assembly")
    assert (assembly.total, assembly.share, assembly.occurrences) == (9 * SECOND, 9 / 20, 2)
    assert row(worked, NOT_RECORDED).share == 3 / 20
    assert row(worked, "break").total == row(worked, "break").occurrences == 0
    assert sum(r.total for r in worked.rows) == worked.span.duration


def test_cycle_bound_means_are_per_cycle(worked):
    """Assembly took 4 s and 5 s: mean 4.5 s, s = 1/sqrt 2, half-width 12.7062 / 2."""
    mean = row(worked, "assembly").mean
    assert row(worked, "assembly").unit is Unit.CYCLE
    assert (mean.n, mean.mean) == (2, 4.5)
    assert mean.half_width == pytest.approx(12.7062 / 2, abs=1e-4)


def test_other_means_are_per_occurrence(worked):
    transport = row(worked, "transport")
    assert (transport.unit, transport.mean.n, transport.mean.mean) == (Unit.OCCURRENCE, 1, 2.0)
    assert transport.mean.half_width is None


def test_unknown_and_not_recorded_have_no_mean(worked):
    assert [(row(worked, s).mean, row(worked, s).category) for s in (UNKNOWN, NOT_RECORDED)] == [
        (None, None)
    ] * 2


def test_cycle_time_has_its_own_interval(worked):
    assert worked.cycles == 2
    assert worked.cycle_time.mean == 7.0


def test_a_cycle_without_the_state_counts_as_zero():
    intervals, span = timeline(("part handling", 2), ("assembly", 4), ("part handling", 1))
    cycles = [Cycle("bench", 1, 0, 6 * SECOND), Cycle("bench", 2, 6 * SECOND, 1 * SECOND)]
    assert row(summarise("bench", STATES, intervals, cycles, span), "assembly").mean.mean == 2.0


def test_without_cycles_cycle_bound_states_have_no_mean():
    summary = summarise("bench", STATES, *timeline((NOT_RECORDED, 9))[:1], [], Span(0, 9 * SECOND))
    assert summary.cycle_time is None
    assert row(summary, "assembly").mean is None
    assert row(summary, NOT_RECORDED).share == 1.0


def test_an_empty_recording_has_shares_of_zero():
    assert {r.share for r in summarise("bench", STATES, [], [], Span(0, 0)).rows} == {0.0}


def test_a_state_that_the_station_does_not_have_is_refused():
    intervals, span = timeline(("juggling", 1))
    with pytest.raises(BadInput, match="bench: state 'juggling' is not a state of this station"):
        summarise("bench", STATES, intervals, [], span)


def test_a_timeline_with_a_gap_is_refused():
    intervals, span = timeline(("assembly", 1), ("transport", 1))
    with pytest.raises(BadInput, match="gap"):
        summarise("bench", STATES, [intervals[0], replace(intervals[1], start=SECOND + 1)], [], span)


lengths = st.lists(
    st.tuples(st.sampled_from([s.name for s in STATES] + [UNKNOWN]), st.integers(1, 99)), min_size=1
)


@given(lengths)
def test_totals_are_exact_and_cycles_hold_all_their_time(pieces):
    intervals, span = timeline(*pieces)
    cycles = count_cycles(intervals, "part handling", "assembly")
    summary = summarise("bench", STATES, intervals, cycles, span)
    assert sum(r.total for r in summary.rows) == span.duration
    assert [sum(time_in_cycle(cycle, intervals).values()) for cycle in cycles] == [c.duration for c in cycles]

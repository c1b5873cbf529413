"""Enough is enough: cycles are counted while they happen, and a campaign ends when its target is reached."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.agreement.schema import Target
from consent.entries.vocabulary import Criterion
from consent.gate.tally import CycleCounter, Tally
from productivity.cycles import count_cycles
from productivity.intervals import Cycle, StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED
from productivity.time import SECOND, Duration, Instant


def timeline(states):
    return [
        StateInterval(
            "bench",
            NOT_RECORDED if state in {NOBODY_PRESENT, "suspended"} else state,
            Instant(index * SECOND),
            Duration(SECOND),
            reason=state if state in {NOBODY_PRESENT, "suspended"} else "",
        )
        for index, state in enumerate(states)
    ]


@given(
    st.lists(st.sampled_from(["a", "b", "c", NOBODY_PRESENT, "suspended"]), max_size=40),
    st.sampled_from([("a", "b"), ("b", "a"), ("a", "a")]),
)
def test_cycles_are_the_same_counted_one_by_one_or_all_at_once(states, definition):
    intervals = timeline(states)
    counter = CycleCounter(*definition)
    found = [cycle for interval in intervals for cycle in counter.add(interval)] + counter.finish()
    expected = count_cycles(intervals, *definition)
    assert [(c.start, c.duration) for c in found] == [(c.start, c.duration) for c in expected]


def cycles(number, each_s=30.0):
    return [Cycle("bench", k + 1, Instant(0), Duration(round(each_s * SECOND))) for k in range(number)]


def closed(*session_s):
    """Sessions of ten cycles each, of these mean durations."""
    tally = Tally()
    for each_s in session_s:
        tally = tally.add(cycles(10, each_s)).close()
    return tally


STEADY = (30.0, 30.5, 29.5, 30.2, 29.8, 30.1, 29.9, 30.3)
UNSTEADY = (20.0, 40.0, 25.0, 35.0, 30.0, 45.0, 20.0, 33.0, 27.0)


@pytest.mark.parametrize(
    ("name", "tally", "target", "expected"),
    [
        ("no target", closed(*STEADY, 30.0), None, None),
        ("one cycle short", Tally().add(cycles(39)), Target(cycles=40), None),
        ("open session counts", closed(30.0).add(cycles(30)), Target(cycles=40), Criterion.CYCLES),
        ("too few sessions", closed(*STEADY[:7]), Target(accuracy_percent=5), None),
        ("narrow once", closed(*STEADY), Target(accuracy_percent=5), None),
        ("narrow twice", closed(*STEADY, 30.0), Target(accuracy_percent=5), Criterion.ACCURACY),
        ("too wide", closed(*UNSTEADY), Target(accuracy_percent=5, cycles=1000), None),
        ("an open session is no unit", closed(*STEADY).add(cycles(9)), Target(accuracy_percent=5), None),
        ("nothing seen", Tally(), Target(accuracy_percent=5), None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_target_is_reached_when_it_is(name, tally, target, expected):
    assert tally.reached(target) == expected, name


def test_a_session_without_a_complete_cycle_leaves_no_trace():
    assert closed(30.0).close() == closed(30.0)

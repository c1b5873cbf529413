import pytest
from hypothesis import given
from hypothesis import strategies as st

from productivity.agreement.pairs import (
    Clustering,
    CyclePair,
    PairedSession,
    StatePair,
    clusters_of,
    match_cycles,
    pair_session,
)
from productivity.comparison import Observation
from productivity.errors import BadInput
from productivity.intervals import Cycle, StateInterval
from productivity.states import NOT_RECORDED
from productivity.time import Duration, Instant


def cycles(*spans):
    return [
        Cycle("bench", number, Instant(start), Duration(end - start))
        for number, (start, end) in enumerate(spans, start=1)
    ]


def line(*parts, first=0, spans=()):
    """Return an observation of (state, duration) pairs, one after the other from `first` on."""
    intervals, at = [], first
    for state, duration in parts:
        intervals.append(StateInterval("bench", state, Instant(at), Duration(duration)))
        at += duration
    return Observation("bench", tuple(intervals), tuple(cycles(*spans)))


def test_joint_time_by_hand():
    """Manual: a to 50, b to 100. Measured: a to 60, nothing to 70, b to 90, c beyond the manual span."""
    measured = Observation(
        "bench", (*line(("a", 60)).intervals, *line(("b", 20), ("c", 30), first=70).intervals), ()
    )
    found = pair_session("early", line(("a", 50), ("b", 50)), measured)
    assert found.joint_ns == {
        ("a", "a"): 50,
        ("b", "a"): 10,
        ("b", NOT_RECORDED): 10,
        ("b", "b"): 20,
        ("b", "c"): 10,
    }
    assert (found.station, found.session, found.span_ns) == ("bench", "early", 100)
    assert found.totals_ns == {
        "a": StatePair(50, 60),
        "b": StatePair(50, 20),
        "c": StatePair(0, 10),
        NOT_RECORDED: StatePair(0, 10),
    }


parts = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 50)), min_size=1, max_size=8)


@given(parts, parts, st.integers(-40, 40))
def test_joint_time_tiles_the_manual_span(manual, measured, first):
    found = pair_session("s", line(*manual), line(*measured, first=first))
    assert sum(found.joint_ns.values()) == found.span_ns == sum(duration for _, duration in manual)
    assert sum(pair.measured_ns for pair in found.totals_ns.values()) == found.span_ns
    assert all(time > 0 for time in found.joint_ns.values())


@pytest.mark.parametrize(
    ("manual", "measured", "pairs"),
    [
        ([(0, 10), (10, 20)], [(1, 11), (11, 19)], [(10, 10), (10, 8)]),
        ([(0, 10), (10, 20)], [(0, 20)], [(10, 20)]),
        ([(0, 20)], [(0, 5), (5, 20)], [(20, 15)]),
        ([(0, 10), (30, 40)], [(12, 28)], []),
        ([(0, 10), (10, 30)], [(8, 25), (25, 30)], [(20, 17)]),
        ([], [(0, 5)], []),
    ],
    ids=["shifted", "two seen as one", "one seen as two", "nothing in common", "mutual best", "none"],
)
def test_cycles_are_paired_by_mutual_overlap(manual, measured, pairs):
    assert match_cycles(cycles(*manual), cycles(*measured)) == tuple(CyclePair(*pair) for pair in pairs)


def test_unmatched_cycles_are_counted_on_both_sides():
    """Manual cycles 1 and 2, measured 1 and 3; a measured cycle beyond the manual span is no cycle of it."""
    manual = line(("a", 100), spans=[(0, 10), (20, 30)])
    measured = line(("a", 200), spans=[(0, 11), (50, 60), (120, 130)])
    found = pair_session("s", manual, measured)
    assert (found.cycles, found.unmatched_cycles) == ((CyclePair(10, 11),), 2)


def paired(station, session):
    return PairedSession(station, session, 10, {})


def test_clusters_are_sessions_of_stations_or_stations():
    sessions = [paired("one", "early"), paired("two", "early"), paired("one", "late")]
    assert [len(cluster) for cluster in clusters_of(sessions, Clustering.SESSION)] == [1, 1, 1]
    assert clusters_of(sessions, Clustering.STATION) == [[sessions[0], sessions[2]], [sessions[1]]]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            lambda: paired("bench", "s") and PairedSession("bench", "s", 0, {}),
            "bench s: session has no observed time",
        ),
        (
            lambda: PairedSession("bench", "s", 9, {}, (CyclePair(0, 5),)),
            "bench s: manual cycle has no duration",
        ),
        (
            lambda: pair_session("s", Observation("bench", (), ()), line(("a", 1))),
            "bench: manual study is empty",
        ),
    ],
    ids=["no span", "no cycle duration", "empty manual study"],
)
def test_what_is_no_session_is_refused(make, text):
    with pytest.raises(BadInput, match=text):
        make()

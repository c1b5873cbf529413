from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED
from productivity.timeline import (
    Span,
    check_order,
    check_tiling,
    covering_span,
    fill_gaps,
    merge_neighbours,
    totals,
)


def interval(state, start, duration, **more):
    return StateInterval("bench", state, start, duration, **more)


TILED = [interval("assembly", 0, 5), interval("screwing", 5, 3), interval("assembly", 8, 2)]

pieces = st.lists(
    st.tuples(
        st.integers(0, 10**12),  # pause before it, ns
        st.integers(1, 10**15),  # duration, ns
        st.sampled_from(["assembly", "screwing", "unknown"]),
        st.sampled_from([0.25, 0.7, 1.0]),
    ),
    max_size=30,
)


def laid_out(drawn, pauses):
    """Lay drawn pieces one after the other, with or without the pauses between them."""
    intervals, edge = [], 0
    for pause, duration, state, confidence in drawn:
        start = edge + pause * pauses
        intervals.append(interval(state, start, duration, confidence=confidence))
        edge = start + duration
    return intervals, edge


def test_intervals_that_tile_their_span_pass():
    check_tiling(TILED, Span(0, 10))


def test_an_empty_span_is_tiled_by_nothing():
    check_tiling([], Span(7, 7))


@pytest.mark.parametrize(
    ("intervals", "span", "text"),
    [
        ([], Span(0, 1), "does not fill its span: expected an end at 1 ns, found 0 ns"),
        (TILED, Span(0, 11), "does not fill its span: expected an end at 11 ns, found 10 ns"),
        (TILED, Span(0, 9), "does not fill its span: expected an end at 9 ns, found 10 ns"),
        (TILED, Span(-1, 10), "gap before state 'assembly': expected a start at -1 ns, found 0 ns"),
        ([TILED[0], TILED[2]], Span(0, 10), "gap before state 'assembly': expected a start at 5 ns"),
        ([TILED[0], interval("screwing", 4, 6)], Span(0, 10), "overlap before state 'screwing'"),
        ([TILED[1], TILED[0], TILED[2]], Span(0, 10), "gap before state 'screwing'"),
        ([interval("assembly", 0, 0)], Span(0, 0), "no duration: expected a duration above 0 ns"),
        ([interval("assembly", 0, -5)], Span(0, -5), "no duration"),
        ([TILED[0], StateInterval("other", "screwing", 5, 5)], Span(0, 10), "mixes stations"),
    ],
    ids=[
        "nothing",
        "too short",
        "too long",
        "starts late",
        "gap",
        "overlap",
        "out of order",
        "empty",
        "negative",
        "two stations",
    ],
)
def test_a_timeline_that_does_not_tile_is_refused(intervals, span, text):
    with pytest.raises(BadInput, match=text):
        check_tiling(intervals, span)


def test_order_allows_gaps_but_no_overlap():
    check_order([TILED[0], TILED[2]])
    with pytest.raises(BadInput, match="overlap or are out of order"):
        check_order([TILED[0], interval("screwing", 4, 6)])


def test_totals_add_up_per_state_in_order_of_appearance():
    assert list(totals(TILED).items()) == [("assembly", 7), ("screwing", 3)]


def test_gaps_become_not_recorded_with_the_reason():
    filled = fill_gaps([TILED[1]], Span(0, 10), station="bench", reason="not labelled")
    assert filled == [
        interval(NOT_RECORDED, 0, 5, reason="not labelled"),
        TILED[1],
        interval(NOT_RECORDED, 8, 2, reason="not labelled"),
    ]


def test_what_reaches_beyond_the_span_is_cut():
    filled = fill_gaps(TILED, Span(3, 6), station="bench", reason="")
    assert filled == [interval("assembly", 3, 2), interval("screwing", 5, 1)]


def test_equal_neighbours_merge_and_weigh_their_confidence():
    merged = merge_neighbours([interval("a", 0, 1, confidence=1.0), interval("a", 1, 3, confidence=0.6)])
    assert [(i.start, i.duration) for i in merged] == [(0, 4)]
    assert merged[0].confidence == pytest.approx(0.7)


@pytest.mark.parametrize(
    "second",
    [
        interval("b", 1, 1),
        interval("a", 2, 1),
        interval("a", 1, 1, reason="no frames"),
        StateInterval("other", "a", 1, 1),
    ],
    ids=["another state", "a pause between", "another reason", "another station"],
)
def test_different_neighbours_stay_apart(second):
    assert merge_neighbours([interval("a", 0, 1), second]) == [interval("a", 0, 1), second]


@given(pieces)
def test_filling_tiles_any_span_and_keeps_every_nanosecond(drawn):
    intervals, end = laid_out(drawn, pauses=1)
    span = Span(0, end + 1)
    filled = fill_gaps(intervals, span, station="bench", reason="no frames")
    check_tiling(filled, span)
    assert sum(totals(filled).values()) == span.duration
    rest = totals(i for i in filled if i.state != NOT_RECORDED)
    assert rest == totals(intervals)


@given(pieces, st.integers(0, 10**15), st.integers(0, 10**15))
def test_cutting_to_any_span_tiles_it(drawn, start, length):
    intervals, _ = laid_out(drawn, pauses=1)
    span = Span(start, start + length)
    check_tiling(fill_gaps(intervals, span, station="bench", reason=""), span)


@given(pieces)
def test_merging_changes_no_total_and_leaves_no_equal_neighbours(drawn):
    intervals, end = laid_out(drawn, pauses=0)
    merged = merge_neighbours(intervals)
    check_tiling(merged, Span(0, end))
    assert totals(merged) == totals(intervals)
    assert all(one.state != other.state for one, other in pairwise(merged))
    assert all(0.25 <= i.confidence <= 1.0 for i in merged)
    assert merge_neighbours(merged) == merged


def test_the_covering_span_runs_from_first_start_to_last_end():
    assert covering_span([interval("a", 3, 2), interval("b", 9, 1)]) == Span(3, 10)

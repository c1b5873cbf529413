import pytest

from productivity.comparison import Observation, compare
from productivity.errors import BadInput
from productivity.intervals import Cycle, StateInterval
from productivity.states import NOT_RECORDED


def observed(letters, cycles=(), start=0, station="bench"):
    """One letter is 10 ns in the state of that name; a space is time that nobody wrote down."""
    intervals = [
        StateInterval(station, letter, start + 10 * place, 10)
        for place, letter in enumerate(letters)
        if letter != " "
    ]
    numbered = [Cycle(station, n, *span) for n, span in enumerate(cycles, start=1)]
    return Observation(station, tuple(intervals), tuple(numbered))


def errors(comparison):
    return {state.state: (state.truth, state.measured, state.error) for state in comparison.states}


def test_totals_per_state():
    result = compare([(observed("aabb"), observed("aaab"))])
    assert errors(result) == {"a": (20, 30, 10), "b": (20, 10, -10)}
    assert result.scores.frame_accuracy == 3 / 4


def test_states_that_only_one_side_knows():
    assert errors(compare([(observed("ab"), observed("ac"))])) == {
        "a": (10, 10, 0),
        "b": (10, 0, -10),
        "c": (0, 10, 10),
    }


def test_time_that_nobody_wrote_down_is_not_recorded():
    assert errors(compare([(observed("a b"), observed("aab"))])) == {
        "a": (10, 20, 10),
        NOT_RECORDED: (10, 0, -10),
        "b": (10, 10, 0),
    }


def test_the_truths_span_is_judged_and_the_rest_is_told():
    result = compare([(observed("aa", start=10), observed("baab"))])
    assert errors(result) == {"a": (20, 20, 0)}
    assert result.unjudged == 20


@pytest.mark.parametrize(
    ("truth", "measured", "distances", "unmatched"),
    [
        ("aabb", "aabb", [0], 0),
        ("aabb", "abbb", [10], 0),
        ("aabbaabb", "aabbbabb", [0, 10, 0], 0),
        ("aabb", "ccbb", [0], 0),
        ("aacbbbbb", "aaabaccb", [30, 40], 0),
        ("aabb", "aaaa", [], 1),
        ("aaaa", "abba", [], 0),
    ],
    ids=[
        "same",
        "early",
        "nearest of two",
        "fallback: into the same state",
        "same pair goes before nearest",
        "never measured",
        "no true boundary",
    ],
)
def test_boundaries(truth, measured, distances, unmatched):
    boundaries = compare([(observed(truth), observed(measured))]).boundaries
    assert (list(boundaries.distances), boundaries.unmatched) == (distances, unmatched)


def test_the_median_boundary():
    result = compare([(observed("aaaabbbbaaaa"), observed("aaabbbbbbaaa"))])
    assert result.boundaries.median == 10
    assert compare([(observed("aa"), observed("aa"))]).boundaries.median is None


def test_cycles_count_where_their_middle_is_judged():
    truth = observed("aaaa", cycles=[(0, 40)])
    measured = observed("aaaaaaaa", cycles=[(0, 42), (42, 20), (62, 18)])
    result = compare([(truth, measured)])
    assert (result.true_cycles, result.measured_cycles) == (1, 1)


def test_not_recorded_is_no_segment_unless_told():
    truth = Observation("bench", (StateInterval("bench", NOT_RECORDED, 0, 10),), ())
    measured = observed("a")
    assert compare([(truth, measured)]).scores.edit == 0
    assert compare([(truth, truth)]).scores.f1 == {10: 1, 25: 1, 50: 1}
    assert compare([(truth, truth)], background=()).scores.frame_accuracy == 1


def test_stations_are_pooled():
    left = (observed("aabb", station="left"), observed("aabb", station="left"))
    right = (observed("aaaa", station="right"), observed("aabb", station="right"))
    result = compare([left, right])
    assert result.stations == ("left", "right")
    assert errors(result) == {"a": (60, 40, -20), "b": (20, 40, 20)}
    assert result.scores.frame_accuracy == 6 / 8


def test_equal_neighbours_are_one_segment():
    result = compare([(observed("aaaa"), observed("aaaa"))])
    assert result.scores.edit == 1
    assert result.boundaries.distances == ()


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        ([], "no station to compare"),
        ([(observed(""), observed("a"))], "bench: truth is empty"),
        (
            [(Observation("bench", observed("aa").intervals * 2, ()), observed("a"))],
            "overlap or are out of order",
        ),
        (
            [(observed("a"), Observation("bench", observed("aa").intervals * 2, ()))],
            "overlap or are out of order",
        ),
    ],
    ids=["nothing", "empty truth", "truth overlaps", "measured overlaps"],
)
def test_what_cannot_be_compared_is_refused(pairs, text):
    with pytest.raises(BadInput, match=text):
        compare(pairs)

"""The online decoder against enumeration of every possible path, and its promises on endless input."""

import itertools
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.decoder import SHORTNESS_COST, SWITCH_COST, Decoder
from productivity.time import SECOND, Duration, Instant, seconds

ENDLESS_LAG = seconds(1e6)


def decode(decoder, durations, scores):
    """Feed all slots and return the segments, as (state, start, duration)."""
    segments, now = [], 0
    for duration, row in zip(durations, scores, strict=True):
        segments += decoder.feed(Instant(now), Duration(duration), row, np.full(len(row), 0.5))
        now += duration
    return [(s.state, s.start, s.duration) for s in segments + decoder.finish()]


def best_by_enumeration(durations, scores, shortest):
    """Return the score and segments of the best of all labellings, as the module docstring defines it."""
    edges = [0, *itertools.accumulate(durations)]
    best = (-np.inf, [])
    for labels in itertools.product(range(scores.shape[1]), repeat=len(durations)):
        cuts = [0, *(t for t in range(1, len(labels)) if labels[t] != labels[t - 1]), len(labels)]
        segments = [(labels[a], edges[a], edges[b] - edges[a]) for a, b in pairwise(cuts)]
        value = sum(row[label] for row, label in zip(scores, labels, strict=True))
        value -= SWITCH_COST * (len(segments) - 1)
        inner = segments[1:-1]  # the first and the last are cut by the recording
        value -= sum(SHORTNESS_COST * max(0.0, 1 - d / shortest[s]) for s, _, d in inner)
        best = max(best, (value, segments), key=lambda pair: pair[0])
    return best


slot_durations = st.lists(st.integers(1, 8).map(lambda tenths: tenths * SECOND // 10), min_size=1, max_size=7)


@settings(max_examples=200, deadline=None)
@given(durations=slot_durations, states=st.integers(1, 3), seed=st.integers(0, 2**32 - 1))
def test_the_result_is_the_best_of_all_paths(durations, states, seed):
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 3, (len(durations), states))
    shortest = [seconds(s) for s in rng.uniform(0.1, 2.0, states)]
    found = decode(Decoder(shortest, lag=ENDLESS_LAG), durations, scores)
    assert found == best_by_enumeration(durations, scores, shortest)[1]


@pytest.mark.parametrize(
    ("glitch_s", "expected"),
    [(0.2, ["A"]), (0.5, ["A"]), (1.6, ["A", "B", "A"]), (2.0, ["A", "B", "A"])],
)
def test_what_is_shorter_than_plausible_is_bridged(glitch_s, expected):
    """B lasts at least 2 s where it is real; evidence for a shorter B must weigh up its improbability."""
    durations = [SECOND // 10] * 100
    scores = np.tile([0.0, -1.0], (100, 1))
    scores[50 : 50 + round(glitch_s * 10)] = [-1.0, 0.0]
    found = decode(Decoder([seconds(2), seconds(2)]), durations, scores)
    assert ["AB"[state] for state, _, _ in found] == expected


def test_segments_become_final_within_the_lag():
    """A boundary is reported before `lag` plus the second between two checks has passed since it."""
    decoder = Decoder([seconds(1), seconds(1)])
    step = SECOND // 15
    waits = []
    for slot in range(15 * 120):
        state = slot // 150 % 2  # ten seconds each
        row = np.where(np.arange(2) == state, 0.0, -1.0)
        final = decoder.feed(Instant(slot * step), Duration(step), row, np.full(2, 0.5))
        waits += [(slot + 1) * step - (segment.start + segment.duration) for segment in final]
    assert len(waits) == 11
    assert max(waits) <= decoder.lag + SECOND + step


def test_a_decision_is_never_taken_back():
    """Segments that were handed out and those that follow tile the input, whatever comes later."""
    rng = np.random.default_rng(5)
    scores = rng.normal(0, 1.5, (3000, 3))
    found = decode(Decoder([seconds(3)] * 3), [SECOND // 15] * 3000, scores)
    edge = 0
    for _, start, duration in found:
        assert start == edge
        edge += duration
    assert edge == 3000 * (SECOND // 15)
    assert all(a[0] != b[0] for a, b in pairwise(found))


def test_memory_does_not_grow_with_the_stream():
    decoder = Decoder([seconds(4), seconds(2), seconds(1)])
    rng = np.random.default_rng(1)
    sizes = []
    for slot in range(20_000):
        row = rng.normal(0, 1, 3)
        decoder.feed(
            Instant(slot * SECOND // 15), Duration((slot + 1) * SECOND // 15 - slot * SECOND // 15), row, row
        )
        sizes.append(decoder.live_beginnings)
    assert max(sizes[10_000:]) == max(sizes[:1_000]) <= 3 * (4 * 15 + 2)


def test_an_endless_stream_is_decoded_like_a_short_one():
    """Rebasing the running sums changes nothing: the last stretch reads as if nothing had come before."""
    durations = [SECOND // 15] * 9000
    scores = np.full((9000, 2), -4.0)
    scores[np.arange(9000), np.arange(9000) // 300 % 2] = -0.1
    whole = decode(Decoder([seconds(2)] * 2), durations, scores)
    assert [d for _, _, d in whole] == [300 * (SECOND // 15)] * 30


def test_a_stretch_without_slots_has_no_segments():
    assert Decoder([seconds(1)]).finish() == []


@pytest.mark.parametrize("bad_start", [SECOND, 3 * SECOND])
def test_slots_that_do_not_touch_are_refused(bad_start):
    decoder = Decoder([seconds(1)])
    decoder.feed(Instant(0), Duration(2 * SECOND), np.zeros(1), np.zeros(1))
    with pytest.raises(ValueError, match="slot: expected to start at 2000000000"):
        decoder.feed(Instant(bad_start), Duration(1), np.zeros(1), np.zeros(1))

"""Movements are smooth: continuous, without overshoot, and no faster than their distance asks for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_videos.motion import MIN_JERK_PEAK, Track, cruise, min_jerk, vector, window

shares = st.floats(0.0, 1.0)
ramps = st.floats(0.05, 0.5)


def test_min_jerk_is_half_way_at_half_time():
    assert min_jerk(0.0) == 0.0
    assert min_jerk(0.5) == 0.5
    assert min_jerk(1.0) == 1.0


def test_min_jerk_reaches_its_greatest_speed_in_the_middle():
    step = 1e-4
    speed = [(min_jerk(s + step) - min_jerk(s)) / step for s in np.linspace(0.0, 1.0 - step, 401)]
    assert max(speed) == pytest.approx(MIN_JERK_PEAK, abs=1e-3)
    assert speed.index(max(speed)) == 200


@given(shares, shares)
def test_min_jerk_never_turns_back_and_never_exceeds_its_peak(a, b):
    low, high = sorted((a, b))
    gain = min_jerk(high) - min_jerk(low)
    assert -1e-12 <= gain <= MIN_JERK_PEAK * (high - low) + 1e-12


@given(ramps, shares, shares)
def test_cruise_covers_the_way_once_with_bounded_speed(ramp, a, b):
    low, high = sorted((a, b))
    ease = cruise(ramp)
    assert ease(0.0) == pytest.approx(0.0, abs=1e-12)
    assert ease(1.0) == pytest.approx(1.0)
    assert -1e-12 <= ease(high) - ease(low) <= (high - low) / (1.0 - ramp) + 1e-12


@given(
    st.lists(
        st.tuples(st.floats(0.05, 2.0), st.floats(0.0, 2.0), st.floats(-1.0, 1.0)), min_size=1, max_size=6
    ),
    st.floats(0.0, 20.0),
    st.floats(-0.1, 0.1),
)
def test_a_track_is_continuous_and_its_speed_is_bounded_by_its_moves(moves, t, arc):
    track, start, fastest = Track(vector(0.0, 0.0)), 0.0, 0.0
    for length, rest, target in moves:
        way = float(np.linalg.norm(vector(target, 0.3) - track.last))
        fastest = max(fastest, MIN_JERK_PEAK * (way + 16.0 * 0.2 * abs(arc)) / length)
        track.move(start, start + length, vector(target, 0.3), arc=arc)
        start += length + rest
    step = 1e-3
    assert np.linalg.norm(track.at(t + step) - track.at(t)) <= fastest * step + 1e-9


def test_a_track_rests_before_between_and_after_its_moves():
    track = Track(vector(1.0))
    track.move(1.0, 2.0, vector(3.0))
    track.move(4.0, 5.0, vector(0.0))
    values = [float(track.at(t)[0]) for t in (0.0, 1.0, 1.5, 2.0, 3.9, 4.5, 5.0, 99.0)]
    assert values == [1.0, 1.0, 2.0, 3.0, 3.0, 1.5, 0.0, 0.0]


def test_overlapping_moves_are_refused():
    track = Track(vector(0.0))
    track.move(0.0, 2.0, vector(1.0))
    with pytest.raises(
        ValueError, match=r"move at 1\.500 s: expected it after the move before, which ends at 2"
    ):
        track.move(1.5, 3.0, vector(2.0))


@pytest.mark.parametrize(
    ("t", "expected"), [(-1.0, 0.0), (0.0, 0.0), (5.0, 1.0), (10.0, 0.0), (0.5, 0.5), (9.5, 0.5)]
)
def test_window_opens_and_closes_inside_its_span(t, expected):
    assert window(t, 0.0, 10.0, 1.0) == expected

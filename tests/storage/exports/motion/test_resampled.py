"""Uneven looks become even frames; nothing is made where nobody looked."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from models.motion import Motion
from models.pose import JOINTS
from storage.exports.motion.resampled import SAME_NS, common_rate, frames, longest_bridge_ns
from tests.storage.exports.motion.sets import MS, motion


def test_a_hand_worked_example():
    """Looks at 0, 100, 160, 200 and 600 ms, ten frames per second: 300 to 500 ms lie in a gap."""
    moved = motion([0, 100, 160, 200, 600, 700])
    found = frames(moved, 10)
    assert found.measured.tolist() == [True, True, True, False, False, False, True, True]
    for frame, look in ((0, 0), (1, 1), (2, 3), (6, 4), (7, 5)):
        assert np.array_equal(found.joints[frame], moved.joints[look])
    assert np.isnan(found.joints[3:6]).all()


def test_between_neighbours_lies_the_straight_line_and_the_smaller_score():
    moved = motion([0, 80, 180, 260])
    found = frames(moved, 10)
    assert found.measured.tolist() == [True, False, False]
    start, end = moved.joints[1].astype(float), moved.joints[2].astype(float)
    assert np.allclose(found.joints[1, :, :3], (start + (end - start) * 0.2)[:, :3], rtol=1e-6)
    assert np.array_equal(found.joints[1, :, 3], np.minimum(moved.joints[1, :, 3], moved.joints[2, :, 3]))


def test_a_joint_that_one_neighbour_lacks_is_not_made_up():
    moved = motion([0, 80, 180, 260])
    moved.joints[2, 7] = np.nan
    found = frames(moved, 10)
    assert np.isnan(found.joints[1, 7]).all()
    assert not np.isnan(np.delete(found.joints[1], 7, axis=0)).any()


@pytest.mark.parametrize(
    ("times", "longest_ms"),
    [([0], 0), ([0, 100, 200], 150), ([0, 100, 200, 1200], 150), ([0, 60_000], 500), ([0, 333, 666], 499.5)],
    ids=["one pose", "even", "a gap changes nothing", "two poses a minute apart", "three looks a second"],
)
def test_how_far_poses_are_joined(times, longest_ms):
    assert longest_bridge_ns(motion(times)) == longest_ms * MS


@pytest.mark.parametrize(
    ("times", "rate"),
    [
        ([[0, 100, 200]], 10),
        ([[0, 333, 667, 1000]], 3),
        ([[0, 33, 67, 100]], 30),
        ([[0]], 1),
        ([[0, 10_000]], 1),
        ([[0, 1, 2]], 240),
        ([[0, 100, 200, 300], [0, 1000]], 10),
    ],
    ids=["ten", "three", "thirty", "one pose", "slower than LeRobot can say", "faster", "most decide"],
)
def test_the_rate_is_what_most_intervals_say(times, rate):
    assert common_rate(map(motion, times)) == rate


@pytest.mark.parametrize("rate", [1, 3, 10, 24, 30])
def test_looks_at_exactly_that_rate_come_through_bit_by_bit(rate):
    """Up to the most looks that a station file can ask for, to the end of a minute."""
    count = 60 * rate
    step = 1_000_000_000 // rate  # a camera's rounding adds up: 1/3 ns per frame
    moved = motion(range(count))
    moved = Motion(np.arange(count, dtype=np.int64) * step, moved.joints, moved.picture)
    found = frames(moved, rate)
    assert found.measured.all()
    assert np.array_equal(found.joints, moved.joints)


steps = st.lists(st.integers(1, 900) | st.sampled_from([33, 100, 333]), min_size=0, max_size=40)


@given(steps, st.integers(1, 60), st.integers(0, 2**32))
def test_nothing_is_invented(steps, rate, seed):
    """Each frame is a measured pose, or between two near ones and within what they span, or nothing."""
    times = np.concatenate([[0], np.cumsum(steps)])[: 60_000 // 900]
    moved = motion(times.astype(int).tolist(), seed=seed)
    missing = np.random.default_rng(seed).random((len(moved.times), JOINTS)) < 0.2
    moved.joints[missing] = np.nan
    found = frames(moved, rate)
    assert (len(found) - 1) * 1_000_000_000 / rate <= moved.span_ns + SAME_NS
    assert len(found) * 1_000_000_000 / rate > moved.span_ns
    longest = longest_bridge_ns(moved)
    for number, pose in enumerate(found.joints):
        at = number * 1_000_000_000 / rate
        near = np.abs(moved.times - at)
        if near.min() <= SAME_NS:
            assert found.measured[number]
            assert np.array_equal(pose, moved.joints[near.argmin()], equal_nan=True)
            continue
        assert not found.measured[number]
        after = int(np.searchsorted(moved.times, at))
        assert 0 < after < len(moved.times)
        pair = moved.joints[after - 1 : after + 1]
        if moved.times[after] - moved.times[after - 1] > longest:
            assert np.isnan(pose).all()
            continue
        known = ~np.isnan(pair).any(axis=0)
        assert np.array_equal(~np.isnan(pose), known)
        assert (pair.min(axis=0)[known] <= pose[known]).all()
        assert (pose[known] <= pair.max(axis=0)[known]).all()

"""Bones keep their length, hands go where they are asked to, and nobody slides or jumps."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.pose import Joint
from sample_videos.body import FOREARM, MAX_STRETCH, SHANK, THIGH, UPPER_ARM, two_bones
from sample_videos.motion import vector

numbers = st.floats(-2.0, 2.0)
points = st.tuples(numbers, numbers, numbers).map(lambda p: vector(*p))
bones = st.tuples(st.floats(0.1, 0.6), st.floats(0.1, 0.6))


@given(points, points, bones, points)
def test_two_bones_keep_their_lengths(root, target, lengths, pole):
    middle, end = two_bones(root, target, lengths, pole)
    assert np.linalg.norm(middle - root) == pytest.approx(lengths[0], abs=1e-9)
    assert np.linalg.norm(end - middle) == pytest.approx(lengths[1], abs=1e-9)


@given(points, points, bones, points, st.floats(0.01, 0.99))
def test_two_bones_reach_what_is_in_reach(root, aim, lengths, pole, share):
    way = aim - root
    assume(np.linalg.norm(way) > 0.1)
    nearest, farthest = abs(lengths[0] - lengths[1]) + 0.02, MAX_STRETCH * sum(lengths)
    target = root + (nearest + share * (farthest - nearest)) * way / np.linalg.norm(way)
    _, end = two_bones(root, target, lengths, pole)
    assert end == pytest.approx(target, abs=1e-9)


@given(points, points, bones)
def test_two_bones_end_on_the_ray_towards_what_is_too_far(root, aim, lengths):
    way = aim - root
    assume(np.linalg.norm(way) > 0.1)
    direction = way / np.linalg.norm(way)
    _, end = two_bones(root, root + 5.0 * direction, lengths, vector(0.0, 0.0, -1.0))
    assert end == pytest.approx(root + MAX_STRETCH * sum(lengths) * direction, abs=1e-9)


@pytest.mark.parametrize("pole", [(0.0, 0.0, -1.0), (1.0, 0.0, 0.0)])
def test_the_elbow_bends_towards_the_pole(pole):
    middle, _ = two_bones(vector(0, 0, 0), vector(0.0, -0.4, 0.0), (0.3, 0.3), vector(*pole))
    assert middle @ vector(*pole) > 0.2


@given(st.floats(0.0, 392.0))
@settings(max_examples=60, deadline=None)
def test_limbs_keep_their_lengths_at_any_time(stage_of, t):
    skeleton = stage_of("assembly_bench").workers(t)["assembly_bench"]
    joints, height = skeleton.joints, skeleton.height
    pairs = {
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW): UPPER_ARM,
        (Joint.LEFT_ELBOW, Joint.LEFT_WRIST): FOREARM,
        (Joint.LEFT_HIP, Joint.LEFT_KNEE): THIGH,
        (Joint.LEFT_KNEE, Joint.LEFT_ANKLE): SHANK,
    }
    for (a, b), share in pairs.items():
        for side in (0, 1):
            assert np.linalg.norm(joints[a + side] - joints[b + side]) == pytest.approx(share * height)


@given(st.floats(0.0, 391.9), st.sampled_from(["assembly_bench"]))
@settings(max_examples=150, deadline=None)
def test_no_joint_jumps_while_the_worker_is_in_the_picture(stage_of, t, name):
    stage, step = stage_of(name), 1.0 / 60.0
    assume(stage.in_picture(t)[name] and stage.in_picture(t + step)[name])
    before, after = (stage.workers(at)[name].joints for at in (t, t + step))
    speeds = np.linalg.norm(after - before, axis=1) / step
    assert speeds.max() < 6.0  # a knee in swing is fastest; a leap of the whole body would be far above
    wrists = [int(Joint.LEFT_WRIST), int(Joint.RIGHT_WRIST)]
    assert speeds[wrists].max() < 4.0


@given(st.floats(70.0, 82.0))
@settings(max_examples=60, deadline=None)
def test_at_least_one_foot_stands_still_while_walking(stage_of, t):
    stage, step = stage_of("assembly_bench"), 0.01
    # Outside of the picture the worker turns round in no time; nobody sees it.
    assume(all(stage.in_picture(at)["assembly_bench"] for at in (t, t + step)))
    before, after = (stage.workers(at)["assembly_bench"].joints for at in (t, t + step))
    heels = [int(Joint.LEFT_HEEL), int(Joint.RIGHT_HEEL)]
    speeds = np.linalg.norm(after[heels] - before[heels], axis=1) / step
    assert speeds.min() < 0.25

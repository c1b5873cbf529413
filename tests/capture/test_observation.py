"""From a pose to the few numbers that are kept for seconds."""

import numpy as np
import pytest

from capture.observation import body_of, hands_of, torso_of
from models.pose import JOINTS, Joint, Pose, Region


def pose(**joints):
    """A pose with everything at (100, 200), seen, but for the joints given as (x, y, score)."""
    array = np.full((JOINTS, 3), (100.0, 200.0, 0.9), np.float32)
    for name, values in joints.items():
        array[Joint[name]] = values
    return Pose(array, 1.0, Region(100, 200, 300, 0.0))


def test_a_hand_is_the_middle_of_wrist_index_and_little_finger():
    hands = hands_of(pose(LEFT_WRIST=(10, 10, 0.9), LEFT_INDEX=(40, 10, 0.9), LEFT_PINKY=(40, 40, 0.9)))
    assert hands[0] == pytest.approx([30, 20])
    assert hands[1] == pytest.approx([100, 200])


def test_a_hand_whose_wrist_is_hidden_is_not_seen():
    """The network guesses a place for it all the same."""
    hands = hands_of(pose(RIGHT_WRIST=(100, 200, 0.2)))
    assert np.isnan(hands[1]).all()
    assert not np.isnan(hands[0]).any()


def test_a_network_without_fingers_gives_the_wrist():
    """COCO networks have 17 joints; the others are NaN."""
    missing = (np.nan, np.nan, np.nan)
    hands = hands_of(pose(LEFT_WRIST=(10, 10, 0.9), LEFT_INDEX=missing, LEFT_PINKY=missing))
    assert hands[0] == pytest.approx([10, 10])


def test_the_torso_reaches_from_hips_to_shoulders():
    hips, length = torso_of(pose(LEFT_SHOULDER=(70, 120, 0.9), RIGHT_SHOULDER=(130, 120, 0.9)))
    assert hips == pytest.approx([100, 200])
    assert length == pytest.approx(80)


def test_the_body_has_points_between_its_joints():
    points = body_of(pose(LEFT_ELBOW=(0, 0, 0.9), LEFT_WRIST=(0, 40, 0.9)))
    assert [0, 20] in points.tolist()

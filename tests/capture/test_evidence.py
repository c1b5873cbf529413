"""Each sentence of a rule, in a moment where it is true, false, or cannot be told."""

import numpy as np
import pytest

from capture.evidence import UNSEEN, UNSEEN_HAND, Evidence, Moments
from capture.geometry import Polygon
from capture.station.rules import parse
from productivity.time import seconds

ZONES = {"box": Polygon(np.array([[100.0, 100.0], [200.0, 100.0], [200.0, 200.0], [100.0, 200.0]]))}
INSIDE, OUTSIDE, EDGE, HIDDEN = (150.0, 150.0), (400.0, 150.0), (200.0, 150.0), (np.nan, np.nan)


def moment(*, present=1.0, left=OUTSIDE, right=OUTSIDE, torso=OUTSIDE, speed=0.0, still=0.0, away=0.0):
    return Moments(
        present=np.array([present]),
        hands=np.array([[left, right]]),
        torso=np.array([torso]),
        scale=np.array([80.0]),
        speed=np.array([speed]),
        still={seconds(2): np.array([still])},
        tools_away={"wrench": np.array([away])},
    )


@pytest.mark.parametrize(
    ("rule", "scene", "expected"),
    [
        ("hand in box", {"left": INSIDE}, 1.0),
        ("hand in box", {"right": INSIDE}, 1.0),
        ("hand in box", {}, 0.0),
        ("hand in box", {"left": EDGE}, 0.5),
        ("hand in box", {"left": HIDDEN}, UNSEEN_HAND),
        ("hand in box", {"left": HIDDEN, "right": INSIDE}, 1.0),
        ("hand in box", {"left": HIDDEN, "right": HIDDEN}, UNSEEN),
        ("left hand in box", {"right": INSIDE}, 0.0),
        ("right hand in box", {"right": INSIDE}, 1.0),
        ("both hands in box", {"left": INSIDE}, 0.0),
        ("both hands in box", {"left": INSIDE, "right": INSIDE}, 1.0),
        ("both hands in box", {"left": INSIDE, "right": HIDDEN}, UNSEEN),
        ("torso in box", {"torso": INSIDE}, 1.0),
        ("torso in box", {"torso": HIDDEN, "present": np.nan}, UNSEEN),
        ("walking", {"speed": 2.0}, 1.0),
        ("walking", {"speed": 0.1}, 0.0),
        ("walking", {"speed": np.nan}, UNSEEN),
        ("still for 2 s", {"still": 1.0}, 1.0),
        ("holds wrench", {"away": 1.0}, 1.0),
        ("holds wrench", {"away": np.nan}, UNSEEN),
        ("holds wrench", {"away": 1.0, "present": 0.0}, 0.0),
        ("hand in box", {"present": 0.0, "left": HIDDEN, "right": HIDDEN}, 0.0),
        ("present", {}, 1.0),
        ("present", {"present": 0.0}, 0.0),
        ("present", {"present": np.nan}, UNSEEN),
        ("absent", {"present": 0.0}, 1.0),
        ({"not": "present"}, {}, 0.0),
        ({"all": ["present", "walking"]}, {"speed": 2.0}, 1.0),
        ({"all": ["present", "walking"]}, {}, 0.0),
        ({"any": ["absent", "walking"]}, {"speed": 2.0}, 1.0),
        ({"any": ["absent", "walking"]}, {}, 0.0),
    ],
)
def test_sentence(rule, scene, expected):
    assert Evidence(moment(**scene), ZONES).truth(parse(rule))[0] == pytest.approx(expected, abs=0.01)


def test_a_hidden_hand_is_rather_elsewhere_than_in_any_one_zone():
    assert 0 < UNSEEN_HAND < UNSEEN

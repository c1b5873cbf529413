"""Is the tool in its holder? Drawn holders, with and without the tool, under changing light."""

import math

import cv2
import numpy as np
import pytest

from capture.geometry import Polygon
from capture.tools import HolderWatch
from productivity.time import SECOND, Instant

HOLDER = Polygon(np.array([[100.0, 50.0], [140.0, 50.0], [140.0, 110.0], [100.0, 110.0]]))
UNSEEN = np.full((2, 2), np.nan)
FAR = np.array([[400.0, 300.0]])
NEAR = np.array([[120.0, 80.0]])


def picture(*, tool: bool, light: float = 1.0, offset: float = 0.0, seed: int = 0) -> np.ndarray:
    canvas = np.full((360, 640), 120, np.float64)
    cv2.rectangle(canvas, (102, 90), (138, 108), 60, -1)  # the holder's bracket
    if tool:
        cv2.line(canvas, (120, 52), (120, 95), 230, 7)
    noise = np.random.default_rng(seed).normal(0, 6, canvas.shape)
    return np.clip(canvas * light + offset + noise, 0, 255).astype(np.uint8)


def answers(looks, *, hands=None, body=None):
    """One answer per look, a second apart; `hands` and `body` say for each look where they are."""
    watch = HolderWatch(HOLDER)
    hands, body = hands or [FAR] * len(looks), body or [FAR] * len(looks)
    return [watch.away(look, Instant(k * SECOND), hands[k], body[k], 80.0) for k, look in enumerate(looks)]


def test_taken_and_returned():
    looks = [picture(tool=not 5 <= k < 9, seed=k) for k in range(14)]
    assert answers(looks) == [1.0 if 5 <= k < 9 else 0.0 for k in range(14)]


@pytest.mark.parametrize(("light", "offset"), [(0.5, 0), (1.4, 0), (1.0, 40), (0.6, -20)])
def test_a_change_of_light_takes_no_tool_away(light, offset):
    looks = [picture(tool=True, seed=k) for k in range(5)]
    looks += [picture(tool=True, light=light, offset=offset, seed=k) for k in range(5, 10)]
    assert answers(looks) == [0.0] * 10


def test_while_a_hand_is_at_the_holder_nothing_can_be_told():
    assert all(math.isnan(answer) for answer in answers([picture(tool=True)] * 3, hands=[NEAR] * 3))


def test_hidden_hands_hide_nothing():
    assert answers([picture(tool=True)] * 2, hands=[UNSEEN] * 2, body=[UNSEEN] * 2) == [0.0, 0.0]


def test_a_body_in_front_of_the_holder_changes_nothing_about_the_tool():
    """A head before the holder looks like no tool; nobody has touched it."""
    looks = [picture(tool=True), picture(tool=True), picture(tool=False), picture(tool=False)]
    assert answers(looks, body=[FAR, FAR, NEAR, NEAR]) == [0.0] * 4


def test_after_a_hand_the_holder_must_be_seen_anew():
    looks = [
        picture(tool=True),
        picture(tool=True),
        picture(tool=False),
        picture(tool=False),
        picture(tool=False),
    ]
    told = answers(looks, hands=[FAR, FAR, NEAR, FAR, FAR], body=[FAR, FAR, NEAR, NEAR, FAR])
    assert told[:2] == [0.0, 0.0]
    assert all(math.isnan(answer) for answer in told[2:4])
    assert told[4] == 1.0


def test_a_recording_that_begins_with_the_tool_in_use_corrects_itself():
    """The look that has lasted longest is taken for the tool in its holder."""
    looks = [picture(tool=k >= 3, seed=k) for k in range(20)]
    assert answers(looks)[-10:] == [0.0] * 10


def test_a_black_picture_says_nothing():
    assert math.isnan(answers([np.zeros((360, 640), np.uint8)])[0])


def test_looks_are_few_however_much_the_holder_changes():
    rng = np.random.default_rng(3)
    watch = HolderWatch(HOLDER)
    for k in range(50):
        watch.away(rng.integers(0, 255, (360, 640), dtype=np.uint8), Instant(k * SECOND), FAR, FAR, 80.0)
    assert len(watch._looks) <= 4

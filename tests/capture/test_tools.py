"""Is the tool in its holder? Drawn holders, with and without the tool, under changing light."""

import math

import cv2
import numpy as np
import pytest

from capture.tools import HolderWatch
from productivity.time import SECOND, Instant

HOLDER = np.array([[100.0, 50.0], [140.0, 50.0], [140.0, 110.0], [100.0, 110.0]])
NO_ARM = np.full((4, 2), np.nan)
FAR_ARM = np.array([[400.0, 300.0]])


def picture(*, tool: bool, light: float = 1.0, offset: float = 0.0, seed: int = 0) -> np.ndarray:
    canvas = np.full((360, 640), 120, np.float64)
    cv2.rectangle(canvas, (102, 90), (138, 108), 60, -1)  # the holder's bracket
    if tool:
        cv2.line(canvas, (120, 52), (120, 95), 230, 7)
    noise = np.random.default_rng(seed).normal(0, 6, canvas.shape)
    return np.clip(canvas * light + offset + noise, 0, 255).astype(np.uint8)


def answers(looks, *, arm=FAR_ARM):
    watch = HolderWatch(HOLDER)
    return [watch.away(look, Instant(k * SECOND), arm, 80.0) for k, look in enumerate(looks)]


def test_taken_and_returned():
    looks = [picture(tool=not 5 <= k < 9, seed=k) for k in range(14)]
    assert answers(looks) == [1.0 if 5 <= k < 9 else 0.0 for k in range(14)]


@pytest.mark.parametrize(("light", "offset"), [(0.5, 0), (1.4, 0), (1.0, 40), (0.6, -20)])
def test_a_change_of_light_takes_no_tool_away(light, offset):
    looks = [picture(tool=True, seed=k) for k in range(5)]
    looks += [picture(tool=True, light=light, offset=offset, seed=k) for k in range(5, 10)]
    assert answers(looks) == [0.0] * 10


def test_a_holder_behind_an_arm_says_nothing():
    reaching = np.array([[120.0, 80.0]])
    assert all(math.isnan(answer) for answer in answers([picture(tool=True)] * 3, arm=reaching))


def test_hidden_arms_hide_nothing():
    assert answers([picture(tool=True)] * 2, arm=NO_ARM) == [0.0, 0.0]


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
        watch.away(rng.integers(0, 255, (360, 640), dtype=np.uint8), Instant(k * SECOND), FAR_ARM, 80.0)
    assert len(watch._looks) <= 4

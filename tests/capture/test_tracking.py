"""Whom the tracker follows, whom it ignores, and how much it computes for that."""

import numpy as np
import pytest

from capture.geometry import Polygon
from capture.observation import Sighting
from capture.tracking import WorkerTracker
from productivity.time import SECOND, Instant

WHOLE = (0, 0, 640, 360)
PLACE = Polygon(np.array([[160.0, 0.0], [480.0, 0.0], [480.0, 360.0], [160.0, 360.0]]))
STEP = SECOND // 3


def looks(tracker, world, moments):
    """Look at the scripted moments, given in seconds, one after the other."""
    results = []
    for moment in moments:
        image = world.frame(round(moment * SECOND), STEP).image
        results.append(tracker.look(image.rgb(), image.luma(), Instant(round(moment * SECOND)))[0])
    return results


def thirds(until):
    return [k / 3 for k in range(round(until * 3))]


def test_the_detector_runs_only_while_there_is_nobody_to_follow(world, person):
    engine = world.engine(lambda t: person() if t >= 2 else None)
    seen = looks(WorkerTracker(engine, WHOLE, None), world, thirds(6))
    assert seen == [Sighting.NOBODY] * 6 + [Sighting.SEEN] * 12
    assert engine.searches == 7


def test_somebody_who_jumps_is_somebody_else_and_is_searched_anew(world, person):
    engine = world.engine(lambda t: person(hips=(200.0 if t < 1 else 440.0, 220.0)))
    looks(WorkerTracker(engine, WHOLE, None), world, thirds(2))
    assert engine.searches == 2


def test_only_who_stands_in_the_place_is_the_worker(world, person):
    engine = world.engine(lambda t: person(hips=(100.0 if t < 1 else 300.0, 220.0)))
    assert looks(WorkerTracker(engine, WHOLE, PLACE), world, [0.5, 1.5]) == [Sighting.NOBODY, Sighting.SEEN]


@pytest.mark.parametrize(
    ("speed", "after"),
    [(0.0, Sighting.LOST), (180.0, Sighting.NOBODY)],
)
def test_only_who_heads_for_an_edge_can_leave(world, person, speed, after):
    """Standing still, then gone: lost. Walking to the right at 1 m/s, then gone: left."""
    engine = world.engine(lambda t: person(hips=(400 + speed * t, 220.0)) if t < 1 else None)
    assert looks(WorkerTracker(engine, WHOLE, None), world, [0, 1 / 3, 2 / 3, 1])[-1] is after


def test_lost_does_not_last_for_ever(world, person):
    engine = world.engine(lambda t: person() if t < 1 else None)
    seen = looks(WorkerTracker(engine, WHOLE, None), world, thirds(8))
    assert seen.count(Sighting.LOST) == pytest.approx(12, abs=1)  # four seconds
    assert seen[-1] is Sighting.NOBODY


def test_a_crop_gives_positions_of_the_whole_picture(world, person):
    engine = world.engine(lambda _: person())
    image = world.frame(0, STEP).image
    _, pose = WorkerTracker(engine, (320, 0, 640, 360), None).look(image.rgb(), image.luma(), Instant(0))
    assert pose.joints[0, 0] == pytest.approx(320 + 320)  # the script speaks of the crop's own pixels


def test_an_unchanged_empty_picture_needs_no_second_search(world):
    engine = world.engine(lambda _: None)
    tracker = WorkerTracker(engine, WHOLE, None)
    still = np.full((360, 640), 90, np.uint8)
    rgb = np.zeros((360, 640, 3), np.uint8)
    assert not tracker.unchanged(still, Instant(0))
    tracker.look(rgb, still, Instant(0))
    assert tracker.unchanged(still, Instant(STEP))
    assert tracker.unchanged(still + 3, Instant(STEP)), "light flickers"
    assert not tracker.unchanged(still, Instant(3 * SECOND)), "looked again every two seconds at the latest"
    entering = still.copy()
    entering[100:200, :40] = 150
    assert not tracker.unchanged(entering, Instant(STEP))

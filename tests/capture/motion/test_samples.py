"""The real network on rendered people: a worker alone is kept, a passer-by ends it, a neighbour does not."""

from pathlib import Path

import numpy as np
import pytest

from capture.gate import OpenGate
from capture.motion.channel import Ending, MotionPort
from capture.motion.held import HELD_BACK
from capture.sources.file import FileSource
from capture.station.file import read_station
from capture.vision import watch
from models.engines import open_engine
from models.pose import Joint
from productivity.time import SECOND
from tests.capture.motion.duo import CHECK_IN, Kept, Permitting

SAMPLES = Path(__file__).resolve().parents[3] / "sample_videos"
HELD_S = HELD_BACK / SECOND


@pytest.fixture(scope="module")
def engine(weights):
    opened = open_engine()
    yield opened
    opened.close()


class KeptAnywhere(Kept):
    def keep(self, session, station, begin, motion):
        super().keep(CHECK_IN, "bench", begin, motion)


def record(engine, video, station, first_s, check_in_s, last_s):
    kept = KeptAnywhere()
    described = read_station(SAMPLES / "stations" / f"{station}.yaml")
    with FileSource(SAMPLES / f"{video}.mp4", camera="sample") as source:
        frames = (one for one in source.frames() if first_s <= one.time / SECOND < last_s)
        port = MotionPort(Permitting(since=check_in_s), kept)
        list(watch(frames, [described], engine, OpenGate(), motion=port))
    return kept


@pytest.mark.parametrize("station", ["left_bench", "right_bench"])
def test_one_of_two_neighbours_is_kept(engine, station):
    """Each bench has its own crop; hips and shoulders lie within it, and the body has a depth."""
    kept = record(engine, "two_workers", station, 0, 1, 15)
    assert kept.endings == [Ending.STOP]
    ((_, motion),) = kept.pieces
    assert motion.span_ns / SECOND == pytest.approx(14 - HELD_S, abs=0.8)
    assert motion.picture == (640, 360)
    trunk = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP]
    across = motion.joints[:, trunk, 0]
    left, right = (0, 320) if station == "left_bench" else (320, 640)
    assert left < across.min()
    assert across.max() < right
    assert not np.isnan(motion.joints).any()
    assert np.ptp(motion.joints[:, :, 2]) > 20


def test_who_passes_behind_the_bench_ends_it(engine):
    """The passer-by comes into view at 33 s; the detector first finds half a person at 33.7 s."""
    kept = record(engine, "assembly_bench", "assembly_bench", 25, 26, 40)
    assert kept.endings == [Ending.SECOND_PERSON]
    assert kept.times
    assert max(kept.times) < 33 - HELD_S + 1.5

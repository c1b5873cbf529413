"""Pictures: the same scenario gives the same ones, and what should be seen in them is there."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from models.pose import JOINTS, Joint, Picture, Pose, Region
from sample_videos.camera import FRAME_RATE, HEIGHT, WIDTH, Camera
from sample_videos.check_pose import check
from sample_videos.encode import write_video
from sample_videos.motion import vector
from sample_videos.scenario import load_scenario
from sample_videos.stage import Stage

HOME = Path(__file__).resolve().parents[2] / "sample_videos"
SAMPLES = ["assembly_bench", "bad_light", "empty_bench", "two_workers"]
TWO_SECONDS = range(32 * FRAME_RATE, 34 * FRAME_RATE)
"""Of assembly_bench: the worker takes the tool while somebody walks by."""


def fresh(name: str, **changes: object) -> Stage:
    return Stage(load_scenario(HOME / f"{name}.yaml").model_copy(update=changes))


def inside(stage: Stage, zone: str, picture: Picture) -> Picture:
    """The part of a picture that a zone's corners span."""
    corners = np.array(stage.scenario.stations[0].zones[zone]) * [WIDTH, HEIGHT]
    (left, top), (right, bottom) = corners.min(axis=0).astype(int), corners.max(axis=0).astype(int)
    return picture[top:bottom, left:right]


def test_drawing_two_seconds_twice_gives_the_same_pictures():
    first, second = fresh("assembly_bench"), fresh("assembly_bench")
    assert all(np.array_equal(first.frame(i), second.frame(i)) for i in TWO_SECONDS)


def test_another_seed_gives_other_pictures_and_the_same_truth():
    first, second = fresh("assembly_bench"), fresh("assembly_bench", seed=12)
    assert not np.array_equal(first.frame(40), second.frame(40))
    assert first.truth == second.truth


@pytest.mark.parametrize("name", SAMPLES)
def test_committed_videos_show_what_the_renderer_draws(stage_of, name):
    with av.open(str(HOME / f"{name}.mp4")) as container:
        for index, frame in zip(range(2), container.decode(video=0), strict=False):
            drawn, shown = stage_of(name).frame(index), frame.to_ndarray(format="rgb24")
            assert np.abs(drawn.astype(int) - shown).mean() < 8.0


def test_the_optical_axis_meets_the_middle_of_the_picture():
    camera = Camera(distance=4.0, height=2.0, tilt=0.5, focal=800.0)
    ahead = vector(0.0, -4.0, 2.0) - 3.0 * camera.towards
    assert camera.project(ahead) == pytest.approx([WIDTH / 2, HEIGHT / 2, 800.0 / 3.0])
    assert camera.project(ahead + vector(0.3, 0, 0))[0] == pytest.approx(WIDTH / 2 + 80.0)
    assert camera.project(ahead + vector(0, 0, 0.1))[1] < HEIGHT / 2


@pytest.mark.parametrize(("t", "in_holder"), [(2.0, True), (12.6, False), (22.0, True)])
def test_the_tool_is_seen_in_its_holder_unless_it_is_used(stage_of, t, in_holder):
    stage = stage_of("assembly_bench")
    red, green, blue = np.moveaxis(
        inside(stage, "holder", stage.frame(round(t * FRAME_RATE))).astype(int), -1, 0
    )
    orange = int(((red > 150) & (red - blue > 90) & (green < 0.75 * red)).sum())
    assert (orange > 100) == in_holder


@pytest.mark.parametrize(("t", "stopped"), [(100.0, False), (125.0, True)])
def test_the_machine_stops_and_shows_red_while_the_worker_waits(stage_of, t, stopped):
    stage = stage_of("assembly_bench")
    pictures = [stage.draw(at).picture().astype(int) for at in (t, t + 0.6)]
    machine = np.s_[100:200, 520:600]
    assert (np.abs(pictures[1][machine] - pictures[0][machine]).max() == 0) == stopped
    lamp = pictures[0][15:85, 515:560]
    assert bool(((lamp[..., 0] > 200) & (lamp[..., 1] < 90)).any()) == stopped


def test_machines_move_on_the_empty_bench(stage_of):
    before, after = (stage_of("empty_bench").draw(t).picture().astype(int) for t in (3.0, 4.0))
    assert (np.abs(after - before).max(axis=-1) > 40).sum() > 500


def test_a_hand_is_out_of_sight_while_the_other_works(stage_of):
    stage = stage_of("assembly_bench")
    row = next(row for row in stage.truth if row.cycle == 8 and row.state == "manual assembly")
    hidden = 0.0
    for t in np.arange(row.start, row.end, 0.1):
        joints = stage.workers(float(t))["assembly_bench"].joints
        hidden += 0.1 * bool(joints[Joint.LEFT_WRIST, 1] > joints[Joint.LEFT_HIP, 1] + 0.10)
        assert joints[Joint.RIGHT_WRIST, 1] < joints[Joint.RIGHT_HIP, 1]
    assert 4.5 <= hidden <= 6.5


def test_writing_is_whole_or_not_at_all(tmp_path):
    def broken() -> Iterator[Picture]:
        yield from [np.zeros((HEIGHT, WIDTH, 3), np.uint8)] * 100  # more than the encoder looks ahead
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_video(tmp_path / "x.mp4", broken(), rate=15, quality=30)
    assert list(tmp_path.iterdir()) == []


class KnownPose:
    """An engine that knows the exact joints of each picture of a film, and is wrong by a known way."""

    name = "known"

    def __init__(self, stage: Stage, every: int, wrong: float) -> None:
        self._stage, self._every, self._wrong, self._picture = stage, every, wrong, 0

    def regions(self, picture: Picture) -> list[Region]:
        return [Region(320.0, 180.0, 300.0, 0.0)]

    def pose(self, picture: Picture, region: Region) -> Pose:
        exact = self._stage.joints(self._picture * self._every / FRAME_RATE)["assembly_bench"]
        self._picture += 1
        joints = np.ones((JOINTS, 3), np.float32)
        joints[:, :2] = exact[:, :2] + [self._wrong, 0.0]
        return Pose(joints, 0.9, region)

    def close(self) -> None:
        pass


def test_the_check_measures_the_error_of_an_engine(tmp_path, stage_of):
    stage = stage_of("assembly_bench")
    blank = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    write_video(tmp_path / "x.mp4", [blank] * 30, rate=FRAME_RATE, quality=40)
    for wrong, found in ((3.0, 6), (200.0, 0)):
        scores, _ = check(stage, tmp_path / "x.mp4", KnownPose(stage, 5, wrong), 5)
        score = scores["assembly_bench"]
        assert (score.present, score.found) == (6, found)
        assert score.errors == pytest.approx([wrong] * 2 * found, abs=1e-3)

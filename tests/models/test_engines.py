"""Both engines on real and rendered people: each against the annotation, and one against the other.

Distances are shares of the region's side. MediaPipe Tasks corrects each landmark by a heat map that our
conversion cuts off (with it, both agree to 0.1 px of 256 in the median); that is most of what the tolerances
are for.
"""

import sys

import numpy as np
import pytest

from models.engines import open_engine
from models.pose import Joint, Region
from models.processor import multiplies_bytes
from productivity.errors import MissingExtra

ENGINES = ("blazepose", "blazepose-exact", "mediapipe")


@pytest.fixture(scope="module")
def engines(weights):
    opened = {name: open_engine(name) for name in ENGINES}
    yield opened
    for engine in opened.values():
        engine.close()


def best(engine, picture):
    regions = engine.regions(picture)
    assert regions, f"{engine.name} finds nobody"
    return engine.pose(picture, regions[0])


ANNOTATED = {
    # joint: (row in COCO, row of ours)
    "left shoulder": (5, Joint.LEFT_SHOULDER),
    "right shoulder": (6, Joint.RIGHT_SHOULDER),
    "left elbow": (7, Joint.LEFT_ELBOW),
    "right elbow": (8, Joint.RIGHT_ELBOW),
    "left wrist": (9, Joint.LEFT_WRIST),
    "right wrist": (10, Joint.RIGHT_WRIST),
    "left hip": (11, Joint.LEFT_HIP),
    "right hip": (12, Joint.RIGHT_HIP),
    "left ankle": (15, Joint.LEFT_ANKLE),
    "right ankle": (16, Joint.RIGHT_ANKLE),
}


@pytest.mark.parametrize("name", ENGINES)
def test_joints_lie_where_a_person_put_them(engines, coco, name):
    """PCK: every joint within 30 % of the trunk's length (shoulder to hip), the mean within 15 %."""
    picture, annotated = coco
    pose = best(engines[name], picture)
    assert pose.presence > 0.9
    trunk = np.linalg.norm(annotated[[5, 6]].mean(axis=0) - annotated[[11, 12]].mean(axis=0))
    errors = {
        joint: float(np.linalg.norm(pose.joints[ours, :2] - annotated[coco])) / trunk
        for joint, (coco, ours) in ANNOTATED.items()
    }
    assert max(errors.values()) < 0.30, errors
    assert np.mean(list(errors.values())) < 0.15, errors


def differences(one, other, pictures) -> np.ndarray:
    """Distances of the joints that `one` sees, in shares of the region's side, one after the other."""
    result = []
    for picture in pictures:
        region = one.regions(picture)[0]
        ours, theirs = one.pose(picture, region), other.pose(picture, region)
        assert theirs.presence > 0.5
        seen = ours.joints[:, 2] > 0.5
        result.append(np.linalg.norm((ours.joints - theirs.joints)[seen, :2], axis=1) / region.side)
    return np.concatenate(result)


@pytest.mark.parametrize("name", ["blazepose", "blazepose-exact"])
@pytest.mark.parametrize("frames", ["bench_frames", "clip_frames"])
def test_both_engines_see_the_same_pose(engines, request, frames, name):
    """Parity: median within 1.5 % of the region's side, nine in ten within 4 %."""
    found = differences(engines[name], engines["mediapipe"], request.getfixturevalue(frames))
    assert np.median(found) < 0.015
    assert np.quantile(found, 0.9) < 0.04


@pytest.mark.parametrize("frames", ["bench_frames", "clip_frames"])
def test_depths_are_those_of_the_reference(engines, request, frames):
    """In picture pixels like x and y: the median differs by less than 2 % of the region's side."""
    ours, theirs, found, spread = engines["blazepose-exact"], engines["mediapipe"], [], []
    for picture in request.getfixturevalue(frames):
        region = ours.regions(picture)[0]
        one, other = ours.pose(picture, region), theirs.pose(picture, region)
        found.append(np.abs(one.depths - other.depths) / region.side)
        spread.append(np.abs(other.depths) / region.side)
    assert np.median(np.concatenate(found)) < 0.02
    assert np.median(np.concatenate(spread)) > 0.05, "they are not all about nothing"


@pytest.mark.skipif(not multiplies_bytes(), reason="this processor has no dot product of bytes")
@pytest.mark.parametrize("frames", ["bench_frames", "clip_frames"])
def test_integers_move_joints_less_than_half_a_pixel_of_the_crop_does(engines, request, frames):
    """What quick arithmetic changes is below what the place of the crop decides anyway."""
    exact, moved = engines["blazepose-exact"], []
    pictures = request.getfixturevalue(frames)
    for picture in pictures:
        region = exact.regions(picture)[0]
        step = region.side / 256 / 2
        shifted = Region(region.x + step, region.y + step, region.side, region.rotation)
        one, other = exact.pose(picture, region), exact.pose(picture, shifted)
        seen = one.joints[:, 2] > 0.5
        moved.append(np.linalg.norm((one.joints - other.joints)[seen, :2], axis=1) / region.side)
    integers = differences(exact, engines["blazepose"], pictures)
    assert np.median(integers) < np.median(np.concatenate(moved))
    assert np.median(integers) < 0.004, "one pixel of 256"


@pytest.mark.parametrize("name", ENGINES)
def test_the_next_region_holds_the_person_again(engines, coco, name):
    """Tracking: from a pose to its region and back, three times, the joints stay."""
    picture, _ = coco
    first = pose = best(engines[name], picture)
    for _ in range(3):
        pose = engines[name].pose(picture, pose.region)
    moved = np.linalg.norm((pose.joints - first.joints)[:, :2], axis=1) / first.region.side
    assert pose.presence > 0.9
    assert np.median(moved) < 0.02


@pytest.mark.parametrize("name", ENGINES)
def test_a_view_gives_the_pose_of_its_copy(engines, coco, name):
    """A crop of a larger picture need not be copied by the caller."""
    view = coco[0][10:420, 200:600]
    assert not view.flags.c_contiguous
    assert np.array_equal(best(engines[name], view).joints, best(engines[name], view.copy()).joints)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 300), (360, 640)])
def test_a_picture_of_nothing_has_nobody_in_it(engines, name, height, width):
    black = np.zeros((height, width, 3), np.uint8)
    assert list(engines[name].regions(black)) == []
    pose = engines[name].pose(black, Region(width / 2, height / 2, 100.0, 0.0))
    assert pose.presence < 0.5
    assert pose.joints.shape == (33, 3)


def test_mediapipe_looks_again_when_a_picture_changes_in_place(engines, coco):
    """Callers may use one buffer for all pictures."""
    engine, buffer = engines["mediapipe"], coco[0].copy()
    assert len(engine.regions(buffer)) == 1
    buffer[:] = 0
    assert engine.regions(buffer) == []


def test_mediapipe_has_nobody_in_a_region_far_from_everybody(engines, coco):
    pose = engines["mediapipe"].pose(coco[0], Region(30, 30, 60, 0.0))
    assert pose.presence == 0
    assert np.isnan(pose.joints).all()


def test_poses_and_regions_do_not_print_where_somebody_was(engines, coco):
    pose = best(engines["blazepose"], coco[0])
    assert "array" not in repr(pose)
    assert not any(character.isdigit() for character in repr(pose.region).split(" at 0x")[0])


@pytest.mark.parametrize(
    ("name", "module"), [("blazepose", "onnxruntime"), ("blazepose", "cv2"), ("mediapipe", "mediapipe")]
)
def test_a_missing_package_is_answered_with_the_extra(weights, monkeypatch, name, module):
    from models.region import _opencv

    _opencv.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"{module} is not installed: .*fairtakt\[edge\]"):
        open_engine(name).regions(np.zeros((9, 9, 3), np.uint8))

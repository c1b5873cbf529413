"""Regions: to the crop and back, and around people."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.pose import JOINTS, Joint, Region
from models.region import around_joints, around_person, crop, crop_to_picture, to_picture, whole

lengths = st.floats(1, 4000)
regions = st.builds(Region, x=lengths, y=lengths, side=st.floats(8, 4000), rotation=st.floats(-7, 7))
sizes = st.sampled_from([(256, 256), (224, 224), (256, 192), (192, 256)])


@given(regions, sizes)
def test_the_middle_of_the_crop_is_the_middle_of_the_region(region, size):
    middle = np.array([[size[1] / 2, size[0] / 2]], np.float32)
    assert to_picture(middle, region, size)[0] == pytest.approx([region.x, region.y], rel=1e-5, abs=0.05)


@given(regions, sizes, st.floats(-4000, 4000), st.floats(-4000, 4000))
def test_a_point_survives_the_way_to_the_crop_and_back(region, size, x, y):
    matrix = crop_to_picture(region, size)
    inside = np.linalg.solve(matrix[:, :2], np.array([x, y]) - matrix[:, 2])
    assert matrix[:, :2] @ inside + matrix[:, 2] == pytest.approx([x, y], abs=1e-6)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_letterboxing_shows_the_whole_picture(height, width):
    """Both far corners of the picture lie inside the crop, and the longer side fills it."""
    square = whole(np.broadcast_to(np.uint8(0), (height, width, 3)))
    matrix = crop_to_picture(square, (224, 224))
    corners = [np.linalg.solve(matrix[:, :2], np.array(c) - matrix[:, 2]) for c in ((0, 0), (width, height))]
    (left, top), (right, bottom) = corners
    assert min(left, top) == pytest.approx(0, abs=1e-6)
    assert max(right, bottom) == pytest.approx(224, abs=1e-6)
    assert left + right == pytest.approx(224, abs=1e-6)
    assert top + bottom == pytest.approx(224, abs=1e-6)


PEOPLE = {
    # hips (100, 200), point on the circle, rotation, side
    "standing": ((100, 100), 0.0, 250.0),
    "lying, head to the right": ((200, 200), math.pi / 2, 250.0),
    "lying, head to the left": ((0, 200), -math.pi / 2, 250.0),
    "upside down": ((100, 240), -math.pi, 100.0),
    "leaning 45 degrees to the right": ((130, 170), math.pi / 4, 2.5 * math.hypot(30, 30)),
}


@pytest.mark.parametrize(("circle", "rotation", "side"), PEOPLE.values(), ids=PEOPLE.keys())
def test_a_region_is_turned_until_the_body_is_upright(circle, rotation, side):
    region = around_person(100, 200, *circle)
    assert (region.x, region.y, region.side) == pytest.approx((100, 200, side))
    assert region.rotation == pytest.approx(rotation)
    matrix = crop_to_picture(region, (256, 256))
    inside = np.linalg.solve(matrix[:, :2], np.array(circle) - matrix[:, 2])
    assert inside == pytest.approx([128, 128 - 256 / 2.5]), "above the middle of the crop"


def test_a_crop_is_cut_from_where_the_region_is():
    """A white square at (40..60, 20..40) fills the crop of the region around it."""
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[20:40, 40:60] = 255
    inner = crop(picture, Region(50, 30, 16, 0.0), (32, 32))
    assert inner.shape == (32, 32, 3)
    assert inner.min() == 255
    assert crop(picture, Region(80, 80, 16, 0.3), (32, 32)).max() == 0


def test_a_crop_of_a_view_is_that_of_its_copy():
    picture = np.random.default_rng(1).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    view = picture[10:110, 30:130]
    region = Region(40, 50, 80, 0.4)
    assert np.array_equal(crop(view, region, (64, 64)), crop(view.copy(), region, (64, 64)))


def test_beyond_the_picture_there_is_black_or_its_edge_again():
    white = np.full((50, 50, 3), 255, np.uint8)
    outside = Region(0, 25, 40, 0.0)
    assert crop(white, outside, (32, 32))[16, 0].tolist() == [0, 0, 0]
    assert crop(white, outside, (32, 32), repeat_edge=True)[16, 0].tolist() == [255, 255, 255]


def _standing() -> np.ndarray:
    joints = np.full((JOINTS, 3), np.nan, np.float32)
    joints[Joint.LEFT_SHOULDER], joints[Joint.RIGHT_SHOULDER] = (110, 60, 0.9), (90, 60, 0.9)
    joints[Joint.LEFT_HIP], joints[Joint.RIGHT_HIP] = (108, 100, 0.9), (92, 100, 0.9)
    joints[Joint.LEFT_ANKLE] = (100, 180, 0.9)
    return joints


def test_joints_give_a_circle_around_the_hips_that_holds_them_all():
    region = around_joints(_standing(), 0.7)
    assert (region.x, region.y, region.side, region.rotation) == pytest.approx((100, 100, 200, 0))
    assert region.score == 0.7


def test_joints_that_were_not_seen_do_not_count():
    joints = _standing()
    joints[Joint.LEFT_WRIST] = (900, 900, 0.1)
    assert around_joints(joints, 1.0).side == pytest.approx(200)


def test_without_hips_the_region_is_upright_around_what_was_seen():
    joints = _standing()
    joints[[Joint.LEFT_HIP, Joint.RIGHT_HIP]] = np.nan
    region = around_joints(joints, 1.0)
    assert (region.x, region.y, region.rotation) == pytest.approx((100, 120, 0))


@pytest.mark.parametrize("seen", [0, 1])
def test_fewer_than_two_joints_are_no_region(seen):
    joints = np.full((JOINTS, 3), np.nan, np.float32)
    joints[:seen] = (5, 5, 1)
    assert around_joints(joints, 1.0) is None

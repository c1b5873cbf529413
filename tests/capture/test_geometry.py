"""Depth inside a zone, by hand and against OpenCV."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.geometry import Polygon

SQUARE = Polygon(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]]))


@pytest.mark.parametrize(
    ("point", "depth"),
    [((5, 5), 5.0), ((1, 5), 1.0), ((-2, 5), -2.0), ((13, 14), -5.0), ((10, 5), 0.0), ((np.nan, 5), np.nan)],
)
def test_depth_in_a_square(point, depth):
    assert SQUARE.depth(np.array(point, dtype=float)) == pytest.approx(depth, nan_ok=True)


corner = st.tuples(st.integers(0, 500), st.integers(0, 500))


@given(polygon=st.lists(corner, min_size=3, max_size=8, unique=True), point=corner)
def test_depth_agrees_with_opencv(polygon, point):
    ours = float(Polygon(np.array(polygon, dtype=float)).depth(np.array(point, dtype=float)))
    theirs = cv2.pointPolygonTest(
        np.array(polygon, dtype=np.float32), (float(point[0]), float(point[1])), True
    )
    assert abs(ours) == pytest.approx(abs(theirs), abs=1e-3)
    if abs(theirs) > 1e-3:
        assert np.sign(ours) == np.sign(theirs)


def test_many_points_at_once_keep_their_shape():
    points = np.zeros((3, 4, 2))
    assert SQUARE.depth(points).shape == (3, 4)

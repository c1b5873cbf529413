"""C3D, read back by the library that wrote it and by another one."""

import warnings

import ezc3d
import numpy as np
import pytest

from models.pose import Joint
from storage.exports.motion.export import Format
from storage.exports.motion.resampled import frames


@pytest.fixture
def files(exports):
    return sorted((exports[Format.C3D] / "c3d").iterdir())


def parameter(document, group, name):
    return list(document["parameters"][group][name]["value"])


def expected_points(motion, rate=10):
    """Return (F, 33, 3) places with NaN where a point is invalid; z is 0 where there is no depth at all."""
    places = frames(motion, rate).joints[..., :3].copy()
    if np.isnan(places[..., 2]).all():
        places[..., 2] = np.where(np.isnan(places[..., 0]), np.nan, 0)
    places[np.isnan(places).any(axis=2)] = np.nan
    return places


def test_points_and_scores_come_back_bit_by_bit(files, licensed):
    assert [path.name for path in files] == [f"segment-000{n}.c3d" for n in (1, 2, 3, 4)]
    for path, each in zip(files, licensed.segments, strict=True):
        data = ezc3d.c3d(str(path))["data"]
        points = data["points"][:3].transpose(2, 1, 0).astype(np.float32)
        assert np.array_equal(points, expected_points(each.motion), equal_nan=True)
        valid = ~np.isnan(points[..., 0])
        assert (data["meta_points"]["residuals"][0].T[valid] == 0).all()
        assert (data["meta_points"]["residuals"][0].T[~valid] == -1).all()
        resampled = frames(each.motion, 10)
        scores = data["analogs"][0][:33].T.astype(np.float32)
        assert np.array_equal(scores, np.nan_to_num(resampled.joints[..., 3], nan=0.0))
        assert data["analogs"][0][33].astype(bool).tolist() == resampled.measured.tolist()


def test_units_are_pixels_and_the_picture_is_named(files, licensed):
    for path, each in zip(files, licensed.segments, strict=True):
        document = ezc3d.c3d(str(path))
        assert parameter(document, "POINT", "UNITS") == ["px"]
        assert parameter(document, "POINT", "RATE") == [10.0]
        assert parameter(document, "POINT", "Y_SCREEN") == ["-Y"]
        assert parameter(document, "POINT", "LABELS") == [joint.name for joint in Joint]
        assert parameter(document, "ANALOG", "LABELS")[-1] == "MEASURED"
        assert parameter(document, "FAIRTAKT", "PICTURE") == list(each.motion.picture)
        assert parameter(document, "FAIRTAKT", "SEGMENT") == [each.segment]
        assert parameter(document, "FAIRTAKT", "WORKER") == [each.worker]
        has_depth = not np.isnan(each.motion.joints[..., 2]).all()
        assert parameter(document, "FAIRTAKT", "DEPTH") == [has_depth]


def test_another_reader_sees_the_same_and_no_place_in_an_invalid_point(files, licensed):
    c3d = pytest.importorskip("c3d", reason="c3d is not installed")
    for path, each in zip(files, licensed.segments, strict=True):
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks on parameters that it does not know
            found = np.array([points for _, points, _ in c3d.Reader(file).read_frames()])
        expected = expected_points(each.motion)
        valid = ~np.isnan(expected[..., 0])
        assert np.array_equal(found[..., 3] >= 0, valid)
        assert np.array_equal(found[..., :3][valid], expected[valid])
        assert not np.nan_to_num(found[..., :3][~valid]).any()

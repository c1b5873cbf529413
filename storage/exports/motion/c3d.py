"""Licensed motion as C3D files, one per segment, for tools of biomechanics (https://www.c3d.org).

Points are in pixels of the picture and say so (`POINT:UNITS`); nothing here is in millimetres. C3D has one
frame rate, so frames are those of `resampled.py`. A point that is not known is invalid (residual -1) in that
frame. The score of each joint, and whether the frame was measured, are analogue channels at the same rate.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from productivity.errors import MissingExtra
from storage.exports.motion.labels import JOINT_NAMES, episode_name
from storage.exports.motion.licensed import LicensedSegment, LicensedSet
from storage.exports.motion.resampled import Frames, common_rate, frames

try:
    import ezc3d  # type: ignore[import-untyped]
except ImportError:
    raise MissingExtra("server", "ezc3d") from None

DIRECTORY = "c3d"
UNITS = "px"
INVALID = -1.0
GROUP = "FAIRTAKT"
"""Our own parameters: SEGMENT, WORKER, PICTURE (width, height), DEPTH."""

_LABELS = [name.upper() for name in JOINT_NAMES]
_CHANNELS = [*(f"{name}_SCORE" for name in _LABELS), "MEASURED"]


def write_c3d(licensed: LicensedSet, directory: Path) -> None:
    """Write `c3d/segment-0001.c3d` and so on into an existing directory."""
    rate = common_rate(segment.motion for segment in licensed.segments)
    (directory / DIRECTORY).mkdir()
    for number, segment in enumerate(licensed.segments):
        path = directory / DIRECTORY / f"{episode_name(number)}.c3d"
        _write(segment, frames(segment.motion, rate), path)


def _write(segment: LicensedSegment, resampled: Frames, path: Path) -> None:
    document = ezc3d.c3d()
    points, valid, depth = _points(resampled.joints)
    parameters, data = document["parameters"], document["data"]
    for name, value in (
        ("RATE", [float(resampled.rate)]),
        ("UNITS", [UNITS]),
        ("LABELS", _LABELS),
        ("DESCRIPTIONS", _LABELS),
    ):
        parameters["POINT"][name]["value"] = value
    document.add_parameter("POINT", "X_SCREEN", ["+X"])
    document.add_parameter("POINT", "Y_SCREEN", ["-Y"])  # y grows downwards
    data["points"] = points
    data["meta_points"]["residuals"] = np.where(valid, 0.0, INVALID)[None]
    data["meta_points"]["camera_masks"] = np.zeros((7, *valid.shape), bool)
    parameters["ANALOG"]["RATE"]["value"] = [float(resampled.rate)]
    parameters["ANALOG"]["LABELS"]["value"] = _CHANNELS
    parameters["ANALOG"]["UNITS"]["value"] = ["1"] * len(_CHANNELS)
    data["analogs"] = _channels(resampled)
    for name, own in (
        ("SEGMENT", [segment.segment]),
        ("WORKER", [segment.worker]),
        ("PICTURE", list(segment.motion.picture)),
        ("DEPTH", [int(depth)]),
    ):
        document.add_parameter(GROUP, name, own)
    document.write(str(path))


def _points(joints: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.bool_], bool]:
    """Return (4, 33, F) homogeneous points, (33, F) which are known, and whether there is any depth.

    A network without depth gives no z at all. Then z is 0 throughout, and DEPTH says that it means nothing.
    """
    places = joints[..., :3].transpose(2, 1, 0).astype(np.float64)
    depth = not bool(np.isnan(places[2]).all())
    if not depth:
        places[2] = np.where(np.isnan(places[0]), np.nan, 0.0)
    valid: NDArray[np.bool_] = np.logical_not(np.isnan(places).any(axis=0))
    places[:, ~valid] = np.nan  # half a place is none
    return np.concatenate([places, np.ones((1, *valid.shape))]), valid, depth


def _channels(resampled: Frames) -> NDArray[np.float64]:
    """Return (1, 34, F): scores, 0 where there is none, and 1 where the frame was measured."""
    scores = np.nan_to_num(resampled.joints[..., 3].T.astype(np.float64), nan=0.0)
    return np.concatenate([scores, resampled.measured[None].astype(np.float64)])[None]

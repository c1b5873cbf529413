"""Other top-down networks in the SimCC layout of RTMPose (Jiang et al. 2023, arXiv:2303.07399).

Such a network classifies the column and the row of each joint: outputs (1, K, W * split) and
(1, K, H * split), where the position of the peak is the coordinate and its height the score. Of K = 17
joints (COCO) or 26 (Halpe: COCO, three of the trunk, feet) those that BlazePose knows too are taken.
"""

import numpy as np
from numpy.typing import NDArray

from models.detector import Detector
from models.network import PersonNetwork
from models.pose import JOINTS, Joint, Picture, Pose, Region
from models.region import around_joints, to_picture
from productivity.errors import BadInput

_COCO = (
    *(Joint.NOSE, Joint.LEFT_EYE, Joint.RIGHT_EYE, Joint.LEFT_EAR, Joint.RIGHT_EAR),
    *(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW),
    *(Joint.LEFT_WRIST, Joint.RIGHT_WRIST, Joint.LEFT_HIP, Joint.RIGHT_HIP),
    *(Joint.LEFT_KNEE, Joint.RIGHT_KNEE, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
)
_HALPE_FEET = {
    20: Joint.LEFT_FOOT_INDEX,
    21: Joint.RIGHT_FOOT_INDEX,
    24: Joint.LEFT_HEEL,
    25: Joint.RIGHT_HEEL,
}
ROWS = {17: dict(enumerate(_COCO)), 26: dict(enumerate(_COCO)) | _HALPE_FEET}
"""Number of joints of a network -> (its row -> our row)."""


class SimCC:
    """A SimCC network behind BlazePose's detector."""

    def __init__(self, name: str, detector: Detector, network: PersonNetwork) -> None:
        """Take two opened networks. Raises `BadInput` when `network` has not the outputs of SimCC."""
        self.name = name
        self._detector = detector
        self._network = network
        self._outputs, rows = _outputs(name, network)
        self._from, self._to = list(rows), list(rows.values())

    def regions(self, picture: Picture) -> list[Region]:
        """Search the whole picture for people, best score first."""
        return self._detector.regions(picture)

    def suspects(self, picture: Picture) -> list[Region]:
        """Search the whole picture for anybody who may be there, best score first."""
        return self._detector.suspects(picture)

    def pose(self, picture: Picture, region: Region) -> Pose:
        """Estimate the pose in `region`; presence is the mean score of the joints."""
        columns, rows = self._network.run(picture, region, self._outputs)
        height, width = self._network.size
        x, x_score = _peak(columns[0], width)
        y, y_score = _peak(rows[0], height)
        points = to_picture(np.stack([x, y], axis=1), region, self._network.size)
        scores = np.clip(np.minimum(x_score, y_score), 0, 1)
        joints = np.full((JOINTS, 3), np.nan, np.float32)
        joints[self._to, :2] = points[self._from]
        joints[self._to, 2] = scores[self._from]
        presence = float(scores[self._from].mean())
        return Pose(joints, presence, around_joints(joints, presence) or region)

    def close(self) -> None:
        """Nothing outlives the object: the sessions are freed with it."""


def _outputs(name: str, network: PersonNetwork) -> tuple[list[str], dict[int, Joint]]:
    """Return the names of the two outputs, columns first, and the rows to take."""
    height, width = network.size
    shapes = dict(network.shapes)
    if {"simcc_x", "simcc_y"} <= shapes.keys():
        (_, joints, columns), (_, joints_y, rows) = shapes["simcc_x"], shapes["simcc_y"]
        if (
            joints == joints_y
            and joints in ROWS
            and columns * height == rows * width
            and columns % width == 0
        ):
            return ["simcc_x", "simcc_y"], ROWS[joints]
    expected = f"simcc_x (1, K, {width} * split) and simcc_y (1, K, {height} * split), K one of {list(ROWS)}"
    raise BadInput("network outputs", where=name, expected=expected, found=str(shapes))


def _peak(likelihoods: NDArray[np.float32], length: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return (K,) positions in crop pixels and (K,) heights of the peaks of (K, length * split)."""
    best = likelihoods.argmax(axis=1)
    split = likelihoods.shape[1] // length
    return (best / split).astype(np.float32), likelihoods[np.arange(len(best)), best]

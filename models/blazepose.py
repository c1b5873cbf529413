"""BlazePose on onnxruntime: the default engine.

Sources: MediaPipe 0.10, modules/pose_landmark/pose_landmark_by_roi_cpu.pbtxt and
tensors_to_pose_landmarks_and_segmentation.pbtxt; Bazarevsky et al. 2020 (arXiv:2006.10204).
"""

from pathlib import Path

import numpy as np

from models.detector import Detector, sigmoid
from models.network import PersonNetwork
from models.pose import JOINTS, Picture, Pose, Region
from models.region import around_person, to_picture
from productivity.errors import BadInput

_VALUES = 5  # per landmark: x, y, z in crop pixels, visibility, presence as logits
_HIPS, _CIRCLE = 33, 34  # auxiliary landmarks: middle of the hips, a point on the circle around the body
_LANDMARKS, _PRESENCE = (1, 39 * _VALUES), (1, 1)  # shapes of the two outputs


class BlazePose:
    """Detector and landmark network of BlazePose.

    A joint's score is its visibility: the network's belief that the joint is in the picture *and* not
    hidden. Its second number, presence, stays high for hidden joints, whose place is a guess.
    """

    def __init__(self, detector: Detector, network: PersonNetwork, name: str = "blazepose") -> None:
        """Take two opened networks. Raises `BadInput` when `network` does not answer as BlazePose does."""
        self.name = name
        self._detector = detector
        self._network = network
        outputs = {shape: output for output, shape in network.shapes.items()}
        if not {_LANDMARKS, _PRESENCE} <= outputs.keys():
            expected, found = f"{_LANDMARKS} and {_PRESENCE}", str(dict(network.shapes))
            raise BadInput("network outputs", where=name, expected=expected, found=found)
        self._outputs = [outputs[_LANDMARKS], outputs[_PRESENCE]]

    def regions(self, picture: Picture) -> list[Region]:
        """Search the whole picture for people, best score first."""
        return self._detector.regions(picture)

    def suspects(self, picture: Picture) -> list[Region]:
        """Search the whole picture for anybody who may be there, best score first."""
        return self._detector.suspects(picture)

    def pose(self, picture: Picture, region: Region) -> Pose:
        """Estimate the pose in `region`."""
        raw, presence = self._network.run(picture, region, self._outputs)
        values = raw.reshape(-1, _VALUES)
        points = to_picture(values[:, :2], region, self._network.size)
        joints = np.empty((JOINTS, 3), np.float32)
        joints[:, :2] = points[:JOINTS]
        joints[:, 2] = sigmoid(values[:JOINTS, 3])
        score = float(presence[0, 0])
        (x0, y0), (x1, y1) = points[_HIPS].tolist(), points[_CIRCLE].tolist()
        depths = values[:JOINTS, 2] * np.float32(region.side / self._network.size[1])
        return Pose(joints, score, around_person(x0, y0, x1, y1, score), depths)

    def close(self) -> None:
        """Nothing outlives the object: the sessions are freed with it."""


def open_blazepose(detector: Path, landmarks: Path, name: str = "blazepose") -> BlazePose:
    """Open the converted networks of the catalogue."""
    return BlazePose(Detector(detector), PersonNetwork(landmarks, (256, 256)), name)

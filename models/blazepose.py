"""BlazePose on onnxruntime: the default engine.

Sources: MediaPipe 0.10, modules/pose_landmark/pose_landmark_by_roi_cpu.pbtxt and
tensors_to_pose_landmarks_and_segmentation.pbtxt; Bazarevsky et al. 2020 (arXiv:2006.10204).
"""

from pathlib import Path

import numpy as np

from models.detector import Detector
from models.pose import JOINTS, Picture, Pose, Region
from models.region import around_person, crop, to_picture
from models.session import open_session, sigmoid

SIZE = 256
"""Width and height of the landmark network's input."""

_VALUES = 5  # per landmark: x, y, z in crop pixels, visibility, presence as logits
_HIPS, _CIRCLE = 33, 34  # auxiliary landmarks: middle of the hips, a point on the circle around the body


class BlazePose:
    """Detector and landmark network of BlazePose.

    A joint's score is its visibility: the network's belief that the joint is in the picture *and* not
    hidden. Its second number, presence, stays high for hidden joints, whose place is a guess.
    """

    name = "blazepose"

    def __init__(self, detector: Path, landmarks: Path) -> None:
        self._detector = Detector(detector)
        self._landmarks = open_session(landmarks)

    def regions(self, picture: Picture) -> list[Region]:
        """Search the whole picture for people, best score first."""
        return self._detector.regions(picture)

    def pose(self, picture: Picture, region: Region) -> Pose:
        """Estimate the pose in `region`."""
        tensor = crop(picture, region, SIZE)[None]
        raw, presence = self._landmarks.run(["landmarks", "presence"], {"picture": tensor})
        values = raw.reshape(-1, _VALUES)
        points = to_picture(values[:, :2], region, SIZE)
        joints = np.empty((JOINTS, 3), np.float32)
        joints[:, :2] = points[:JOINTS]
        joints[:, 2] = sigmoid(values[:JOINTS, 3])
        score = float(presence[0, 0])
        (x0, y0), (x1, y1) = points[_HIPS].tolist(), points[_CIRCLE].tolist()
        return Pose(joints, score, around_person(x0, y0, x1, y1, score))

    def close(self) -> None:
        """Nothing outlives the object: the sessions are freed with it."""

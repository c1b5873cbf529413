"""MediaPipe Tasks with the same weights: second engine, and the reference that BlazePose is measured by."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.extras import needs_edge
from models.pose import JOINTS, Picture, Pose, Region
from models.region import around_joints

if TYPE_CHECKING:
    from mediapipe import Image  # type: ignore[import-untyped]
    from mediapipe.tasks.python.vision import PoseLandmarker  # type: ignore[import-untyped]

PEOPLE = 4
"""So many people are looked for in a picture."""


def video_landmarker(task: Path) -> "PoseLandmarker":
    """Return MediaPipe's own landmarker for one person in a video: `detect_for_video(image, milliseconds)`.

    The caller closes it.
    """
    return _landmarker(task, video=True, people=1)


def as_image(picture: Picture) -> "Image":
    """Return a picture as MediaPipe wants it; copies a view, because MediaPipe cannot read one."""
    with needs_edge("mediapipe"):
        import mediapipe
    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture))


def _landmarker(task: Path, *, video: bool, people: int) -> "PoseLandmarker":
    with needs_edge("mediapipe"):
        from mediapipe.tasks.python import BaseOptions, vision  # type: ignore[import-untyped]
    mode = vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(task)), running_mode=mode, num_poses=people
    )
    with _native_silence():
        return vision.PoseLandmarker.create_from_options(options)


@contextmanager
def _native_silence() -> Iterator[None]:
    """Keep the native library's start-up notes off the terminal; errors come as exceptions.

    It writes to file descriptor 2 whatever its log level is set to, so that is turned away for the moment.
    """
    sys.stderr.flush()
    terminal = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(nowhere)
        os.close(terminal)


class MediaPipeTasks:
    """PoseLandmarker on single pictures. It searches the whole picture each time and takes no region.

    A joint's score is its visibility, as with BlazePose. Presence is the mean of the joints' presence: Tasks
    keeps the network's own number to itself, and drops people whom it does not believe in.
    """

    name = "mediapipe"

    def __init__(self, task: Path) -> None:
        self._landmarker = _landmarker(task, video=False, people=PEOPLE)
        self._last: tuple[bytes, list[Pose]] = (b"", [])

    def regions(self, picture: Picture) -> list[Region]:
        """Search the whole picture for people, best score first."""
        return [pose.region for pose in self._people(picture)]

    def pose(self, picture: Picture, region: Region) -> Pose:
        """Return the person nearest to the middle of `region`; presence is 0 if nobody is inside it."""
        people = self._people(picture)
        distances = [np.hypot(each.region.x - region.x, each.region.y - region.y) for each in people]
        if not people or min(distances) > region.side / 2:
            return Pose(np.full((JOINTS, 3), np.nan, np.float32), 0.0, region)
        return people[int(np.argmin(distances))]

    def close(self) -> None:
        """Free the landmarker; it is not used afterwards."""
        self._landmarker.close()
        self._last = (b"", [])

    def _people(self, picture: Picture) -> list[Pose]:
        """Look at each picture once, although regions and pose both ask; no picture is kept for that."""
        image = as_image(picture)
        key = hashlib.blake2b(image.numpy_view()).digest() + repr(picture.shape).encode()
        if key != self._last[0]:
            height, width = picture.shape[:2]
            found = self._landmarker.detect(image).pose_landmarks
            poses = (_pose(landmarks, width, height) for landmarks in found)
            people = [pose for pose in poses if pose is not None]
            people.sort(key=lambda pose: pose.presence, reverse=True)
            self._last = (key, people)
        return self._last[1]


def _pose(landmarks: list[object], width: int, height: int) -> Pose | None:
    """Return the pose of 33 normalised landmarks; None if nothing of the person is seen."""
    raw = [
        (p.x * width, p.y * height, p.visibility, p.presence, p.z * width)  # type: ignore[attr-defined]  # untyped
        for p in landmarks
    ]
    values: NDArray[np.float32] = np.array(raw, np.float32)
    presence = float(values[:, 3].mean())
    region = around_joints(values[:, :3], presence)
    if region is None:
        return None
    return Pose(np.ascontiguousarray(values[:, :3]), presence, region, np.ascontiguousarray(values[:, 4]))

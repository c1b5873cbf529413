"""Pictures and weights for the tests of the networks."""

import json
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


def _video_frames(file: Path, seconds: list[float]) -> list[np.ndarray]:
    import av

    frames = []
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        for second in seconds:
            container.seek(round(second / stream.time_base), stream=stream)
            frame = next(f for f in container.decode(stream) if f.time >= second)
            frames.append(frame.to_ndarray(format="rgb24"))
    return frames


@pytest.fixture(scope="session")
def coco():
    """A real photograph of one whole person: picture, and (17, 2) annotated joints in COCO's order."""
    import cv2

    file = DATA / "pose" / "coco_785.jpg"
    if not file.exists():
        pytest.skip("needs ../shared/data/pose")
    annotation = json.loads(file.with_suffix(".json").read_text())
    joints = np.array(annotation["keypoints_xyv"], float).reshape(17, 3)[:, :2]
    return cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB), joints


@pytest.fixture(scope="session")
def bench_frames():
    """Eight frames of the rendered bench, from the first minute."""
    file = ROOT / "sample_videos" / "assembly_bench.mp4"
    if not file.exists():
        pytest.skip("needs sample_videos/assembly_bench.mp4")
    return _video_frames(file, [3.0 + 7 * number for number in range(8)])


@pytest.fixture(scope="session")
def clip_frames():
    """Six frames of the one-by-one clip, each with a real person at the table."""
    file = DATA / "videos" / "one-by-one-person-detection.mp4"
    if not file.exists():
        pytest.skip("needs ../shared/data/videos")
    return _video_frames(file, [12.0, 15.0, 30.0, 60.0, 80.0, 105.0])

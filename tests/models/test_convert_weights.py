"""The converted weights against what the TFLite interpreter said (recorded by record_tflite.py)."""

from pathlib import Path

import numpy as np
import pytest

from models.network import open_session

RECORDED = np.load(Path(__file__).with_name("tflite_outputs.npz"))


def _noise(side: int) -> np.ndarray:
    return np.random.RandomState(7).randint(0, 256, (1, side, side, 3)).astype(np.uint8)


def _answers(file: Path, side: int) -> dict[str, np.ndarray]:
    session = open_session(file)
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"picture": _noise(side)}), strict=True))


def test_detector_answers_as_the_original(weights):
    """Boxes are pixels of 224, scores logits; both reach 200."""
    answers = _answers(weights.detector, 224)
    assert answers["boxes"] == pytest.approx(RECORDED["boxes"], abs=2e-3)
    assert answers["scores"] == pytest.approx(RECORDED["scores"], abs=2e-3)
    assert np.median(np.abs(answers["boxes"] - RECORDED["boxes"])) < 1e-4


def test_landmarks_answer_as_the_original(weights):
    """x, y, z are pixels of 256."""
    answers = _answers(weights.landmarks, 256)
    assert answers["landmarks"] == pytest.approx(RECORDED["landmarks"], abs=5e-3)
    assert answers["presence"] == pytest.approx(RECORDED["presence"], abs=1e-5)


def test_unused_outputs_are_cut_off(weights):
    """Only what the engines ask for is computed: no segmentation, no heat maps, no world coordinates."""
    assert set(_answers(weights.landmarks, 256)) == {"landmarks", "presence"}
    assert weights.landmarks.stat().st_size < 12.5e6

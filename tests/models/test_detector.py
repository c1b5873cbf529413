"""The detector's arithmetic, by cases small enough to work out by hand."""

import numpy as np
import pytest

from models.detector import SIZE, Detections, Detector, anchors, decode, merge, sigmoid


def test_anchors_are_those_of_the_published_graph():
    """28² cells of 2, 14² of 2, 7² of 6; the first cell's centre is half a stride from the corner."""
    centres = anchors()
    assert centres.shape == (28 * 28 * 2 + 14 * 14 * 2 + 7 * 7 * 6, 2) == (2254, 2)
    assert centres[:3] == pytest.approx(
        np.array([[4 / 224, 4 / 224], [4 / 224, 4 / 224], [12 / 224, 4 / 224]])
    )
    assert centres[1568].tolist() == pytest.approx([8 / 224, 8 / 224])
    assert centres[1960].tolist() == pytest.approx([16 / 224, 16 / 224])
    assert centres[-1].tolist() == pytest.approx([208 / 224, 208 / 224])


def test_sigmoid_of_extreme_logits_is_finite():
    result = sigmoid(np.array([-1e30, -100, 0, 100, 1e30], np.float32))
    assert result.tolist() == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-6)
    assert result.dtype == np.float32


def test_decode_adds_the_anchor_to_positions_but_not_to_sizes():
    """A box 112 wide, 56 high, centred 22.4 right of the anchor (0.5, 0.5); a point beside the anchor."""
    raw = np.zeros((2, 12), np.float32)
    raw[0] = [22.4, 0, 112, 56, 0, 0, -22.4, 22.4, 0, 0, 0, 0]
    found = decode(raw, np.array([4.0, -0.1], np.float32), np.array([[0.5, 0.5], [0.1, 0.1]], np.float32))
    assert found.scores.tolist() == pytest.approx([0.98201], abs=1e-5), "the second is below the threshold"
    assert found.boxes.tolist() == [pytest.approx([0.35, 0.375, 0.85, 0.625])]
    assert found.points[0].tolist() == [
        pytest.approx([0.5, 0.5]),
        pytest.approx([0.4, 0.6]),
        pytest.approx([0.5, 0.5]),
        pytest.approx([0.5, 0.5]),
    ]


def _detections(*rows: tuple[float, list[float]]) -> Detections:
    boxes = np.array([box for _, box in rows], np.float32).reshape(-1, 4)
    points = np.repeat(boxes[:, None, :2], 4, axis=1)
    return Detections(boxes, points, np.array([score for score, _ in rows], np.float32))


CASES = {
    "nobody": ([], []),
    "one stays as it is": ([(0.9, [0, 0, 0.4, 0.4])], [(0.9, [0, 0, 0.4, 0.4])]),
    "two apart, best first": (
        [(0.6, [0, 0, 0.2, 0.2]), (0.8, [0.5, 0.5, 0.7, 0.7])],
        [(0.8, [0.5, 0.5, 0.7, 0.7]), (0.6, [0, 0, 0.2, 0.2])],
    ),
    # Shared 0.3 * 0.4 of a union of 0.5 * 0.4: 0.6 > 0.3. Weights 0.75 and 0.25.
    "overlapping: mean weighted by score, the best one's score": (
        [(0.9, [0, 0, 0.4, 0.4]), (0.3, [0.1, 0, 0.5, 0.4])],
        [(0.9, [0.025, 0, 0.425, 0.4])],
    ),
    # Shared 0.1 * 0.4 of 0.7 * 0.4: 0.14 < 0.3.
    "touching a little: two people": (
        [(0.9, [0, 0, 0.4, 0.4]), (0.7, [0.3, 0, 0.7, 0.4])],
        [(0.9, [0, 0, 0.4, 0.4]), (0.7, [0.3, 0, 0.7, 0.4])],
    ),
    "empty boxes end too": ([(0.9, [0.1, 0.1, 0.1, 0.1])], [(0.9, [0.1, 0.1, 0.1, 0.1])]),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES.keys())
def test_merge(before, after):
    result = merge(_detections(*before))
    expected = _detections(*after)
    assert result.scores == pytest.approx(expected.scores)
    assert result.boxes == pytest.approx(expected.boxes, abs=1e-6)
    assert result.points == pytest.approx(expected.points, abs=1e-6)


def test_merge_chains_through_the_best_one_only():
    """A overlaps B, B overlaps C, A not C: A takes B, and C stays."""
    a, b, c = [0, 0, 0.4, 0.4], [0.2, 0, 0.6, 0.4], [0.4, 0, 0.8, 0.4]
    assert merge(_detections((0.9, a), (0.8, b), (0.7, c))).scores.tolist() == pytest.approx([0.9, 0.7])


@pytest.mark.parametrize(("height", "width"), [(425, 640), (640, 425), (224, 224), (100, 900)])
def test_a_black_picture_of_any_shape_has_nobody_in_it(weights, height, width):
    assert Detector(weights.detector).regions(np.zeros((height, width, 3), np.uint8)) == []


def test_size_is_what_the_strides_divide():
    assert [SIZE % stride for stride in (8, 16, 32)] == [0, 0, 0]

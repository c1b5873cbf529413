"""Finds people in a whole picture with BlazePose's detector, and says where each one's region is.

Sources: MediaPipe 0.10, modules/pose_detection/pose_detection_cpu.pbtxt, ssd_anchors_calculator.cc,
tensors_to_detections_calculator.cc, non_max_suppression_calculator.cc.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.network import open_session
from models.pose import Picture, Region
from models.region import around_person, crop, to_picture, whole

SIZE = 224
"""Width and height of the network's input."""

THRESHOLD = 0.5
"""A detection counts from this score on (min_score_thresh)."""

OVERLAP = 0.3
"""Detections that share more than this are one person (min_suppression_threshold)."""

SUSPECTED_FROM = 0.3
"""Somebody may be there from this score on. Beside a single rendered worker nothing reaches it
(`benchmarks.motion_session`); the half-hidden passer-by gets 0.3 to 0.6."""

SUSPECT_OVERLAP = 0.5
"""People of whom less is shared stay two: who stands behind the worker is not merged into one person."""

_LAYERS = ((8, 2), (16, 2), (32, 6))
"""(stride, anchors per cell): strides 8, 16, 32, 32, 32 with two anchors each; equal strides interleave."""


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """People in one letterboxed picture, in units of its side.

    `boxes` is (N, 4): left, top, right, bottom; `points` is (N, 4, 2); `scores` is (N,), all float32.
    """

    boxes: NDArray[np.float32]
    points: NDArray[np.float32]
    scores: NDArray[np.float32]


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities; in this form no logit is too large for float32."""
    result: NDArray[np.float32] = np.float32(0.5) * (1 + np.tanh(logits / 2))
    return result


def anchors() -> NDArray[np.float32]:
    """Return the (2254, 2) anchor centres in units of the input's side: row by row, layer by layer."""
    layers = []
    for stride, per_cell in _LAYERS:
        cells = SIZE // stride
        y, x = np.mgrid[:cells, :cells]
        centres = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) / cells
        layers.append(np.repeat(centres, per_cell, axis=0))
    return np.concatenate(layers).astype(np.float32)


def decode(
    raw: NDArray[np.float32],
    logits: NDArray[np.float32],
    centres: NDArray[np.float32],
    threshold: float = THRESHOLD,
) -> Detections:
    """Turn the network's answers into detections above the threshold.

    `raw` is (A, 12): cx, cy, w, h and four points, in input pixels from the anchor; `logits` is (A,).
    """
    scores = sigmoid(logits)
    found = scores >= threshold
    scaled = raw[found] / SIZE
    points = scaled.reshape(-1, 6, 2) + centres[found, None, :]
    centre, half = points[:, 0], scaled[:, 2:4] / 2  # w and h are sizes: the anchor is no part of them
    boxes = np.concatenate([centre - half, centre + half], axis=1).astype(np.float32)
    return Detections(boxes, points[:, 2:].astype(np.float32), scores[found])


def merge(found: Detections, overlap: float = OVERLAP) -> Detections:
    """Weighted non-maximum suppression: overlapping detections become their mean, weighted by score.

    The best one gives its score. Results come best first.
    """
    left = np.argsort(-found.scores, kind="stable")
    boxes, points, scores = [], [], []
    while left.size:
        best = left[0]
        same = _overlap(found.boxes[best], found.boxes[left]) > overlap
        same[0] = True  # also where the box is empty, so that the loop ends
        group, left = left[same], left[~same]
        weights = found.scores[group] / found.scores[group].sum()
        boxes.append(np.tensordot(weights, found.boxes[group], 1))
        points.append(np.tensordot(weights, found.points[group], 1))
        scores.append(found.scores[best])
    return Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array(points, np.float32).reshape(-1, 4, 2),
        np.array(scores, np.float32),
    )


def _overlap(box: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of one box with (N, 4) boxes."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    shared = np.prod(np.clip(sides, 0, None), axis=1)
    union = np.prod(box[2:] - box[:2]) + np.prod(others[:, 2:] - others[:, :2], axis=1) - shared
    overlap: NDArray[np.float32] = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return overlap


class Detector:
    """The detector network, opened once."""

    def __init__(self, network: Path) -> None:
        self._session = open_session(network)
        self._anchors = anchors()

    def regions(self, picture: Picture) -> list[Region]:
        """Return a region for each person, best score first."""
        return self._search(picture, THRESHOLD, OVERLAP)

    def suspects(self, picture: Picture) -> list[Region]:
        """Return a region for each person who may be there, best score first."""
        return self._search(picture, SUSPECTED_FROM, SUSPECT_OVERLAP)

    def _search(self, picture: Picture, threshold: float, overlap: float) -> list[Region]:
        square = whole(picture)
        tensor = crop(picture, square, (SIZE, SIZE))[None]
        raw, logits = self._session.run(["boxes", "scores"], {"picture": tensor})
        people = merge(decode(raw[0], logits[0, :, 0], self._anchors, threshold), overlap)
        regions = []
        for points, score in zip(people.points, people.scores, strict=True):
            (x0, y0), (x1, y1) = to_picture(points[:2] * SIZE, square, (SIZE, SIZE)).tolist()
            regions.append(around_person(x0, y0, x1, y1, float(score)))
        return regions

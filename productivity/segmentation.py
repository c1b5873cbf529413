"""How well a labelled time line agrees with the truth: frame accuracy, edit score, F1 at an overlap.

The scores of the MS-TCN evaluation (Farha & Gall 2019, "MS-TCN: Multi-Stage Temporal Convolutional
Network for Action Segmentation", section 4; edit score after Lea et al. 2016), on timed segments; frames
are segments of whole numbers. All scores are fractions in [0, 1]. One difference: MS-TCN's script ends a
last segment one frame early when the video ends inside it; here every segment is half-open.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

OVERLAPS = (10, 25, 50)
"""Percentages of intersection over union at which F1 is reported."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A label for the half-open stretch [start, end), in frames or nanoseconds."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores pooled over several videos. `f1` maps a percentage of `OVERLAPS` to a fraction."""

    frame_accuracy: float
    edit: float
    f1: dict[int, float]


@dataclass(frozen=True, slots=True)
class Labelling:
    """One video: what was measured and what is true, each in time order, neighbours differing in label."""

    measured: Sequence[Segment]
    truth: Sequence[Segment]


def segments_of(labels: Sequence[str]) -> list[Segment]:
    """Return the segments of one label per frame."""
    segments: list[Segment] = []
    for frame, label in enumerate(labels):
        start = segments.pop().start if segments and segments[-1].label == label else frame
        segments.append(Segment(label, start, frame + 1))
    return segments


def score(videos: Sequence[Labelling], background: Collection[str] = ()) -> Scores:
    """Score several videos together, as MS-TCN does.

    Frames are pooled over all videos, edit scores averaged over videos, hits and misses pooled. Labels in
    `background` count as frames but are no segments. Requires at least one video with truth in it.
    """
    frames = sum(segment.end - segment.start for video in videos for segment in video.truth)
    correct = sum(agreeing_time(video) for video in videos)
    edits = [edit_score(video, background) for video in videos]
    f1 = {overlap: f1_score(videos, overlap, background) for overlap in OVERLAPS}
    return Scores(correct / frames, sum(edits) / len(edits), f1)


def agreeing_time(video: Labelling) -> int:
    """Return for how long both sides carry the same label, background included."""
    agreeing = m = t = 0
    while m < len(video.measured) and t < len(video.truth):
        measured, truth = video.measured[m], video.truth[t]
        if measured.label == truth.label:
            agreeing += _intersection(measured, truth)
        # The side that ends first has met everything it can meet.
        if measured.end <= truth.end:
            m += 1
        else:
            t += 1
    return agreeing


def edit_score(video: Labelling, background: Collection[str] = ()) -> float:
    """Return 1 - distance / length of the longer side; distance = Levenshtein over segment labels.

    It punishes wrong order and over-segmentation, not shifted boundaries. Two empty sides agree: 1.
    """
    measured = [segment.label for segment in video.measured if segment.label not in background]
    truth = [segment.label for segment in video.truth if segment.label not in background]
    longer = max(len(measured), len(truth))
    return 1 - _levenshtein(measured, truth) / longer if longer else 1.0


def f1_score(videos: Sequence[Labelling], overlap: int, background: Collection[str] = ()) -> float:
    """Return F1 of segments that overlap their truth by at least `overlap` per cent of the union.

    Without any segment on either side nothing was missed and nothing invented: 1.
    """
    hits = measured = truth = 0
    for video in videos:
        guesses = [segment for segment in video.measured if segment.label not in background]
        targets = [segment for segment in video.truth if segment.label not in background]
        hits += _hits(guesses, targets, overlap)
        measured += len(guesses)
        truth += len(targets)
    # 2 tp / (2 tp + fp + fn), where measured = tp + fp and truth = tp + fn.
    return 2 * hits / (measured + truth) if measured + truth else 1.0


def _hits(guesses: Sequence[Segment], targets: Sequence[Segment], overlap: int) -> int:
    """Count the targets that are the best one of some guess, and good enough; a second guess is a miss."""
    by_label: dict[str, list[Segment]] = {}
    for target in targets:
        by_label.setdefault(target.label, []).append(target)
    hit: set[Segment] = set()
    for guess in guesses:
        best = max(by_label.get(guess.label, ()), key=lambda target: _iou(guess, target), default=None)
        if best is not None and _iou(guess, best) >= overlap / 100:
            hit.add(best)
    return len(hit)


def _iou(one: Segment, other: Segment) -> float:
    union = max(one.end, other.end) - min(one.start, other.start)
    return _intersection(one, other) / union


def _intersection(one: Segment, other: Segment) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _levenshtein(one: Sequence[str], other: Sequence[str]) -> int:
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, start=1):
        diagonal, row[0] = row[0], i
        for j, theirs in enumerate(other, start=1):
            keep = diagonal + (mine != theirs)
            diagonal = row[j]
            row[j] = min(keep, diagonal + 1, row[j - 1] + 1)
    return row[-1]

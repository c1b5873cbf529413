import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productivity.segmentation import (
    Labelling,
    Segment,
    agreeing_time,
    edit_score,
    f1_score,
    score,
    segments_of,
)

GTEA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "segmentation" / "gtea"


def video(measured, truth):
    """One letter per frame."""
    return Labelling(segments_of(measured), segments_of(truth))


def gtea_videos():
    """Predictions stand on the second line of their files, one label per frame."""
    return [
        video(
            (GTEA / "predictions" / truth.stem).read_text().splitlines()[1].split(),
            truth.read_text().split(),
        )
        for truth in sorted((GTEA / "groundTruth").iterdir())
    ]


@pytest.mark.skipif(not GTEA.is_dir(), reason="the GTEA labels are not beside this repository")
def test_gtea_gives_the_scores_of_the_ms_tcn_evaluation():
    expected = json.loads((GTEA / "expected_scores.json").read_text())
    scores = score(gtea_videos(), background={expected["background_class"]})
    assert 100 * scores.frame_accuracy == pytest.approx(expected["frame_accuracy"], abs=0.01)
    assert 100 * scores.edit == pytest.approx(expected["edit"], abs=0.01)
    for overlap, value in scores.f1.items():
        assert 100 * value == pytest.approx(expected[f"f1@{overlap}"], abs=0.01)


def test_frames_become_half_open_segments():
    assert segments_of("aab") == [Segment("a", 0, 2), Segment("b", 2, 3)]
    assert segments_of("") == []


@pytest.mark.parametrize(
    ("measured", "truth", "agreeing"),
    [("aabb", "aabb", 4), ("aaab", "abbb", 2), ("bbbb", "aaaa", 0), ("aa", "aaaa", 2), ("abab", "aaaa", 2)],
    ids=["same", "late boundary", "nothing", "ends early", "too many pieces"],
)
def test_agreeing_frames(measured, truth, agreeing):
    assert agreeing_time(video(measured, truth)) == agreeing


@pytest.mark.parametrize(
    ("measured", "truth", "expected"),
    [
        ("aabbcc", "abbbbc", 1),
        ("abab", "aabb", 1 - 2 / 4),
        ("aab", "aac", 1 - 1 / 2),
        ("a.b", "ab.", 1),
        ("...", "...", 1),
        ("...", "aab", 0),
    ],
    ids=[
        "boundaries do not matter",
        "two pieces too many",
        "one wrong of two",
        "background",
        "no segment",
        "none found",
    ],
)
def test_edit_score(measured, truth, expected):
    assert edit_score(video(measured, truth), background={"."}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("measured", "truth", "overlap", "expected"),
    [
        ("aabb", "aabb", 50, 1),
        ("abbb", "aabb", 50, 1),  # 1/2 and 2/3 of the union
        ("abbb", "aaab", 50, 0),  # 1/3 each
        ("abbb", "aaab", 25, 1),
        ("aa.a", "aaaa", 50, 2 / 3),  # the second piece finds its target taken
        ("bbbb", "aaaa", 10, 0),
        ("....", "aaaa", 10, 0),
        ("....", "....", 10, 1),
    ],
)
def test_f1_by_hand(measured, truth, overlap, expected):
    assert f1_score([video(measured, truth)], overlap, background={"."}) == pytest.approx(expected)


def test_several_videos_pool_frames_and_hits_but_average_edit_scores():
    scores = score([video("aaaaaaaa", "aaaaaaaa"), video("b", "a"), video("c", "a")])
    assert scores.frame_accuracy == pytest.approx(8 / 10)
    assert scores.edit == pytest.approx(1 / 3)
    assert scores.f1[50] == pytest.approx(2 * 1 / (3 + 3))


labels = st.text(alphabet="abc.", min_size=1, max_size=60)


@given(labels)
def test_perfect_agreement_scores_one(truth):
    scores = score([video(truth, truth)], background={"."})
    assert (scores.frame_accuracy, scores.edit) == (1, 1)
    assert set(scores.f1.values()) == {1}


@given(labels, labels, st.integers(2, 10**9))
def test_scores_do_not_depend_on_the_unit_of_time(measured, truth, unit):
    frames = video(measured, truth)
    longer = Labelling(
        *(
            [Segment(s.label, s.start * unit, s.end * unit) for s in side]
            for side in (frames.measured, frames.truth)
        )
    )
    assert score([frames], {"."}) == score([longer], {"."})


@given(labels, labels)
def test_agreeing_frames_are_those_that_are_equal(measured, truth):
    expected = sum(one == other for one, other in zip(measured, truth, strict=False))
    assert agreeing_time(video(measured, truth)) == expected


@given(labels, labels)
def test_more_overlap_is_never_easier(measured, truth):
    f1 = score([video(measured, truth)], {"."}).f1
    assert 1 >= f1[10] >= f1[25] >= f1[50] >= 0

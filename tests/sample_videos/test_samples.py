"""The committed samples: truth, scenario and video belong together."""

from itertools import groupby, pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from models.pose import Joint
from productivity.errors import BadInput
from productivity.states import NOT_RECORDED
from sample_videos.camera import FRAME_RATE, HEIGHT, WIDTH
from sample_videos.scenario import BREAK, HOLDER, MATERIAL_TRANSPORT, PLACES, SCREWING, WAITING
from sample_videos.truth import TruthRow, read_truth, tiled, write_truth

HOME = Path(__file__).resolve().parents[2] / "sample_videos"
SAMPLES = ["assembly_bench", "bad_light", "empty_bench", "two_workers"]
AWAY = {MATERIAL_TRANSPORT, BREAK}


@pytest.mark.parametrize("name", SAMPLES)
def test_committed_truth_is_what_the_scenario_says(stage_of, name):
    assert read_truth(HOME / f"{name}.truth.csv") == stage_of(name).truth


@pytest.mark.parametrize("name", SAMPLES)
def test_truth_tiles_the_video_to_its_last_frame(name):
    with av.open(str(HOME / f"{name}.mp4")) as container:
        stream = container.streams.video[0]
        frames = sum(1 for packet in container.demux(stream) if packet.size)
        assert (stream.codec_context.name, stream.average_rate) == ("h264", FRAME_RATE)
        assert (stream.width, stream.height) == (WIDTH, HEIGHT)
    rows = read_truth(HOME / f"{name}.truth.csv")
    for _, group in groupby(rows, key=lambda row: row.station):
        station = list(group)
        assert station[0].start == 0.0
        assert all(a.end == b.start for a, b in pairwise(station))
        assert all(row.start < row.end for row in station)
        assert station[-1].end == pytest.approx(frames / FRAME_RATE, abs=5e-4)


def test_committed_videos_are_small():
    assert sum(path.stat().st_size for path in HOME.glob("*.mp4")) < 12_000_000


@pytest.mark.parametrize(
    ("name", "station", "cycles"),
    [
        ("assembly_bench", "assembly_bench", 12),
        ("bad_light", "bad_light", 4),
        ("two_workers", "left_bench", 5),
        ("two_workers", "right_bench", 4),
        ("empty_bench", "empty_bench", 0),
    ],
)
def test_cycles_are_numbered_from_one(name, station, cycles):
    rows = [row for row in read_truth(HOME / f"{name}.truth.csv") if row.station == station]
    numbers = [row.cycle for row in rows if row.cycle is not None]
    assert [number for number, _ in groupby(numbers)] == list(range(1, cycles + 1))
    outside = {row.state for row in rows if row.cycle is None}
    assert outside <= {MATERIAL_TRANSPORT, BREAK, WAITING, NOT_RECORDED}


@pytest.mark.parametrize("name", ["assembly_bench", "bad_light", "two_workers"])
def test_states_change_when_the_hand_is_half_way(stage_of, name):
    """The hand that leads is as far from the place it leaves as from the place it goes to."""
    stage = stage_of(name)
    tool_hand = int(Joint.LEFT_WRIST)
    for before, row in pairwise(stage.truth):
        if before.station != row.station or before.state in AWAY or row.state in AWAY:
            continue
        origin = HOLDER if before.state == SCREWING else PLACES[before.state]
        target = HOLDER if row.state == SCREWING else PLACES[row.state]
        # In the middle of the move the wrist's way ahead equals its way back, up to the arc it takes.
        wrist = {
            t: stage.workers(t)[row.station].joints[tool_hand]
            for t in (row.start - 0.6, row.start, row.start + 0.6)
        }
        back, ahead = (np.linalg.norm(wrist[row.start] - wrist[row.start + shift]) for shift in (-0.6, 0.6))
        assert back == pytest.approx(ahead, rel=0.2), f"{origin} to {target} at {row.start} s"


@pytest.mark.parametrize("name", ["assembly_bench", "bad_light", "two_workers"])
def test_work_places_contain_the_hands_that_work_there(stage_of, name):
    stage = stage_of(name)
    for part in stage.scenario.stations:
        for row in (row for row in stage.truth if row.station == part.name and row.state in PLACES):
            if row.state in {WAITING, SCREWING}:
                continue
            outline = np.array(part.zones[PLACES[row.state]], np.float32) * np.array(
                [WIDTH, HEIGHT], np.float32
            )
            joints = stage.joints(0.5 * (row.start + row.end))[part.name]
            hands = [
                joints[j, :2]
                for j in (Joint.LEFT_WRIST, Joint.RIGHT_WRIST, Joint.LEFT_INDEX, Joint.RIGHT_INDEX)
            ]
            inside = [cv2.pointPolygonTest(outline, hand.tolist(), measureDist=False) >= 0 for hand in hands]
            assert sum(inside) >= 2, f"{row.state} at {row.start} s"


def test_work_places_lie_apart(stage_of):
    for name in SAMPLES:
        for part in stage_of(name).scenario.stations:
            places = {str(PLACES.get(state, state)) for state in (*PLACES, HOLDER)} & set(part.zones)
            centres = [np.mean(part.zones[place], axis=0) * [WIDTH, HEIGHT] for place in sorted(places)]
            gaps = [np.linalg.norm(a - b) for i, a in enumerate(centres) for b in centres[:i]]
            assert min(gaps) >= (40.0 if name == "two_workers" else 60.0)


@pytest.mark.parametrize("state", [MATERIAL_TRANSPORT, BREAK])
def test_after_an_absence_the_next_state_starts_when_both_feet_stand(stage_of, state):
    stage = stage_of("assembly_bench")
    heels = [int(Joint.LEFT_HEEL), int(Joint.RIGHT_HEEL)]
    for row in (row for row in stage.truth if row.state == state):
        places = [stage.workers(row.end + dt)["assembly_bench"].joints[heels] for dt in (-0.15, 0.0, 0.02)]
        assert np.abs(places[1] - places[0]).max() > 0.01
        assert np.abs(places[2] - places[1]).max() < 0.002


def test_each_absence_leaves_the_picture_by_its_side(stage_of):
    stage = stage_of("assembly_bench")
    hips = [int(Joint.LEFT_HIP), int(Joint.RIGHT_HIP)]
    for row in stage.truth:
        x = float(stage.joints(0.5 * (row.start + row.end))["assembly_bench"][hips, 0].mean())
        if row.state == MATERIAL_TRANSPORT:
            assert x < 0.0
        elif row.state == BREAK:
            assert x > WIDTH
        else:
            assert 0.0 < x < WIDTH


def test_truth_survives_its_file(tmp_path):
    rows = (TruthRow("a", "part handling", 0.0, 1.25, 1), TruthRow("a", "break", 1.25, 9.001, None))
    write_truth(tmp_path / "x.truth.csv", rows)
    assert read_truth(tmp_path / "x.truth.csv") == rows


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("state,start\n", "header"),
        ("station,state,start_s,end_s,cycle\na,b,zero,1.0,\n", ":2: row"),
        ("station,state,start_s,end_s,cycle\na,b,0.0,1.0,\na,b,1.0,2.0,two\n", ":3: row"),
        ("station,state,start_s,end_s,cycle\na,b,0.0\n", ":2: row"),
    ],
)
def test_a_wrong_truth_file_is_refused_with_its_line(tmp_path, text, place):
    path = tmp_path / "x.truth.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_truth(path)
    assert f"{path}" in str(refused.value)
    assert place in str(refused.value)


def test_rows_that_leave_a_gap_are_refused():
    rows = [TruthRow("a", "b", 0.0, 1.0, 1), TruthRow("a", "c", 1.5, 2.0, 1)]
    with pytest.raises(ValueError, match=r"truth row at 1\.5 s: expected it to start at 1\.0 s"):
        tiled(rows, 2.0)

"""LeRobotDataset v3.0, held to its published layout field by field, and to `lerobot` where it is installed.

`lerobot` pulls PyTorch in, so it is no dependency: FAIRTAKT_LEROBOT_PYTHON names a Python that has it.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.pose import JOINTS, Joint
from storage.exports.motion import lerobot
from storage.exports.motion.export import Format, export
from storage.exports.motion.resampled import frames
from tests.storage.exports.motion.sets import licensed_set, motion, segment

NUMBERS = ("timestamp", "frame_index", "episode_index", "index", "task_index")
STATISTICS = {"min", "max", "mean", "std", "count", "q01", "q10", "q50", "q90", "q99"}


@pytest.fixture
def root(exports):
    return exports[Format.LEROBOT]


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_info_has_every_field_and_no_other(root):
    info = read(root / "meta/info.json")
    features = info.pop("features")
    assert info == {
        "codebase_version": "v3.0",
        "robot_type": "human",
        "total_episodes": 4,
        "total_frames": 20 + 20 + 4 + 1,
        "total_tasks": 2,
        "chunks_size": 1000,
        "data_files_size_in_mb": 100,
        "video_files_size_in_mb": 200,
        "fps": 10,
        "splits": {"train": "0:4"},
        "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
        "video_path": None,
    }
    names = [f"{joint.name.lower()}.{value}" for joint in Joint for value in ("x", "y", "z", "score")]
    assert features.pop("observation.state") == {"dtype": "float32", "shape": [132], "names": names}
    assert features.pop("measured") == {"dtype": "bool", "shape": [1], "names": None}
    assert features.pop("timestamp") == {"dtype": "float32", "shape": [1], "names": None}
    assert set(features) == set(NUMBERS[1:])
    assert all(each == {"dtype": "int64", "shape": [1], "names": None} for each in features.values())


def test_there_is_no_action_no_video_and_no_picture(root):
    assert "action" not in read(root / "meta/info.json")["features"]
    assert not [path for path in root.rglob("*") if path.suffix in {".mp4", ".png", ".jpg"}]


def test_the_columns_have_the_types_that_the_features_name(root):
    schema = pq.read_schema(root / "data/chunk-000/file-000.parquet")
    assert schema.field("observation.state").type == pa.list_(pa.float32(), 132)
    assert schema.field("measured").type == pa.bool_()
    assert schema.field("timestamp").type == pa.float32()
    assert all(schema.field(name).type == pa.int64() for name in NUMBERS[1:])
    assert set(schema.names) == set(read(root / "meta/info.json")["features"])


def test_the_same_poses_come_back_at_the_times_of_their_frames(root, licensed):
    rows = pq.read_table(root / "data/chunk-000/file-000.parquet").to_pydict()
    assert rows["index"] == list(range(45))
    for number, each in enumerate(licensed.segments):
        expected = frames(each.motion, 10)
        mine = [index for index, episode in enumerate(rows["episode_index"]) if episode == number]
        state = np.array([rows["observation.state"][index] for index in mine], np.float32)
        assert np.array_equal(state.reshape(-1, JOINTS, 4), expected.joints, equal_nan=True)
        assert [rows["measured"][index] for index in mine] == expected.measured.tolist()
        assert [rows["frame_index"][index] for index in mine] == list(range(len(expected)))
        times = np.array([rows["timestamp"][index] for index in mine])
        assert np.allclose(np.diff(times), 0.1, atol=1e-5)
        assert times[0] == 0


def test_even_looks_come_back_bit_by_bit(root, licensed):
    even = next(each for each in licensed.segments if len(each.motion.times) == 20)
    number = licensed.segments.index(even)
    table = pq.read_table(root / "data/chunk-000/file-000.parquet", filters=[("episode_index", "=", number)])
    state = np.array(table["observation.state"].to_pylist(), np.float32).reshape(-1, JOINTS, 4)
    assert np.array_equal(state, even.motion.joints)


def test_episodes_say_where_they_lie_and_what_they_are(root, licensed):
    rows = pq.read_table(root / "meta/episodes/chunk-000/file-000.parquet").to_pylist()
    ends = [row["dataset_to_index"] for row in rows]
    assert [row["dataset_from_index"] for row in rows] == [0, *ends[:-1]]
    tasks = pq.read_table(root / "meta/tasks.parquet").to_pylist()
    for number, (row, each) in enumerate(zip(rows, licensed.segments, strict=True)):
        assert row["episode_index"] == number
        assert row["length"] == row["dataset_to_index"] - row["dataset_from_index"]
        assert (row["data/chunk_index"], row["data/file_index"]) == (0, 0)
        assert (row["meta/episodes/chunk_index"], row["meta/episodes/file_index"]) == (0, 0)
        assert row["tasks"] == [f"Manual work at the station {each.station}."]
        assert row["tasks"][0] in {task["__index_level_0__"] for task in tasks}
        assert (row["segment"], row["station"], row["worker"]) == (each.segment, each.station, each.worker)
        assert (row["picture_width"], row["picture_height"]) == each.motion.picture
        for feature in ("observation.state", "measured", *NUMBERS):
            found = {key.rpartition("/")[2] for key in row if key.startswith(f"stats/{feature}/")}
            assert found == STATISTICS


def test_tasks_are_read_by_pandas_with_the_task_as_index(root):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    tasks = pandas.read_parquet(root / "meta/tasks.parquet")
    assert list(tasks.columns) == ["task_index"]
    assert tasks.task_index.to_dict() == {
        "Manual work at the station Prüfplatz 2.": 0,
        "Manual work at the station assembly bench.": 1,
    }


def test_statistics_are_of_what_is_known(root):
    found = read(root / "meta/stats.json")
    assert set(found) == {"observation.state", "measured", *NUMBERS}
    state = np.array(
        pq.read_table(root / "data/chunk-000/file-000.parquet")["observation.state"].to_pylist(), float
    )
    assert all(set(each) == STATISTICS for each in found.values())
    assert all(each["count"] == [45] for each in found.values())
    own = found["observation.state"]
    for key, by in (("min", np.nanmin), ("max", np.nanmax), ("mean", np.nanmean), ("std", np.nanstd)):
        assert np.allclose(own[key], by(state, axis=0))
    assert np.allclose(own["q10"], np.nanquantile(state, 0.1, axis=0))


def test_what_no_frame_gives_has_nought_in_the_statistics(tmp_path):
    flat = licensed_set(tmp_path / "log", segments=(segment("a", motion([0, 100], depth=False)),))
    export(flat, Format.LEROBOT, tmp_path / "out")
    depth = slice(2, None, 4)
    own = read(tmp_path / "out/meta/stats.json")["observation.state"]
    assert all(set(own[key][depth]) == {0.0} for key in STATISTICS - {"count"})


def test_large_sets_lie_in_several_files_and_no_episode_in_two(tmp_path, monkeypatch):
    monkeypatch.setattr(lerobot, "FILE_MEBIBYTES", 12_000 / 2**20)  # 20 frames of 565 bytes, not 40
    many = tuple(segment(word, motion(range(0, 2000, 100))) for word in "abc")
    export(licensed_set(tmp_path / "log", segments=many), Format.LEROBOT, tmp_path / "out")
    files = sorted((tmp_path / "out/data/chunk-000").iterdir())
    assert [path.name for path in files] == [f"file-00{number}.parquet" for number in range(3)]
    rows = pq.read_table(tmp_path / "out/meta/episodes/chunk-000/file-000.parquet").to_pylist()
    assert [row["data/file_index"] for row in rows] == [0, 1, 2]
    assert [set(pq.read_table(path)["episode_index"].to_pylist()) for path in files] == [{0}, {1}, {2}]


LOADS = """
import json, sys
import torch
from lerobot.datasets.lerobot_dataset import LeRobotDataset
root = sys.argv[1]
dataset = LeRobotDataset("local/motion", root=root, delta_timestamps={"observation.state": [-0.1, 0.0]})
plain = LeRobotDataset("local/motion", root=root)
some = LeRobotDataset("local/motion", root=root, episodes=[1])
print(json.dumps({
    "frames": len(plain), "episodes": plain.num_episodes, "fps": plain.fps, "some": len(some),
    "tasks": sorted({plain[i]["task"] for i in range(len(plain))}),
    "features": sorted(plain.features), "shape": list(dataset[3]["observation.state"].shape),
    "stats": {key: list(map(int, value["mean"].shape)) for key, value in plain.meta.stats.items()},
    "state": [[None if torch.isnan(x) else float(x) for x in plain[i]["observation.state"]]
              for i in range(len(plain))],
}))
"""


def python_with_lerobot():
    named = os.environ.get("FAIRTAKT_LEROBOT_PYTHON")
    if named:
        return named
    if find_spec("lerobot") is None:
        pytest.skip("lerobot is not installed, and FAIRTAKT_LEROBOT_PYTHON names no Python that has it")
    return sys.executable


def test_lerobot_itself_loads_it(root, tmp_path):
    python = python_with_lerobot()
    here = {"HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1"}
    environment = {**os.environ, **here, "PYTHONPATH": ""}
    done = subprocess.run(
        [python, "-c", LOADS, root], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["frames"], found["episodes"], found["fps"]) == (45, 4, 10)
    rows = pq.read_table(root / "meta/episodes/chunk-000/file-000.parquet").to_pylist()
    assert found["some"] == rows[1]["length"]
    assert found["tasks"] == sorted({row["tasks"][0] for row in rows})
    assert found["shape"] == [2, 132]
    assert found["stats"]["observation.state"] == [132]
    state = np.array(found["state"], float).astype(np.float32)
    written = pq.read_table(root / "data/chunk-000/file-000.parquet")["observation.state"].to_pylist()
    assert np.array_equal(state, np.array(written, np.float32), equal_nan=True)

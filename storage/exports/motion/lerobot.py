"""Licensed motion as a LeRobotDataset v3.0: one segment is one episode.

Layout, names and types are those of `lerobot` 0.4 (`lerobot/datasets/utils.py`, `lerobot_dataset.py`). There
is no video, because none was kept, and no `action`, because nobody commanded the worker. Frames stand at a
fixed rate (`resampled.py`): LeRobot asks for frames by their number, counted from times as k / fps.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.pose import JOINTS
from productivity.errors import MissingExtra
from storage.exports.motion.frame_statistics import statistics
from storage.exports.motion.labels import COLUMN_NAMES
from storage.exports.motion.licensed import LicensedSegment, LicensedSet
from storage.exports.motion.resampled import Frames, common_rate, frames

try:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
except ImportError:
    raise MissingExtra("server", "pyarrow") from None

VERSION = "v3.0"
CHUNK_FILES = 1000
FILE_MEBIBYTES = 100
VIDEO_MEBIBYTES = 200
"""Defaults of LeRobot; the last is required in `info.json`, also without videos."""
WIDTH = JOINTS * 4

_NUMBERS = ("frame_index", "episode_index", "index", "task_index")
_FILES = "chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
_DATA = "data/" + _FILES
_EPISODES = "meta/episodes/" + _FILES
_FRAME_BYTES = WIDTH * 4 + 4 + 1 + 8 * len(_NUMBERS)

FRAME_SCHEMA = pa.schema(
    [
        pa.field("observation.state", pa.list_(pa.float32(), WIDTH)),
        pa.field("measured", pa.bool_()),
        pa.field("timestamp", pa.float32()),
        *(pa.field(name, pa.int64()) for name in _NUMBERS),
    ]
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Episode:
    number: int
    segment: LicensedSegment
    frames: Frames
    first: int
    """Index of its first frame in the data set."""
    file: int
    """Number of its data file, counted over all chunks."""
    task: int

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """What a row holds, in the order of the schema; (F,) but for the state, (F, 132)."""
        count = len(self.frames)
        index = np.arange(count, dtype=np.int64)
        return {
            "observation.state": self.frames.joints.reshape(count, WIDTH),
            "measured": self.frames.measured,
            "timestamp": (index / self.frames.rate).astype(np.float32),
            "frame_index": index,
            "episode_index": np.full(count, self.number, np.int64),
            "index": index + self.first,
            "task_index": np.full(count, self.task, np.int64),
        }


def write_lerobot(licensed: LicensedSet, directory: Path) -> None:
    """Write the data set into an existing, empty directory."""
    rate = common_rate(segment.motion for segment in licensed.segments)
    tasks = [task_of(station) for station in licensed.stations]
    episodes = list(_episodes(licensed, rate))
    for file in range(episodes[-1].file + 1):
        _write_frames([each for each in episodes if each.file == file], _place(directory, _DATA, file))
    _write_episodes(episodes, tasks, _place(directory, _EPISODES, 0))
    _write_tasks(tasks, directory / "meta" / "tasks.parquet")
    whole = {name: statistics([each.columns[name] for each in episodes]) for name in FRAME_SCHEMA.names}
    _write_json({name: each.listed() for name, each in whole.items()}, directory / "meta" / "stats.json")
    _write_json(_info(episodes, tasks, rate), directory / "meta" / "info.json")


def task_of(station: str) -> str:
    """Return what was done, in the words that LeRobot calls a task: nobody told more than the station."""
    return f"Manual work at the station {station}."


def _episodes(licensed: LicensedSet, rate: int) -> Iterator[_Episode]:
    first = file = filled = 0
    for number, segment in enumerate(licensed.segments):
        resampled = frames(segment.motion, rate)
        size = len(resampled) * _FRAME_BYTES
        if filled and filled + size > FILE_MEBIBYTES * 2**20:
            file, filled = file + 1, 0
        task = licensed.stations.index(segment.station)
        yield _Episode(number, segment, resampled, first, file, task)
        first, filled = first + len(resampled), filled + size


def _place(directory: Path, pattern: str, file: int) -> Path:
    path = directory / pattern.format(chunk_index=file // CHUNK_FILES, file_index=file % CHUNK_FILES)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _write_frames(episodes: Sequence[_Episode], path: Path) -> None:
    # A row group for each episode, so that a reader of one episode reads no other.
    with pq.ParquetWriter(path, FRAME_SCHEMA, compression="snappy") as writer:
        for episode in episodes:
            columns = episode.columns
            state = pa.FixedSizeListArray.from_arrays(
                pa.array(columns.pop("observation.state").ravel()), WIDTH
            )
            arrays = [state, *(pa.array(column) for column in columns.values())]
            writer.write_table(pa.table(arrays, schema=FRAME_SCHEMA), row_group_size=len(episode.frames))


def _write_episodes(episodes: Sequence[_Episode], tasks: Sequence[str], path: Path) -> None:
    rows = [_episode_row(episode, tasks) for episode in episodes]
    table = pa.table({name: [row[name] for row in rows] for name in rows[0]})
    pq.write_table(table, path, compression="snappy")


def _episode_row(episode: _Episode, tasks: Sequence[str]) -> dict[str, object]:
    count, segment = len(episode.frames), episode.segment
    each = {name: statistics([column]).listed() for name, column in episode.columns.items()}
    return {
        "episode_index": episode.number,
        "tasks": [tasks[episode.task]],
        "length": count,
        "data/chunk_index": episode.file // CHUNK_FILES,
        "data/file_index": episode.file % CHUNK_FILES,
        "dataset_from_index": episode.first,
        "dataset_to_index": episode.first + count,
        "meta/episodes/chunk_index": 0,
        "meta/episodes/file_index": 0,
        # Ours: LeRobot hands further columns on as they are.
        "segment": segment.segment,
        "station": segment.station,
        "worker": segment.worker,
        "grant_commitment": segment.grant_commitment,
        "picture_width": segment.motion.picture[0],
        "picture_height": segment.motion.picture[1],
        **{f"stats/{name}/{key}": value for name, found in each.items() for key, value in found.items()},
    }


def _write_tasks(tasks: Sequence[str], path: Path) -> None:
    """Write what `pandas.DataFrame({"task_index": ...}, index=tasks).to_parquet` writes, for LeRobot."""
    index = "__index_level_0__"
    described: list[dict[str, str | None]] = [
        {"name": "task_index", "field_name": "task_index", "pandas_type": "int64", "numpy_type": "int64"},
        {"name": None, "field_name": index, "pandas_type": "unicode", "numpy_type": "object"},
    ]
    names = {"name": None, "field_name": None, "pandas_type": "unicode", "numpy_type": "object"}
    pandas = {
        "index_columns": [index],
        "column_indexes": [names | {"metadata": {"encoding": "UTF-8"}}],
        "columns": [{**column, "metadata": None} for column in described],
        "attributes": {},
        "creator": {"library": "pyarrow", "version": pa.__version__},
        "pandas_version": "2.2.0",
    }
    table = pa.table(
        {"task_index": pa.array(range(len(tasks)), pa.int64()), index: pa.array(tasks, pa.string())}
    )
    pq.write_table(table.replace_schema_metadata({"pandas": json.dumps(pandas)}), path)


def _info(episodes: Sequence[_Episode], tasks: Sequence[str], rate: int) -> dict[str, object]:
    def feature(dtype: str, shape: int = 1, names: Sequence[str] | None = None) -> dict[str, object]:
        return {"dtype": dtype, "shape": [shape], "names": names}

    return {
        "codebase_version": VERSION,
        "robot_type": "human",
        "total_episodes": len(episodes),
        "total_frames": sum(len(episode.frames) for episode in episodes),
        "total_tasks": len(tasks),
        "chunks_size": CHUNK_FILES,
        "data_files_size_in_mb": FILE_MEBIBYTES,
        "video_files_size_in_mb": VIDEO_MEBIBYTES,
        "fps": rate,
        "splits": {"train": f"0:{len(episodes)}"},
        "data_path": _DATA,
        "video_path": None,
        "features": {
            "observation.state": feature("float32", WIDTH, COLUMN_NAMES),
            "measured": feature("bool"),
            "timestamp": feature("float32"),
            **{name: feature("int64") for name in _NUMBERS},
        },
    }


def _write_json(document: object, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, allow_nan=False, indent=4) + "\n", encoding="utf-8")

"""Motion as Parquet bytes, and back: what is sealed. Any tool that reads Parquet reads it, once it is opened.

One row for each pose and joint; all poses of joint 0 first, then all of joint 1: a joint moves smoothly, so
its own row before is the best guess. Columns:

    time   int64     nanoseconds since the first pose
    joint  int8      number of the joint, named in the metadata
    x, y   float     picture pixels; NaN = the network does not give it
    z      float     in the same scale; distance from the camera relative to the hips
    score  float     in [0, 1]

The metadata of the schema holds format, joint names, units and the picture's size as JSON. Nothing is lost:
every float has the same bits afterwards. Pure.
"""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.motion import Motion
from models.pose import JOINTS, Joint
from productivity.errors import BadInput, MissingExtra

try:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
except ImportError:
    raise MissingExtra("server", "pyarrow") from None

MOST_POSES = 14_400
"""A minute at 240 pictures per second; no camera that fairtakt opens is faster. Bounds memory on reading."""

FORMAT = "motion 1"
_VALUES = ("x", "y", "z", "score")
_COLUMNS = ("time", "joint", *_VALUES)
_UNITS = {"time": "ns", "x": "px", "y": "px", "z": "px", "score": "1"}
_SCHEMA = pa.schema(
    [
        pa.field("time", pa.int64(), nullable=False),
        pa.field("joint", pa.int8(), nullable=False),
        *(pa.field(name, pa.float32(), nullable=False) for name in _VALUES),
    ]
)
_ENCODINGS = {
    "time": "DELTA_BINARY_PACKED",
    # Sign and exponent of neighbours are alike: bytes of one place together compress by a sixth more.
    **dict.fromkeys(_VALUES, "BYTE_STREAM_SPLIT"),
}
_LEVEL = 3
"""Of zstd. On synthetic motion with a pixel of noise, 19 saves another tenth in thirty times the time."""
_LARGEST_SIDE = 1 << 16
"""Pixels; larger pictures have no sensor."""
_WHERE = "motion"


def pack(motion: Motion) -> bytes:
    """Return the file's bytes; `BadInput` for more than `MOST_POSES` poses."""
    count = len(motion.times)
    if count > MOST_POSES:
        raise BadInput("too many poses", where=_WHERE, expected=f"at most {MOST_POSES}", found=str(count))
    columns: dict[str, NDArray[Any]] = {
        "time": np.tile(motion.times, JOINTS),
        "joint": np.repeat(np.arange(JOINTS, dtype=np.int8), count),
    }
    for place, name in enumerate(_VALUES):
        columns[name] = np.ascontiguousarray(motion.joints[:, :, place].T).ravel()
    # `from_pandas=False`: a NaN stays a NaN, and does not become a missing value.
    arrays = [pa.array(columns[name], from_pandas=False) for name in _COLUMNS]
    table = pa.Table.from_arrays(arrays, schema=_SCHEMA)
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        _SCHEMA,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=["joint"],
        column_encoding=_ENCODINGS,
        write_statistics=False,  # the least and greatest of a joint tell nobody anything
        store_schema=False,  # Arrow's own copy of the schema; Parquet's says it all
    ) as writer:
        writer.write_table(table, row_group_size=MOST_POSES * JOINTS)
        writer.add_key_value_metadata(_metadata(motion.picture))
    return bytes(sink.getvalue())


def unpack(content: bytes) -> Motion:
    """Return the motion that `pack` was given, bit for bit; `BadInput` for anything else."""
    try:
        table, picture = _read(content)
        columns = {name: table.column(name).to_numpy() for name in _COLUMNS}
        count = table.num_rows // JOINTS
        times = columns["time"].reshape(JOINTS, count)
        numbers = columns["joint"].reshape(JOINTS, count)
        if np.any(times != times[0]) or np.any(numbers != np.arange(JOINTS)[:, None]):
            raise BadInput("rows in another order", where=_WHERE, expected="every joint at every time")
        joints = np.stack([columns[name].reshape(JOINTS, count).T for name in _VALUES], axis=-1)
        return Motion(times[0].copy(), np.ascontiguousarray(joints), picture)
    except (ValueError, TypeError, KeyError, OverflowError, MemoryError, OSError, pa.ArrowException):
        # Their texts may repeat values.
        raise BadInput("not motion", where=_WHERE, expected="Parquet bytes as they were packed") from None


def _read(content: bytes) -> tuple[Any, tuple[int, int]]:
    with pq.ParquetFile(pa.BufferReader(content)) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
        if not schema.equals(_SCHEMA):
            raise BadInput("other columns", where=_WHERE, expected=", ".join(_COLUMNS))
        picture = _picture(schema.metadata or {})
        # Before anything is unpacked: a small file can claim to be a huge one.
        if not 0 < rows <= MOST_POSES * JOINTS or rows % JOINTS or file.metadata.num_row_groups != 1:
            raise BadInput("number of rows", where=_WHERE, expected=f"{JOINTS} for each of some poses")
        size = file.metadata.row_group(0).total_byte_size
        if size > 2 * rows * (8 + 1 + 4 * len(_VALUES)) + (1 << 16):
            raise BadInput("columns are larger than their rows", where=_WHERE)
        return file.read(use_threads=False), picture


def _metadata(picture: tuple[int, int]) -> dict[str, str]:
    return {
        "fairtakt": FORMAT,
        "joints": json.dumps([joint.name.lower() for joint in Joint]),
        "units": json.dumps(_UNITS),
        "picture": json.dumps(list(picture)),
    }


def _picture(metadata: dict[bytes, bytes]) -> tuple[int, int]:
    """Return the picture's size; `BadInput` unless all the rest is what we write."""
    found = {key.decode(): value.decode() for key, value in metadata.items()}
    size = json.loads(found.get("picture", "null"))
    is_size = isinstance(size, list) and [type(side) for side in size] == [int, int]
    if not is_size or not all(0 < side <= _LARGEST_SIDE for side in size):
        raise BadInput("size of the picture", where=_WHERE, expected="width and height in pixels")
    picture = (size[0], size[1])
    if found != _metadata(picture):
        raise BadInput("other metadata", where=_WHERE, expected=f"{FORMAT}, joint names, units, picture")
    return picture

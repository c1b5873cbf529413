"""Motion as Parquet: nothing is lost, other tools can read it, and nothing hostile gets through."""

import io
import json
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from consent.vault.content import MOST_POSES, pack, unpack
from models.motion import Motion
from models.pose import Joint
from productivity.errors import BadInput
from tests.consent.vault.vault_world import motion, same


@pytest.mark.parametrize("poses", [1, 2, 600, 601])
def test_what_is_packed_comes_back(poses):
    what = motion(poses)
    assert same(unpack(pack(what)), what)


floats = arrays.arrays(np.uint32, (3, 33, 4)).map(lambda bits: bits.view(np.float32))


@settings(max_examples=30, deadline=None)
@given(
    floats, st.lists(st.integers(1, 10**9), min_size=2, max_size=2), st.tuples(*[st.integers(1, 65536)] * 2)
)
def test_every_bit_of_every_float_comes_back(joints, steps, picture):
    """Whatever the bits: infinities, NaN with a payload, minus zero."""
    what = Motion(np.cumsum([0, *steps]).astype(np.int64), np.ascontiguousarray(joints), picture)
    assert same(unpack(pack(what)), what)


def test_any_reader_of_parquet_reads_it():
    """The layout of the specification, read without our reader."""
    what = motion(3)
    file = pq.ParquetFile(io.BytesIO(pack(what)))
    table, metadata = file.read(), file.schema_arrow.metadata
    assert table.column_names == ["time", "joint", "x", "y", "z", "score"]
    assert json.loads(metadata[b"joints"])[Joint.LEFT_WRIST] == "left_wrist"
    assert json.loads(metadata[b"units"])["x"] == "px"
    assert json.loads(metadata[b"picture"]) == [1280, 720]
    wrist = table.filter(pa.compute.equal(table["joint"], int(Joint.LEFT_WRIST)))
    assert wrist["time"].to_pylist() == [0, 100_000_000, 200_000_000]
    assert wrist["y"].to_pylist() == what.joints[:, Joint.LEFT_WRIST, 1].tolist()


def test_a_minute_is_much_smaller_than_its_floats():
    """A joint that moves smoothly, and is seen to a pixel."""
    times = np.arange(600) / 10
    joints = np.zeros((600, 33, 4), np.float32)
    for joint in range(33):
        for axis in range(3):
            joints[:, joint, axis] = 400 + 100 * np.sin(times * (0.3 + 0.05 * joint) + axis)
    joints[:, :, 3] = 0.9
    what = Motion((times * 1e9).round().astype(np.int64), joints, (1280, 720))
    assert len(pack(what)) < 0.6 * joints.nbytes


def test_more_poses_than_a_minute_has_are_refused():
    count = MOST_POSES + 1
    what = Motion(np.arange(count, dtype=np.int64), np.zeros((count, 33, 4), np.float32), (1, 1))
    with pytest.raises(BadInput, match="too many poses"):
        pack(what)


def _table(**changes):
    file = pq.ParquetFile(io.BytesIO(pack(motion(2))))
    table = file.read()
    for name, values in changes.items():
        place = table.schema.get_field_index(name)
        field = table.schema.field(name)
        table = table.set_column(place, field, pa.array(values(table[name].to_pylist()), field.type))
    return table


def _bytes(table, metadata=None, **options):
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata or table.schema.metadata), sink, **options)
    return sink.getvalue()


def _metadata(**changes):
    found = {key.decode(): value.decode() for key, value in _table().schema.metadata.items()}
    return {key: value for key, value in (found | changes).items() if value is not None}


HOSTILE = {
    "nothing": lambda: b"",
    "no Parquet": lambda: b"PAR1 but not really PAR1",
    "cut off": lambda: pack(motion(2))[:-9],
    "a column too few": lambda: _bytes(_table().drop_columns(["z"])),
    "a column too many": lambda: _bytes(_table().append_column("name", pa.array(["x"] * 66))),
    "columns in another order": lambda: _bytes(_table().select(["joint", "time", "x", "y", "z", "score"])),
    "other types": lambda: _bytes(
        _table().cast(pa.schema([(n, pa.float64()) for n in _table().column_names]))
    ),
    "no rows": lambda: _bytes(_table().slice(0, 0)),
    "a row too few": lambda: _bytes(_table().slice(0, 65)),
    "two row groups": lambda: _bytes(_table(), row_group_size=33),
    "joints in another order": lambda: _bytes(_table(joint=lambda values: values[::-1])),
    "joints at different times": lambda: _bytes(_table(time=lambda values: [0, 5, *values[2:]])),
    "time that stands still": lambda: _bytes(_table(time=lambda values: [0] * len(values))),
    "more than a minute": lambda: _bytes(_table(time=lambda values: [0, 60_000_000_001] * 33)),
    "too many rows": lambda: _bytes(pa.concat_tables([_table()] * (MOST_POSES // 2 + 1)).combine_chunks()),
    "another format": lambda: _bytes(_table(), _metadata(fairtakt="motion 2")),
    "no format": lambda: _bytes(_table(), _metadata(fairtakt=None)),
    "other units": lambda: _bytes(_table(), _metadata(units="{}")),
    "something besides": lambda: _bytes(_table(), _metadata(worker="somebody")),
    "no picture": lambda: _bytes(_table(), _metadata(picture=None)),
    "picture of one side": lambda: _bytes(_table(), _metadata(picture="[7]")),
    "picture of truth": lambda: _bytes(_table(), _metadata(picture="[true, true]")),
    "picture without width": lambda: _bytes(_table(), _metadata(picture="[0, 720]")),
    "picture that is no JSON": lambda: _bytes(_table(), _metadata(picture="[")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_anything_else_is_refused(name):
    with pytest.raises(BadInput, match="motion"):
        unpack(HOSTILE[name]())


def test_the_table_of_hostile_files_starts_from_a_good_one():
    assert same(unpack(_bytes(_table(), _metadata(), store_schema=True)), motion(2))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_flipped_bytes_are_motion_or_refused(data):
    """Never a crash, and never another error: pyarrow is the one library that parses what was decrypted."""
    content = bytearray(pack(motion(2)))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] ^= data.draw(st.integers(1, 255))
    with suppress(BadInput):
        assert len(unpack(bytes(content)).times) >= 1

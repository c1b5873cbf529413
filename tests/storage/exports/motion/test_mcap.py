"""MCAP keeps every pose at its own time, bit by bit."""

import json

import numpy as np
import pytest
from mcap.reader import make_reader

from storage.exports.motion.export import Format


@pytest.fixture
def reader(exports):
    with (exports[Format.MCAP] / "motion.mcap").open("rb") as file:
        yield make_reader(file, validate_crcs=True)


def test_poses_come_back_bit_by_bit_at_their_own_times(reader, licensed):
    found = {each.segment: ([], []) for each in licensed.segments}
    for _, channel, message in reader.iter_messages():
        times, poses = found[channel.metadata["segment"]]
        value = json.loads(message.data)
        assert value["time_ns"] == message.log_time == message.publish_time
        assert message.sequence == len(times)
        times.append(message.log_time)
        poses.append(value["joints"])
    for each in licensed.segments:
        times, poses = found[each.segment]
        assert times == each.motion.times.tolist()
        joints = np.array(poses, float).astype(np.float32)  # null becomes NaN
        assert np.array_equal(joints, each.motion.joints, equal_nan=True)


def test_there_is_a_channel_for_each_segment_that_says_what_it_is(reader, licensed):
    channels = sorted(reader.get_summary().channels.values(), key=lambda channel: channel.topic)
    assert [channel.topic for channel in channels] == [f"/segment-000{n}/pose" for n in (1, 2, 3, 4)]
    for channel, each in zip(channels, licensed.segments, strict=True):
        assert channel.message_encoding == "json"
        assert channel.metadata == {
            "segment": each.segment,
            "station": each.station,
            "worker": str(each.worker),
            "grant_commitment": each.grant_commitment,
            "picture_width": str(each.motion.picture[0]),
            "picture_height": str(each.motion.picture[1]),
        }


def test_messages_fit_the_schema_that_the_file_holds(reader):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    (schema,) = reader.get_summary().schemas.values()
    assert schema.encoding == "jsonschema"
    document = json.loads(schema.data)
    jsonschema.Draft202012Validator.check_schema(document)
    validator = jsonschema.Draft202012Validator(document)
    for _, _, message in reader.iter_messages():
        validator.validate(json.loads(message.data))
    assert not validator.is_valid({"time_ns": 0, "joints": [[0, 0, 0, 0]]})


def test_the_file_says_under_which_terms_it_stands(reader, licensed):
    (record,) = reader.iter_metadata()
    assert record.metadata["use"] == licensed.use
    assert record.metadata["terms"] == licensed.terms_hash
    assert "pixels" in record.metadata["units"]

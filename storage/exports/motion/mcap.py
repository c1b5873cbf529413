"""Licensed motion as an MCAP file: one channel per segment, every pose as it was measured, bit by bit.

Messages are JSON with a JSON schema, so that no other software is needed to read them. A message's time is
nanoseconds since the segment's first pose: no clock time leaves the plant, and segments that stand at the
same times did not happen at the same time. A float32 is written as the double of the same value.
"""

import json
from pathlib import Path

import numpy as np

from productivity.errors import MissingExtra
from storage.exports.motion.labels import JOINT_NAMES, UNITS, episode_name
from storage.exports.motion.licensed import LicensedSegment, LicensedSet

try:
    from mcap.writer import Writer
except ImportError:
    raise MissingExtra("server", "mcap") from None

FILE = "motion.mcap"
SCHEMA_NAME = "fairtakt.Pose"
LIBRARY = "fairtakt"
"""Instead of the writer's version: the same set makes the same bytes."""

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": SCHEMA_NAME,
    "description": f"One pose. {UNITS}, written as null. Order of the joints: {', '.join(JOINT_NAMES)}",
    "type": "object",
    "properties": {
        "time_ns": {"type": "integer", "description": "nanoseconds since the segment's first pose"},
        "joints": {
            "type": "array",
            "minItems": len(JOINT_NAMES),
            "maxItems": len(JOINT_NAMES),
            "items": {
                "type": "array",
                "description": "x, y, z, score",
                "minItems": 4,
                "maxItems": 4,
                "items": {"type": ["number", "null"]},
            },
        },
    },
    "required": ["time_ns", "joints"],
    "additionalProperties": False,
}


def write_mcap(licensed: LicensedSet, directory: Path) -> None:
    """Write `motion.mcap` into an existing directory."""
    with (directory / FILE).open("wb") as file:
        writer = Writer(file)
        writer.start(profile="", library=LIBRARY)
        schema = writer.register_schema(
            name=SCHEMA_NAME, encoding="jsonschema", data=json.dumps(SCHEMA).encode()
        )
        writer.add_metadata("fairtakt", _of_set(licensed))
        for number, segment in enumerate(licensed.segments):
            _write_segment(writer, schema, number, segment)
        writer.finish()  # type: ignore[no-untyped-call]  # the one method that mcap left without types


def _write_segment(writer: Writer, schema: int, number: int, segment: LicensedSegment) -> None:
    channel = writer.register_channel(
        topic=f"/{episode_name(number)}/pose",
        message_encoding="json",
        schema_id=schema,
        metadata=_of_segment(segment),
    )
    joints = segment.motion.joints.astype(object)
    joints[np.isnan(segment.motion.joints)] = None
    for sequence, (time, pose) in enumerate(zip(segment.motion.times.tolist(), joints.tolist(), strict=True)):
        message = json.dumps({"time_ns": time, "joints": pose}, allow_nan=False, separators=(",", ":"))
        writer.add_message(channel, time, message.encode(), publish_time=time, sequence=sequence)


def _of_set(licensed: LicensedSet) -> dict[str, str]:
    return {
        "use": licensed.use,
        "purpose": licensed.purpose.value,
        "agreement": licensed.agreement,
        "terms": licensed.terms_hash,
        "licence": licensed.licence_name,
        "units": UNITS,
    }


def _of_segment(segment: LicensedSegment) -> dict[str, str]:
    width, height = segment.motion.picture
    return {
        "segment": segment.segment,
        "station": segment.station,
        "worker": str(segment.worker),
        "grant_commitment": segment.grant_commitment,
        "picture_width": str(width),
        "picture_height": str(height),
    }

r"""The bytes of a label: what content, wrapped key and commitment of a segment are bound to.

    segment   16 bytes
    record    16 bytes    the grant
    agreement 32 bytes    SHA-256
    session   16 bytes
    span      4 bytes     milliseconds, big-endian
    station   the rest    UTF-8

All but the last have a fixed length, so two labels never have the same bytes. `read` is strict: what it
accepts is spelled the way `bound` spells it. Pure.
"""

import re
from itertools import pairwise

from consent.vault.segment import SegmentLabel
from models.motion import LONGEST_MOTION_NS
from productivity.errors import BadInput

LONGEST = 84 + 4 * 80
"""Bytes of a label: a station's name has at most 80 characters (`consent.agreement.schema.Name`)."""

_ID_BYTES, _HASH_BYTES, _SPAN_BYTES = 16, 32, 4
_FIXED = 3 * _ID_BYTES + _HASH_BYTES + _SPAN_BYTES
_LONGEST_STATION = 80
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WHERE = "label of a segment"


def bound(label: SegmentLabel) -> bytes:
    """Return the label's bytes; `BadInput` if a part of it is not what it must be."""
    for name in ("segment", "record", "session"):
        _require(_ID.fullmatch(getattr(label, name)) is not None, name, "32 hexadecimal digits")
    _require(_HASH.fullmatch(label.agreement) is not None, "agreement", "64 hexadecimal digits")
    _require(0 <= label.span_ms <= LONGEST_MOTION_NS // 1_000_000, "span", "at most a minute")
    station = label.station
    readable = 0 < len(station) <= _LONGEST_STATION and station.isprintable()
    _require(readable, "station", f"1 to {_LONGEST_STATION} readable characters")
    return b"".join(
        (
            bytes.fromhex(label.segment),
            bytes.fromhex(label.record),
            bytes.fromhex(label.agreement),
            bytes.fromhex(label.session),
            label.span_ms.to_bytes(_SPAN_BYTES, "big"),
            station.encode(),
        )
    )


def read(content: bytes) -> SegmentLabel:
    """Return the label that has these bytes; `BadInput` if none has."""
    if not _FIXED < len(content) <= LONGEST:
        raise BadInput("another length", where=_WHERE, expected=f"{_FIXED + 1} to {LONGEST} bytes")
    places = [0, _ID_BYTES, 2 * _ID_BYTES, 2 * _ID_BYTES + _HASH_BYTES, _FIXED - _SPAN_BYTES, _FIXED]
    segment, record, agreement, session, span = (content[begin:end] for begin, end in pairwise(places))
    try:
        station = content[_FIXED:].decode()
    except UnicodeDecodeError:
        raise BadInput("station is no text", where=_WHERE, expected="UTF-8") from None
    label = SegmentLabel(
        segment=segment.hex(),
        record=record.hex(),
        agreement=agreement.hex(),
        session=session.hex(),
        station=station,
        span_ms=int.from_bytes(span, "big"),
    )
    bound(label)  # the bounds of what was read
    return label


def _require(fits: bool, name: str, expected: str) -> None:
    if not fits:
        raise BadInput(f"{name} cannot be used", where=_WHERE, expected=expected)

"""Where hashes and entries of a log are found, and how they are written. Pure.

Source: C2SP tlog-tiles (https://c2sp.org/tlog-tiles). A tile at level L holds up to 256 hashes, each over
256**L entries; an entry bundle holds the entries under one tile of level 0.
"""

from collections.abc import Iterable
from typing import Final

from consent.log.merkle import HASH_BYTES
from productivity.errors import BadInput

TILE_WIDTH = 256
TILE_BITS = 8
MAX_ENTRY_BYTES = 0xFFFF
"""An entry's length is written in two bytes."""

ENTRIES: Final = "entries"
CHECKPOINT: Final = "checkpoint"

_LENGTH_BYTES = 2


def tile_path(level: int | str, number: int, width: int = TILE_WIDTH) -> str:
    """Path of a tile, or with `ENTRIES` as level of an entry bundle: `tile/0/x001/x234/067.p/8`."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    suffix = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(groups))}{suffix}"


def partial_width(level: int, size: int) -> int:
    """How many hashes the last, partial tile of a level holds in a tree of `size`; 0: there is none."""
    return (size >> (TILE_BITS * level)) % TILE_WIDTH


def full_tiles(level: int, size: int) -> int:
    """How many full tiles a level has in a tree of `size`."""
    return size >> (TILE_BITS * (level + 1))


def levels(size: int) -> range:
    """Levels that have tiles, or a part of one, in a tree of `size`."""
    return range(-(-size.bit_length() // TILE_BITS))


def split_hashes(tile: bytes) -> list[bytes]:
    """Take a tile apart; requires whole hashes."""
    return [tile[start : start + HASH_BYTES] for start in range(0, len(tile), HASH_BYTES)]


def join_entries(entries: Iterable[bytes]) -> bytes:
    """Write entries one after the other, each behind its length; `BadInput` if one is too long."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            expected = f"at most {MAX_ENTRY_BYTES} bytes"
            raise BadInput("log entry is too long", expected=expected, found=str(len(entry)))
        parts += (len(entry).to_bytes(_LENGTH_BYTES, "big"), entry)
    return b"".join(parts)


def split_entries(bundle: bytes, path: str) -> list[bytes]:
    """Take an entry bundle apart; `BadInput` names `path` if it does not end with an entry."""
    entries: list[bytes] = []
    place, end = 0, len(bundle)
    while place < end:
        start = place + _LENGTH_BYTES
        place = start + int.from_bytes(bundle[place:start], "big")
        entries.append(bundle[start:place])
    if place != end:
        raise BadInput("entry bundle is cut off", where=path)
    return entries

"""The right edge of a log as files: where it goes on, and what must not stay beside it."""

from consent.log.checkpoint import Checkpoint
from consent.log.frontier import Frontier
from consent.log.merkle import leaf_hash
from consent.log.reader import read_tile
from consent.log.store import LogFiles, WritableLogFiles
from consent.log.tiles import (
    ENTRIES,
    full_tiles,
    levels,
    partial_width,
    split_entries,
    split_hashes,
    tile_path,
)
from productivity.errors import BadInput


def right_edge(files: LogFiles, checkpoint: Checkpoint) -> tuple[Frontier, list[bytes]]:
    """Return the right edge and the entries of the partial bundle; `BadInput` if the files do not fit."""
    size = checkpoint.size
    frontier = Frontier(size, [])
    for level in levels(size):
        width = partial_width(level, size)
        tile = b""
        if width:
            _, tile = read_tile(files, level, full_tiles(level, size), width)
        frontier.pending.append(split_hashes(tile))
    if frontier.root() != checkpoint.root:
        raise BadInput("tiles do not fit the checkpoint", where="log", expected="an undamaged log")
    entries: list[bytes] = []
    if partial_width(0, size):
        path, bundle = read_tile(files, ENTRIES, full_tiles(0, size), partial_width(0, size))
        entries = split_entries(bundle, path)
        if [leaf_hash(entry) for entry in entries] != frontier.pending[0]:
            raise BadInput("entries do not fit their tile", where=path, expected="an undamaged log")
    return frontier, entries


def remove_unpublished(files: WritableLogFiles, size: int, reach: int) -> None:
    """Remove what was written for entries [size, reach) but never published: readers could believe it."""
    for level in levels(reach):
        first = full_tiles(level, size)
        for number in range(first, full_tiles(level, reach) + 1):
            published = partial_width(level, size) if number == first else 0
            for kind in (level, ENTRIES) if level == 0 else (level,):
                path = tile_path(kind, number)
                files.remove(path)
                for width in files.widths(path):
                    if width > published:
                        files.remove(tile_path(kind, number, width))


def remove_replaced(files: WritableLogFiles, before: int, size: int) -> None:
    """Remove partial tiles that a full one replaces, as C2SP permits: they would outgrow the log itself."""
    for level in levels(before):
        number = full_tiles(level, before)
        if number < full_tiles(level, size):
            for kind in (level, ENTRIES) if level == 0 else (level,):
                for width in files.widths(tile_path(kind, number)):
                    files.remove(tile_path(kind, number, width))

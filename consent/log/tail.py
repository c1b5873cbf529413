"""Reads the entries of a log in order, from any place to its end."""

from collections.abc import Iterator

from consent.log.checkpoint import Checkpoint
from consent.log.reader import read_tile
from consent.log.store import LogFiles
from consent.log.tiles import ENTRIES, TILE_WIDTH, full_tiles, partial_width, split_entries
from productivity.errors import BadInput


def entries_from(files: LogFiles, first: int, checkpoint: Checkpoint) -> Iterator[tuple[int, list[bytes]]]:
    """Yield entries [first, size) bundle by bundle, each time with the number of the first of them.

    Unchecked: the caller hashes them. `BadInput` if the files hold fewer than the checkpoint says.
    """
    while first < checkpoint.size:
        number, start = divmod(first, TILE_WIDTH)
        full = number < full_tiles(0, checkpoint.size)
        width = TILE_WIDTH if full else partial_width(0, checkpoint.size)
        path, bundle = read_tile(files, ENTRIES, number, width)
        entries = split_entries(bundle, path)[start:width]
        if len(entries) != width - start:
            raise BadInput("bundle holds too few entries", where=path)
        yield first, entries
        first += len(entries)

"""Verifies a whole log in one pass: every entry, every tile, every checkpoint that the verifier holds.

What is checked:

1. The log's checkpoint is signed by the log's key, and by every key that is required.
2. Every entry hashes to its place in its tile, every full tile to its place in the tile above; partial tiles
   too, and those that are kept from earlier sizes.
3. The tiles make the root of the checkpoint.
4. At the size of each earlier checkpoint, the tree had the root of that checkpoint: nothing was taken away,
   changed or put in before. This is what a verifier's own memory is for: the log's key alone could sign anew.

Bounded memory: one bundle, and fewer than 256 hashes per level.
"""

from collections.abc import Iterable

from consent.log.checkpoint import Checkpoint, open_checkpoint
from consent.log.frontier import Frontier, Tile
from consent.log.merkle import HASH_BYTES, leaf_hash
from consent.log.reader import read_tile
from consent.log.store import LogFiles
from consent.log.tiles import (
    CHECKPOINT,
    ENTRIES,
    TILE_WIDTH,
    full_tiles,
    join_entries,
    split_entries,
    tile_path,
)
from consent.notes import Verifier
from productivity.errors import BadInput


def verify_log(
    files: LogFiles,
    log: Verifier,
    *,
    required: Iterable[Verifier] = (),
    earlier: Iterable[Checkpoint] = (),
) -> Checkpoint:
    """Return the checkpoint of a log whose every byte fits; raise `BadInput` with the first that does not.

    `earlier` are checkpoints that the caller has opened and believes.
    """
    content = files.read(CHECKPOINT)
    if content is None:
        raise BadInput("there is no log here", expected=f"a file {CHECKPOINT!r}")
    checkpoint, _ = open_checkpoint(content, log, required=required)
    verify_entries(files, checkpoint, earlier=earlier)
    return checkpoint


def verify_entries(files: LogFiles, checkpoint: Checkpoint, *, earlier: Iterable[Checkpoint] = ()) -> None:
    """Raise `BadInput` unless the files fit `checkpoint` and `earlier`, which the caller believes."""
    known = sorted((*earlier, checkpoint), key=lambda one: one.size)
    if known[-1].size > checkpoint.size:
        raise BadInput(
            "log was cut off",
            where="log",
            expected=f"the {known[-1].size} entries of an earlier checkpoint",
            found=str(checkpoint.size),
        )
    if any(one.origin != checkpoint.origin for one in known):
        raise BadInput("earlier checkpoint is of another log", expected=repr(checkpoint.origin))
    frontier = Frontier()
    _check_roots(frontier, known)
    while frontier.size < checkpoint.size:
        number = full_tiles(0, frontier.size)
        leaves = _leaves(files, number, min(TILE_WIDTH, checkpoint.size - frontier.size))
        start = frontier.size
        stops = [one.size for one in known if start < one.size < start + len(leaves)]
        for stop in (*stops, start + len(leaves)):
            for tile in frontier.push(leaves[frontier.size - start : stop - start]):
                _check_tile(files, tile)
            _check_roots(frontier, known)
    for tile in frontier.partial_tiles():
        _check_tile(files, tile)


def _leaves(files: LogFiles, number: int, width: int) -> list[bytes]:
    """Hash the entries of a bundle; check them against their tile first, so that an error names the entry."""
    path, bundle = read_tile(files, ENTRIES, number, width)
    entries = split_entries(bundle, path)
    # A full bundle may stand in for a partial one; any other length is wrong.
    if len(entries) != (width if path == tile_path(ENTRIES, number, width) else TILE_WIDTH):
        raise BadInput("bundle holds a wrong number of entries", where=path, found=str(len(entries)))
    entries = entries[:width]
    leaves = [leaf_hash(entry) for entry in entries]
    _, tile = read_tile(files, 0, number, width)
    if tile[: width * HASH_BYTES] != b"".join(leaves):
        wrong = next(
            place
            for place, leaf in enumerate(leaves)
            if tile[place * HASH_BYTES : (place + 1) * HASH_BYTES] != leaf
        )
        raise BadInput(f"entry {number * TILE_WIDTH + wrong} does not fit its tile", where=path)
    for kept in _kept_widths(files, ENTRIES, number, width):
        _check_kept(files, tile_path(ENTRIES, number, kept), join_entries(entries[:kept]))
    return leaves


def _check_tile(files: LogFiles, tile: Tile) -> None:
    path, content = read_tile(files, tile.level, tile.number, tile.width)
    # Only a full tile may be longer, and only where it stands in for a partial one.
    if path != tile.path and len(content) == TILE_WIDTH * HASH_BYTES:
        content = content[: len(tile.hashes)]
    if content != tile.hashes:
        raise BadInput("tile does not fit what lies below it", where=path)
    for kept in _kept_widths(files, tile.level, tile.number, tile.width):
        _check_kept(files, tile_path(tile.level, tile.number, kept), tile.hashes[: kept * HASH_BYTES])


def _check_kept(files: LogFiles, path: str, expected: bytes) -> None:
    """Compare a narrower version with what replaced it; a writer at work may just have removed it."""
    content = files.read(path)
    if content is not None and content != expected:
        raise BadInput("file differs from the one that replaced it", where=path)


def _kept_widths(files: LogFiles, level: int | str, number: int, width: int) -> list[int]:
    """Earlier, narrower versions. Wider ones are an unfinished append: no part of this log, and not read."""
    return [kept for kept in files.widths(tile_path(level, number)) if kept < width]


def _check_roots(frontier: Frontier, known: Iterable[Checkpoint]) -> None:
    """Compare with every checkpoint of the size that was reached."""
    roots = {one.root for one in known if one.size == frontier.size}
    if roots and roots != {frontier.root()}:
        raise BadInput(
            f"the first {frontier.size} entries are not those of the checkpoint",
            where="log",
            expected="the root that was signed",
        )

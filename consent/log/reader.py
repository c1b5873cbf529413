"""Reads proofs out of the tiles of a log; each is checked against the checkpoint before it is given."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from consent.log.checkpoint import Checkpoint
from consent.log.merkle import (
    HASH_BYTES,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    perfect_root,
    tree_root,
)
from consent.log.store import LogFiles
from consent.log.tiles import (
    ENTRIES,
    TILE_BITS,
    TILE_WIDTH,
    full_tiles,
    partial_width,
    split_entries,
    split_hashes,
    tile_path,
)
from productivity.errors import BadInput


class LogReader:
    """A log as of one checkpoint, which the caller has opened and believes."""

    def __init__(self, files: LogFiles, checkpoint: Checkpoint) -> None:
        self._files = files
        self._checkpoint = checkpoint
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def entry(self, index: int) -> bytes:
        """Return one entry, unchecked: `inclusion` with its hash is the check."""
        self._require_entry(index)
        number, place = divmod(index, TILE_WIDTH)
        width = _width(0, number, self._checkpoint.size)
        path, bundle = read_tile(self._files, ENTRIES, number, width)
        entries = split_entries(bundle, path)
        if place >= len(entries):
            raise BadInput("entry bundle is too short", where=path)
        return entries[place]

    def entries(self, indices: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Yield entries with their numbers, each held against the checkpoint; `BadInput` if one does not fit.

        Cheap where neighbours follow each other: a bundle is read once, and one proof covers its whole tile.
        """
        for number, some in groupby(indices, lambda index: index // TILE_WIDTH):
            wanted = list(some)
            for index in wanted:
                self._require_entry(index)
            leaves = self._proven(number)
            path, bundle = read_tile(self._files, ENTRIES, number, len(leaves))
            contents = split_entries(bundle, path)
            for index in wanted:
                place = index % TILE_WIDTH
                if place >= len(contents) or leaf_hash(contents[place]) != leaves[place]:
                    raise BadInput(f"entry {index} does not fit its tile", where=path)
                yield index, contents[place]

    def inclusion(self, index: int) -> list[bytes]:
        """Proof that entry `index` is in the log; `BadInput` if the files do not fit the checkpoint."""
        self._require_entry(index)
        size, root = self._checkpoint.size, self._checkpoint.root
        proof = inclusion_proof(self._subtree, index, size)
        check_inclusion(proof, index=index, size=size, leaf=leaf_hash(self.entry(index)), root=root)
        return proof

    def consistency(self, old: Checkpoint) -> list[bytes]:
        """Proof that the log continues `old`, whose size is not 0; `BadInput` if it does not."""
        size, root = self._checkpoint.size, self._checkpoint.root
        proof = consistency_proof(self._subtree, old.size, size)
        check_consistency(proof, old=old.size, size=size, old_root=old.root, root=root)
        return proof

    def at(self, size: int) -> Checkpoint:
        """Return what the log's checkpoint was at an earlier size, unchecked: `consistency` is the check."""
        if not 0 <= size <= self._checkpoint.size:
            limit = self._checkpoint.size
            raise BadInput("log is shorter", where="log", expected=f"a size up to {limit}", found=str(size))
        return Checkpoint(self._checkpoint.origin, size, tree_root(self._subtree, size))

    def _proven(self, number: int) -> list[bytes]:
        """Return the leaf hashes of a tile, shown to be those of the checkpoint.

        The path from the first of them to the root is worked out from all the others of the tile, so the one
        check holds for each.
        """
        size, root, first = self._checkpoint.size, self._checkpoint.root, number * TILE_WIDTH
        leaves = self._tile(0, number)
        proof = inclusion_proof(self._subtree, first, size)
        check_inclusion(proof, index=first, size=size, leaf=leaves[0], root=root)
        return leaves

    def _require_entry(self, index: int) -> None:
        size = self._checkpoint.size
        if not 0 <= index < size:
            raise BadInput("no such entry", where="log", expected=f"an index below {size}", found=str(index))

    def _subtree(self, height: int, number: int) -> bytes:
        level, inside = divmod(height, TILE_BITS)
        tile, start = divmod(number << inside, TILE_WIDTH)
        return perfect_root(self._tile(level, tile)[start : start + (1 << inside)])

    def _tile(self, level: int, number: int) -> list[bytes]:
        if (level, number) not in self._tiles:
            width = _width(level, number, self._checkpoint.size)
            path, tile = read_tile(self._files, level, number, width)
            if len(tile) < width * HASH_BYTES:
                raise BadInput("tile is too short", where=path)
            self._tiles[level, number] = split_hashes(tile[: width * HASH_BYTES])
        return self._tiles[level, number]


def read_tile(files: LogFiles, level: int | str, number: int, width: int) -> tuple[str, bytes]:
    """Return path and content of a tile or bundle; the full one stands in for a partial one (C2SP).

    Raise `BadInput` if neither is there. A full one that stands in holds more than `width`.
    """
    path = tile_path(level, number, width)
    for candidate in dict.fromkeys((path, tile_path(level, number))):
        content = files.read(candidate)
        if content is not None:
            return candidate, content
    raise BadInput("file of the log is missing", where=path)


def _width(level: int, number: int, size: int) -> int:
    return TILE_WIDTH if number < full_tiles(level, size) else partial_width(level, size)

"""The right edge of a growing tree: all that is needed to go on, and to know the root. Pure, small, exact."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from consent.log.merkle import EMPTY_ROOT, node_hash, perfect_root
from consent.log.tiles import TILE_WIDTH, full_tiles, tile_path


@dataclass(frozen=True, slots=True)
class Tile:
    """Neighbouring hashes of one level, joined: 1 to 256 of 32 bytes."""

    level: int
    number: int
    width: int
    hashes: bytes

    @property
    def path(self) -> str:
        """Where the log keeps it."""
        return tile_path(self.level, self.number, self.width)


@dataclass(slots=True)
class Frontier:
    """A tree of `size` entries, known by the hashes of its partial tiles: fewer than 256 on each level."""

    size: int = 0
    pending: list[list[bytes]] = field(default_factory=list)

    def copy(self) -> "Frontier":
        """Return an independent copy: a writer tries there what it has not yet written."""
        return Frontier(self.size, [list(level) for level in self.pending])

    def push(self, leaves: Sequence[bytes]) -> list[Tile]:
        """Append leaf hashes; return the tiles that became full, lower levels first."""
        full: list[Tile] = []
        level, hashes, size = 0, list(leaves), self.size + len(leaves)
        while hashes:
            if level == len(self.pending):
                self.pending.append([])
            hashes = self.pending[level] + hashes
            above: list[bytes] = []
            number, start = full_tiles(level, self.size), 0
            for start in range(TILE_WIDTH, len(hashes) + 1, TILE_WIDTH):
                tile = hashes[start - TILE_WIDTH : start]
                full.append(Tile(level, number + len(above), TILE_WIDTH, b"".join(tile)))
                above.append(perfect_root(tile))
            self.pending[level] = hashes[start:]
            level, hashes = level + 1, above
        self.size = size
        return full

    def partial_tiles(self) -> list[Tile]:
        """Return the tiles at the right edge that are not full, lowest level first."""
        return [
            Tile(level, full_tiles(level, self.size), len(hashes), b"".join(hashes))
            for level, hashes in enumerate(self.pending)
            if hashes
        ]

    def root(self) -> bytes:
        """Root of the tree, RFC 6962 section 2.1: subtrees joined from the right, smallest first."""
        result: bytes | None = None
        for hashes in self.pending:
            end = len(hashes)
            while end:
                width = end & -end  # the smallest perfect subtree stands rightmost
                subtree = perfect_root(hashes[end - width : end])
                result = subtree if result is None else node_hash(subtree, result)
                end -= width
        return EMPTY_ROOT if result is None else result

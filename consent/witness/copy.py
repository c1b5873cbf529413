"""The council's own copy of a log: brought up to a checkpoint before that checkpoint is co-signed.

Entries are fetched, hashes are worked out from them: the copy is a whole log that `fairtakt log verify`
accepts, and a plant that withholds entries gets no co-signature. Steps:

1. Recover: what an earlier attempt left beyond the end of the copy is removed.
2. The size that this attempt goes for is written down, so that step 1 knows how far to look.
3. Bundles are fetched; full bundles and full tiles are written beyond the end, where nobody reads them.
4. The root over all entries must be that of the checkpoint. If not, the copy stays as it was.
5. Partial bundle and tiles are written, then the checkpoint is replaced in one step.
"""

from collections.abc import Iterator
from pathlib import Path

from consent.log.checkpoint import Checkpoint, open_checkpoint
from consent.log.directory import WritableDirectory, locked_directory
from consent.log.edge import remove_replaced, remove_unpublished, right_edge
from consent.log.frontier import Frontier
from consent.log.merkle import EMPTY_ROOT, leaf_hash
from consent.log.reader import read_tile
from consent.log.store import LogFiles
from consent.log.tiles import (
    CHECKPOINT,
    ENTRIES,
    TILE_WIDTH,
    full_tiles,
    join_entries,
    partial_width,
    split_entries,
    tile_path,
)
from consent.notes import Note, Verifier
from productivity.errors import BadInput

_TARGET = ".copying"
_WRITE_AT_BYTES = 1 << 24
_WRITE_AT_FILES = 128
"""Files wait in memory for a common fsync, but only so many: each is held open meanwhile."""


class LogCopy:
    """A copy of one log in `directory`, which must exist, fetched from `source`."""

    def __init__(self, source: LogFiles, directory: Path, log: Verifier) -> None:
        if not directory.is_dir():
            raise BadInput("no such directory", where=str(directory), expected="the copy's directory")
        self._source = source
        self._directory = directory
        self.log = log

    def follow(self, checkpoint: Checkpoint, note: Note) -> None:
        """Bring the copy up to `checkpoint`, which `note` carries and the caller has verified.

        `BadInput` if entries are missing, do not fit, or the copy is of another history; the copy then is
        what it was. `Unreachable` and `OSError` likewise.
        """
        with locked_directory(self._directory) as files:
            held = self._held(files)
            _remove_leftovers(files, held.size)
            if held.size > checkpoint.size:
                raise BadInput("copy holds more entries than the checkpoint", where="copy of the log")
            frontier, begun = right_edge(files, held)
            files.replace(_TARGET, b"%d\n" % checkpoint.size)
            last = self._fetch(files, frontier, begun, checkpoint.size)
            if frontier.root() != checkpoint.root:
                raise BadInput("entries do not make the root of the checkpoint", where="log to be copied")
            if held.size < checkpoint.size:
                files.write(last | _new_partial_tiles(frontier, held.size))
            files.replace(CHECKPOINT, str(note).encode())
            remove_replaced(files, held.size, checkpoint.size)

    def publish(self, note: Note) -> None:
        """Put a note of the same checkpoint, now co-signed, in the place of the one that `follow` wrote."""
        with locked_directory(self._directory) as files:
            content = files.read(CHECKPOINT)
            if content is not None and open_checkpoint(content, self.log)[1].text == note.text:
                files.replace(CHECKPOINT, str(note).encode())

    def _held(self, files: WritableDirectory) -> Checkpoint:
        content = files.read(CHECKPOINT)
        if content is None:
            return Checkpoint(self.log.name, 0, EMPTY_ROOT)
        return open_checkpoint(content, self.log)[0]

    def _fetch(
        self, files: WritableDirectory, frontier: Frontier, begun: list[bytes], size: int
    ) -> dict[str, bytes]:
        """Append entries up to `size` to `frontier`; write most of what became full, return the rest."""
        waiting: dict[str, bytes] = {}
        for number, bundle in self._bundles(frontier.size, size):
            if bundle[: len(begun)] != begun:
                raise BadInput("entries are not those that were copied before", where=f"bundle {number}")
            full = frontier.push([leaf_hash(entry) for entry in bundle[len(begun) :]])
            begun = []
            waiting[tile_path(ENTRIES, number, len(bundle))] = join_entries(bundle)
            waiting |= {tile.path: tile.hashes for tile in full}
            many = len(waiting) >= _WRITE_AT_FILES or sum(map(len, waiting.values())) >= _WRITE_AT_BYTES
            if many and len(bundle) == TILE_WIDTH:
                files.write(waiting)
                waiting = {}
        return waiting

    def _bundles(self, first: int, size: int) -> Iterator[tuple[int, list[bytes]]]:
        """Fetch the bundles of entries [first, size), the first from its beginning, one after the other."""
        for number in range(first // TILE_WIDTH, -(-size // TILE_WIDTH)):
            width = min(TILE_WIDTH, size - number * TILE_WIDTH)
            path, content = read_tile(self._source, ENTRIES, number, width)
            entries = split_entries(content, path)
            if len(entries) != (width if path == tile_path(ENTRIES, number, width) else TILE_WIDTH):
                raise BadInput("bundle holds a wrong number of entries", where=path, found=str(len(entries)))
            yield number, entries[:width]


def _new_partial_tiles(frontier: Frontier, before: int) -> dict[str, bytes]:
    """Tiles at the new right edge that the copy of size `before` does not have yet."""
    return {
        tile.path: tile.hashes
        for tile in frontier.partial_tiles()
        # The same number and width: a published file, which is never written again.
        if (tile.number, tile.width) != (full_tiles(tile.level, before), partial_width(tile.level, before))
    }


def _remove_leftovers(files: WritableDirectory, size: int) -> None:
    content = files.read(_TARGET)
    target = content.strip() if content is not None else b""
    reach = int(target) if target.isdigit() else size
    if reach > size:
        remove_unpublished(files, size, reach)

"""Appends batches of entries to a log. An entry is acknowledged once its checkpoint is on disk.

Steps of an append, after the specification's section on durability:

1. Entries and new hashes are worked out in memory, on a copy of the right edge.
2. Bundles and tiles are written, files and directories fsynced. What is published stays untouched.
3. The new checkpoint takes the place of the old one by an atomic rename, and is fsynced.
4. Only now is the batch acknowledged; partial tiles that a full one replaces are removed.

Whatever happens before step 3 leaves the log as it was, with files beyond its end that nobody reads. Opening
removes them: recovery after a crash and a normal start are the same function. After a failed write the writer
refuses further work and must be opened anew, because a failed fsync says nothing about the next one.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from consent.log.checkpoint import Checkpoint, open_checkpoint
from consent.log.edge import remove_replaced, remove_unpublished, right_edge
from consent.log.frontier import Frontier
from consent.log.merkle import leaf_hash
from consent.log.store import WritableLogFiles
from consent.log.tiles import CHECKPOINT, ENTRIES, TILE_WIDTH, full_tiles, join_entries, tile_path
from consent.notes import Signer, sign
from productivity.errors import BadInput

MAX_BATCH = 16_384
"""Entries of one append: bounds memory, and how far beyond the end an interrupted append can have written."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Entries [first, checkpoint.size) are on disk for good; `note` is the signed checkpoint."""

    first: int
    checkpoint: Checkpoint
    note: str


def create_log(files: WritableLogFiles, signer: Signer) -> None:
    """Begin a log without entries, named as its key; `BadInput` if there is one already."""
    if files.read(CHECKPOINT) is not None:
        raise BadInput("there is a log already", expected="a directory without one")
    files.replace(CHECKPOINT, _signed(Checkpoint(signer.name, 0, Frontier().root()), signer).encode())


class LogWriter:
    """The one writer of a log. Not for several threads."""

    def __init__(self, files: WritableLogFiles, signer: Signer, *others: Signer) -> None:
        """Recover from whatever happened before; `BadInput` if the log is not this key's, or damaged.

        While a log changes its key, both sign: `others` are further keys of the same name.
        """
        if any(other.name != signer.name for other in others):
            raise BadInput("keys of one log have one name", expected=repr(signer.name))
        self._files = files
        self._signers = (signer, *others)
        self._usable = True
        self.checkpoint, self._frontier, self._bundle = _recover(files, signer)

    def append(self, entries: Sequence[bytes]) -> Acknowledged:
        """Append entries in this order; when this returns, they survive a power loss.

        `BadInput`: nothing was written. `OSError`: nothing is acknowledged, and the writer is done for;
        opened anew, the log holds either all of these entries or none.
        """
        if not self._usable:
            raise BadInput("log could not be written before", expected="a writer that is opened anew")
        if not 0 < len(entries) <= MAX_BATCH:
            raise BadInput("batch has a wrong size", expected=f"1 to {MAX_BATCH}", found=str(len(entries)))
        # Step 1: in memory.
        first = self._frontier.size
        frontier = self._frontier.copy()
        bundles, bundle = _bundles(first, self._bundle, entries)
        full = frontier.push([leaf_hash(entry) for entry in entries])
        published = {tile.path for tile in self._frontier.partial_tiles()}
        tiles = {
            tile.path: tile.hashes
            for tile in (*full, *frontier.partial_tiles())
            if tile.path not in published  # upper levels rarely change; a kill would tear what others read
        }
        checkpoint = Checkpoint(self.checkpoint.origin, frontier.size, frontier.root())
        note = _signed(checkpoint, *self._signers)
        self._usable = False
        # Steps 2 and 3: what the checkpoint will tell of, then the checkpoint.
        self._files.write(bundles | tiles)
        self._files.replace(CHECKPOINT, note.encode())
        # Step 4: acknowledged.
        self._usable = True
        self.checkpoint, self._frontier, self._bundle = checkpoint, frontier, bundle
        with suppress(OSError):  # what stays is harmless, and the batch is acknowledged already
            remove_replaced(self._files, first, frontier.size)
        return Acknowledged(first, checkpoint, note)

    def publish_cosigned(self, note: str) -> None:
        """Put the current checkpoint in place once more, now with the co-signatures that `note` adds.

        Requires co-signatures that the caller has verified. `BadInput`: the log has grown since, or the
        note is not of this log; nothing was written. `OSError`: as for `append`, the log is what it was.
        """
        if not self._usable:
            raise BadInput("log could not be written before", expected="a writer that is opened anew")
        _, opened = open_checkpoint(note, self._signers[0].verifier)
        if opened.text != str(self.checkpoint):
            raise BadInput("note is not of the log's current checkpoint", where="co-signed checkpoint")
        self._usable = False
        self._files.replace(CHECKPOINT, note.encode())
        self._usable = True


def _recover(files: WritableLogFiles, signer: Signer) -> tuple[Checkpoint, Frontier, list[bytes]]:
    """Return the last checkpoint, the right edge and the entries of the partial bundle."""
    content = files.read(CHECKPOINT)
    if content is None:
        raise BadInput("there is no log here", expected=f"a file {CHECKPOINT!r}")
    checkpoint, _ = open_checkpoint(content, signer.verifier)
    frontier, entries = right_edge(files, checkpoint)
    # Its rename may not have reached the disk when a crash or a failed fsync came between.
    files.replace(CHECKPOINT, content)
    remove_unpublished(files, checkpoint.size, checkpoint.size + MAX_BATCH)
    return checkpoint, frontier, entries


def _bundles(
    first: int, begun: list[bytes], entries: Sequence[bytes]
) -> tuple[dict[str, bytes], list[bytes]]:
    """Return the bundles to write, by path, and the entries of the last one if it is partial."""
    number = full_tiles(0, first)
    waiting = [*begun, *entries]
    bundles: dict[str, bytes] = {}
    for start in range(0, len(waiting), TILE_WIDTH):
        bundle = waiting[start : start + TILE_WIDTH]
        bundles[tile_path(ENTRIES, number + start // TILE_WIDTH, len(bundle))] = join_entries(bundle)
    return bundles, waiting[len(waiting) - len(waiting) % TILE_WIDTH :]


def _signed(checkpoint: Checkpoint, *signers: Signer) -> str:
    return str(sign(str(checkpoint), *signers))

"""What a witness remembers of a log: the last note that it co-signed, which proves itself.

The note carries size and root of the log, the time, and the witness's own signature over all of it: a memory
that is torn, changed, or another key's does not open, and then nothing is co-signed.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from consent.log.checkpoint import Checkpoint, parse_checkpoint
from consent.notes import Verifier, open_note
from productivity.errors import BadInput, FairtaktError


class Place(Protocol):
    """Where one log is remembered. Nobody else reads or writes it while it is held."""

    def read(self) -> bytes | None:
        """Return what was written last, or None if nothing ever was."""
        ...

    def write(self, content: bytes) -> None:
        """Replace what was written. When this returns, it survives a power loss.

        If it raises, or the process dies, `read` gives the old or the new content, never a mixture.
        """
        ...


class MemoryBusy(FairtaktError):
    """Another thread or process holds the same place for too long: it may be copying a large log."""


class Memory(Protocol):
    """Where a witness remembers its logs."""

    def held(self, origin: str) -> AbstractContextManager[Place]:
        """Hold the place of the log named `origin` against every other thread and process.

        Checking a checkpoint and remembering it are one step because both happen in here. `MemoryBusy` if
        another does not let go in time.
        """
        ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """The last checkpoint of a log that was co-signed, and when."""

    checkpoint: Checkpoint
    posix_s: int


def recall(place: Place, origin: str, witness: Verifier) -> Remembered | None:
    """Return what is remembered, None if the log was never seen; `BadInput` if it cannot be believed."""
    content = place.read()
    if content is None:
        return None
    try:
        note = open_note(content, (), required=(witness,))
        checkpoint = parse_checkpoint(note.text)
    except BadInput as error:
        raise BadInput(f"what was remembered cannot be believed: {error}", where="memory") from None
    if checkpoint.origin != origin:
        raise BadInput("memory is of another log", where="memory", expected=repr(origin))
    return Remembered(checkpoint, max(one.posix_s or 0 for one in note.signatures))

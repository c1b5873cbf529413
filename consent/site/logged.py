"""Entries as pages list them: read from the log's files, each held against a checkpoint that was verified."""

from collections.abc import Iterable
from dataclasses import dataclass

from consent.entries.form import Entry, parse_entry
from consent.log.checkpoint import Checkpoint
from consent.log.reader import LogReader
from consent.log.store import LogFiles
from productivity.errors import BadInput

MOST_ENTRIES = 4096
"""Entries read in one go: bounds memory."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry with its number."""

    index: int
    entry: Entry


def read_logged(files: LogFiles, checkpoint: Checkpoint, numbers: Iterable[int]) -> list[Logged]:
    """Return the entries of these numbers, in the same order; neighbours are cheap.

    `BadInput`: the files do not fit the checkpoint, which the caller has verified. Requires at most
    `MOST_ENTRIES` numbers below the checkpoint's size.
    """
    contents = LogReader(files, checkpoint).entries(numbers)
    return [Logged(index, parse_entry(content, f"entry {index}")) for index, content in contents]


def require_few(number: int) -> None:
    """Raise `BadInput` if somebody asks for more entries than are read in one go."""
    if number > MOST_ENTRIES:
        raise BadInput("too many entries at once", expected=f"at most {MOST_ENTRIES}", found=str(number))

"""What the log says about one worker or one consent record, in order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from consent.entries.bodies import (
    ConsentExpired,
    ConsentGiven,
    ConsentRefused,
    ConsentRenewed,
    ConsentRequested,
    ConsentWithdrawn,
)
from consent.entries.form import Entry, parse_entry
from consent.grants.lifecycle import ACTS, GrantAct, GrantState, take
from consent.log.checkpoint import Checkpoint
from consent.log.store import LogFiles
from consent.log.tail import entries_from

About: TypeAlias = (
    ConsentRequested | ConsentGiven | ConsentRenewed | ConsentRefused | ConsentWithdrawn | ConsentExpired
)
"""Everything that the log says about consent."""


@dataclass(frozen=True, slots=True)
class Yes:
    """A worker's yes, and where it stands in the log."""

    index: int
    entry: Entry
    body: ConsentGiven


@dataclass(frozen=True, slots=True)
class History:
    """A consent record: where it stands, what was said, and the entries that led there."""

    record: str
    pseudonym: str
    state: GrantState
    entries: tuple[tuple[int, Entry], ...]
    """Numbers in the log, and entries."""

    @property
    def yes(self) -> Yes | None:
        """The entry with which the worker said yes to this record."""
        for index, entry in self.entries:
            if isinstance(entry.body, ConsentGiven):  # the first is this record's own, a renewal comes later
                return Yes(index, entry, entry.body)
        return None


def entries_about(files: LogFiles, checkpoint: Checkpoint, word: str) -> Iterator[tuple[int, Entry]]:
    """Give the entries in which a pseudonym or a record's id appears.

    Requires a log that the caller has just verified up to `checkpoint` (`consent.site.follower`).
    """
    wanted = word.encode()
    for first, entries in entries_from(files, 0, checkpoint):
        for index, content in enumerate(entries, first):
            if wanted in content:  # most entries are others', and taking each apart would take minutes
                yield index, parse_entry(content, f"entry {index}")


def histories(entries: Iterable[tuple[int, Entry]]) -> dict[str, History]:
    """Return each record that the entries tell of, oldest first; `BadInput` if they do not fit the table."""
    found: dict[str, History] = {}
    for index, entry in entries:
        body = entry.body
        if not isinstance(body, About):
            continue
        if isinstance(body, ConsentRenewed) and body.renews in found:
            found[body.renews] = _next(found[body.renews], GrantAct.RENEW, index, entry)
        known = found.get(body.record) or History(body.record, body.pseudonym, GrantState.NEW, ())
        found[body.record] = _next(known, ACTS[type(body)], index, entry)
    return found


def _next(known: History, act: GrantAct, index: int, entry: Entry) -> History:
    return History(known.record, known.pseudonym, take(known.state, act), (*known.entries, (index, entry)))

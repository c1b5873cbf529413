"""What the vault asks for beside keys: sealed segments, and what the log says of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from consent.entries.bodies import MotionSealed, MotionShredded
from consent.site.logged import Logged
from consent.vault.segment import SealedSegment, SegmentLabel


class SegmentStore(Protocol):
    """Where sealed segments lie. Nobody can read one without its worker's key."""

    def put(self, sealed: SealedSegment) -> None:
        """Keep a segment; it survives a power loss when this returns.

        Keeping the same again changes nothing; `BadInput` if another is there under its number.
        """
        ...

    def get(self, segment: str) -> SealedSegment:
        """Return a segment; `BadInput` if there is none, or if its file is damaged."""
        ...

    def labels(self, *, record: str | None = None, station: str | None = None) -> list[SegmentLabel]:
        """Return the labels of what is here, by segment; only of this record, only of this station."""
        ...

    def erase(self, segment: str) -> None:
        """Remove a segment with its wrapped key; one that is not here is no error. Durable on return."""
        ...


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """That the log says of a segment: its `motion.sealed/1`, its number, and when it was taken in."""

    index: int
    at_ms: int
    body: MotionSealed


class SealedEntries(Protocol):
    """What the log says of segments. Whoever fills it has verified the log (`consent.site.follower`)."""

    def sealed(self, segment: str) -> SealedEntry | None:
        """Return the entry that says that this segment was sealed.

        None if there is none, or if a later one says that it was destroyed.
        """
        ...


class SealedBook:
    """Such entries in memory, some hundred bytes each; filled from a log as it grows."""

    def __init__(self) -> None:
        self._left: dict[str, SealedEntry] = {}
        self._seen: set[str] = set()

    def add(self, entries: Iterable[Logged]) -> None:
        """Take note of what these say, in the order of the log; the first about a segment counts."""
        for logged in entries:
            body = logged.entry.body
            if isinstance(body, MotionSealed) and body.segment not in self._seen:
                self._seen.add(body.segment)
                self._left[body.segment] = SealedEntry(logged.index, logged.entry.at_ms, body)
            elif isinstance(body, MotionShredded):
                for segment in body.segments:
                    self._left.pop(segment, None)

    def sealed(self, segment: str) -> SealedEntry | None:
        """Return the entry that says that this segment was sealed; None as in `SealedEntries`."""
        return self._left.get(segment)

    def left(self) -> tuple[SealedEntry, ...]:
        """Return all whose destruction does not stand in the log, in its order."""
        return tuple(sorted(self._left.values(), key=lambda entry: entry.index))

"""What the log says of uses, withdrawals and destroyed keys: filled as the log grows, without any motion."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import (
    ConsentWithdrawn,
    MotionExported,
    MotionSealed,
    MotionShredded,
    MotionUsed,
)
from consent.entries.vocabulary import ShreddedBecause
from consent.site.logged import Logged


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Segments that cannot be opened any more, as one entry says it."""

    index: int
    at_ms: int
    segments: int
    because: ShreddedBecause


@dataclass(slots=True)
class SaidBook:
    """Such entries in memory. What workers look at themselves is left out: no model can name it."""

    used: dict[str, MotionUsed] = field(default_factory=dict)
    """By use."""
    contents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Hashes of what a use exported."""
    record_of: dict[str, str] = field(default_factory=dict)
    """Under which consent a segment was sealed, whether or not it is still kept."""
    withdrawn: dict[str, int] = field(default_factory=dict)
    """Since when, in UTC milliseconds, by record."""
    destroyed: dict[str, tuple[Destroyed, ...]] = field(default_factory=dict)
    """By record."""

    def add(self, entries: Iterable[Logged]) -> None:
        """Take note of every such entry among these, which come in the order of the log."""
        for one in entries:
            body = one.entry.body
            if isinstance(body, MotionSealed):
                self.record_of.setdefault(body.segment, body.record)
            elif isinstance(body, MotionUsed) and body.purpose is not MotionPurpose.OWN_REVIEW:
                self.used[body.use] = body
            elif isinstance(body, MotionExported):
                self.contents[body.use] = (*self.contents.get(body.use, ()), body.content)
            elif isinstance(body, ConsentWithdrawn):
                self.withdrawn.setdefault(body.record, one.entry.at_ms)
            elif isinstance(body, MotionShredded):
                gone = Destroyed(one.index, one.entry.at_ms, len(body.segments), body.because)
                self.destroyed[body.record] = (*self.destroyed.get(body.record, ()), gone)

    def copy(self) -> "SaidBook":
        """Return a book that does not grow."""
        return SaidBook(
            dict(self.used),
            dict(self.contents),
            dict(self.record_of),
            dict(self.withdrawn),
            dict(self.destroyed),
        )

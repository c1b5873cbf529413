"""What motion there is to use, as totals: hours of stations. No worker, no segment and no number of people.

What may be used is asked of the same rules by which the vault opens it (`consent.vault.standing`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from api.uses.room import MotionRoom
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose
from consent.site.agreements import line_of
from consent.site.state import Grant
from consent.vault.segment import SegmentLabel
from consent.vault.standing import require_usable
from consent.vault.store import SealedEntry
from productivity.errors import BadInput

MOST_SEGMENTS = 1024
"""As many as one entry `motion.used` can name; the rest is for another use."""


@dataclass(frozen=True, slots=True)
class Usable:
    """A segment that may be used now, and the consent under which."""

    label: SegmentLabel
    entry: SealedEntry
    grant: Grant


@dataclass(frozen=True, slots=True)
class StationOffer:
    """What there is of one station."""

    station: str
    span_ms: int


def usable(
    room: MotionRoom,
    purpose: MotionPurpose,
    *,
    stations: Collection[str] | None = None,
    segments: Collection[str] | None = None,
) -> list[Usable]:
    """Return what may be used for a purpose now, oldest first; of some stations or segments only.

    Raises `LogUnusable`.
    """
    found = [
        one
        for one in _all(room, purpose)
        if (stations is None or one.label.station in stations)
        and (segments is None or one.label.segment in segments)
    ]
    return sorted(found, key=lambda one: one.entry.index)


def offer(room: MotionRoom, purpose: MotionPurpose) -> list[StationOffer]:
    """Return how much motion of which station may be used for a purpose now, by name of the station."""
    spans: dict[str, int] = defaultdict(int)
    for one in usable(room, purpose):
        spans[one.label.station] += one.label.span_ms
    return [StationOffer(station, spans[station]) for station in sorted(spans)]


def under_one_agreement(room: MotionRoom, found: list[Usable]) -> tuple[Agreement, list[Usable]]:
    """Return the version of the agreement under which most of it was granted, and what was.

    A use has one price, and a price has one rate card. `BadInput` if there is nothing.
    """
    spans: dict[str, int] = defaultdict(int)
    for one in found:
        spans[one.grant.agreement] += one.label.span_ms
    if not spans:
        raise BadInput(
            "there is no motion that may be used so",
            expected="a station and a purpose that workers have consented to",
        )
    chosen = max(sorted(spans), key=lambda name: spans[name])
    agreement = line_of(room.present().state, chosen).agreement
    return agreement, [one for one in found if one.grant.agreement == chosen][:MOST_SEGMENTS]


def _all(room: MotionRoom, purpose: MotionPurpose) -> Iterator[Usable]:
    book, present = room.book(), room.present()
    for label in room.segments.labels():
        entry = book.sealed(label.segment)
        try:
            grant = require_usable(present.state, label, entry, purpose, present.at_ms)
        except BadInput:
            continue
        assert entry is not None  # noqa: S101  # for the type checker; `require_usable` has asked it
        yield Usable(label, entry, grant)

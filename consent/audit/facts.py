"""What an auditor knows after each entry, from the entries alone.

The plant keeps such a state too (`consent.site`); nothing is shared with it, so that a mistake there is
found here. Grows with keys, agreements, days, grants and motion, not with the log.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from consent.agreement.lifecycle import State
from consent.agreement.schema import Agreement, Campaign, Royalties
from consent.agreement.vocabulary import MotionPurpose, Party, View
from consent.agreement.vocabulary import Role as Viewer
from consent.entries.vocabulary import Account, GapReason, Reason
from consent.keys import Role
from consent.notes import Verifier

LIVE = frozenset({State.ACTIVE, State.SUSPENDED})


@dataclass(slots=True)
class Line:
    """One version of an agreement."""

    agreement: Agreement
    hash: str
    signed_by: frozenset[Party] = frozenset()
    state: State = State.DRAFT
    suspended_at: int | None = None
    """Number of the latest entry that suspended it, or the version before."""
    activated_ms: int | None = None
    ended_ms: int | None = None

    def campaign(self, name: str) -> Campaign | None:
        """Return the campaign of that name."""
        return next((one for one in self.agreement.campaigns if one.name == name), None)


@dataclass(slots=True)
class Session:
    """A recording that has begun."""

    device: str
    key: Verifier | None
    """Of the device; None if it was not enrolled."""
    station: str
    line: Line | None
    campaign: Campaign | None
    started_ms: int
    index: int
    suspended_ms: int | None = None
    """When the log said that it must stop, unless both resume in time."""
    over_ms: int | None = None
    """When the log said that it must stop for good."""

    @property
    def halted_ms(self) -> int | None:
        """When the log first said that it must stop."""
        return min((one for one in (self.suspended_ms, self.over_ms) if one is not None), default=None)


@dataclass(slots=True)
class SetUp:
    """A camera that was opened to set a station up, until an entry closes it or its minutes are over."""

    station: str
    line: Line | None
    index: int
    ends_ms: int
    halted_ms: int | None = None
    """When the log first said that it must be closed."""


@dataclass(slots=True)
class Day:
    """What was recorded at a station on a local day."""

    recorded_ms: int = 0
    permitted_ms: int = 0
    sessions: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    campaigns: set[tuple[str, str, int]] = field(default_factory=set)
    """Name of the campaign, id and version of the agreement."""


@dataclass(slots=True)
class Grant:
    """A worker's consent to motion; `ended_ms` is None while it is in force."""

    pseudonym: str
    key: Verifier
    agreement_id: str
    agreement: str
    stations: tuple[str, ...]
    purposes: frozenset[MotionPurpose]
    until_ms: int
    index: int
    ended_ms: int | None = None
    ended_index: int | None = None
    segments: set[str] = field(default_factory=set)
    """Kept and not yet destroyed."""
    renewed_by: str | None = None


@dataclass(slots=True)
class Use:
    """A use of motion, and what was booked for it."""

    index: int
    at_ms: int
    purpose: MotionPurpose
    royalties: Royalties | None
    workers: frozenset[str]
    booked: Counter[Account] = field(default_factory=Counter)
    bookings: int = 0


@dataclass(slots=True)
class Booking:
    """A share that was booked."""

    use: str
    account: Account
    amount: int
    reversed: bool = False
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the report tells by name: an agreement's step, a key, a device."""

    index: int
    at_ms: int
    type: str
    subject: str
    detail: str = ""
    by: tuple[Party, ...] = ()
    """The parties that signed it."""


@dataclass(slots=True)
class Facts:
    """Everything that the next entry may depend on, and what the report tells."""

    log: str
    """Name of the log; acts must be meant for it."""
    cosigned_ms: Sequence[int] | None = None
    """Times of all co-signatures, in order; None where nobody asked for any."""
    latest_ms: int = 0
    keys: dict[Role, list[Verifier]] = field(default_factory=dict)
    founded: bool = False
    used_keys: set[bytes] = field(default_factory=set)
    """Public halves that ever spoke for a role or a device: none may come back, none may have two roles."""
    retired: set[Verifier] = field(default_factory=set)
    devices: dict[str, Verifier] = field(default_factory=dict)
    revoked: dict[str, Verifier] = field(default_factory=dict)
    acts: set[bytes] = field(default_factory=set)
    """Hashes of the acts about agreements, keys and devices: none counts twice."""
    agreements: dict[str, Line] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    session_ids: set[bytes] = field(default_factory=set)
    completed: set[tuple[str, str, str]] = field(default_factory=set)
    """Agreement id, campaign, station."""
    grants: dict[str, Grant] = field(default_factory=dict)
    requested: dict[str, str] = field(default_factory=dict)
    """Record and pseudonym of consents that were asked for and not yet answered."""
    records: set[bytes] = field(default_factory=set)
    segments: dict[str, str | None] = field(default_factory=dict)
    """Segment and the record it is kept under; None once it was destroyed."""
    uses: dict[str, Use] = field(default_factory=dict)
    bookings: dict[str, Booking] = field(default_factory=dict)
    set_ups: dict[str, SetUp] = field(default_factory=dict)
    """Open ones."""
    set_up_ids: set[bytes] = field(default_factory=set)
    # What only the report tells.
    days: dict[tuple[str, date], Day] = field(default_factory=dict)
    stops: Counter[tuple[str, Reason]] = field(default_factory=Counter)
    events: list[Event] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Entries by type."""
    gaps: Counter[tuple[str, GapReason]] = field(default_factory=Counter)
    views: Counter[tuple[Viewer, View]] = field(default_factory=Counter)
    releases: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Time, smallest group, cells, suppressed cells."""
    paid: Counter[tuple[str, Account]] = field(default_factory=Counter)
    """Booked amounts by currency and account, reversals taken off."""

    def party_keys(self, *parties: Party) -> tuple[Verifier, ...]:
        """Return the keys that speak for these parties now, or for either if none is named."""
        roles = {Party.EMPLOYER: Role.EMPLOYER, Party.COUNCIL: Role.WORKS_COUNCIL}
        return tuple(key for party in parties or Party for key in self.keys.get(roles[party], ()))

    def live(self, station: str) -> Line | None:
        """Return the agreement that is active or suspended at a station."""
        return next(
            (line for line in self.live_lines() if station in line.agreement.stations),
            None,
        )

    def live_lines(self) -> Iterator[Line]:
        """Return the agreements that are active or suspended."""
        return (line for line in self.agreements.values() if line.state in LIVE)

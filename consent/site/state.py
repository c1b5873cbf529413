"""What stands at a site after each entry of its log: keys, agreements, sessions, grants.

A `SiteState` is a value: `consent.site.admission.admit` makes the next one from an entry, or refuses the
entry. The operator admits before it appends, the gate asks the state; the auditor (`consent.audit`) shares
none of this and judges by the entries alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from consent.agreement.lifecycle import State
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose, Party, Purpose
from consent.grants.lifecycle import GrantState
from consent.keys import Role
from consent.notes import Verifier


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One version of an agreement, and where it stands."""

    agreement: Agreement
    hash: str
    signed_by: frozenset[Party]
    state: State
    suspended_at: int | None = None
    """Number of the latest entry that suspended it, or the version before."""
    since_ms: int = 0
    """When the log took in what led to this state."""
    suspensions: frozenset[str] = frozenset()
    """SHA-256 of each act that suspended it: none can be handed in a second time."""
    activated_ms: int | None = None
    """When it came into force; what it permits to see outlives it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A recording of one station that has begun and not ended."""

    id: str
    device: str
    station: str
    agreement: str
    """Hash."""
    campaign: str
    purpose: Purpose
    started_ms: int


@dataclass(frozen=True, slots=True)
class Grant:
    """A worker's consent to motion, as far as the log knows it; only grants that are in force are kept."""

    record: str
    pseudonym: str
    agreement: str
    stations: tuple[str, ...]
    purposes: tuple[MotionPurpose, ...]
    until_ms: int
    key: Verifier
    """The worker's: whoever gave can take back."""


@dataclass(frozen=True, slots=True)
class Request:
    """A worker was asked and has not answered."""

    pseudonym: str
    agreement: str


@dataclass(frozen=True, slots=True)
class SetUp:
    """A set-up session that was opened and not closed."""

    station: str
    agreement: str
    """Hash."""
    until_ms: int


@dataclass(frozen=True, slots=True)
class SiteState:
    """Everything that the next entry may depend on; grows with what is in force, not with the log."""

    log: str
    size: int = 0
    latest_ms: int = 0
    """When the last entry was taken in."""
    keys: Mapping[Role, tuple[Verifier, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Keys that speak for a role now. Not here: devices, and the key that the log began with."""
    former: frozenset[Verifier] = frozenset()
    """Keys that were retired; none comes back."""
    devices: Mapping[str, Verifier] = field(default_factory=lambda: MappingProxyType({}))
    revoked: frozenset[str] = frozenset()
    """Names of devices that record no more."""
    agreements: Mapping[str, AgreementLine] = field(default_factory=lambda: MappingProxyType({}))
    """By hash; ended ones too, a hash is proposed once."""
    sessions: Mapping[str, Session] = field(default_factory=lambda: MappingProxyType({}))
    """Open ones, by id."""
    recorded_ms: Mapping[tuple[str, date], int] = field(default_factory=lambda: MappingProxyType({}))
    """What closed sessions have recorded, by station and local day, of the last days (`minutes.KEPT`)."""
    completed: frozenset[tuple[str, str, str]] = frozenset()
    """Agreement id (all versions), campaign, station: reached their target."""
    grants: Mapping[str, Grant] = field(default_factory=lambda: MappingProxyType({}))
    """In force, by record id."""
    requests: Mapping[str, Request] = field(default_factory=lambda: MappingProxyType({}))
    """Not yet answered, by record id."""
    records: Mapping[str, GrantState] = field(default_factory=lambda: MappingProxyType({}))
    """Where each consent record stands that the log has heard of: none is used twice."""
    renewals: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Which record took a renewed one's place; what was kept under the old one is kept under the new one."""
    set_ups: Mapping[str, SetUp] = field(default_factory=lambda: MappingProxyType({}))
    """Open set-up sessions, by id; those that nobody closed go when the next one is opened."""
    recent: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """What devices signed lately (session ids, SHA-256 of acts), and when: nothing is taken in twice."""

    def line_for(self, station: str) -> AgreementLine | None:
        """Return the agreement that is active or suspended at a station; there is at most one."""
        for line in self.agreements.values():
            if line.state in {State.ACTIVE, State.SUSPENDED} and station in line.agreement.stations:
                return line
        return None

    def parties(self) -> dict[Party, tuple[Verifier, ...]]:
        """Return the keys that speak for each party now."""
        return {
            Party.EMPLOYER: tuple(self.keys.get(Role.EMPLOYER, ())),
            Party.COUNCIL: tuple(self.keys.get(Role.WORKS_COUNCIL, ())),
        }

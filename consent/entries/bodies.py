"""What each type of entry says.

Unknown keys are refused; texts are hashes, identifiers, listed words, names of stations, devices, campaigns.
Workers appear as pseudonyms, contents as hashes or salted commitments: a log cannot forget (GDPR Art. 17).
`TYPES` is the whole list; a change of meaning gets a new number behind the slash, old entries stay legible.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from consent.agreement.schema import Hash, Name, Strict
from consent.agreement.vocabulary import MotionPurpose, Party, Purpose, View
from consent.agreement.vocabulary import Role as Viewer
from consent.entries.limits import SET_UP_MINUTES
from consent.entries.times import utc_ms
from consent.entries.vocabulary import (
    Account,
    Criterion,
    GapReason,
    Reason,
    SetUpClosedBecause,
    ShreddedBecause,
    SuspendedBecause,
)
from consent.keys import Role
from consent.notes import KeyType, Verifier, parse_verifier
from productivity.errors import BadInput


def _key(text: str) -> str:
    try:
        return str(parse_verifier(text))
    except BadInput as error:
        raise ValueError(str(error)) from None


def _instant(text: str) -> str:
    try:
        utc_ms(text)
    except BadInput as error:
        raise ValueError(str(error)) from None
    return text


Instant: TypeAlias = Annotated[str, AfterValidator(_instant)]
Identifier: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""Sixteen random bytes: nothing can be read from it."""
Pseudonym: TypeAlias = Annotated[str, StringConstraints(pattern=r"^w-[0-9a-f]{32}$")]
"""A worker: `w-` and half of the SHA-256 of the public key that the worker's token yields."""
Commitment: TypeAlias = Hash
"""Salted SHA-256; the salt lies elsewhere, and once it is erased the commitment says nothing."""
AnyKey: TypeAlias = Annotated[str, AfterValidator(_key)]
Index: TypeAlias = Annotated[int, Field(strict=True, ge=0)]
Count: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1)]
Currency: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Signature: TypeAlias = Annotated[str, StringConstraints(pattern=r"^— [^\s+]+ [A-Za-z0-9+/]+=*\n$")]
Segments: TypeAlias = Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=1024)]


class AgreementProposed(Strict):
    """The whole agreement: it names offices and stations, and no person."""

    agreement: Hash
    text: str
    """Canonical text (`consent.agreement.form`)."""


class AgreementSigned(Strict):
    """A party's signature over the proposed text, as it stands in the signed note."""

    agreement: Hash
    by: Party
    signature: Signature


class AgreementActivated(Strict):
    """In force from here on. If it supersedes another, that one has ended."""

    agreement: Hash


class AgreementSuspended(Strict):
    """Nothing may be recorded from here on. Signed by one party, or by nobody if a trigger did it."""

    agreement: Hash
    because: SuspendedBecause = SuspendedBecause.DECISION


class AgreementResumed(Strict):
    """In force again; signed by both."""

    agreement: Hash
    lifts: Index
    """Number of the latest entry that suspended it: a resumption cannot lift a later suspension."""


class AgreementEnded(Strict):
    """Over for good."""

    agreement: Hash


class RecordingStarted(Strict):
    """A session begins; logged before the first picture is looked at."""

    session: Identifier
    device: Name
    station: Name
    agreement: Hash
    campaign: Name
    purpose: Purpose
    configuration: Hash
    """SHA-256 of the station file."""


class RecordingStopped(Strict):
    """A session is over."""

    session: Identifier
    reason: Reason
    recorded_ms: Count
    """Time that was recorded; a file may hold more of it than its session lasted."""


class RecordingConfigured(Strict):
    """The station file changed."""

    session: Identifier
    configuration: Hash


class RecordingCompleted(Strict):
    """The campaign has reached its target at this station, and ends there."""

    agreement: Hash
    campaign: Name
    station: Name
    criterion: Criterion


def pseudonym_of(key: Verifier) -> str:
    """Return the pseudonym that a worker's key makes."""
    return f"w-{hashlib.sha256(key.public).hexdigest()[:32]}"


def _require_own_key(pseudonym: str, key: str) -> None:
    verifier = parse_verifier(key)
    if verifier.type is not KeyType.ED25519 or not pseudonym == verifier.name == pseudonym_of(verifier):
        raise ValueError("expected the key that the pseudonym is made from")


class ConsentRequested(Strict):
    """A worker was asked."""

    pseudonym: Pseudonym
    record: Identifier
    agreement: Hash


class ConsentGiven(Strict):
    """A worker opts in; signed with the key that the pseudonym stands for."""

    pseudonym: Pseudonym
    key: AnyKey
    """The pseudonym is its name, and made from its public half; `consent.withdrawn` is signed with it too."""
    record: Identifier
    agreement: Hash
    stations: Annotated[tuple[Name, ...], Field(min_length=1, max_length=256)]
    purposes: Annotated[tuple[MotionPurpose, ...], Field(min_length=1)]
    until: Instant
    commitment: Commitment
    """To the consent record (ISO/IEC TS 27560)."""

    @model_validator(mode="after")
    def _is_the_workers(self) -> "ConsentGiven":
        _require_own_key(self.pseudonym, self.key)
        return self


class ConsentRenewed(ConsentGiven):
    """The same worker prolongs or changes an earlier grant, which ends with it."""

    renews: Identifier


class ConsentRefused(Strict):
    """A worker says no; signed like a yes."""

    pseudonym: Pseudonym
    key: AnyKey
    record: Identifier

    @model_validator(mode="after")
    def _is_the_workers(self) -> "ConsentRefused":
        _require_own_key(self.pseudonym, self.key)
        return self


class ConsentWithdrawn(Strict):
    """A worker takes consent back; signed by the worker, or by a party on the worker's word."""

    pseudonym: Pseudonym
    record: Identifier


class ConsentExpired(Strict):
    """The day that the grant named has come."""

    pseudonym: Pseudonym
    record: Identifier


class MotionSealed(Strict):
    """Motion of one worker was encrypted and kept."""

    segment: Identifier
    session: Identifier
    record: Identifier
    span_ms: Count
    commitment: Commitment
    """To the segment's key."""


class MotionUsed(Strict):
    """A use of motion; logged before its keys are released."""

    use: Identifier
    segments: Segments
    purpose: MotionPurpose
    licensee: Name | None = None
    terms: Hash


class MotionExported(Strict):
    """What a use produced."""

    use: Identifier
    content: Hash


class MotionShredded(Strict):
    """Keys were destroyed; the motion cannot be opened any more."""

    record: Identifier
    segments: Segments
    because: ShreddedBecause


class RoyaltyAccrued(Strict):
    """A share of a use's price, booked."""

    booking: Identifier
    use: Identifier
    account: Account
    pseudonym: Pseudonym | None = None
    amount: Count
    """Minor units of the currency."""
    currency: Currency

    @model_validator(mode="after")
    def _names_a_worker(self) -> "RoyaltyAccrued":
        if (self.account is Account.WORKER) != (self.pseudonym is not None):
            raise ValueError("expected a pseudonym for a worker's account and for no other")
        return self


class RoyaltyPaid(Strict):
    """Bookings were paid out."""

    payout: Identifier
    bookings: Segments
    commitment: Commitment


class RoyaltyCorrected(Strict):
    """A booking is reversed as a whole; what is right is booked anew."""

    booking: Identifier
    reverses: Identifier


class ReleasePublished(Strict):
    """A table or report left the circle of those who may see timelines."""

    release: Identifier
    agreement: Hash
    content: Hash
    smallest_group: Count
    """People behind the smallest cell that is shown."""
    cells: Count
    suppressed: Count


class AccessViewed(Strict):
    """Somebody looked at something."""

    role: Viewer
    who: Commitment
    """To the account."""
    view: View
    station: Name | None = None


class SetUpOpened(Strict):
    """A camera may be opened to set a station up; logged before the first picture."""

    session: Identifier
    role: Viewer
    who: Commitment
    """To the account."""
    station: Name
    agreement: Hash
    """The one that permits it."""
    minutes: Annotated[int, Field(strict=True, ge=1, le=SET_UP_MINUTES)]
    """Then it is over, whether or not an entry says so."""


class SetUpClosed(Strict):
    """The camera is closed."""

    session: Identifier
    because: SetUpClosedBecause


class KeyAdded(Strict):
    """A key speaks for a role from here on. The founding keys come first and are signed by nobody."""

    role: Role
    key: AnyKey
    replaces: AnyKey | None = None

    @model_validator(mode="after")
    def _fits_its_role(self) -> "KeyAdded":
        if self.role is Role.DEVICE:
            raise ValueError("expected device.enrolled for a device's key")
        if parse_verifier(self.key).type is not self.role.key_type:
            raise ValueError(f"expected a key of the type that a {self.role} needs")
        return self


class KeyRetired(Strict):
    """A key speaks for nobody from here on."""

    role: Role
    key: AnyKey


class DeviceEnrolled(Strict):
    """A recorder and its key."""

    device: Name
    key: AnyKey

    @model_validator(mode="after")
    def _signs_texts(self) -> "DeviceEnrolled":
        if parse_verifier(self.key).type is not KeyType.ED25519:
            raise ValueError("expected a key of the type that a device needs")
        return self


class DeviceRevoked(Strict):
    """A recorder that records no more."""

    device: Name


class DeviceGap(Strict):
    """Something about a device's health that an auditor wants to know."""

    device: Name
    since: Instant
    reason: GapReason


Body: TypeAlias = Strict

TYPES: Mapping[str, type[Strict]] = MappingProxyType(
    {
        "agreement.proposed/1": AgreementProposed,
        "agreement.signed/1": AgreementSigned,
        "agreement.activated/1": AgreementActivated,
        "agreement.suspended/1": AgreementSuspended,
        "agreement.resumed/1": AgreementResumed,
        "agreement.ended/1": AgreementEnded,
        "recording.started/1": RecordingStarted,
        "recording.stopped/1": RecordingStopped,
        "recording.configured/1": RecordingConfigured,
        "recording.completed/1": RecordingCompleted,
        "consent.requested/1": ConsentRequested,
        "consent.given/1": ConsentGiven,
        "consent.renewed/1": ConsentRenewed,
        "consent.refused/1": ConsentRefused,
        "consent.withdrawn/1": ConsentWithdrawn,
        "consent.expired/1": ConsentExpired,
        "motion.sealed/1": MotionSealed,
        "motion.used/1": MotionUsed,
        "motion.exported/1": MotionExported,
        "motion.shredded/1": MotionShredded,
        "royalty.accrued/1": RoyaltyAccrued,
        "royalty.paid/1": RoyaltyPaid,
        "royalty.corrected/1": RoyaltyCorrected,
        "release.published/1": ReleasePublished,
        "access.viewed/1": AccessViewed,
        "setup.opened/1": SetUpOpened,
        "setup.closed/1": SetUpClosed,
        "key.added/1": KeyAdded,
        "key.retired/1": KeyRetired,
        "device.enrolled/1": DeviceEnrolled,
        "device.revoked/1": DeviceRevoked,
        "device.gap/1": DeviceGap,
    }
)
"""Every type of entry, by its name and version."""

NAMES: Mapping[type[Strict], str] = MappingProxyType({body: name for name, body in TYPES.items()})

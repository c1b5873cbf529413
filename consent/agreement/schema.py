"""The works agreement as validated, frozen data. Unknown keys are refused, and nothing is guessed.

All numbers are integers, so that the canonical form needs no fractions. Days are calendar days in the
site's time zone; "last day" is included, as people say it. What stands here is what can be said; whether it
may be agreed is judged by `consent.agreement.check`, which has a reason for each refusal.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal, NoReturn, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from consent.agreement.calendar import load_zone
from consent.agreement.vocabulary import (
    MotionPurpose,
    Party,
    Prohibition,
    Purpose,
    Role,
    RoyaltyUnit,
    Trigger,
    View,
)
from consent.notes import KeyType, Verifier, parse_verifier
from productivity.errors import BadInput
from productivity.states import RESERVED_STATES

KIND = "works agreement 1"
"""The first key of the file; a signature can therefore not be taken for one of another kind of text."""

Item = TypeVar("Item")


def _readable(text: str) -> str:
    """Return text of one line; refuse what a reader does not see, so that what is signed is what is read."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text or not text.isprintable():
        raise ValueError("expected readable text without hidden characters")
    return text


def _day(value: object) -> object:
    # Left to itself, pydantic takes numbers for POSIX times and instants for days.
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if not is_day and not (isinstance(value, str) and len(value) == len("2027-03-01")):
        raise ValueError("expected a day such as 2027-03-01")
    return value


def _verifier_key(text: str) -> str:
    try:
        verifier = parse_verifier(text)
    except BadInput as error:
        raise ValueError(str(error)) from None
    if verifier.type is not KeyType.ED25519:
        raise ValueError("expected an Ed25519 key that signs notes, found one that co-signs checkpoints")
    return str(verifier)


def _time_zone(text: str) -> str:
    try:
        load_zone(text)
    except BadInput as error:
        raise ValueError(str(error)) from None
    return text


def _once(items: tuple[Item, ...]) -> tuple[Item, ...]:
    if len(set(items)) < len(items):
        raise ValueError("expected each entry once, found one again")
    return items


def _whole(low: int, high: int) -> object:
    return Field(strict=True, ge=low, le=high)


Readable: TypeAlias = Annotated[str, AfterValidator(_readable)]
Name: TypeAlias = Annotated[Readable, Field(max_length=80)]
Names: TypeAlias = Annotated[tuple[Name, ...], Field(min_length=1, max_length=256), AfterValidator(_once)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
TimeZone: TypeAlias = Annotated[str, AfterValidator(_time_zone)]
Key: TypeAlias = Annotated[str, AfterValidator(_verifier_key)]
Hash: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Percent: TypeAlias = Annotated[int, _whole(1, 100)]
RetentionDays: TypeAlias = Annotated[int, _whole(1, 36_500)]
Amount: TypeAlias = Annotated[int, _whole(0, 10**12)]
Positive: TypeAlias = Annotated[int, _whole(1, 10**6)]
Minutes: TypeAlias = Annotated[int, _whole(1, 24 * 60)]


class Strict(BaseModel):
    """A model that refuses unknown keys and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Strict):
    """A text that people wrote, in both languages; nobody translates it afterwards."""

    de: Annotated[Readable, Field(max_length=4000)]
    en: Annotated[Readable, Field(max_length=4000)]


class Signatory(Strict):
    """A party: an office, not a person. A draft may lack the key."""

    name: Name
    key: Key | None = None


class Parties(Strict):
    """Both sides; they must hold different keys."""

    employer: Signatory
    works_council: Signatory

    def of(self, party: Party) -> Signatory:
        """Return one side."""
        return self.employer if party is Party.EMPLOYER else self.works_council

    @model_validator(mode="after")
    def _are_two(self) -> "Parties":
        if self.employer.key is not None and _public(self.employer.key) == _public(self.works_council.key):
            raise ValueError("expected two different keys, found one key for both")
        return self


class Period(Strict):
    """Calendar days, both included; without a last day it has no end."""

    first_day: Day
    last_day: Day | None = None

    @model_validator(mode="after")
    def _has_order(self) -> "Period":
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("expected a last day that is not before the first day")
        return self

    def covers(self, other: "Period") -> bool:
        """Tell whether every day of the other period is one of this period."""
        starts = self.first_day <= other.first_day
        return starts and (
            self.last_day is None or (other.last_day is not None and other.last_day <= self.last_day)
        )


class Target(Strict):
    """When a campaign has seen enough, and ends by itself; the first that is reached."""

    accuracy_percent: Percent | None = None
    """Half-width of the 95 % confidence interval (eq. 2), in percent of the mean."""
    cycles: Positive | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Target":
        if self.accuracy_percent is None and self.cycles is None:
            raise ValueError("expected accuracy_percent, cycles or both, found none")
        return self


class Campaign(Period):
    """When, where and how long recording may take place."""

    name: Name
    stations: Names
    minutes_per_day: Minutes
    """At each station."""
    enough: Target | None = None


class Retention(Strict):
    """How long data is kept, in days."""

    intervals_days: RetentionDays
    """State intervals, counted from their recording."""
    aggregates_days: RetentionDays
    """Released tables and reports."""


class Motion(Strict):
    """Whether workers may opt in to keeping motion, and within which limits."""

    permitted: Annotated[bool, Field(strict=True)] = False
    stations: Annotated[tuple[Name, ...], AfterValidator(_once)] = ()
    purposes: Annotated[tuple[MotionPurpose, ...], AfterValidator(_once)] = ()
    retention_days: RetentionDays | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Motion":
        if self.permitted:
            for field in ("stations", "purposes"):
                if not getattr(self, field):
                    raise ValueError(f"expected at least one of {field}, as motion is permitted, found none")
        elif self.stations or self.purposes or self.retention_days is not None:
            raise ValueError("expected nothing but permitted: false, as motion is not permitted")
        return self


class Rate(Strict):
    """One line of the rate card."""

    purpose: MotionPurpose
    unit: RoyaltyUnit
    amount: Amount
    """Minor units of the currency per unit; for a share of revenue, hundredths of a percent."""

    @model_validator(mode="after")
    def _is_possible(self) -> "Rate":
        if self.unit is RoyaltyUnit.REVENUE_SHARE and self.amount > 100_00:
            raise ValueError("expected an amount of at most 10000 hundredths of a percent")
        return self


class Royalties(Strict):
    """What is paid when motion is used, and to whom. The plant's share is the rest."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO 4217."""
    rate_card: Annotated[tuple[Rate, ...], Field(min_length=1, max_length=64)]
    worker_share_percent: Percent
    collective_share_percent: Annotated[int, _whole(0, 100)]
    payout_threshold: Amount
    """Minor units; less carries over to the next payout."""

    @model_validator(mode="after")
    def _adds_up(self) -> "Royalties":
        if self.worker_share_percent + self.collective_share_percent > 100:
            raise ValueError("expected shares of at most 100 percent together")
        lines = [(rate.purpose, rate.unit) for rate in self.rate_card]
        if len(set(lines)) < len(lines):
            raise ValueError("expected one rate per purpose and unit, found a second one")
        return self


class Access(Strict):
    """What a role may see; roles that are not listed see nothing."""

    role: Role
    may_see: Annotated[tuple[View, ...], Field(min_length=1), AfterValidator(_once)]


class Suspension(Strict):
    """What stops recording. Each party can always suspend alone; that need not be agreed."""

    witness_away_minutes: Annotated[int, _whole(0, 7 * 24 * 60)]
    """How long recording goes on while the council's witness does not co-sign the log."""
    triggers: Annotated[tuple[Trigger, ...], AfterValidator(_once)] = ()


class Agreement(Strict):
    """A works agreement, one version of it."""

    fairtakt: Literal["works agreement 1"]
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=64)]
    version: Positive
    supersedes: Hash | None = None
    """Hash of the version before."""
    site: Name
    time_zone: TimeZone
    """Of the site; all days and times of day are meant in it."""
    parties: Parties
    validity: Period
    stations: Names
    states: Names
    """Worker states that may be recorded; *unknown* and *not recorded* are always possible."""
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1), AfterValidator(_once)]
    prohibited: Annotated[tuple[Prohibition, ...], AfterValidator(_once)] = ()
    necessity: Bilingual | None = None
    """Why a milder means does not serve the purpose."""
    notice_on: Day | None = None
    """The day on which the workers are informed."""
    shift_minutes: Minutes
    """Paid time of a shift, the measure for `minutes_per_day`."""
    campaigns: Annotated[tuple[Campaign, ...], Field(min_length=1, max_length=256)]
    minimum_group: Positive = 7
    """Fewest people behind any figure that is released: k."""
    time_resolution_s: Annotated[int, _whole(1, 24 * 3600)]
    """To what the start of an interval is rounded before it leaves the device."""
    retention: Retention
    motion: Motion = Motion()
    royalties: Royalties | None = None
    access: Annotated[tuple[Access, ...], Field(min_length=1)]
    suspension: Suspension

    @model_validator(mode="after")
    def _fits_together(self) -> "Agreement":
        if (self.version == 1) != (self.supersedes is None):
            refuse(("supersedes",), "expected the hash of the version before, and none for version 1")
        for index, state in enumerate(self.states):
            if state in RESERVED_STATES:
                refuse(("states", index), f"expected another name, {state!r} is always possible")
        names = [campaign.name for campaign in self.campaigns]
        for index, campaign in enumerate(self.campaigns):
            place = ("campaigns", index)
            if campaign.name in names[:index]:
                refuse((*place, "name"), "expected each name once, found one again")
            _require_known((*place, "stations"), campaign.stations, self.stations)
            # A campaign without an end is left to `check`, which has a better reason to refuse it.
            if not self.validity.covers(campaign) and campaign.last_day is not None:
                refuse(place, "expected days within the validity of the agreement")
        _require_known(("motion", "stations"), self.motion.stations, self.stations)
        if len({access.role for access in self.access}) < len(self.access):
            refuse(("access",), "expected each role once, found one again")
        return self

    def verifier(self, party: Party) -> Verifier | None:
        """Return a party's key, if the agreement names one."""
        key = self.parties.of(party).key
        return None if key is None else parse_verifier(key)


def refuse(place: tuple[int | str, ...], text: str) -> NoReturn:
    """Refuse at a `place` counted from the whole agreement; readers of files turn it into a line."""
    raise PydanticCustomError("document", "{text}", {"text": text, "place": place})


def _require_known(place: tuple[int | str, ...], names: Iterable[str], known: tuple[str, ...]) -> None:
    for index, name in enumerate(names):
        if name not in known:
            refuse((*place, index), f"expected a station of the agreement, found {name!r}")


def _public(key: str | None) -> bytes | None:
    return None if key is None else parse_verifier(key).public

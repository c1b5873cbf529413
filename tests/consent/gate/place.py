"""A site where everything is permitted at noon; tests break one thing of it."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.agreement.form import agreement_hash
from consent.agreement.lifecycle import State
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose, Party, Purpose
from consent.gate.decision import Ask, Knowledge
from consent.keys import Role
from consent.notes import KeyType, Signer
from consent.site.state import AgreementLine, Grant, Session, SiteState


def ms(text):
    """Local time in Berlin in winter, `2027-03-01 12:00`, in UTC milliseconds."""
    moment = datetime.fromisoformat(f"{text}+01:00").astimezone(UTC)
    return round(moment.timestamp() * 1000)


NOON = ms("2027-03-03 12:00")
MINUTE = 60_000


def key_of(name, type_=KeyType.ED25519):
    return Signer(name, type_, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


DEVICE = key_of("plant.example/device").verifier
DOCUMENT = {
    "fairtakt": "works agreement 1",
    "id": "study",
    "version": 1,
    "site": "hall 2",
    "time_zone": "Europe/Berlin",
    "parties": {
        "employer": {"name": "management", "key": str(key_of("plant.example/employer").verifier)},
        "works_council": {"name": "council", "key": str(key_of("plant.example/council").verifier)},
    },
    "validity": {"first_day": "2027-02-15", "last_day": "2027-05-31"},
    "stations": ["bench", "press"],
    "states": ["assembly", "waiting"],
    "purposes": ["state durations"],
    "prohibited": ["performance evaluation of persons"],
    "notice_on": "2027-02-15",
    "shift_minutes": 450,
    "campaigns": [
        {
            "name": "first",
            "stations": ["bench"],
            "first_day": "2027-03-01",
            "last_day": "2027-03-12",
            "minutes_per_day": 120,
            "enough": {"cycles": 400},
        },
        {
            "name": "second",
            "stations": ["bench"],
            "first_day": "2027-03-10",
            "last_day": "2027-03-19",
            "minutes_per_day": 60,
        },
    ],
    "time_resolution_s": 900,
    "retention": {"intervals_days": 14, "aggregates_days": 365},
    "motion": {
        "permitted": True,
        "stations": ["bench"],
        "purposes": ["training of the plant's models", "retention for own review"],
        "retention_days": 90,
    },
    "access": [{"role": "worker", "may_see": ["station timelines"]}],
    "suspension": {"witness_away_minutes": 30},
}


def agreement_of(**changes):
    return Agreement.model_validate({**DOCUMENT, **changes})


def line_of(agreement, state=State.ACTIVE):
    return AgreementLine(agreement, agreement_hash(agreement), frozenset(Party), state)


@dataclass
class Place:
    """State, question and knowledge; tests change one and ask."""

    line: AgreementLine = field(default_factory=lambda: line_of(agreement_of()))
    state: SiteState = field(init=False)
    ask: Ask = field(init=False)
    known: Knowledge = field(init=False)

    def __post_init__(self):
        self.ask = Ask("bench", Purpose.STATE_DURATIONS, frozenset({"assembly"}), DEVICE, NOON, "a" * 32)
        self.known = Knowledge(read_ms=NOON - 100, cosigned_ms=NOON - 10_000)
        self.state = SiteState(
            "log.example",
            size=9,
            latest_ms=NOON - 20 * MINUTE,
            keys=MappingProxyType({Role.WITNESS: (key_of("w", KeyType.COSIGNATURE).verifier,)}),
            devices=MappingProxyType({"camera one": DEVICE}),
            agreements=MappingProxyType({self.line.hash: self.line}),
            sessions=MappingProxyType({"a" * 32: self.session()}),
        )

    def session(self, started_ms=NOON - 20 * MINUTE, **changes):
        session = Session(
            "a" * 32,
            "camera one",
            "bench",
            self.line.hash,
            "first",
            Purpose.STATE_DURATIONS,
            started_ms,
        )
        return replace(session, **changes)

    def grant(self, **changes):
        grant = Grant(
            "b" * 32,
            "w-" + "0" * 32,
            self.line.hash,
            ("bench",),
            (MotionPurpose.PLANT_TRAINING,),
            NOON + 5_000,
            DEVICE,
        )
        return replace(grant, **changes)

    def set(self, **changes):
        """Change the state."""
        frozen = {
            name: MappingProxyType(value) if isinstance(value, dict) else value
            for name, value in changes.items()
        }
        self.state = replace(self.state, **frozen)
        return self

    def asks(self, **changes):
        self.ask = replace(self.ask, **changes)
        return self

    def knows(self, **changes):
        self.known = replace(self.known, **changes)
        return self

    def agreed(self, state=State.ACTIVE, **changes):
        """Put another agreement in the place of the first."""
        self.line = line_of(agreement_of(**changes), state)
        sessions = {key: replace(one, agreement=self.line.hash) for key, one in self.state.sessions.items()}
        return self.set(agreements={self.line.hash: self.line}, sessions=sessions)

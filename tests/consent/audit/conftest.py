"""A log that is written entry by entry, by whoever may: a clean story, and the means to spoil it."""

import hashlib
import json
import sys
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from capture.yaml_document import parse_document
from consent.agreement.form import agreement_hash, canonical_text
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose, Party, Purpose, View
from consent.agreement.vocabulary import Role as Viewer
from consent.audit.audit import audit
from consent.audit.policy import parse_policy
from consent.audit.rules.times import Seen
from consent.entries import bodies
from consent.entries.bodies import pseudonym_of
from consent.entries.form import Entry, sign_act
from consent.entries.times import utc_ms, utc_text
from consent.entries.vocabulary import Account, Criterion, Reason, ShreddedBecause
from consent.keys import Role
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, Signer, cosign, parse_note, sign

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "agreement" / "agreement.yaml"
LOG = "plant.example/log"
BENCH = "assembly bench"
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000


def key(name, type_=KeyType.ED25519):
    return Signer(name, type_, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


LOG_KEY = key(LOG)
EMPLOYER = key("plant.example/employer")
COUNCIL = key("plant.example/council")
WITNESS = key("council.example/witness", KeyType.COSIGNATURE)
DEVICE = key("plant.example/bench-camera")
STRANGER = key("stranger.example/key")

POLICY = (
    f"log {LOG_KEY.verifier}\nwitness council {WITNESS.verifier}\nquorum council\n"
    f"employer {EMPLOYER.verifier}\nworks-council {COUNCIL.verifier}\n"
)


def worker(name):
    """A worker's key, named as the pseudonym that it makes."""
    secret = key(name)
    return Signer(pseudonym_of(secret.verifier), KeyType.ED25519, secret.private)


def identifier(name):
    return hashlib.sha256(name.encode()).hexdigest()[:32]


@cache
def example():
    """Read the example agreement, with both keys filled in; once, YAML takes its time."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for signer in (EMPLOYER, COUNCIL):
        text = text.replace("key: null", f"key: {signer.verifier}", 1)
    return parse_document(text, "example", Agreement, "works agreement")


@dataclass
class Story:
    """What a plant writes into its log, one line per act; time passes by `wait`."""

    now_ms: int = utc_ms("2027-02-10T08:00:00.000Z")
    entries: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    agreement: Agreement = None
    witness_comes: bool = True

    def __post_init__(self):
        if self.agreement is None:
            self.agreement = example()

    @property
    def hash(self):
        return agreement_hash(self.agreement)

    # Ways to write an entry.

    def own(self, body, at_ms=None):
        self.now_ms += SECOND
        self.entries.append(Entry(self.now_ms if at_ms is None else at_ms, body))
        return self

    def act(self, body, *signers, signed_ms=None, at_ms=None, log=LOG):
        self.now_ms += SECOND
        act = sign_act(body, log, self.now_ms - 200 if signed_ms is None else signed_ms, *signers)
        self.entries.append(Entry(self.now_ms if at_ms is None else at_ms, body, act))
        return self

    def wait(self, ms):
        """Let time pass; the witness comes by every hour."""
        end_ms = self.now_ms + ms
        while self.witness_comes and self.now_ms + HOUR < end_ms:
            self.now_ms += HOUR
            if self.entries:
                self.cosign()
        self.now_ms = end_ms
        return self

    def until(self, text):
        return self.wait(utc_ms(text) - self.now_ms)

    def cosign(self):
        self.seen.append(Seen(len(self.entries), self.now_ms // 1000 * 1000))
        return self

    # Acts of the story.

    def found(self):
        for role, signer in (
            (Role.EMPLOYER, EMPLOYER),
            (Role.WORKS_COUNCIL, COUNCIL),
            (Role.WITNESS, WITNESS),
        ):
            self.own(bodies.KeyAdded(role=role, key=str(signer.verifier)))
        return self.act(bodies.DeviceEnrolled(device="camera 1", key=str(DEVICE.verifier)), EMPLOYER)

    def propose(self):
        return self.own(bodies.AgreementProposed(agreement=self.hash, text=canonical_text(self.agreement)))

    def sign(self, party=Party.EMPLOYER, signer=None):
        signer = signer or {Party.EMPLOYER: EMPLOYER, Party.COUNCIL: COUNCIL}[party]
        line = str(sign(canonical_text(self.agreement), signer).signatures[0])
        return self.own(bodies.AgreementSigned(agreement=self.hash, by=party, signature=line))

    def activate(self, *signers):
        return self.act(bodies.AgreementActivated(agreement=self.hash), *(signers or (COUNCIL,)))

    def agree(self):
        return self.propose().sign(Party.EMPLOYER).sign(Party.COUNCIL).activate()

    def start(self, session, **changes):
        signer = changes.pop("signer", DEVICE)
        signed_ms = changes.pop("signed_ms", None)
        body = bodies.RecordingStarted(
            **{
                "session": identifier(session),
                "device": "camera 1",
                "station": BENCH,
                "agreement": self.hash,
                "campaign": "assembly",
                "purpose": Purpose.STATE_DURATIONS,
                "configuration": "0" * 64,
            }
            | changes
        )
        return self.act(body, signer, signed_ms=signed_ms)

    def stop(self, session, reason=Reason.OPERATOR, recorded_ms=0, signer=DEVICE, **when):
        body = bodies.RecordingStopped(session=identifier(session), reason=reason, recorded_ms=recorded_ms)
        return self.act(body, signer, **when)

    def suspend(self, *signers):
        return self.act(bodies.AgreementSuspended(agreement=self.hash), *(signers or (COUNCIL,)))

    def resume(self, *signers, lifts=None):
        if lifts is None:
            lifts = max(
                index
                for index, entry in enumerate(self.entries)
                if isinstance(entry.body, bodies.AgreementSuspended)
            )
        body = bodies.AgreementResumed(agreement=self.hash, lifts=lifts)
        return self.act(body, *(signers or (EMPLOYER, COUNCIL)))

    def end(self):
        return self.act(bodies.AgreementEnded(agreement=self.hash), COUNCIL)

    def complete(self, campaign="assembly"):
        body = bodies.RecordingCompleted(
            agreement=self.hash, campaign=campaign, station=BENCH, criterion=Criterion.CYCLES
        )
        return self.act(body, DEVICE)

    def ask(self, record, name="anna"):
        body = bodies.ConsentRequested(
            pseudonym=worker(name).name, record=identifier(record), agreement=self.hash
        )
        return self.act(body, EMPLOYER)

    def give(self, record, name="anna", signer=None, **changes):
        own = worker(name)
        kind = bodies.ConsentRenewed if "renews" in changes else bodies.ConsentGiven
        body = kind(
            **{
                "pseudonym": own.name,
                "key": str(own.verifier),
                "record": identifier(record),
                "agreement": self.hash,
                "stations": (BENCH,),
                "purposes": (MotionPurpose.OWN_REVIEW, MotionPurpose.PLANT_TRAINING),
                "until": utc_text(self.now_ms + 30 * DAY),
                "commitment": "0" * 64,
            }
            | changes
        )
        return self.act(body, signer or own)

    def withdraw(self, record, name="anna", signer=None):
        own = worker(name)
        body = bodies.ConsentWithdrawn(pseudonym=own.name, record=identifier(record))
        return self.act(body, signer or own)

    def seal(self, segment, session, record):
        body = bodies.MotionSealed(
            segment=identifier(segment),
            session=identifier(session),
            record=identifier(record),
            span_ms=60_000,
            commitment="0" * 64,
        )
        return self.act(body, DEVICE)

    def use(self, use, *segments, purpose=MotionPurpose.PLANT_TRAINING):
        return self.own(
            bodies.MotionUsed(
                use=identifier(use),
                segments=tuple(map(identifier, segments)),
                purpose=purpose,
                terms="0" * 64,
            )
        )

    def book(self, use, worker_amount=700, collective=200, plant=100):
        amounts = {Account.WORKER: worker_amount, Account.COLLECTIVE: collective, Account.PLANT: plant}
        for account, amount in amounts.items():
            self.book_one(use, account, amount, f"{use} {account}")
        return self

    def book_one(self, use, account, amount, booking, name="anna", currency="EUR"):
        body = bodies.RoyaltyAccrued(
            booking=identifier(booking),
            use=identifier(use),
            account=account,
            pseudonym=worker(name).name if account == Account.WORKER else None,
            amount=amount,
            currency=currency,
        )
        return self.own(body)

    def shred(self, record, *segments):
        return self.own(
            bodies.MotionShredded(
                record=identifier(record),
                segments=tuple(map(identifier, segments)),
                because=ShreddedBecause.WITHDRAWN,
            )
        )

    def release(self, smallest_group=7, cells=12, suppressed=2):
        return self.own(
            bodies.ReleasePublished(
                release=identifier(f"release {len(self.entries)}"),
                agreement=self.hash,
                content="0" * 64,
                smallest_group=smallest_group,
                cells=cells,
                suppressed=suppressed,
            )
        )

    def view(self, role=Viewer.ENGINEER, view=View.TIMELINES, station=BENCH):
        return self.own(bodies.AccessViewed(role=role, who="0" * 64, view=view, station=station))

    def version(self, **changes):
        """Go on with the next version of the agreement."""
        document = json.loads(canonical_text(self.agreement))
        document |= {"version": self.agreement.version + 1, "supersedes": self.hash}
        for place, value in changes.items():
            document[place] = value
        self.agreement = Agreement.model_validate(document)
        return self

    # The judgement.

    def audit(self, **options):
        options = {"cosigned": self.seen, "policy": parse_policy(POLICY.encode(), "policy")} | options
        policy = options.pop("policy")
        return audit(((index, bytes(entry)) for index, entry in enumerate(self.entries)), policy, **options)

    def log(self, files, signer=LOG_KEY, cosigned=True):
        """Write the story into a log, batch by batch as the witness came by; return the co-signed notes."""
        create_log(files, signer)
        writer, notes, written = LogWriter(files, signer), {}, 0
        encoded = [bytes(entry) for entry in self.entries]
        note = ""
        for seen in sorted(self.seen):
            if seen.size > written:
                note = writer.append(encoded[written : seen.size]).note
                written = seen.size
            posix_s = seen.at_ms // 1000
            signed = str(cosign(parse_note(note), WITNESS, posix_s))
            notes[f"cosigned/{seen.size}.{posix_s}"] = signed.encode()
            if cosigned:
                writer.publish_cosigned(signed)
        if written < len(encoded):
            writer.append(encoded[written:])
        return notes if cosigned else {}

    def redated(self, index, at_ms):
        """Give one entry another time of logging."""
        self.entries[index] = replace(self.entries[index], at_ms=at_ms)
        return self


def ready(at="2027-03-01T07:00:00.000Z"):
    """An agreement in force, by default on the first day of its campaign, and the witness at work."""
    return Story().found().agree().until(at).cosign()


def whole_story():
    """Tell of each family: recorded, suspended, resumed; motion kept, used, paid, withdrawn; released."""
    story = ready()
    story.start("morning").wait(20 * MINUTE).suspend().stop("morning", Reason.SUSPENDED)
    story.wait(10 * MINUTE).resume()
    story.ask("grant").give("grant")
    story.start("noon").wait(5 * MINUTE).seal("first", "noon", "grant").seal("second", "noon", "grant")
    story.wait(5 * MINUTE).stop("noon", recorded_ms=11 * MINUTE)
    story.use("training", "first").own(bodies.MotionExported(use=identifier("training"), content="1" * 64))
    story.book("training")
    paid = tuple(identifier(f"training {account}") for account in (Account.WORKER, Account.COLLECTIVE))
    story.own(bodies.RoyaltyPaid(payout=identifier("payout"), bookings=paid, commitment="0" * 64))
    story.view().view(Viewer.COUNCIL, View.LOG, None)
    story.wait(HOUR).withdraw("grant").wait(MINUTE).shred("grant", "first", "second")
    story.ask("no", "ben")
    refused = worker("ben")
    story.act(
        bodies.ConsentRefused(pseudonym=refused.name, key=str(refused.verifier), record=identifier("no")),
        refused,
    )
    return story.wait(DAY).release().cosign()


def only(report):
    """Return the one finding of a report as (check, entry); fail if there are others or none."""
    assert [finding.says("en") for finding in report.findings[1:]] == []
    assert report.number == len(report.findings) == 1, "expected one finding, found none"
    return report.findings[0].check, report.findings[0].index


@pytest.fixture(scope="session")
def plant():
    """This file: keys, stories, and what judges them."""
    return sys.modules[__name__]


@pytest.fixture
def ready_story():
    return ready()


@pytest.fixture
def story():
    return whole_story()


@pytest.fixture
def policy():
    return parse_policy(POLICY.encode(), "policy")

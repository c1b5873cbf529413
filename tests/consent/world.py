"""A site in memory: keys from fixed seeds, the example's agreement, a log behind the real interface.

    world = World(MemoryFiles()).founded().agreed().enrolled()
    world.act(AgreementSuspended(agreement=world.hash), world.council)

Each step is admitted first and appended then, as the operator does it. Time stands still unless it is moved.
"""

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from capture.yaml_document import parse_document
from consent.agreement.form import agreement_hash, canonical_text
from consent.agreement.schema import Agreement
from consent.agreement.signing import countersign, sign_agreement
from consent.agreement.vocabulary import MotionPurpose, Party, Purpose
from consent.entries.bodies import (
    AgreementActivated,
    AgreementProposed,
    AgreementSigned,
    ConsentGiven,
    ConsentRequested,
    DeviceEnrolled,
    KeyAdded,
    RecordingStarted,
    pseudonym_of,
)
from consent.entries.form import Entry, sign_act
from consent.entries.times import utc_ms, utc_text
from consent.keys import Role
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, Signer, Verifier, cosign, parse_note
from consent.site.admission import admit
from consent.site.state import SiteState

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "agreement" / "agreement.yaml"
FOUNDED_MS = utc_ms("2027-02-10T08:00:00.000Z")
MORNING_MS = utc_ms("2027-03-01T07:00:00.000Z")
"""Eight o'clock on the first day of the example's campaign `assembly`."""
DAY_MS = 86_400_000
STATION, CAMPAIGN, DEVICE = "assembly bench", "assembly", "edge-1"


def signer(name: str, type_: KeyType = KeyType.ED25519) -> Signer:
    """Make a signer whose key depends on its name alone."""
    return Signer(name, type_, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


def worker(number: int = 0) -> Signer:
    """Make a worker's signer: its name is the pseudonym that its key makes."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([number + 1]) * 32)
    public = private.public_key().public_bytes_raw()
    name = pseudonym_of(Verifier("unnamed", KeyType.ED25519, public))
    return Signer(name, KeyType.ED25519, private)


def identifier(*words: object) -> str:
    """Make a repeatable identifier."""
    return hashlib.sha256(repr(words).encode()).hexdigest()[:32]


class World:
    """A site, its log and everybody's keys."""

    def __init__(self, files) -> None:
        self.employer = signer("plant.example/employer")
        self.council = signer("plant.example/council")
        self.witness = signer("plant.example/witness", KeyType.COSIGNATURE)
        self.log = signer("plant.example/log")
        self.device = signer("plant.example/edge-1")
        self.now_ms = FOUNDED_MS
        self.state = SiteState(self.log.name)
        self.entries: list[Entry] = []
        self.files = files
        create_log(files, self.log)
        self.writer = LogWriter(files, self.log)
        self.agreement = self.changed()
        self.hash = agreement_hash(self.agreement)

    def changed(self, **keys) -> Agreement:
        """Return the example's agreement with both keys, and with these keys changed."""
        text = EXAMPLE.read_text(encoding="utf-8")
        for one in (self.employer, self.council):
            text = text.replace("key: null", f"key: {one.verifier}", 1)
        value = json.loads(canonical_text(parse_document(text, "agreement", Agreement, "works agreement")))
        return Agreement.model_validate(value | keys)

    def next_version(self, old: Agreement | None = None, **keys) -> Agreement:
        """Return the version that follows, with these keys changed."""
        old = old or self.agreement
        value = json.loads(canonical_text(old))
        return Agreement.model_validate(
            value | {"version": old.version + 1, "supersedes": agreement_hash(old)} | keys
        )

    def entry(self, body, *signers: Signer, signed_ms: int | None = None) -> Entry:
        """Make an entry of now: the log's own word without signers, else an act."""
        if not signers:
            return Entry(self.now_ms, body)
        at_ms = self.now_ms if signed_ms is None else signed_ms
        return Entry(self.now_ms, body, sign_act(body, self.state.log, at_ms, *signers))

    def take(self, *entries: Entry) -> int:
        """Admit entries and append them in one batch; return the number of the last."""
        state = self.state
        for entry in entries:
            state = admit(state, state.size, entry)
        self.writer.append([bytes(entry) for entry in entries])
        self.state = state
        self.entries += entries
        return state.size - 1

    def own(self, body) -> int:
        """Take in the log's own word."""
        return self.take(self.entry(body))

    def act(self, body, *signers: Signer, signed_ms: int | None = None) -> int:
        """Take in an act."""
        return self.take(self.entry(body, *signers, signed_ms=signed_ms))

    def founded(self) -> "World":
        """Bring in the founding keys."""
        for role, key in (
            (Role.EMPLOYER, self.employer),
            (Role.WORKS_COUNCIL, self.council),
            (Role.WITNESS, self.witness),
        ):
            self.own(KeyAdded(role=role, key=str(key.verifier)))
        return self

    def propose(self, agreement: Agreement, *signers: Signer) -> str:
        """Propose and sign an agreement; both sign it unless told otherwise. Return its hash."""
        signers = signers or (self.employer, self.council)
        signed = sign_agreement(agreement, signers[0])
        for other in signers[1:]:
            signed = countersign(signed, other)
        name = agreement_hash(agreement)
        self.own(AgreementProposed(agreement=name, text=canonical_text(agreement)))
        for one, line in zip(signers, signed.note.signatures, strict=True):
            by = Party.EMPLOYER if one is self.employer else Party.COUNCIL
            self.own(AgreementSigned(agreement=name, by=by, signature=str(line)))
        return name

    def agreed(self) -> "World":
        """Put the example's agreement into force, then let the first morning of its campaign begin."""
        self.propose(self.agreement)
        self.act(AgreementActivated(agreement=self.hash), self.employer)
        self.now_ms = max(self.now_ms, MORNING_MS)
        return self

    def enrolled(self) -> "World":
        """Enrol the device."""
        self.act(DeviceEnrolled(device=DEVICE, key=str(self.device.verifier)), self.employer)
        return self

    def start(self, session: str | None = None, **keys) -> RecordingStarted:
        """Return the body that starts a session."""
        values = {
            "session": session or identifier("session", self.state.size),
            "device": DEVICE,
            "station": STATION,
            "agreement": self.hash,
            "campaign": CAMPAIGN,
            "purpose": Purpose.STATE_DURATIONS,
            "configuration": "00" * 32,
        }
        return RecordingStarted.model_validate(values | keys)

    def granted(self, one: Signer | None = None, until_ms: int | None = None) -> str:
        """Let a worker be asked and say yes for a day; return the record."""
        one, record = one or worker(), identifier("record", self.state.size)
        request = ConsentRequested(pseudonym=one.name, record=record, agreement=self.hash)
        self.act(request, self.employer)
        self.act(self.grant(one, record, until_ms), one)
        return record

    def grant(self, one: Signer, record: str, until_ms: int | None = None, **keys) -> ConsentGiven:
        """Return the body of a worker's yes."""
        values = {
            "pseudonym": one.name,
            "key": str(one.verifier),
            "record": record,
            "agreement": self.hash,
            "stations": [STATION],
            "purposes": [MotionPurpose.OWN_REVIEW],
            "until": utc_text(self.now_ms + DAY_MS if until_ms is None else until_ms),
            "commitment": "11" * 32,
        }
        return ConsentGiven.model_validate(values | keys)

    def cosigned(self) -> str:
        """Have the witness co-sign the log as of now; return the note, which is published."""
        note = parse_note(self.files.read("checkpoint"))
        note = type(note)(note.text, note.signatures[:1])
        content = str(cosign(note, self.witness, self.now_ms // 1000))
        self.writer.publish_cosigned(content)
        self.files.replace("cosigned/latest", content.encode())
        return content

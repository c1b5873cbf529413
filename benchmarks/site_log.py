"""The entries of a day at a site: an agreement in force, then recordings of a second each, device-signed."""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from capture.yaml_document import read_document
from consent.agreement.form import agreement_hash, canonical_text
from consent.agreement.schema import Agreement
from consent.agreement.signing import sign_agreement
from consent.agreement.vocabulary import Party, Purpose
from consent.audit.policy import Policy, parse_policy
from consent.entries import bodies
from consent.entries.form import Entry, sign_act
from consent.entries.times import utc_ms
from consent.entries.vocabulary import Reason
from consent.keys import Role
from consent.notes import KeyType, Signer, cosign, parse_note

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "agreement" / "agreement.yaml"
MORNING_MS = utc_ms("2027-03-01T07:00:00.000Z")
STATION = "assembly bench"
_SECOND_MS = 1000


def _signer(name: str, kind: KeyType = KeyType.ED25519) -> Signer:
    return Signer(name, kind, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


LOG = _signer("plant.example/log")
_EMPLOYER, _COUNCIL = _signer("plant.example/employer"), _signer("plant.example/council")
_WITNESS, _DEVICE = _signer("plant.example/witness", KeyType.COSIGNATURE), _signer("plant.example/edge-1")


_BY_ROLE = {Role.EMPLOYER: _EMPLOYER, Role.WORKS_COUNCIL: _COUNCIL, Role.DEVICE: _DEVICE}


def act_of(role: Role, at_ms: int, body: bodies.Body) -> Entry:
    """Return an entry that somebody of this site has signed."""
    return _act(at_ms, body, _BY_ROLE[role])


def cosigned(note: str, posix_s: int) -> str:
    """Return a checkpoint with the witness's co-signature."""
    return str(cosign(parse_note(note), _WITNESS, posix_s))


def policy() -> Policy:
    """Trust the keys of this site."""
    lines = (
        f"log {LOG.verifier}",
        f"witness council {_WITNESS.verifier}",
        "quorum council",
        f"employer {_EMPLOYER.verifier}",
        f"works-council {_COUNCIL.verifier}",
    )
    return parse_policy("\n".join(lines).encode() + b"\n", "policy")


def site_log(sessions: int) -> list[bytes]:
    """Return the entries in order; at most two hours' worth of sessions, as the agreement permits."""
    draft = read_document(EXAMPLE, Agreement, "works agreement").model_dump(mode="json")
    draft["parties"]["employer"]["key"] = str(_EMPLOYER.verifier)
    draft["parties"]["works_council"]["key"] = str(_COUNCIL.verifier)
    agreement = Agreement.model_validate(draft)
    name = agreement_hash(agreement)
    entries = [
        Entry(MORNING_MS, bodies.KeyAdded(role=role, key=str(key.verifier)))
        for role, key in (
            (Role.EMPLOYER, _EMPLOYER),
            (Role.WORKS_COUNCIL, _COUNCIL),
            (Role.WITNESS, _WITNESS),
        )
    ]
    entries.append(
        Entry(MORNING_MS, bodies.AgreementProposed(agreement=name, text=canonical_text(agreement)))
    )
    for party, signer in ((Party.EMPLOYER, _EMPLOYER), (Party.COUNCIL, _COUNCIL)):
        (line,) = sign_agreement(agreement, signer).note.signatures
        signed = bodies.AgreementSigned(agreement=name, by=party, signature=str(line))
        entries.append(Entry(MORNING_MS, signed))
    entries.append(_act(MORNING_MS, bodies.AgreementActivated(agreement=name), _EMPLOYER))
    enrolled = bodies.DeviceEnrolled(device="edge-1", key=str(_DEVICE.verifier))
    entries.append(_act(MORNING_MS, enrolled, _EMPLOYER))
    for number in range(sessions):
        start_ms = MORNING_MS + number * _SECOND_MS
        session = hashlib.sha256(b"%d" % number).hexdigest()[:32]
        started = bodies.RecordingStarted(
            session=session,
            device="edge-1",
            station=STATION,
            agreement=name,
            campaign="assembly",
            purpose=Purpose.STATE_DURATIONS,
            configuration="0" * 64,
        )
        stopped = bodies.RecordingStopped(
            session=session, reason=Reason.END_OF_SOURCE, recorded_ms=_SECOND_MS
        )
        entries += [_act(start_ms, started, _DEVICE), _act(start_ms + _SECOND_MS, stopped, _DEVICE)]
    return [bytes(entry) for entry in entries]


def _act(at_ms: int, body: bodies.Body, signer: Signer) -> Entry:
    return Entry(at_ms, body, sign_act(body, LOG.name, at_ms, signer))

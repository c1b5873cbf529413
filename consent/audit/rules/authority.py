"""Check 6: every act is signed by whoever had the authority at that point of the log.

    founding keys (the first entries)     nobody; they must be those of the auditor's policy
    a new key of employer or council      a key of that role (the replaced one, if named) and the new key
    witness's key                         works council
    keys of log and licensees             employer
    retiring a key                        whoever may bring one in, or the key itself
    agreement activated, ended            one party; if no older version is live, see check 7
    agreement suspended                   one party, or the log if an agreed trigger says so
    agreement resumed                     both parties
    device enrolled; revoked              employer; one party
    recording, motion sealed              the device
    consent requested                     a device or the employer
    consent given, refused, renewed       the worker's own key
    consent withdrawn                     the worker's key, or one party
    everything else                       the log's own word

An act without authority does not stand: the rules behind this one do not see it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consent.agreement.language import Text
from consent.agreement.vocabulary import Party
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import Facts
from consent.audit.findings import plain
from consent.audit.names import called
from consent.entries import bodies
from consent.entries.vocabulary import SuspendedBecause
from consent.keys import Role
from consent.notes import Verifier, parse_verifier
from productivity.errors import BadInput

FOUNDING = (Role.EMPLOYER, Role.WORKS_COUNCIL, Role.WITNESS)

_AUTHORITY = {
    Role.EMPLOYER: Role.EMPLOYER,
    Role.WORKS_COUNCIL: Role.WORKS_COUNCIL,
    Role.WITNESS: Role.WORKS_COUNCIL,
    Role.PLANT_LOG: Role.EMPLOYER,
    Role.LICENSEE: Role.EMPLOYER,
}

_ONCE = (
    bodies.AgreementActivated,
    bodies.AgreementSuspended,
    bodies.AgreementResumed,
    bodies.AgreementEnded,
    bodies.KeyAdded,
    bodies.KeyRetired,
    bodies.DeviceEnrolled,
    bodies.DeviceRevoked,
)
"""Acts that are remembered, so that none is logged a second time; others carry an id of their own."""


@dataclass(frozen=True, slots=True)
class _Needs:
    """Of each group of keys, one must have signed."""

    groups: tuple[Sequence[Verifier], ...]
    whose: Text


def judge(case: Case) -> bool:
    """Tell whether the entry stands; a finding says why it does not."""
    entry, facts = case.entry, case.facts
    founding = isinstance(entry.body, bodies.KeyAdded) and entry.act is None
    if not founding and not facts.founded:
        _require_founded(case)
    if entry.act is None:
        if founding or _may_say(facts, entry.body):
            return True
        return case.find(Check.AUTHORITY, _UNSIGNED, _whose(facts, entry.body))
    case.book.looked(Check.AUTHORITY)
    if entry.act.log != facts.log:
        what = Text("Handlung für ein anderes Protokoll", "act that is meant for another log")
        return case.find(Check.AUTHORITY, what, plain(facts.log))
    needs = _needs(facts, entry.body)
    if needs is None:
        return True
    try:
        signed = entry.act.signed_by(_all(needs.groups))
    except BadInput as error:
        return case.find(Check.AUTHORITY, Text("falsche Unterschrift", "wrong signature"), None, plain(error))
    if not all(signed.intersection(group) for group in needs.groups):
        return case.find(Check.AUTHORITY, Text("ohne Befugnis", "without authority"), needs.whose)
    return _is_new(case)


_UNSIGNED = Text("niemand hat unterschrieben", "signed by nobody")
_PARTY = Text("die Unterschrift einer Seite", "a signature of one party")
_BOTH = Text("die Unterschriften beider Seiten", "signatures of both parties")
_EMPLOYER = Text("die Unterschrift des Arbeitgebers", "a signature of the employer")
_COUNCIL = Text("die Unterschrift des Betriebsrats", "a signature of the works council")
_DEVICE = Text("die Unterschrift des Geräts", "a signature of the device")
_ASKER = Text(
    "die Unterschrift eines Geräts oder des Arbeitgebers", "a signature of a device or the employer"
)
_WORKER = Text("die Unterschrift mit dem Schlüssel zum Pseudonym", "a signature with the pseudonym's key")
_WORKER_OR_PARTY = Text(
    "die Unterschrift mit dem Schlüssel zum Pseudonym oder die einer Seite",
    "a signature with the pseudonym's key or of a party",
)
_OLD_AND_NEW = Text(
    "die Unterschriften mit dem bisherigen und dem neuen Schlüssel", "signatures with the old and the new key"
)
_KEY_OR_AUTHORITY = Text(
    "die Unterschrift mit dem Schlüssel selbst oder dessen, der ihn einführen darf",
    "a signature with the key itself or of whoever may bring it in",
)


def _needs(facts: Facts, body: bodies.Body) -> _Needs | None:
    """Return who must have signed; None where anybody may, because check 8 to 11 name what is missing."""
    match body:
        case bodies.AgreementActivated() | bodies.AgreementEnded() | bodies.AgreementSuspended():
            return _Needs((facts.party_keys(),), _PARTY)
        case bodies.AgreementResumed():
            return _Needs(tuple(facts.party_keys(party) for party in Party), _BOTH)
        case bodies.DeviceRevoked():
            return _Needs((facts.party_keys(),), _PARTY)
        case bodies.DeviceEnrolled():
            return _Needs((facts.party_keys(Party.EMPLOYER),), _EMPLOYER)
        case bodies.KeyAdded():
            return _needs_added(facts, body)
        case bodies.KeyRetired():
            key = parse_verifier(body.key)
            able = facts.keys.get(_AUTHORITY.get(body.role, Role.EMPLOYER), ())
            return _Needs(((*able, key),), _KEY_OR_AUTHORITY)
        case bodies.RecordingStarted():
            return _device(facts.devices.get(body.device))
        case bodies.RecordingStopped() | bodies.RecordingConfigured() | bodies.MotionSealed():
            session = facts.sessions.get(body.session)
            return _device(session.key if session else None)
        case bodies.RecordingCompleted():
            return _Needs((tuple(facts.devices.values()),), _DEVICE)
        case bodies.ConsentRequested():
            return _Needs(((*facts.devices.values(), *facts.party_keys(Party.EMPLOYER)),), _ASKER)
        case bodies.ConsentGiven() | bodies.ConsentRefused():
            return _Needs(((parse_verifier(body.key),),), _WORKER)
        case bodies.ConsentWithdrawn():
            grant = facts.grants.get(body.record)
            worker = () if grant is None else (grant.key,)
            return _Needs(((*worker, *facts.party_keys()),), _WORKER_OR_PARTY)
    return None


def _needs_added(facts: Facts, body: bodies.KeyAdded) -> _Needs:
    authority = _AUTHORITY.get(body.role, Role.EMPLOYER)
    able: Sequence[Verifier] = facts.keys.get(authority, ())
    if authority is not body.role:
        return _Needs((able,), _COUNCIL if authority is Role.WORKS_COUNCIL else _EMPLOYER)
    if body.replaces is not None:
        able = [key for key in able if str(key) == body.replaces]
    return _Needs((able, (parse_verifier(body.key),)), _OLD_AND_NEW)


def _device(key: Verifier | None) -> _Needs | None:
    return None if key is None else _Needs(((key,),), _DEVICE)


def _may_say(facts: Facts, body: bodies.Body) -> bool:
    """Tell whether the log may say so itself."""
    if isinstance(body, bodies.AgreementSuspended):
        line = facts.agreements.get(body.agreement)
        agreed = () if line is None else line.agreement.suspension.triggers
        return body.because is not SuspendedBecause.DECISION and body.because.value in agreed
    return isinstance(body, _OWN_WORD)


_OWN_WORD = (
    bodies.AgreementProposed,
    bodies.AgreementSigned,
    bodies.ConsentExpired,
    bodies.MotionUsed,
    bodies.MotionExported,
    bodies.MotionShredded,
    bodies.RoyaltyAccrued,
    bodies.RoyaltyPaid,
    bodies.RoyaltyCorrected,
    bodies.ReleasePublished,
    bodies.AccessViewed,
    bodies.SetUpOpened,
    bodies.SetUpClosed,
    bodies.DeviceGap,
)


def _whose(facts: Facts, body: bodies.Body) -> Text:
    if isinstance(body, bodies.RecordingStarted | bodies.RecordingStopped | bodies.RecordingConfigured):
        return _DEVICE
    needs = _needs(facts, body)
    return _DEVICE if needs is None else needs.whose


def _require_founded(case: Case) -> None:
    case.facts.founded = True
    missing = [role for role in FOUNDING if role not in case.facts.keys]
    if missing:
        what = Text("Gründungsschlüssel fehlen am Anfang", "founding keys are missing at the beginning")
        case.find(Check.AUTHORITY, what, called(*missing))


def _is_new(case: Case) -> bool:
    act = case.entry.act
    if act is None or not isinstance(case.entry.body, _ONCE):
        return True
    digest = hashlib.sha256(act.note.text.encode()).digest()
    if digest in case.facts.acts:
        return case.find(Check.AUTHORITY, Text("Handlung zum zweiten Mal", "act for the second time"))
    case.facts.acts.add(digest)
    return True


def _all(groups: Iterable[Sequence[Verifier]]) -> list[Verifier]:
    return list(dict.fromkeys(key for group in groups for key in group))

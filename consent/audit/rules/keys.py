"""Check 6 as well: which keys speak for whom, and which recorders there are."""

from collections.abc import Mapping

from consent.agreement.language import Text
from consent.agreement.vocabulary import Party
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import Facts
from consent.audit.findings import plain
from consent.audit.names import called
from consent.audit.policy import Policy
from consent.audit.rules import recordings
from consent.audit.rules.authority import FOUNDING
from consent.entries.bodies import DeviceEnrolled, DeviceGap, DeviceRevoked, KeyAdded, KeyRetired
from consent.entries.vocabulary import GapReason
from consent.keys import Role
from consent.notes import Verifier, parse_verifier

_ALWAYS_SOMEBODY = (Role.EMPLOYER, Role.WORKS_COUNCIL)


def added(case: Case, body: KeyAdded, policy: Policy) -> None:
    """Let a key speak for a role from here on."""
    facts, key = case.facts, parse_verifier(body.key)
    if case.entry.act is None and not _found(case, body, key, policy):
        return
    if key.public in facts.used_keys:
        case.find(Check.AUTHORITY, _KNOWN, _UNUSED, called(body.role))
        return
    if body.role is Role.PLANT_LOG and key.name != facts.log:
        what = Text("Schlüssel heißt anders als das Protokoll", "key has another name than the log")
        case.find(Check.AUTHORITY, what, plain(facts.log), plain(key.name))
        return
    old = None if body.replaces is None else parse_verifier(body.replaces)
    if old is not None and not _speaks(facts, body.role, old):
        case.find(Check.AUTHORITY, _NO_ROLE, found=called(body.role))
        return
    facts.used_keys.add(key.public)
    speaking = facts.keys.setdefault(body.role, [])
    speaking.append(key)
    if old is not None:
        speaking[:] = [one for one in speaking if one != old]
        facts.retired.add(old)
    case.tell(body.role, key.name)


def retired(case: Case, body: KeyRetired) -> None:
    """Let a key speak for nobody from here on."""
    facts, key = case.facts, parse_verifier(body.key)
    speaking = facts.keys.get(body.role, [])
    if not _speaks(facts, body.role, key):
        case.find(Check.AUTHORITY, _NO_ROLE, found=called(body.role))
        return
    rest = [one for one in speaking if one != key]
    if not rest and body.role in (*_ALWAYS_SOMEBODY, Role.PLANT_LOG):
        what = Text("letzter Schlüssel seiner Rolle stillgelegt", "last key of its role retired")
        case.find(Check.AUTHORITY, what, Text("zuerst ein neuer", "a new one first"), called(body.role))
        return
    facts.keys[body.role] = rest
    facts.retired.add(key)
    case.tell(body.role, key.name)


def enrolled(case: Case, body: DeviceEnrolled) -> None:
    """Let a recorder speak from here on."""
    facts, key = case.facts, parse_verifier(body.key)
    if body.device in facts.devices or body.device in facts.revoked:
        what = Text("Name eines Geräts zum zweiten Mal", "name of a device for the second time")
        case.find(Check.AUTHORITY, what, Text("ein neuer Name", "a new name"), plain(body.device))
    elif key.public in facts.used_keys:
        case.find(Check.AUTHORITY, _KNOWN, _UNUSED, plain(body.device))
    else:
        facts.used_keys.add(key.public)
        facts.devices[body.device] = key
        case.tell(body.device)


def revoked(case: Case, body: DeviceRevoked) -> None:
    """Hear a recorder no more; what it had begun ends here, at a time that nobody knows."""
    facts = case.facts
    if body.device not in facts.devices:
        case.find(Check.AUTHORITY, Text("Gerät ist nicht zugelassen", "device is not enrolled"))
        return
    for session in [name for name, one in facts.sessions.items() if one.device == body.device]:
        recordings.cut_off(case, session)
    facts.revoked[body.device] = facts.devices.pop(body.device)
    case.tell(body.device)


def gap(case: Case, body: DeviceGap) -> None:
    """Keep what was said about a device's health."""
    case.facts.gaps[body.device, body.reason] += 1
    if body.reason is GapReason.UNSANDBOXED:
        what = Text("Erfassung ohne Abschottung", "recording without a sandbox")
        case.warn(Check.RECORDINGS, what, found=plain(body.device))


def _found(case: Case, body: KeyAdded, key: Verifier, policy: Policy) -> bool:
    facts = case.facts
    if facts.founded or body.role not in FOUNDING or body.role in facts.keys or body.replaces is not None:
        return case.find(
            Check.AUTHORITY,
            Text("Schlüssel, den niemand unterschrieben hat", "key that nobody has signed for"),
            Text("nur die drei Gründungsschlüssel", "only the three founding keys"),
            called(body.role),
        )
    pinned = _pinned(policy).get(body.role, ())
    if pinned and key not in pinned:
        # Said once; what follows is judged as if the key were right, so that other breaches are seen too.
        case.find(
            Check.AUTHORITY,
            Text("Gründungsschlüssel ist nicht der der Prüfregeln", "founding key is not that of the policy"),
            plain(", ".join(map(str, pinned))),
            plain(key),
        )
    facts.founded = len(facts.keys) + 1 == len(FOUNDING)
    return True


def _pinned(policy: Policy) -> Mapping[Role, tuple[Verifier, ...]]:
    return {
        Role.EMPLOYER: policy.parties.get(Party.EMPLOYER, ()),
        Role.WORKS_COUNCIL: policy.parties.get(Party.COUNCIL, ()),
        Role.WITNESS: tuple(policy.witnesses.values()),
    }


def _speaks(facts: Facts, role: Role, key: Verifier) -> bool:
    # The key that the log began with stands in no entry; the policy names it.
    first = role is Role.PLANT_LOG and key.name == facts.log and key not in facts.retired
    return first or key in facts.keys.get(role, ())


_NO_ROLE = Text("Schlüssel, der nicht für diese Rolle spricht", "key that does not speak for this role")
_KNOWN = Text("Schlüssel, der schon für jemanden sprach", "key that has spoken for somebody before")
_UNUSED = Text(
    "ein eigener Schlüssel für jede Rolle und jedes Gerät", "a key of its own for each role and device"
)

"""Check 7: agreements. Their text, their signatures, their life, and that none covers another's stations."""

import hashlib

from consent.agreement.check import check, refusals
from consent.agreement.form import canonical_text, parse_agreement
from consent.agreement.language import Language, Text
from consent.agreement.lifecycle import BOTH, Act, Standing, State, take
from consent.agreement.scope import widenings
from consent.agreement.vocabulary import Party
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import LIVE, Line
from consent.audit.findings import plain
from consent.audit.rules import recordings, set_ups
from consent.entries.bodies import (
    AgreementActivated,
    AgreementEnded,
    AgreementProposed,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
)
from consent.notes import open_note, parse_note
from productivity.errors import BadInput


def proposed(case: Case, body: AgreementProposed) -> None:
    """Take the text in."""
    case.book.looked(Check.AGREEMENTS)
    digest = hashlib.sha256(body.text.encode()).hexdigest()
    if digest != body.agreement:
        what = Text("Text passt nicht zu seinem Hashwert", "text does not fit its hash")
        case.find(Check.AGREEMENTS, what, plain(body.agreement), plain(digest))
        return
    if digest in case.facts.agreements:
        case.find(Check.AGREEMENTS, Text("zum zweiten Mal vorgelegt", "proposed for the second time"))
        return
    try:
        agreement = parse_agreement(body.text, "agreement")
    except BadInput as error:
        what = Text("Vereinbarung ist nicht lesbar", "agreement cannot be read")
        case.find(Check.AGREEMENTS, what, found=plain(error))
        return
    case.facts.agreements[digest] = Line(agreement, digest)
    _tell(case, digest)


def signed(case: Case, body: AgreementSigned) -> None:
    """Verify a party's signature under the text."""
    line = _line(case, body.agreement)
    if line is None:
        return
    key = line.agreement.verifier(body.by)
    if key is None or key not in case.facts.party_keys(body.by):
        what = Text(
            "Vereinbarung nennt einen Schlüssel, der nicht für die Seite spricht",
            "agreement names a key that does not speak for the party",
        )
        case.find(Check.AGREEMENTS, what, found=plain(key))
        return
    try:
        note = parse_note(f"{canonical_text(line.agreement)}\n{body.signature}")
        open_note(note, (), required=(key,))
        standing = take(Standing(line.state, line.signed_by), Act.SIGN, {body.by})
    except BadInput as error:
        what = Text("Unterschrift unter der Vereinbarung gilt nicht", "signature under the agreement is void")
        case.find(Check.AGREEMENTS, what, found=plain(error))
        return
    line.state, line.signed_by = standing.state, standing.signed_by
    _tell(case, line.hash, by=body.by)


def activated(case: Case, body: AgreementActivated) -> None:
    """Put it into force; the version before ends."""
    line = _line(case, body.agreement)
    if line is None:
        return
    old = case.facts.agreements.get(line.agreement.supersedes or "")
    if old is not None and old.state not in LIVE:
        old = None
    state = _succeeded(case, line, old) if old is not None else _moved(case, line, Act.ACTIVATE)
    if state is None or not _is_alone(case, line, old):
        return
    for refusal in refusals(check(line.agreement)):
        text = Text(refusal.says(Language.DE), refusal.says(Language.EN))
        case.find(
            Check.AGREEMENTS,
            Text("unzulässige Vereinbarung in Kraft", "unlawful agreement put into force"),
            None,
            text,
        )
    line.state, line.activated_ms = state, case.at_ms
    if old is not None:
        line.suspended_at = old.suspended_at
        old.state, old.ended_ms = State.ENDED, case.at_ms
        recordings.end(case, lambda session: session.line is old)
        set_ups.halt(case, old)
    _tell(case, line.hash)


def suspended(case: Case, body: AgreementSuspended) -> None:
    """Let nothing be recorded from here on."""
    line = _line(case, body.agreement)
    state = None if line is None else _moved(case, line, Act.SUSPEND)
    if line is None or state is None:
        return
    line.state, line.suspended_at = state, case.index
    recordings.pause(case, line)
    set_ups.halt(case, line)
    _tell(case, line.hash, body.because)


def resumed(case: Case, body: AgreementResumed) -> None:
    """Put it into force again."""
    line = _line(case, body.agreement)
    state = None if line is None else _moved(case, line, Act.RESUME)
    if line is None or state is None:
        return
    if body.lifts != line.suspended_at:
        what = Text("Aufhebung gilt einer anderen Aussetzung", "resumption lifts another suspension")
        case.find(Check.AGREEMENTS, what, _entry(line.suspended_at), _entry(body.lifts))
        return
    line.state = state
    recordings.lift(case, line)
    _tell(case, line.hash)


def ended(case: Case, body: AgreementEnded) -> None:
    """End it for good."""
    line = _line(case, body.agreement)
    state = None if line is None else _moved(case, line, Act.END)
    if line is None or state is None:
        return
    line.state, line.ended_ms = state, case.at_ms
    recordings.end(case, lambda session: session.line is line)
    set_ups.halt(case, line)
    _tell(case, line.hash)


def _line(case: Case, agreement: str) -> Line | None:
    case.book.looked(Check.AGREEMENTS)
    line = case.facts.agreements.get(agreement)
    if line is None:
        case.find(
            Check.AGREEMENTS, Text("unbekannte Vereinbarung", "unknown agreement"), found=plain(agreement)
        )
    return line


def _moved(case: Case, line: Line, act: Act) -> State | None:
    try:
        # Who acted was judged already (check 6); here it is about where the agreement stands.
        return take(Standing(line.state, line.signed_by), act, BOTH).state
    except BadInput as error:
        what = Text("Schritt, den der Stand nicht zulässt", "step that its standing does not allow")
        case.find(Check.AGREEMENTS, what, found=plain(error))
        return None


def _succeeded(case: Case, line: Line, old: Line) -> State | None:
    """Return where a new version starts: suspended if the old one is. One signature narrows, two widen."""
    try:
        act = Act.WIDEN if widenings(old.agreement, line.agreement) else Act.NARROW
        if line.activated_ms is not None or line.state is State.ENDED:
            take(Standing(line.state), Act.ACTIVATE, BOTH)  # refuses: it was in force, or given up, before
        return take(Standing(old.state, old.signed_by), act, line.signed_by).state
    except BadInput as error:
        what = Text("neue Fassung ohne nötige Unterschriften", "new version without the signatures it needs")
        case.find(Check.AGREEMENTS, what, found=plain(error))
        return None


def _is_alone(case: Case, line: Line, old: Line | None) -> bool:
    for other in case.facts.live_lines():
        shared = set(other.agreement.stations) & set(line.agreement.stations)
        if other is not old and (shared or other.agreement.id == line.agreement.id):
            what = Text("Arbeitsplatz mit zwei Vereinbarungen", "station with two agreements")
            return case.find(Check.AGREEMENTS, what, found=plain(min(shared, default=other.agreement.id)))
    return True


def _tell(case: Case, agreement: str, detail: str = "", by: Party | None = None) -> None:
    one = case.facts.agreements[agreement].agreement
    case.tell(f"{one.id} {one.version}", detail, by)


def _entry(index: int | None) -> Text:
    return Text(f"Eintrag {index}", f"entry {index}")

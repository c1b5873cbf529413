"""Check 10: consents. A worker is asked, answers with the key of the pseudonym, and may take a yes back.

A grant permits no more than the agreement under which it is given, and no longer than motion may be kept.
"""

from datetime import timedelta

from consent.agreement.calendar import day_begins_ms, local_day
from consent.agreement.language import Text
from consent.agreement.schema import Agreement
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import LIVE, Grant, Line
from consent.audit.findings import plain
from consent.audit.names import called
from consent.entries.bodies import (
    ConsentExpired,
    ConsentGiven,
    ConsentRefused,
    ConsentRenewed,
    ConsentRequested,
    ConsentWithdrawn,
)
from consent.entries.limits import SKEW_MS
from consent.entries.times import utc_ms, utc_text
from consent.notes import parse_verifier

_ONE_DAY = timedelta(days=1)


def requested(case: Case, body: ConsentRequested) -> None:
    """Judge that a worker is asked, under a record that is new."""
    line = _live(case, body.agreement)
    if line is None:
        return
    if not line.agreement.motion.permitted:
        case.find(
            Check.CONSENT, Text("Vereinbarung erlaubt keine Bewegungsdaten", "agreement permits no motion")
        )
        return
    if _is_new(case, body.record):
        case.facts.requested[body.record] = body.pseudonym


def given(case: Case, body: ConsentGiven) -> None:
    """Judge a worker's yes."""
    if _is_answer(case, body.record, body.pseudonym):
        _grant(case, body)


def refused(case: Case, body: ConsentRefused) -> None:
    """Judge a worker's no."""
    _is_answer(case, body.record, body.pseudonym)


def renewed(case: Case, body: ConsentRenewed) -> None:
    """Judge that a worker replaces a grant; what was kept under it is kept under the new one."""
    old = _in_force(case, body.renews, body.pseudonym)
    if old is None or not _is_new(case, body.record):
        return
    new = _grant(case, body)
    if new is not None:
        old.ended_ms, old.ended_index, old.renewed_by = case.at_ms, case.index, body.record
        new.segments, old.segments = old.segments, set()
        for segment in new.segments:
            case.facts.segments[segment] = body.record


def withdrawn(case: Case, body: ConsentWithdrawn) -> None:
    """Judge that a worker takes the yes back."""
    _end(case, body.record, body.pseudonym)


def expired(case: Case, body: ConsentExpired) -> None:
    """Judge that the day has come which the grant named."""
    grant = case.facts.grants.get(body.record)
    if grant is not None and case.at_ms < grant.until_ms - SKEW_MS:
        what = Text("Einwilligung ist noch nicht abgelaufen", "consent has not expired yet")
        case.find(Check.CONSENT, what, plain(utc_text(grant.until_ms)), plain(utc_text(case.at_ms)))
        return
    _end(case, body.record, body.pseudonym)


def _end(case: Case, record: str, pseudonym: str) -> None:
    grant = _in_force(case, record, pseudonym)
    if grant is not None:
        # Motion must be gone an hour after the day that was named, whenever the log says so.
        grant.ended_ms, grant.ended_index = min(case.at_ms, grant.until_ms), case.index


def _grant(case: Case, body: ConsentGiven) -> Grant | None:
    line = _live(case, body.agreement)
    if line is None:
        return None
    motion, until_ms = line.agreement.motion, utc_ms(body.until)
    if not set(body.stations) <= set(motion.stations):
        _beyond(case, "andere Arbeitsplätze", "other stations")
        return None
    if not set(body.purposes) <= set(motion.purposes):
        _beyond(case, "andere Zwecke", "other purposes")
        return None
    latest_ms = _latest_ms(line.agreement, case.at_ms)
    if until_ms <= case.at_ms or (latest_ms is not None and until_ms > latest_ms):
        what = Text("Dauer der Einwilligung", "duration of the consent")
        by = None if latest_ms is None else plain(f"{utc_text(case.at_ms)} - {utc_text(latest_ms)}")
        case.find(Check.CONSENT, what, by, plain(utc_text(until_ms)))
        return None
    grant = Grant(
        pseudonym=body.pseudonym,
        key=parse_verifier(body.key),
        agreement_id=line.agreement.id,
        agreement=body.agreement,
        stations=body.stations,
        purposes=frozenset(body.purposes),
        until_ms=until_ms,
        index=case.index,
    )
    case.facts.grants[body.record] = grant
    return grant


def _latest_ms(agreement: Agreement, at_ms: int) -> int | None:
    """Return the end of the last day for which consent may be given now; None without any limit."""
    days = [] if agreement.validity.last_day is None else [agreement.validity.last_day]
    if agreement.motion.retention_days is not None:
        days.append(local_day(at_ms, agreement.time_zone) + agreement.motion.retention_days * _ONE_DAY)
    return day_begins_ms(min(days) + _ONE_DAY, agreement.time_zone) if days else None


def _live(case: Case, agreement: str) -> Line | None:
    case.book.looked(Check.CONSENT)
    line = case.facts.agreements.get(agreement)
    if line is None or line.state not in LIVE:
        what = Text("Einwilligung ohne geltende Vereinbarung", "consent without an agreement in force")
        case.find(Check.CONSENT, what, found=None if line is None else called(line.state))
        return None
    return line


def _is_new(case: Case, record: str) -> bool:
    token = bytes.fromhex(record)
    if token in case.facts.records:
        return case.find(Check.CONSENT, Text("Nachweis zum zweiten Mal", "record for the second time"))
    case.facts.records.add(token)
    return True


def _is_answer(case: Case, record: str, pseudonym: str) -> bool:
    case.book.looked(Check.CONSENT)
    if case.facts.requested.get(record) != pseudonym:
        what = Text("Antwort ohne Frage an diese Person", "answer that nobody was asked for")
        return case.find(Check.CONSENT, what)
    del case.facts.requested[record]
    return True


def _in_force(case: Case, record: str, pseudonym: str) -> Grant | None:
    case.book.looked(Check.CONSENT)
    grant = case.facts.grants.get(record)
    if grant is None or grant.ended_ms is not None or grant.pseudonym != pseudonym:
        case.find(Check.CONSENT, Text("keine solche Einwilligung in Kraft", "no such consent in force"))
        return None
    return grant


def _beyond(case: Case, de: str, en: str) -> None:
    what = Text("Einwilligung geht über die Vereinbarung hinaus", "consent goes beyond the agreement")
    case.find(Check.CONSENT, what, None, Text(de, en))

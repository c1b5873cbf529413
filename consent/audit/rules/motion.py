"""Checks 11 and 12: motion is kept and used only under a consent in force, and destroyed when it ends.

An hour after a withdrawal or expiry the keys of everything kept under it must be gone. Under a new version
of its agreement a grant lives on, as far as the new version permits motion.
"""

from consent.agreement.language import Text
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import Facts, Grant
from consent.audit.findings import Book, plain
from consent.audit.names import called
from consent.audit.rules import royalties
from consent.entries.bodies import MotionSealed, MotionShredded, MotionUsed
from consent.entries.limits import SHRED_WITHIN_MS, SKEW_MS
from consent.entries.times import utc_text


def sealed(case: Case, body: MotionSealed) -> None:
    """Judge that motion of one worker was kept."""
    case.book.looked(Check.MOTION)
    facts = case.facts
    session, grant = facts.sessions.get(body.session), facts.grants.get(body.record)
    if session is None:
        case.find(
            Check.MOTION, Text("Bewegungsdaten ohne laufende Erfassung", "motion without an open recording")
        )
        return
    permitted = grant is not None and _permits(facts, grant, session.station, case.acted_ms)
    if not permitted:
        what = Text("Bewegungsdaten ohne Einwilligung", "motion without a consent in force")
        case.find(Check.MOTION, what, found=plain(session.station))
    if body.segment in facts.segments:
        case.find(Check.MOTION, Text("Abschnitt zum zweiten Mal", "segment for the second time"))
        return
    # What was kept without consent is followed as well, but nobody waits for its destruction twice.
    facts.segments[body.segment] = body.record
    if grant is not None and permitted:
        grant.segments.add(body.segment)


def used(case: Case, body: MotionUsed) -> None:
    """Judge that motion is about to be used."""
    facts = case.facts
    case.book.looked(Check.MOTION, len(body.segments))
    grants: dict[str, Grant] = {}
    for segment in body.segments:
        record = facts.segments.get(segment)
        grant = facts.grants.get(record or "")
        if segment not in facts.segments:
            case.find(Check.MOTION, Text("Nutzung unbekannter Abschnitte", "use of unknown segments"))
            break
        if record is None:
            case.find(Check.SHREDDING, Text("Nutzung vernichteter Abschnitte", "use of destroyed segments"))
            break
        if grant is None or body.purpose not in grant.purposes:
            what = Text("Nutzung ohne Einwilligung in den Zweck", "use for a purpose without consent")
            case.find(Check.MOTION, what, found=called(body.purpose))
            break
        if grant.ended_ms is not None or case.at_ms > grant.until_ms + SKEW_MS:
            what = Text("Nutzung nach Widerruf oder Ablauf", "use after withdrawal or expiry")
            case.find(Check.SHREDDING, what)
            break
        grants[record] = grant
    royalties.begun(case, body, tuple(grants.values()))


def shredded(case: Case, body: MotionShredded) -> None:
    """Judge that keys of motion were destroyed."""
    facts = case.facts
    case.book.looked(Check.SHREDDING, len(body.segments))
    grant = facts.grants.get(body.record)
    while grant is not None and grant.renewed_by is not None:
        grant = facts.grants.get(grant.renewed_by)
    late = False
    for segment in body.segments:
        if facts.segments.get(segment) is None:
            what = Text(
                "Vernichtung unbekannter oder vernichteter Abschnitte",
                "destruction of segments unknown or gone",
            )
            case.find(Check.SHREDDING, what)
            return
        facts.segments[segment] = None
        if grant is not None:
            late = late or (segment in grant.segments and case.at_ms > _due_ms(grant) + SKEW_MS)
            grant.segments.discard(segment)
    if late and grant is not None:
        _too_late(case.book, case.index, grant, plain(utc_text(case.at_ms)))


def finish(facts: Facts, book: Book, now_ms: int) -> None:
    """Name what should have been destroyed by now."""
    for grant in facts.grants.values():
        if grant.segments and now_ms > _due_ms(grant) + SKEW_MS:
            index = grant.index if grant.ended_index is None else grant.ended_index
            missing = Text(f"{len(grant.segments)} nicht vernichtet", f"{len(grant.segments)} not destroyed")
            _too_late(book, index, grant, missing)


def _too_late(book: Book, index: int, grant: Grant, found: Text) -> None:
    due = utc_text(_due_ms(grant))
    book.find(
        Check.SHREDDING,
        index,
        Text("zu spät vernichtet", "destroyed too late"),
        Text(f"bis {due}", f"by {due}"),
        found,
    )


def _due_ms(grant: Grant) -> int:
    return (grant.until_ms if grant.ended_ms is None else grant.ended_ms) + SHRED_WITHIN_MS


def _permits(facts: Facts, grant: Grant, station: str, at_ms: int) -> bool:
    line = facts.live(station)
    return (
        grant.ended_ms is None
        and at_ms < grant.until_ms + SKEW_MS
        and station in grant.stations
        and line is not None
        and station in line.agreement.motion.stations
        and line.agreement.id == grant.agreement_id
    )

"""Check 15, the camera of those who set stations up: opened only as agreed, closed in time.

It is a look at pictures, so it is judged with the other looks. A session that no entry closes ends with its
minutes; the plant's pages see to that, the log can only show that nobody said so.
"""

from consent.agreement.calendar import local_day
from consent.agreement.language import Text
from consent.agreement.lifecycle import State
from consent.agreement.schema import Period
from consent.agreement.vocabulary import View
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import Facts, Line, SetUp
from consent.audit.findings import Book, plain
from consent.audit.names import called
from consent.entries.bodies import SetUpClosed, SetUpOpened
from consent.entries.limits import SET_UP_CLOSED_WITHIN_MS
from consent.entries.times import utc_text

_MINUTE_MS = 60_000


def opened(case: Case, body: SetUpOpened) -> None:
    """Begin a session. It is followed even if it should not have begun: it happened."""
    case.book.looked(Check.ACCESS)
    facts = case.facts
    token = bytes.fromhex(body.session)
    if token in facts.set_up_ids:
        case.find(Check.ACCESS, Text("Einrichten beginnt zum zweiten Mal", "set-up begins a second time"))
        return
    facts.set_up_ids.add(token)
    facts.views[body.role, View.SET_UP_PICTURES] += 1
    line = facts.agreements.get(body.agreement)
    _judge(case, body, line)
    facts.set_ups[body.session] = SetUp(
        body.station, line, case.index, case.at_ms + body.minutes * _MINUTE_MS
    )


def _judge(case: Case, body: SetUpOpened, line: Line | None) -> bool:
    if line is None or line.state is not State.ACTIVE or body.station not in line.agreement.stations:
        found = Text("keine", "none") if line is None else called(line.state)
        what = Text("Kamera ohne Vereinbarung in Kraft", "camera without an agreement in force")
        return case.find(Check.ACCESS, what, called(State.ACTIVE), found)
    agreement = line.agreement
    granted = (one.may_see for one in agreement.access if one.role is body.role)
    if not any(View.SET_UP_PICTURES in views for views in granted):
        what = Text("Einsicht, die niemand vereinbart hat", "view that nobody agreed to")
        return case.find(Check.ACCESS, what, found=called(body.role, View.SET_UP_PICTURES))
    today = local_day(case.at_ms, agreement.time_zone)
    if not agreement.validity.covers(Period(first_day=today, last_day=today)):
        what = Text("Kamera außerhalb der Tage", "camera outside the days")
        return case.find(Check.ACCESS, what, found=plain(today))
    if agreement.notice_on is None or today <= agreement.notice_on:
        what = Text("vor der Unterrichtung der Beschäftigten", "before the workers were informed")
        return case.find(Check.ACCESS, what, plain(agreement.notice_on), plain(today))
    return True


def closed(case: Case, body: SetUpClosed) -> None:
    """End a session."""
    session = case.facts.set_ups.pop(body.session, None)
    if session is None:
        case.find(Check.ACCESS, Text("Einrichten, das nicht offen ist", "set-up that is not open"))
        return
    # Its minutes end it, so an entry that says so late changes nothing.
    _judge_halt(case, session, min(case.at_ms, session.ends_ms))


def halt(case: Case, line: Line) -> None:
    """From here on the cameras that this agreement permitted must be closed."""
    for session in case.facts.set_ups.values():
        if session.halted_ms is None and session.line is line:
            session.halted_ms = case.at_ms


def finish(facts: Facts, book: Book, now_ms: int) -> None:
    """Name the sessions that no entry closed."""
    for session in facts.set_ups.values():
        if now_ms > session.ends_ms + SET_UP_CLOSED_WITHIN_MS:
            what = Text("Ende des Einrichtens ist nicht gemeldet", "end of a set-up was not told")
            book.warn(Check.ACCESS, session.index, what, found=plain(session.station))


def _judge_halt(case: Case, session: SetUp, ended_ms: int) -> None:
    if session.halted_ms is None or ended_ms <= session.halted_ms + SET_UP_CLOSED_WITHIN_MS:
        return
    until = utc_text(session.halted_ms + SET_UP_CLOSED_WITHIN_MS)
    case.find(
        Check.ACCESS,
        Text("Kamera offen nach Aussetzung oder Ende", "camera open after suspension or end"),
        Text(f"bis {until}", f"by {until}"),
        plain(utc_text(ended_ms)),
    )

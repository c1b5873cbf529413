"""Check 8: recordings. A session counts from the act that starts it to the act that stops it.

While a device can read the log it stops within a second of whatever stops it; out of reach, it may go on for
as long as a permission lasts. How long a session of a device that broke down had really recorded, nobody
knows: such a session is warned of, and counts in full against what is recorded after it.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from consent.agreement.calendar import day_begins_ms, local_day
from consent.agreement.language import Text
from consent.agreement.lifecycle import State
from consent.agreement.schema import Period
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import Day, Facts, Line, Session
from consent.audit.findings import Book, plain
from consent.audit.names import called
from consent.audit.rules import presence
from consent.entries.bodies import (
    RecordingCompleted,
    RecordingConfigured,
    RecordingStarted,
    RecordingStopped,
)
from consent.entries.limits import PERMISSION_MS, SKEW_MS, STOP_WITHIN_MS
from consent.entries.times import utc_text
from consent.entries.vocabulary import Reason

LATE_MS = STOP_WITHIN_MS + SKEW_MS
"""How late a device that reads the log may stop, as its own clock and the log's show it."""

_MINUTE_MS = 60_000
_MOST_DAYS = 400
"""Longer sessions have broken the day's minutes long before; it bounds what a hostile entry can cost."""

_ONE_DAY = timedelta(days=1)

Chosen = Callable[[Session], bool]


def started(case: Case, body: RecordingStarted) -> None:
    """Begin a session. It is followed even if it should not have begun: it happened."""
    case.book.looked(Check.RECORDINGS)
    facts = case.facts
    token = bytes.fromhex(body.session)
    if token in facts.session_ids:
        case.find(
            Check.RECORDINGS, Text("Erfassung beginnt zum zweiten Mal", "recording begins a second time")
        )
        return
    line = facts.agreements.get(body.agreement)
    campaign = None if line is None else line.campaign(body.campaign)
    if campaign is not None and body.station not in campaign.stations:
        campaign = None
    session = Session(
        body.device,
        facts.devices.get(body.device),
        body.station,
        line,
        campaign,
        case.acted_ms,
        case.index,
    )
    if body.device not in facts.devices:
        case.find(Check.RECORDINGS, Text("Gerät ist nicht zugelassen", "device is not enrolled"))
    else:
        _judge_start(case, body, session)
    facts.session_ids.add(token)
    facts.sessions[body.session] = session


def _judge_start(case: Case, body: RecordingStarted, session: Session) -> bool:
    facts, line, campaign = case.facts, session.line, session.campaign
    if line is None or line.state is not State.ACTIVE:
        found = Text("keine", "none") if line is None else called(line.state)
        what = Text("Erfassung ohne Vereinbarung in Kraft", "recording without an agreement in force")
        return case.find(Check.RECORDINGS, what, called(State.ACTIVE), found)
    if body.purpose not in line.agreement.purposes:
        what = Text("Zweck ist nicht vereinbart", "purpose is not agreed")
        return case.find(Check.RECORDINGS, what, called(*line.agreement.purposes), called(body.purpose))
    if campaign is None:
        what = Text("keine Kampagne an diesem Arbeitsplatz", "no campaign at this station")
        return case.find(Check.RECORDINGS, what, found=plain(f"{body.campaign}, {body.station}"))
    today = local_day(session.started_ms, line.agreement.time_zone)
    if not _covers(line, campaign, today):
        what = Text("Erfassung außerhalb der Tage", "recording outside the days")
        return case.find(Check.RECORDINGS, what, _days(campaign), plain(today))
    if line.agreement.notice_on is None or today <= line.agreement.notice_on:
        what = Text("vor der Unterrichtung der Beschäftigten", "before the workers were informed")
        return case.find(Check.RECORDINGS, what, plain(line.agreement.notice_on), plain(today))
    if (line.agreement.id, campaign.name, body.station) in facts.completed:
        what = Text("Erfassung nach Abschluss der Kampagne", "recording after the campaign was completed")
        return case.find(Check.RECORDINGS, what, found=plain(f"{body.campaign}, {body.station}"))
    if any((one.device, one.station) == (body.device, body.station) for one in facts.sessions.values()):
        what = Text("Gerät erfasst hier bereits", "device is recording here already")
        return case.find(Check.RECORDINGS, what, found=plain(body.station))
    return True


def stopped(case: Case, body: RecordingStopped) -> None:
    """End a session at the instant that the device signed."""
    session = case.facts.sessions.pop(body.session, None)
    if session is None:
        case.find(Check.RECORDINGS, _NOT_OPEN)
        return
    case.facts.stops[session.station, body.reason] += 1
    ended_ms = case.acted_ms
    if ended_ms < session.started_ms:
        what = Text("Erfassung endet, bevor sie beginnt", "recording ends before it begins")
        case.find(Check.RECORDINGS, what, plain(utc_text(session.started_ms)), plain(utc_text(ended_ms)))
        return
    if body.reason is Reason.INTERRUPTED:
        _warn_unknown(case, session, ended_ms)
        _count(case.facts, session, ended_ms, body.recorded_ms)
        return
    spent = _count(case.facts, session, ended_ms, body.recorded_ms)
    if _judge_stop(case, session, ended_ms, body.reason):
        _judge_minutes(case, session, spent)
    presence.judge(case, session, ended_ms)


def cut_off(case: Case, session_id: str) -> None:
    """End a session whose device was revoked: the device's own word counts no more."""
    session = case.facts.sessions.pop(session_id)
    case.facts.stops[session.station, Reason.INTERRUPTED] += 1
    ended_ms = max(case.at_ms, session.started_ms)
    _warn_unknown(case, session, ended_ms)
    _count(case.facts, session, ended_ms, 0)


def configured(case: Case, body: RecordingConfigured) -> None:
    """Judge that the station file changed in an open session."""
    if body.session not in case.facts.sessions:
        case.find(Check.RECORDINGS, _NOT_OPEN)


def completed(case: Case, body: RecordingCompleted) -> None:
    """End a campaign at a station: it has reached its target."""
    line = case.facts.agreements.get(body.agreement)
    campaign = None if line is None else line.campaign(body.campaign)
    if line is None or campaign is None or body.station not in campaign.stations:
        what = Text("Abschluss einer unbekannten Kampagne", "completion of an unknown campaign")
        case.find(Check.RECORDINGS, what, found=plain(f"{body.campaign}, {body.station}"))
        return
    case.facts.completed.add((line.agreement.id, campaign.name, body.station))
    case.tell(f"{line.agreement.id} {line.agreement.version}", f"{body.campaign}, {body.station}")

    def same(session: Session) -> bool:
        other = session.line
        return (
            other is not None
            and other.agreement.id == line.agreement.id
            and session.station == body.station
            and session.campaign is not None
            and session.campaign.name == campaign.name
        )

    end(case, same)


def end(case: Case, chosen: Chosen) -> None:
    """From here on these sessions must be over for good."""
    for session in case.facts.sessions.values():
        if session.over_ms is None and chosen(session):
            session.over_ms = case.at_ms


def pause(case: Case, line: Line) -> None:
    """From here on the sessions of a suspended agreement must be over."""
    for session in case.facts.sessions.values():
        if session.suspended_ms is None and session.line is line:
            session.suspended_ms = case.at_ms


def lift(case: Case, line: Line) -> None:
    """Sessions may go on if the suspension was over before their device had to notice it."""
    for session in case.facts.sessions.values():
        if session.suspended_ms is None or session.line is not line:
            continue
        paused_ms = case.at_ms - session.suspended_ms
        if paused_ms <= PERMISSION_MS + LATE_MS:
            session.suspended_ms = None
            if paused_ms > LATE_MS:
                what = Text(
                    "Erfassung lief durch eine Aussetzung; zulässig nur, wenn das Gerät nicht davon wusste",
                    "recording went on through a suspension; permitted only if the device could not know",
                )
                case.book.warn(Check.RECORDINGS, session.index, what, found=plain(f"{paused_ms // 1000} s"))


def finish(facts: Facts, book: Book, now_ms: int) -> None:
    """Name the sessions that never ended."""
    for session in facts.sessions.values():
        if now_ms - session.started_ms > PERMISSION_MS:
            what = Text("Ende der Erfassung ist nicht gemeldet", "end of the recording was not told")
            book.warn(Check.RECORDINGS, session.index, what, found=plain(session.station))


def _judge_stop(case: Case, session: Session, ended_ms: int, reason: Reason) -> bool:
    line, campaign = session.line, session.campaign
    if session.halted_ms is not None:
        grace = LATE_MS + (PERMISSION_MS if reason is Reason.LOG_UNREACHABLE else 0)
        if ended_ms > session.halted_ms + grace:
            what = Text(
                "Erfassung nach Aussetzung, Ende oder Abschluss",
                "recording after suspension, end or completion",
            )
            return case.find(
                Check.RECORDINGS, what, _until(session.halted_ms + grace), plain(utc_text(ended_ms))
            )
    if line is not None and campaign is not None:
        last = min(
            (day for day in (line.agreement.validity.last_day, campaign.last_day) if day is not None),
            default=None,
        )
        if last is not None:
            until_ms = day_begins_ms(last + _ONE_DAY, line.agreement.time_zone)
            first = local_day(session.started_ms, line.agreement.time_zone)
            # A session that began on a wrong day has its finding already.
            if first <= last and ended_ms > until_ms + LATE_MS:
                what = Text("Erfassung nach dem letzten Tag", "recording after the last day")
                return case.find(Check.RECORDINGS, what, _until(until_ms), plain(utc_text(ended_ms)))
    return True


def _judge_minutes(case: Case, session: Session, spent: dict[date, int]) -> None:
    if session.campaign is None:
        return
    limit_ms = session.campaign.minutes_per_day * _MINUTE_MS
    for day, total_ms in spent.items():
        if total_ms > limit_ms + LATE_MS:
            case.find(
                Check.RECORDINGS,
                Text(
                    f"zu lange erfasst am {day}, {session.station}",
                    f"recorded too long on {day}, {session.station}",
                ),
                plain(f"{limit_ms // 1000} s"),
                plain(f"{total_ms // 1000} s"),
            )
            return


def _count(facts: Facts, session: Session, ended_ms: int, recorded_ms: int) -> dict[date, int]:
    """Book the session on its days; return what these days hold now, in ms."""
    if session.line is None:
        return {}
    agreement = session.line.agreement
    parts = list(_by_day(session.started_ms, ended_ms, agreement.time_zone))
    excess_ms = max(recorded_ms - (ended_ms - session.started_ms), 0)
    totals: dict[date, int] = {}
    for place, (day, begins_ms, ends_ms) in enumerate(parts):
        entry = facts.days.setdefault((session.station, day), Day())
        entry.recorded_ms += ends_ms - begins_ms + (excess_ms if place == 0 else 0)
        entry.sessions += 1
        entry.first_ms = begins_ms if entry.first_ms is None else min(entry.first_ms, begins_ms)
        entry.last_ms = ends_ms if entry.last_ms is None else max(entry.last_ms, ends_ms)
        if session.campaign is not None:
            entry.permitted_ms = max(entry.permitted_ms, session.campaign.minutes_per_day * _MINUTE_MS)
            entry.campaigns.add((session.campaign.name, agreement.id, agreement.version))
        totals[day] = entry.recorded_ms
    return totals


def _by_day(started_ms: int, ended_ms: int, time_zone: str) -> Iterator[tuple[date, int, int]]:
    day = local_day(started_ms, time_zone)
    for _ in range(_MOST_DAYS):
        next_ms = day_begins_ms(day + _ONE_DAY, time_zone)
        if next_ms > started_ms or started_ms == ended_ms:
            yield day, started_ms, min(next_ms, ended_ms)
        if next_ms >= ended_ms:
            return
        started_ms, day = max(next_ms, started_ms), day + _ONE_DAY


def _warn_unknown(case: Case, session: Session, ended_ms: int) -> None:
    what = Text(
        "Gerät fiel aus; wie lange es erfasst hat, ist nicht bekannt",
        "device broke down; how long it had recorded is not known",
    )
    longest = (ended_ms - session.started_ms) // 1000
    case.warn(Check.RECORDINGS, what, found=Text(f"höchstens {longest} s", f"at most {longest} s"))


def _covers(line: Line, campaign: Period, today: date) -> bool:
    day = Period(first_day=today, last_day=today)
    return campaign.covers(day) and line.agreement.validity.covers(day)


def _days(period: Period) -> Text:
    last = "" if period.last_day is None else str(period.last_day)
    return Text(f"{period.first_day} bis {last}", f"{period.first_day} to {last}")


def _until(at_ms: int) -> Text:
    return Text(f"bis {utc_text(at_ms)}", f"by {utc_text(at_ms)}")


_NOT_OPEN = Text("Erfassung, die nicht läuft", "recording that is not open")

"""A plant's calendar (iCalendar, RFC 5545) as shifts.

* An event with times is a shift, called by its title. Its end keeps its time of day when clocks change: a
  night shift from 22:00 to 6:00 has seven hours in the night of spring, and nine in that of autumn.
* An event of whole days is a holiday of the plant: shifts that begin on its days do not take place.
* Recurrences, exceptions to them (EXDATE), additions (RDATE) and single changes (RECURRENCE-ID) count.
* Times without a zone are those of the site.

Nothing is guessed: an event that cannot be understood, overlaps another or has participants, and so is
somebody's appointment, gives a finding that names it, and then there are no shifts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from productivity.records import Finding, Severity
from storage.importers.ical.event import CalendarEvent, Zones, read_event
from storage.importers.ical.recurrence import Budget, NotUnderstood
from storage.importers.ical.text import Block, read_text
from storage.importers.ical.zones import zones_of
from storage.sql.shifts import LONGEST_SHIFT_MS, Shift

EVENT_REFUSED, OVERLAP = "event-refused", "shifts-overlap"
MOST_FINDINGS = 50
_AROUND = timedelta(days=2)
"""Wall clocks of the world differ by at most 26 hours: what begins further away begins outside the span."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day of the site's calendar on which no shift begins, and its title."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class ImportedShifts:
    """Shifts by start, holidays by day, and how many shifts fell on those; or what is wrong."""

    shifts: tuple[Shift, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    removed: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Planned:
    """A shift, and the line of the event that it comes from."""

    shift: Shift
    line: int


class _Findings:
    """Collects what is wrong with a calendar."""

    def __init__(self, file: str) -> None:
        self._file, self._found = file, list[Finding]()

    def add(self, code: str, text: str, name: str, *lines: int) -> None:
        """Note what is wrong with an event."""
        rows = tuple(f"{self._file}:{line}" for line in lines)
        text = f"event {name!r}: {text}" if name else text
        self._found.append(Finding(Severity.ERROR, code, text, rows, (("event", name),)))

    def all(self) -> tuple[Finding, ...]:
        """Return the first of them, and how many more there are."""
        more = len(self._found) - MOST_FINDINGS
        if more <= 0:
            return tuple(self._found)
        last = Finding(
            Severity.ERROR, EVENT_REFUSED, f"{more} more events are refused", (), (("more", more),)
        )
        return (*self._found[:MOST_FINDINGS], last)


def read_shifts(
    content: bytes, time_zone: str, from_ms: int, to_ms: int, *, file: str = "calendar.ics"
) -> ImportedShifts:
    """Return the shifts that begin in [from_ms, to_ms), UTC milliseconds, at a site in `time_zone`.

    Raises `BadInput` for what is no calendar, or asks for too much.
    """
    text, site, findings = read_text(content, file), ZoneInfo(time_zone), _Findings(file)
    events = list(_events(text.events, zones_of(text.zones, site, file), findings))
    first, last = (datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None) for ms in (from_ms, to_ms))
    holidays, planned = dict[date, str](), list[_Planned]()
    for event, begin in _occurrences(events, first - _AROUND, last + _AROUND, findings):
        if event.all_day:
            for number in range(event.length.days):
                holidays.setdefault(begin.date() + timedelta(days=number), event.name)
            continue
        shift = Shift(event.name, _ms(begin, event.zone), _ms(begin + event.length, event.zone))
        if not 0 < shift.end_ms - shift.start_ms <= LONGEST_SHIFT_MS:
            reason = f"lasts no time or more than 24 hours on {begin.date()}, when clocks change"
            findings.add(EVENT_REFUSED, reason, event.name, event.line)
        elif from_ms <= shift.start_ms < to_ms:
            planned.append(_Planned(shift, event.line))
    kept = [one for one in planned if _local(one.shift.start_ms, site).date() not in holidays]
    _find_overlaps(kept, site, findings)
    if refused := findings.all():
        return ImportedShifts(findings=refused)
    days = _local(from_ms, site).date(), _local(to_ms - 1, site).date()
    return ImportedShifts(
        tuple(sorted((one.shift for one in kept), key=lambda shift: shift.start_ms)),
        tuple(Holiday(day, holidays[day]) for day in sorted(holidays) if days[0] <= day <= days[1]),
        len(planned) - len(kept),
    )


def _events(blocks: list[Block], zones: Zones, findings: _Findings) -> Iterator[CalendarEvent]:
    for block in blocks:
        try:
            event = read_event(block, zones)
        except NotUnderstood as reason:
            findings.add(EVENT_REFUSED, str(reason), _title(block), block.line)
            continue
        if not event.all_day and event.length > timedelta(milliseconds=LONGEST_SHIFT_MS):
            findings.add(EVENT_REFUSED, "expected at most 24 hours", event.name, block.line)
            continue
        yield event


def _title(block: Block) -> str:
    """Return the title of an event that could not be read, as far as it can be."""
    written = (line.partition(":")[2] for line in block.lines if line.upper().startswith("SUMMARY"))
    return "".join(sign for sign in next(written, "") if sign.isprintable())[:60]


def _occurrences(
    events: list[CalendarEvent], first: datetime, last: datetime, findings: _Findings
) -> Iterator[tuple[CalendarEvent, datetime]]:
    """Yield events with their starts; single changes in the place of what they change."""
    budget, changed = Budget(), dict[str, set[datetime]]()
    for event in events:
        if event.replaces is not None:
            changed.setdefault(event.uid, set()).add(event.replaces)
    for event in events:
        if event.cancelled:
            continue
        gone = changed.get(event.uid, set()) if event.replaces is None else set[datetime]()
        try:
            begins = event.starts(first, last, budget) - gone
        except NotUnderstood as reason:
            findings.add(EVENT_REFUSED, str(reason), event.name, event.line)
            continue
        yield from ((event, begin) for begin in sorted(begins))


def _find_overlaps(planned: list[_Planned], site: tzinfo, findings: _Findings) -> None:
    told: set[tuple[int, int]] = set()
    latest: _Planned | None = None
    for one in sorted(planned, key=lambda one: (one.shift.start_ms, one.shift.end_ms, one.line)):
        if latest is not None and one.shift.start_ms < latest.shift.end_ms:
            pair = (latest.line, one.line)
            if pair not in told:  # once, and not for each day of the year
                told.add(pair)
                at = _local(one.shift.start_ms, site)
                text = f"begins on {at:%Y-%m-%d} at {at:%H:%M}, before {latest.shift.name!r} ends"
                findings.add(OVERLAP, text, one.shift.name, one.line, latest.line)
        if latest is None or one.shift.end_ms > latest.shift.end_ms:
            latest = one


def _ms(wall: datetime, zone: tzinfo) -> int:
    """Return UTC milliseconds.

    A time that clocks skip counts by the offset before the change, one that comes twice as the first (RFC
    5545 section 3.3.5).
    """
    return round(wall.replace(tzinfo=zone).timestamp() * 1000)


def _local(ms: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, zone)

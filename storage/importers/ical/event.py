"""One event, on the wall of its own time zone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from icalendar import Event, vDDDLists, vDDDTypes, vDuration, vRecur

from storage.importers.ical.recurrence import Budget, NotUnderstood, end_of, midnight, starts
from storage.importers.ical.text import Block

Zones = Callable[[str], tzinfo | None]
"""From a zone's name, "" for the site's, to the zone; None for an unknown one."""

LONGEST_NAME = 200
LONGEST_HOLIDAY_DAYS = 366


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event. `begin`, `length` and `replaces` are times on the wall of `zone`.

    `replaces` is the start of that occurrence of the event with the same `uid` which this one changes
    (RECURRENCE-ID).
    """

    line: int
    uid: str
    name: str
    begin: datetime
    length: timedelta
    zone: tzinfo
    all_day: bool
    cancelled: bool
    replaces: datetime | None
    rules: tuple[vRecur, ...]
    added: tuple[datetime, ...]
    removed: tuple[date, ...]
    """Times, or days with whatever begins on them."""

    def starts(self, first: datetime, last: datetime, budget: Budget) -> set[datetime]:
        """Return when it begins within [first, last], or so that it reaches into it.

        Raises `NotUnderstood`, and `BadInput` when the budget is used up.
        """
        first -= self.length
        found = {self.begin} if first <= self.begin <= last else set[datetime]()
        for rule in self.rules:
            found |= starts(rule, self.begin, first, last, self._until(rule), budget)
        for at in self.added:
            if first <= at <= last:
                budget.find()
                found.add(at)
        gone = set(self.removed)
        return {at for at in found if at not in gone and at.date() not in gone}

    def _until(self, rule: vRecur) -> datetime | None:
        ends = [_on_wall(at, UTC if _aware(at) else self.zone, self.zone) for at in rule.get("UNTIL", [])]
        return min(map(end_of, ends)) if ends else None


def read_event(block: Block, zones: Zones) -> CalendarEvent:
    """Read an event. Raises `NotUnderstood` if it is no shift and no holiday."""
    try:
        event = Event.from_ical(block.text())
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        raise NotUnderstood("its lines cannot be read") from None
    if not isinstance(event, Event) or event.errors:
        raise NotUnderstood(f"{event.errors[0][0] or 'a line'} cannot be read")
    if "ATTENDEE" in event:
        raise NotUnderstood("it has participants: expected the plant's shifts, and nobody's appointments")
    if not 1 <= len(title(event)) <= LONGEST_NAME or not title(event).isprintable():
        raise NotUnderstood(f"expected a title (SUMMARY) of 1 to {LONGEST_NAME} printable characters")
    if "EXRULE" in event:
        raise NotUnderstood("its recurrence has EXRULE, which calendars no longer use")
    begin, zone = _time(event, "DTSTART", zones)
    return CalendarEvent(
        line=block.line,
        uid=str(event.get("UID", f"line {block.line}")),
        name=title(event),
        begin=midnight(begin),
        length=_length(event, begin, zone, zones),
        zone=zone,
        all_day=not isinstance(begin, datetime),
        cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
        replaces=_replaces(event, zone, zones),
        rules=_rules(event),
        added=tuple(map(midnight, _dates(event, "RDATE", zone, zones))),
        removed=tuple(_dates(event, "EXDATE", zone, zones)),
    )


def title(event: Event) -> str:
    """Return an event's title in one line."""
    return " ".join(str(event.get("SUMMARY", "")).split())


def _length(event: Event, begin: date, zone: tzinfo, zones: Zones) -> timedelta:
    whole_days = not isinstance(begin, datetime)
    if "DTEND" in event:
        end, own = _time(event, "DTEND", zones)
        end = _on_wall(end, own, zone)
        if isinstance(end, datetime) == whole_days:
            raise NotUnderstood("expected start and end both with a time, or both without")
        length = midnight(end) - midnight(begin)
    elif "DURATION" in event:
        length = _duration(event["DURATION"])
    elif whole_days:
        length = timedelta(days=1)
    else:
        raise NotUnderstood("expected an end (DTEND or DURATION)")
    if length <= timedelta(0):
        raise NotUnderstood("expected an end after its start")
    if whole_days and (length.days > LONGEST_HOLIDAY_DAYS or length % timedelta(days=1)):
        raise NotUnderstood(f"expected whole days, at most {LONGEST_HOLIDAY_DAYS}")
    return length


def _duration(value: object) -> timedelta:
    length = value.dt if isinstance(value, vDDDTypes | vDuration) else None
    if not isinstance(length, timedelta):
        raise NotUnderstood("DURATION cannot be read")
    return length


def _replaces(event: Event, zone: tzinfo, zones: Zones) -> datetime | None:
    if "RECURRENCE-ID" not in event:
        return None
    at = _on_wall(*_time(event, "RECURRENCE-ID", zones), zone)
    if "RANGE" in event["RECURRENCE-ID"].params:
        raise NotUnderstood("it changes all later occurrences (RANGE), which is not supported")
    if "RRULE" in event:
        raise NotUnderstood("a single change (RECURRENCE-ID) does not recur itself")
    return midnight(at)


def _rules(event: Event) -> tuple[vRecur, ...]:
    value = event.get("RRULE", [])
    return tuple(value if isinstance(value, list) else [value])


def _dates(event: Event, name: str, zone: tzinfo, zones: Zones) -> Iterator[date]:
    value = event.get(name, [])
    for listed in value if isinstance(value, list) else [value]:
        if not isinstance(listed, vDDDLists):
            raise NotUnderstood(f"{name} cannot be read")
        for one in listed.dts:
            if not isinstance(one.dt, date):
                raise NotUnderstood(f"{name} holds a period: expected times at which it begins")
            yield _on_wall(one.dt, _zone(one.dt, str(listed.params.get("X-ZONE", "")), zones), zone)


def _time(event: Event, name: str, zones: Zones) -> tuple[date, tzinfo]:
    """Return a time as it stands there, and its zone; a day stays a day."""
    value = event.get(name)
    if not isinstance(value, vDDDTypes) or not isinstance(value.dt, date):
        raise NotUnderstood(f"expected one {name}, a day or a time on a day")
    zone = _zone(value.dt, str(value.params.get("X-ZONE", "")), zones)
    return _on_wall(value.dt, zone, zone), zone


def _zone(at: date, key: str, zones: Zones) -> tzinfo:
    zone = UTC if _aware(at) else zones(key)
    if zone is None:
        raise NotUnderstood("its time zone is not known")
    return zone


def _aware(at: date) -> bool:
    return isinstance(at, datetime) and at.tzinfo is not None


def _on_wall(at: date, own: tzinfo, zone: tzinfo) -> date:
    """Return a time of one zone on the wall of another; a day stays a day."""
    if not isinstance(at, datetime):
        return at
    if own == zone:
        return at.replace(tzinfo=None)
    try:
        return at.replace(tzinfo=own).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise NotUnderstood("its time is out of all calendars") from None

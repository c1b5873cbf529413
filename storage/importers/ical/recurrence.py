"""When a recurring event begins, within a span, as times on its own wall (RFC 5545 section 3.8.5).

Times are naive: a shift that begins at six begins at six on the day after the clocks change too.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.rrule import rrulestr
from icalendar import vRecur

from productivity.errors import BadInput

MOST_STEPS = 1_000_000
"""Days that all rules of a calendar may walk over: some seconds. A hundred rules of the last five years walk
over a fifth of that."""
MOST_STARTS = 20_000
"""Of all events within the span: ten years of five shifts a day."""
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_BY = frozenset({"BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}) | _BY
_CYCLE = 400
"""Years after which the calendar repeats, weekdays included."""
_LAST = 9999


class NotUnderstood(Exception):
    """A recurrence that is no rule for shifts; the text says why. The reader adds which event it is."""


@dataclass(slots=True)
class Budget:
    """What is left of what a calendar may ask for."""

    steps: int = MOST_STEPS
    starts: int = MOST_STARTS

    def walk(self, days: int) -> None:
        """Take days; raises `BadInput` when none are left."""
        self.steps -= days
        if self.steps < 0:
            raise BadInput(
                "recurrences take too long to work out", expected="rules of which each soon occurs"
            )

    def find(self) -> None:
        """Take a start; raises `BadInput` when none are left."""
        self.starts -= 1
        if self.starts < 0:
            raise BadInput(
                "calendar holds too many shifts", expected=f"at most {MOST_STARTS} within the span"
            )


def starts(
    rule: vRecur, begin: datetime, first: datetime, last: datetime, until: datetime | None, budget: Budget
) -> set[datetime]:
    """Return when a rule lets an event begin within [first, last]; `begin` is its own start, which counts.

    `rule` is what the library read; `until` its end on the same wall, if it has one. Raises `NotUnderstood`.
    """
    _check(rule)
    if begin > last:
        return set()
    # The library looks for the next start up to the year 9999. Moved there by whole cycles of the calendar,
    # within which nothing changes, a rule that never occurs costs centuries and not millennia.
    moved = _CYCLE * ((_LAST - last.year) // _CYCLE)
    written: bytes = rule.to_ical()  # type: ignore[no-untyped-call]
    text = ";".join(part for part in written.decode().split(";") if not part.upper().startswith("UNTIL"))
    found = {begin} if first <= begin <= last else set()
    at = reached = begin
    count, seen = [int(number) for number in rule.get("COUNT", [])], 0
    try:
        for ahead in rrulestr(text, dtstart=begin.replace(year=begin.year + moved)):
            at = ahead.replace(year=ahead.year - moved)
            budget.walk((at - reached).days)
            reached, seen = at, seen + 1
            if at > last or (until is not None and at > until):
                return found
            if at >= first:
                budget.find()
                found.add(at)
    except (ValueError, TypeError, OverflowError, AttributeError, KeyError):
        raise NotUnderstood("its recurrence cannot be understood") from None
    if count != [seen]:
        budget.walk((_LAST - moved - at.year) * 366)  # it never occurs again, and that had to be found out
    return found


def _check(rule: vRecur) -> None:
    frequency = [str(word).upper() for word in rule.get("FREQ", [])]
    if len(frequency) != 1 or frequency[0] not in _FREQUENCIES:
        raise NotUnderstood("it recurs otherwise than daily, weekly, monthly or yearly")
    if strange := sorted({key.upper() for key in rule} - _PARTS):
        raise NotUnderstood(f"its recurrence has {strange[0][:40]}, which shifts do not need")
    for word in ("INTERVAL", "COUNT"):
        for number in rule.get(word, []):
            if not 1 <= int(number) <= MOST_STARTS:
                raise NotUnderstood(f"its recurrence has {word} outside 1 to {MOST_STARTS}")


def midnight(day: date) -> datetime:
    """Return the beginning of a day; a time stays as it is."""
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)


def end_of(day: date) -> datetime:
    """Return the end of a day; a time stays as it is."""
    return day if isinstance(day, datetime) else midnight(day) + timedelta(days=1, microseconds=-1)

"""When the demonstration plant works, and when it is recorded: two shifts from Monday to Friday.

A campaign is a matter of minutes a day, so each shift is recorded for less than an hour. The windows change
from day to day, so that beginnings, breaks and ends of shifts come into them too. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from consent.agreement.calendar import load_zone

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MINUTE_MS = 60_000
SPARE_MS = 2 * MINUTE_MS
"""A window is shorter than its share of the agreed minutes by this: a start waits for the log."""


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """A shift in local time, its breaks, and where in it recording may begin (for windows of an hour)."""

    name: str
    begins: time
    ends: time
    breaks: tuple[tuple[time, time], ...]
    windows: tuple[time, ...]

    @property
    def paid_minutes(self) -> int:
        """Paid time: the shift without its unpaid break, the longer of the two."""
        lengths = [_minutes(begins, ends) for begins, ends in self.breaks]
        return _minutes(self.begins, self.ends) - max(lengths)


SHIFTS: tuple[ShiftPlan, ...] = (
    ShiftPlan(
        "early",
        time(6),
        time(14),
        ((time(9), time(9, 15)), (time(12), time(12, 30))),
        (time(6), time(8, 20), time(9, 40), time(11, 10), time(13), time(7, 10)),
    ),
    ShiftPlan(
        "late",
        time(14),
        time(22),
        ((time(17), time(17, 15)), (time(19, 30), time(20))),
        (time(15, 10), time(16, 30), time(14), time(18, 15), time(20, 30), time(21)),
    ),
)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of UTC milliseconds with a name."""

    name: str
    start_ms: int
    end_ms: int

    def holds(self, at_ms: int) -> bool:
        """Tell whether an instant lies within."""
        return self.start_ms <= at_ms < self.end_ms


def at(day: date, clock: time, zone: str) -> int:
    """Return an instant of a local day in UTC milliseconds."""
    return int(datetime.combine(day, clock, load_zone(zone)).timestamp()) * 1000


def work_days(first: date, last: date) -> list[date]:
    """Return Mondays to Fridays from the first day to the last."""
    days = (first + number * DAY for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - day.weekday() * DAY


def shifts(days: list[date], zone: str) -> list[Span]:
    """Return the shifts of these days."""
    return [
        Span(plan.name, at(day, plan.begins, zone), at(day, plan.ends, zone))
        for day in days
        for plan in SHIFTS
    ]


def breaks(days: list[date], zone: str) -> list[Span]:
    """Return the breaks of these days; on Mondays the group meeting with which a shift begins, too."""
    return [span for day in days for plan in SHIFTS for span in _away(day, plan, zone)]


def windows(day: date, minutes_per_day: int, zone: str, turn: int) -> list[Span]:
    """Return when a station is recorded on a day: once in each shift, for at most half of the minutes.

    Where `turn` differs, so do the windows of a day.
    """
    length_ms = min(minutes_per_day * MINUTE_MS // len(SHIFTS), 60 * MINUTE_MS) - SPARE_MS
    found = []
    for plan in SHIFTS:
        begins = at(day, plan.windows[(day.toordinal() + turn) % len(plan.windows)], zone)
        # What begins with the hour at whose end the shift ends is recorded up to that end.
        ends = at(day, plan.ends, zone)
        begins = ends - length_ms if ends - begins <= 60 * MINUTE_MS else begins
        found.append(Span(plan.name, begins, begins + length_ms))
    return found


def _away(day: date, plan: ShiftPlan, zone: str) -> Iterator[Span]:
    if day.weekday() == 0:
        begins = at(day, plan.begins, zone)
        yield Span("group meeting", begins, begins + 15 * MINUTE_MS)
    for begins_at, ends_at in plan.breaks:
        yield Span("planned break", at(day, begins_at, zone), at(day, ends_at, zone))


def _minutes(begins: time, ends: time) -> int:
    return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute

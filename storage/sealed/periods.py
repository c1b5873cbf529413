"""Which period an instant belongs to: a shift, or else what its calendar day has outside of shifts. Pure.

Every instant belongs to exactly one period. Where shifts overlap, as at a handover, the earlier one has the
overlap. Time outside of shifts is not cut into pieces: the period is the whole day, whose `spans` leave the
shifts out. So a seal tells of no clock time that is finer than a shift, however the calendar looks.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from productivity.errors import BadInput

_LATEST_MS = 253_402_000_000_000
"""Some days before the end of the year 9999; what a broken clock says beyond counts as of that day."""


@dataclass(frozen=True, slots=True)
class Period:
    """A shift or a day, in UTC milliseconds. `month` is that of its beginning in the site's calendar."""

    start_ms: int
    end_ms: int
    month: str
    spans: tuple[tuple[int, int], ...]
    """The half-open spans of time that belong to it, in order."""


class Calendar:
    """The shifts of a site, and its calendar days for what they leave out."""

    def __init__(self, shifts: Iterable[tuple[int, int]], zone: ZoneInfo) -> None:
        self._zone = zone
        self._shifts: list[tuple[int, int]] = []
        for start, end in sorted(shifts):
            free = max(start, self._shifts[-1][1]) if self._shifts else start
            if end > free:
                self._shifts.append((free, end))

    def period(self, at_ms: int) -> Period:
        """Return the period that an instant belongs to."""
        at_ms = min(at_ms, _LATEST_MS)
        before = bisect_right(self._shifts, at_ms, key=lambda shift: shift[0])
        if before and at_ms < (shift := self._shifts[before - 1])[1]:
            return Period(*shift, self._month(shift[0]), (shift,))
        day = self._day(at_ms)
        start, end = self._begin(day), self._begin(day + timedelta(days=1))
        return Period(start, end, f"{day:%Y-%m}", tuple(self._outside(start, end)))

    def reach(self, months: Collection[str]) -> tuple[int, int]:
        """Return a span outside of which nothing belongs to these months. Raises `BadInput` for no month."""
        days = sorted(_first_day(month) for month in months)
        # A shift that begins on the last day of a month may last a day.
        return self._begin(days[0]), self._begin(days[-1] + timedelta(days=33))

    def _outside(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        first = bisect_right(self._shifts, start, key=lambda shift: shift[1])
        for begun, ended in islice(self._shifts, first, None):
            if begun >= end:
                break
            if begun > start:
                yield start, begun
            start = ended
        if start < end:
            yield start, end

    def _month(self, at_ms: int) -> str:
        return f"{self._day(at_ms):%Y-%m}"

    def _day(self, at_ms: int) -> date:
        """Return the day, so that days follow each other also where a clock goes back over midnight."""
        day = datetime.fromtimestamp(at_ms / 1000, self._zone).date()
        while self._begin(day) > at_ms:
            day -= timedelta(days=1)
        while self._begin(day + timedelta(days=1)) <= at_ms:
            day += timedelta(days=1)
        return day

    def _begin(self, day: date) -> int:
        return round(datetime.combine(day, time(), self._zone).timestamp() * 1000)


def _first_day(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise BadInput("month", expected="one such as 2026-11", found=repr(month[:40])) from None

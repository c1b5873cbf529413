"""Cells of foreign tables as numbers, moments and durations: exact, and refused rather than guessed.

A cell is text (CSV) or what a workbook holds (a number, date, time of day, span). How text is meant is said
by a `Notation`, never guessed: "3/4/2026" is two different days, "1.234" two different numbers.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from productivity.time import SECOND
from storage.importers.report import ROW_REFUSED, RowRefused

Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | None

DAY = 86_400 * SECOND
MINUTE = 60 * SECOND
TIME_UNITS = {"h": 3600 * SECOND, "min": MINUTE, "cmin": MINUTE // 100, "s": SECOND, "ms": SECOND // 1000}
"""Nanoseconds in what a plain number counts; cmin is the hundredth of a minute of stopwatches."""

EXCEL_ZERO = datetime(1899, 12, 31)
"""Day 0 of a workbook's serial numbers, as far as 1900-02-29, a day that only workbooks have."""
LAST_SPAN = datetime(1900, 2, 28)
"""What is later is a date and no span of time, in the epoch of 1904 too."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
_TIME_12 = _TIME + r"(?:\s*(?P<half>[AP])\.?M\.?)?"
_ZONE = r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[T ]\s*{_TIME_12}\s*{_ZONE})?",
    re.IGNORECASE | re.ASCII,
)
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<year>\d{{4}})(?:,?\s+{_TIME_12})?",
    re.IGNORECASE | re.ASCII,
)
_MONTH_FIRST = re.compile(
    rf"(?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})[-/.](?P<year>\d{{4}})(?:,?\s+{_TIME_12})?",
    re.IGNORECASE | re.ASCII,
)
_CLOCK = re.compile(_TIME_12, re.IGNORECASE | re.ASCII)
_SPAN = re.compile(
    r"(?P<sign>-?)(?P<first>\d{1,6}):(?P<second>[0-5]\d)(?::(?P<third>[0-5]\d)(?:[.,](?P<fraction>\d{1,9}))?)?",
    re.ASCII,
)
_NUMBER = {
    sign: re.compile(
        # A single group behind the other sign, as in "1,234", could be meant as decimals: it is refused.
        rf"[+-]?(?:\d{{1,3}}(?:[' ]\d{{3}})+|\d{{1,3}}(?:{other}\d{{3}})+(?={re.escape(sign)})"
        rf"|\d{{1,3}}(?:{other}\d{{3}}){{2,}}|\d{{1,15}})(?:{re.escape(sign)}\d{{1,12}})?",
        re.ASCII,
    )
    for sign, other in ((".", ","), (",", "[.]"))
}
_HARMLESS = re.compile(r"[-+\d\s:.,/'TZ]{1,40}|[-+\d\s:.,/]{1,38}[AP]M", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Notation:
    """How a file writes numbers and dates. `zone` is the time zone of clock times without one."""

    decimal: Literal[".", ","] = "."
    dates: Literal["ISO", "day first", "month first"] = "ISO"
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: nanoseconds since 1970 to compare and subtract, and the date on the wall.

    `zoned` tells true instants from wall-clock times, which count as if there were no clock changes.
    """

    ns: int
    day: date
    zoned: bool


def text(cell: Cell) -> str:
    """Return a cell as text without surrounding blanks; whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def number(cell: Cell, notation: Notation) -> Decimal:
    """Return a cell as an exact decimal number."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        found = Decimal(repr(cell))
        if found.is_finite():
            return found
    elif isinstance(cell, str) and _NUMBER[notation.decimal].fullmatch(_plain(cell)):
        group = "," if notation.decimal == "." else "."
        return Decimal(re.sub(rf"[{group}' ]", "", _plain(cell)).replace(",", "."))
    raise _odd("number", cell, f"digits with the decimal sign {notation.decimal!r}")


def whole(cell: Cell, notation: Notation) -> int:
    """Return a cell as a count: 0 or a positive whole number."""
    found = number(cell, notation)
    if found != found.to_integral_value() or found < 0:
        raise _odd("count", cell, "a whole number from 0")
    return int(found)


def moment(cell: Cell, notation: Notation) -> Moment:
    """Return a cell that holds a date, with or without a time of day, as a moment."""
    if isinstance(cell, datetime):
        return _placed(cell.replace(microsecond=0), cell.microsecond * 1000, notation, cell)
    if isinstance(cell, date):
        return _placed(datetime(cell.year, cell.month, cell.day), 0, notation, cell)
    pattern = {"ISO": _ISO, "day first": _DAY_FIRST, "month first": _MONTH_FIRST}[notation.dates]
    found = None
    if isinstance(cell, str):
        # A year in front is unambiguous whatever the file's habit is.
        found = pattern.fullmatch(_plain(cell)) or _ISO.fullmatch(_plain(cell))
    if found is None:
        raise _odd("date", cell, f"a date, {notation.dates}")
    parts = found.groupdict()
    try:
        midnight = datetime(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise _odd("date", cell, f"a day of the calendar, {notation.dates}") from None
    since_midnight = _time_of_day(parts, cell) if parts["hour"] else 0
    wall = _after_midnight(midnight, since_midnight, cell)
    zone = parts.get("zone")
    if zone:
        wall = wall.replace(tzinfo=_offset(zone, cell))
    return _placed(wall, since_midnight % SECOND, notation, cell)


def time_of_day(cell: Cell) -> int | None:
    """Return nanoseconds since midnight of a cell that holds a time without a date; None for any other."""
    if isinstance(cell, time):
        return ((cell.hour * 60 + cell.minute) * 60 + cell.second) * SECOND + cell.microsecond * 1000
    found = _CLOCK.fullmatch(_plain(cell)) if isinstance(cell, str) else None
    return _time_of_day(found.groupdict(), cell) if found else None


def later_that_day(day: Moment, since_midnight: int, notation: Notation) -> Moment:
    """Return the moment at a time of day on the date of `day`; from 24 hours on, on the next one."""
    midnight = datetime(day.day.year, day.day.month, day.day.day)
    wall = _after_midnight(midnight, since_midnight, midnight)
    return _placed(wall, since_midnight % SECOND, notation, wall)


def duration(cell: Cell, notation: Notation, unit: str) -> int:
    """Return a cell as nanoseconds, possibly negative.

    `unit` (a key of `TIME_UNITS`) is what a plain number counts. "a:b:c" is always hours, minutes and
    seconds; "a:b" is hours and minutes where the unit is h, and minutes and seconds otherwise.
    """
    if isinstance(cell, time):
        return time_of_day(cell) or 0
    if isinstance(cell, timedelta):
        return cell // timedelta(microseconds=1) * 1000
    if isinstance(cell, datetime):
        # The workbook shows a date's time of day, but holds a number of days: 26:30 is shown as 2:30.
        if cell > LAST_SPAN:
            raise _odd("duration", cell, "a span of time, no date")
        return (cell - EXCEL_ZERO) // timedelta(microseconds=1) * 1000
    found = _SPAN.fullmatch(_plain(cell)) if isinstance(cell, str) else None
    if found is None:
        return int((number(cell, notation) * TIME_UNITS[unit]).to_integral_value())
    first, second, third = int(found["first"]), int(found["second"]), int(found["third"] or 0)
    if found["third"] is None and unit != "h":
        seconds = first * 60 + second
    else:
        seconds = first * 3600 + second * 60 + third
    span = seconds * SECOND + _nanoseconds(found["fraction"])
    return -span if found["sign"] else span


def hides_days(cell: Cell) -> bool:
    """Whether a workbook shows this span without its days: a span of a day or more that is no [h]:mm."""
    return isinstance(cell, datetime)


def shown(cell: Cell) -> str:
    """Return a cell for a message if it can only be a number or a time; other text might be a name."""
    plain = text(cell)
    if not plain:
        return "nothing, or a formula that was never calculated"
    return repr(plain) if _HARMLESS.fullmatch(plain) else "text"


def _plain(cell: str) -> str:
    """Return text with ordinary blanks: spreadsheets set narrow ones into numbers and before AM and PM."""
    return cell.replace("\u202f", " ").replace("\u00a0", " ").strip()


def _time_of_day(parts: dict[str, str | None], cell: Cell) -> int:
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    nanoseconds = _nanoseconds(parts["fraction"])
    half = parts["half"]
    if half and not 1 <= hour <= 12:
        raise _odd("time of day", cell, "1 to 12 hours before AM or PM")
    if half:
        hour = hour % 12 + (12 if half.upper() == "P" else 0)
    midnight_after = (hour, minute, second, nanoseconds) == (24, 0, 0, 0)
    if not midnight_after and (hour > 23 or minute > 59 or second > 59):
        raise _odd("time of day", cell, "0:00 to 24:00")
    return ((hour * 60 + minute) * 60 + second) * SECOND + nanoseconds


def _after_midnight(midnight: datetime, since_midnight: int, cell: Cell) -> datetime:
    try:
        return midnight + timedelta(seconds=since_midnight // SECOND)
    except OverflowError:  # 24:00 of the last day of the year 9999
        raise _odd("date", cell, "a time before the year 10000") from None


def _offset(zone: str, cell: Cell) -> tzinfo | None:
    try:
        return datetime.fromisoformat(f"2000-01-01T00:00:00{zone.upper()}").tzinfo
    except ValueError:
        raise _odd("time zone", cell, "less than 24 hours from UTC") from None


def _nanoseconds(fraction: str | None) -> int:
    return int((fraction or "").ljust(9, "0"))


def _placed(wall: datetime, nanoseconds: int, notation: Notation, cell: Cell) -> Moment:
    day, zoned = wall.date(), True
    if wall.tzinfo is None and notation.zone is not None:
        wall = _in_zone(wall, ZoneInfo(notation.zone), cell)
    elif wall.tzinfo is None:
        wall, zoned = wall.replace(tzinfo=UTC), False
    return Moment((wall - EPOCH) // timedelta(seconds=1) * SECOND + nanoseconds, day, zoned)


def _in_zone(wall: datetime, zone: tzinfo, cell: Cell) -> datetime:
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise _odd("time of day", cell, "a time that the change of clocks neither repeats nor skips")
    return first


def _odd(what: str, cell: Cell, expected: str) -> RowRefused:
    return RowRefused(ROW_REFUSED, f"{what}: expected {expected}, found {shown(cell)}")

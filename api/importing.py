"""Stores files of the shop floor, whole or not at all; tells what is wrong row by row. For threads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from api.acquired import ImportedCalendar, ImportedRows, PlantHoliday, refused, told
from api.documenting import store_rows
from api.plant import own_site
from api.problems import Kind, Problem
from api.services import Services
from capture.yaml_document import parse_document
from productivity.errors import BadInput
from productivity.records import Finding, Severity
from productivity.states import StateCategory
from storage.importers.days import Days, Row, read_machine_times
from storage.importers.mapping import FileMapping
from storage.importers.report import FILE_REFUSED
from storage.importers.shifts import OVERLAP, read_shifts
from storage.sql.documented import DocumentedTime
from storage.sql.lookup import Selection
from storage.sql.plant import Site, stations
from storage.sql.shifts import LONGEST_SHIFT_MS, Shift, replace_shifts, shifts

LONGEST_SPAN_DAYS = 1100
OTHER_TIMES = "other-machine-times"
_CATEGORIES = TypeAdapter(dict[str, StateCategory])


@dataclass(frozen=True, slots=True)
class Asked:
    """A file and how it is to be read. `mapping` is the text of a mapping file, `categories` is JSON."""

    content: bytes
    mapping: str
    categories: str
    only_check: bool
    """Nothing is stored."""


def store_table(
    services: Services,
    file: Asked,
    read: Callable[[bytes, FileMapping | None, set[str]], Days[Row]],
    put: Callable[..., None],
) -> ImportedRows:
    """Store a table's rows; days that were there are replaced. Raises `Problem`."""
    site, known = _here(services)
    days = _read(lambda: read(file.content, _mapping(file) if file.mapping else None, known))
    if not file.only_check:
        try:
            put(services.database, site.name, days.rows)
        except BadInput as reason:  # what no single row is to blame for: a number that is out of range
            raise refused([_file_refused(reason)]) from None
    return _told(days, 0 if file.only_check else len(days.rows), 0)


def store_machine_times(services: Services, file: Asked) -> ImportedRows:
    """Store the times of a machine's log; a day that comes again changes nothing. Raises `Problem`."""
    site, known = _here(services)
    try:
        categories = _CATEGORIES.validate_json(file.categories)
    except ValidationError:
        raise Problem(Kind.INVALID, "categories: not a JSON object of states and their categories") from None
    begin_ms = _begin_of_days(services, site)
    days = _read(lambda: read_machine_times(file.content, _mapping(file), categories, known, begin_ms))
    if file.only_check:
        return _told(days, 0, 0)
    done = store_rows(services, site.name, days.rows, lambda time: _other_times(time, site))
    return _told(days, done.stored, done.duplicates)


def _other_times(time: DocumentedTime, site: Site) -> Problem:
    day = datetime.fromtimestamp(time.start_ms / 1000, ZoneInfo(site.time_zone)).date()
    text = (
        f"station {time.station!r} has other machine times of {day}: expected whole days, with all"
        f" machines of a station in one file, under the same mapping; found another {time.state!r}"
    )
    facts = ("station", time.station), ("day", day.isoformat()), ("state", time.state)
    return refused([Finding(Severity.ERROR, OTHER_TIMES, text, (), facts)], Kind.CONFLICT)


def store_calendar(services: Services, file: Asked, first: date, last: date) -> ImportedCalendar:
    """Put shifts in the place of all that begin in [first, last), days at the site. Raises `Problem`."""
    site = own_site(services)
    if not 0 < (last - first).days <= LONGEST_SPAN_DAYS:
        raise Problem(Kind.INVALID, f"to: not 1 to {LONGEST_SPAN_DAYS} days after from")
    zone = ZoneInfo(site.time_zone)
    from_ms, to_ms = (_midnight_ms(day, zone) for day in (first, last))
    try:
        found = read_shifts(file.content, site.time_zone, from_ms, to_ms)
    except BadInput as reason:
        raise refused([_file_refused(reason)]) from None
    before = shifts(services.database, site.name, from_ms - LONGEST_SHIFT_MS, from_ms)
    findings = [*found.findings, *_reaching_in(before, found.shifts, from_ms)]
    if findings:
        raise refused(findings)
    if not file.only_check:
        replace_shifts(services.database, site.name, from_ms, to_ms, found.shifts)
    return ImportedCalendar(
        shifts=len(found.shifts),
        left_out=found.removed,
        holidays=[PlantHoliday(day=holiday.day, name=holiday.name) for holiday in found.holidays],
    )


def _reaching_in(before: list[Shift], new: tuple[Shift, ...], from_ms: int) -> list[Finding]:
    """Return the overlap of a shift that stays, from before the span, with the first new one."""
    staying = [shift for shift in before if shift.start_ms < from_ms]
    if not staying or not new or max(shift.end_ms for shift in staying) <= new[0].start_ms:
        return []
    text = f"event {new[0].name!r} begins before the last shift ahead of the span ends"
    return [Finding(Severity.ERROR, OVERLAP, text)]


def _read(read: Callable[[], Days[Row]]) -> Days[Row]:
    try:
        days = read()
    except BadInput as reason:
        raise refused([_file_refused(reason)]) from None
    if days.refused:
        raise refused(days.report.findings)
    return days


def _told(days: Days[Row], stored: int, duplicates: int) -> ImportedRows:
    report = days.report
    return ImportedRows(
        read=report.read,
        used=report.used,
        passed_over=report.passed_over,
        stored=stored,
        duplicates=duplicates,
        findings=told(report.findings),
    )


def _file_refused(reason: BadInput) -> Finding:
    return Finding(Severity.ERROR, FILE_REFUSED, str(reason))


def _here(services: Services) -> tuple[Site, set[str]]:
    site = own_site(services)
    return site, {station.name for station in stations(services.database, Selection(site.name))}


def _mapping(file: Asked) -> FileMapping:
    return parse_document(file.mapping, "mapping", FileMapping, "mapping file")


def _begin_of_days(services: Services, site: Site) -> Callable[[date], int]:
    """Return when a day's times are booked: with its first shift, else at midnight."""
    zone = ZoneInfo(site.time_zone)

    @cache
    def begin_ms(day: date) -> int:
        from_ms, to_ms = (_midnight_ms(one, zone) for one in (day, day + timedelta(days=1)))
        begun = (shift.start_ms for shift in shifts(services.database, site.name, from_ms, to_ms))
        return min((start for start in begun if start >= from_ms), default=from_ms)

    return begin_ms


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)


def day_of(text: str, name: str) -> date:
    """Return the day that a parameter names. Raises `Problem`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2100:
        raise Problem(Kind.INVALID, f"{name}: not a day such as 2026-11-28")
    return day

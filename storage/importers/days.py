"""Shop-floor data of a plant by station and calendar day, for the server's tables.

The importers of studies read it, with the day as the period; systems are the stations of the site. Whoever
stores it stores all or nothing: with a finding that is an error there are no rows.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Generic, TypeVar

from productivity.errors import BadInput
from productivity.records import Documented, Finding, Output, PaidTime, RecordingMode, Severity
from productivity.states import StateCategory
from storage.files import MemoryFile
from storage.importers.headcount import import_headcount
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping, Kind
from storage.importers.report import Imported, ImportReport, refused_file
from storage.sql.documented import KEY_BYTES, DocumentedTime
from storage.sql.measures import DayOutput, DayPaid, Headcount

TABLE, LOG = "import.csv", "import.txt"
"""How findings call the content: it has no name."""
NO_STATION, NO_DAY, NO_CATEGORY, NO_TIME = (
    "station-unknown",
    "day-unknown",
    "category-unknown",
    "time-refused",
)

Row = TypeVar("Row")
Placed = TypeVar("Placed", Documented, Output, PaidTime)


@dataclass(frozen=True, slots=True)
class Days(Generic[Row]):
    """Rows for the tables, and what became of each row of the file."""

    report: ImportReport
    rows: tuple[Row, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether something is wrong, so that nothing may be stored."""
        return any(finding.severity is Severity.ERROR for finding in self.report.findings)


@dataclass(slots=True)
class _Checks:
    """Finds what the tables could not hold."""

    stations: Collection[str]
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, code: str, text: str, *rows: str, **facts: str | int) -> None:
        """Note what is wrong."""
        self.findings.append(Finding(Severity.ERROR, code, text, rows, tuple(facts.items())))

    def day(self, record: Placed) -> date | None:
        """Return the day of a record at a station of the site; None, with a finding, if it has none."""
        if record.system not in self.stations:
            text = f"station {record.system!r} is not known at this site"
            self.refuse(NO_STATION, text, record.source, station=record.system)
            return None
        try:
            return date.fromisoformat(record.period)
        except ValueError:
            text = "period: expected a day such as 2026-11-28, or a date instead"
            self.refuse(NO_DAY, text, record.source)
            return None

    def close(self, report: ImportReport, rows: Iterable[Row]) -> Days[Row]:
        """Return rows and report; no rows if anything is wrong."""
        days = Days(replace(report, findings=(*report.findings, *self.findings)), tuple(rows))
        return Days(days.report) if days.refused else days


def read_headcounts(
    content: bytes, mapping: FileMapping | None, stations: Collection[str]
) -> Days[Headcount]:
    """Read how many people worked where on which day. Raises `BadInput` for a mapping of another kind."""
    mapping, checks = _by_day(mapping, Kind.ATTENDANCE), _Checks(stations)
    try:
        rows, report = import_headcount(MemoryFile(TABLE, content), mapping)
    except BadInput as reason:
        return Days(refused_file(TABLE, reason).report)
    for name in sorted({row.station for row in rows} - set(stations)):
        checks.refuse(NO_STATION, f"station {name!r} is not known at this site", TABLE, station=name)
    return checks.close(report, rows)


def read_outputs(content: bytes, mapping: FileMapping | None, stations: Collection[str]) -> Days[DayOutput]:
    """Read what was put out where on which day. Raises `BadInput` for a mapping of another kind."""
    imported, checks = _imported(content, _by_day(mapping, Kind.OUTPUT)), _Checks(stations)
    rows = [
        DayOutput(one.system, day, one.variant, one.pieces, one.batches, one.shifts)
        for one in imported.records.output
        if (day := checks.day(one)) is not None
    ]
    return checks.close(imported.report, rows)


def read_paid(content: bytes, mapping: FileMapping | None, stations: Collection[str]) -> Days[DayPaid]:
    """Read what time was paid where on which day; absences count in it and are kept nowhere.

    Raises `BadInput` for a mapping of another kind.
    """
    imported, checks = _imported(content, _by_day(mapping, Kind.ATTENDANCE)), _Checks(stations)
    rows = [
        DayPaid(one.system, day, one.duration_ns)
        for one in imported.records.paid
        if (day := checks.day(one)) is not None
    ]
    return checks.close(imported.report, rows)


def read_machine_times(
    content: bytes,
    mapping: FileMapping,
    categories: Mapping[str, StateCategory],
    stations: Collection[str],
    begin_ms: Callable[[date], int],
) -> Days[DocumentedTime]:
    """Read a state log or a machine's log as the time in each state, by station and day.

    `categories` are those of the states, in the mapping's words; `begin_ms` is when a day's times are booked.
    Keys follow from station and day, so a day counts once in whichever file it comes again; with other
    values, or under another mapping, it contradicts itself. Raises `BadInput` for a mapping of another kind.
    """
    imported = _imported(content, _by_day(mapping, Kind.STATE_LOG, Kind.MACHINE_LOG))
    checks, sums = (
        _Checks(stations),
        defaultdict[tuple[date, str, str, RecordingMode], list[Documented]](list),
    )
    for one in imported.records.documented:
        if (day := checks.day(one)) is None:
            continue
        if one.state in categories:
            sums[day, one.system, one.state, one.mode].append(one)
        else:
            text = f"state {one.state!r} has no category"
            checks.refuse(NO_CATEGORY, text, one.source, state=one.state)
    rows, states = list[DocumentedTime](), Counter[tuple[str, date, RecordingMode]]()
    for (day, station, state, mode), some in sorted(sums.items()):
        place = station, day, mode
        # The number of the state and not its name: under another name it would count a second time.
        key, states[place] = _machine_key(*place, states[place]), states[place] + 1
        try:
            rows.append(
                DocumentedTime(
                    key,
                    station,
                    mode,
                    state,
                    categories[state],
                    begin_ms(day),
                    sum(one.duration_ns for one in some),
                    sum(one.occurrences for one in some),
                )
            )
        except BadInput as reason:
            checks.refuse(NO_TIME, str(reason), some[0].source)
    return checks.close(imported.report, rows)


def _machine_key(station: str, day: date, mode: RecordingMode, number: int) -> bytes:
    what = json.dumps(["fairtakt machine time", station, day.isoformat(), mode.value, number])
    return hashlib.sha256(what.encode()).digest()[:KEY_BYTES]


def _imported(content: bytes, mapping: FileMapping) -> Imported:
    name = LOG if mapping.kind is Kind.MACHINE_LOG else TABLE
    return import_file(MemoryFile(name, content), mapping)


def _by_day(mapping: FileMapping | None, *kinds: Kind) -> FileMapping:
    if mapping is None:
        return FileMapping(kind=kinds[0], period="day")
    if mapping.kind not in kinds:
        raise BadInput("mapping of another kind", expected=" or ".join(kinds), found=mapping.kind)
    return mapping.model_copy(update={"period": "day"})

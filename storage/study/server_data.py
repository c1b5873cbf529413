"""What the plant server knows, as data of a study: the same values that files of the shop floor become.

Stations bear the names of work systems, unless `systems` says otherwise; states likewise, and a state that is
renamed to None is passed over. Periods are the calendar's at the site.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from productivity.comparison import Observation
from productivity.cycles import count_cycles
from productivity.intervals import StateInterval
from productivity.records import Documented, Finding, Output, PaidTime, RecordingMode, Records
from productivity.states import NOT_RECORDED, RESERVED_STATES, UNKNOWN
from productivity.time import Duration, Instant, after
from storage.importers.cells import Moment
from storage.importers.mapping import CycleStates, FileMapping, Kind
from storage.importers.report import Imported, Tally
from storage.importers.samples import samples_of
from storage.importers.tables import PERIODS
from storage.sealed.aggregates import Aggregate
from storage.sql.documented import DocumentedTime
from storage.sql.measures import DayOutput, DayPaid
from storage.sql.observed import ObservedSession

SOURCE = "server"
"""How findings call where the data came from."""
_MS = 1_000_000
_SHORTEST = Duration(1)


class Taken(StrEnum):
    """What is taken from the server."""

    CAMERA = "camera"
    """Samples for each cycle, from intervals of sessions."""
    COURSE = "camera course"
    """The same of one session, with its course in time: for the agreement with another observer."""
    TOTALS = "camera totals"
    """Whole months of stations that were recorded throughout: documented time."""
    DOCUMENTED = "documented times"
    """What workers recorded themselves, and machine data."""
    MEASURES = "output and paid time"


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the server: names of the study."""

    systems: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str | None] = field(default_factory=dict)

    def system(self, station: str) -> str:
        """Return what a station is called in the study."""
        return self.systems.get(station, station)

    def state(self, state: str) -> str | None:
        """Return what a state is called in the study; None: it is passed over."""
        return self.states.get(state, state)


@dataclass(frozen=True, slots=True)
class Periods:
    """Which period an instant or a day belongs to. `kind`: day, week or month, or a label for all."""

    kind: str
    zone: ZoneInfo

    def of_day(self, day: date) -> str:
        """Return a day's period."""
        return PERIODS[self.kind](Moment(0, day, zoned=True)) if self.kind in PERIODS else self.kind

    def of_instant(self, at_ms: int) -> str:
        """Return the period of an instant, by the calendar at the site."""
        at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self.zone)
        return self.of_day(at.date())


def camera_samples(
    sessions: Sequence[ObservedSession], cycles: Mapping[str, CycleStates], names: Names, variant: str = ""
) -> Imported:
    """Return samples for each complete cycle, with the course in time where it is that of one session.

    `cycles` says by station, in the station's words, which states begin and end a cycle. Time counts from
    the session's beginning. Where a batch is missing, what comes after it counts, but no cycle goes across.
    """
    tally = Tally(SOURCE)
    records = Records()
    observations: list[Observation] = []
    for session in sessions:
        seen = _observation(session, cycles.get(session.station))
        for interval in session.intervals:
            tally.read += 1
            tally.add_time(interval.state, interval.duration_ns)
            if names.state(interval.state) is None:
                tally.passed_over += 1
            else:
                tally.used += 1
        renamed = _renamed(seen, names)
        observations.append(renamed)
        mapping = FileMapping(kind=Kind.RECORDING, variant=variant)
        tally.source = f"{SOURCE}: {session.station}"
        records += Records(sampled=samples_of(renamed, mapping, session.session, tally))
    tally.source, tally.findings = SOURCE, _together(tally.findings)
    for station in dict.fromkeys(session.station for session in sessions):
        if station not in cycles:
            tally.warn("no-cycles", "no complete cycle, so there are no samples; see `cycle`", station)
    course = tuple(observations) if len(sessions) == 1 else ()
    return Imported(tally.report(), records, course)


def documented_records(times: Iterable[DocumentedTime], names: Names, periods: Periods) -> Imported:
    """Return documented times, added up by station, state, mode and period."""
    tally = Tally(SOURCE)
    sums: dict[tuple[str, str, RecordingMode, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for time in times:
        tally.read += 1
        tally.add_time(time.state, time.duration_ns)
        state = names.state(time.state)
        if state is None:
            tally.passed_over += 1
            continue
        tally.used += 1
        key = names.system(time.station), state, time.mode, periods.of_instant(time.start_ms)
        duration_ns, occurrences = sums[key]
        sums[key] = duration_ns + time.duration_ns, occurrences + time.occurrences
    documented = tuple(
        Documented(system, state, mode, period, duration_ns, occurrences, f"{SOURCE}: {system}")
        for (system, state, mode, period), (duration_ns, occurrences) in sums.items()
    )
    return Imported(tally.report(), Records(documented=documented))


def camera_totals(aggregates: Iterable[Aggregate], names: Names) -> Imported:
    """Return whole months that cameras saw as documented time, an entry for each station and state."""
    tally = Tally(SOURCE)
    sums: dict[tuple[str, str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in aggregates:
        if one.mode is not RecordingMode.CV:
            continue
        tally.read += 1
        tally.add_time(one.state, one.duration_ns)
        state = names.state(one.state)
        if state is None or one.state in RESERVED_STATES:
            tally.passed_over += 1
            continue
        tally.used += 1
        key = names.system(one.station), state, one.month
        duration_ns, occurrences = sums[key]
        sums[key] = duration_ns + one.duration_ns, occurrences + one.occurrences
    documented = tuple(
        Documented(system, state, RecordingMode.CV, month, duration_ns, occurrences, f"{SOURCE}: {system}")
        for (system, state, month), (duration_ns, occurrences) in sums.items()
    )
    return Imported(tally.report(), Records(documented=documented))


def measures(
    outputs: Iterable[DayOutput], paid: Iterable[DayPaid], names: Names, periods: Periods
) -> Imported:
    """Return output and paid time, added up by period."""
    tally = Tally(SOURCE)
    counts: dict[tuple[str, str, str], tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for row in outputs:
        tally.read += 1
        tally.used += 1
        key = names.system(row.station), periods.of_day(row.day), row.variant
        pieces, batches, shifts = counts[key]
        counts[key] = pieces + row.pieces, batches + row.batches, shifts + row.shifts
    hours: dict[tuple[str, str], int] = defaultdict(int)
    for day in paid:
        tally.read += 1
        tally.used += 1
        hours[names.system(day.station), periods.of_day(day.day)] += day.duration_ns
    return Imported(
        tally.report(),
        Records(
            output=tuple(
                Output(system, period, variant, *numbers, f"{SOURCE}: {system}")
                for (system, period, variant), numbers in counts.items()
            ),
            paid=tuple(
                PaidTime(system, period, duration_ns, f"{SOURCE}: {system}")
                for (system, period), duration_ns in hours.items()
            ),
        ),
    )


def _observation(session: ObservedSession, cycle: CycleStates | None) -> Observation:
    """Lay the intervals one after the other from 0; the recording's own promise is that they follow on."""
    edge, expected = Instant(0), session.intervals[0].ordinal
    intervals: list[StateInterval] = []
    for one in session.intervals:
        if one.ordinal != expected:  # a batch is missing: nobody knows how long it lasted
            gap = StateInterval(session.station, NOT_RECORDED, edge, _SHORTEST, 1.0, "not delivered")
            intervals.append(gap)
            edge = after(edge, _SHORTEST)
        expected = one.ordinal + 1
        duration = Duration(one.duration_ns)
        reason = one.reason if one.state == NOT_RECORDED else ""
        intervals.append(
            StateInterval(session.station, one.state, edge, duration, one.confidence / 1000, reason)
        )
        edge = after(edge, duration)
    cycles = count_cycles(intervals, cycle.first, cycle.last) if cycle else []
    return Observation(session.station, tuple(intervals), tuple(cycles))


def _renamed(seen: Observation, names: Names) -> Observation:
    """Give an observation the study's words; what is passed over becomes *unknown*, so that times add up."""
    station = names.system(seen.station)
    return Observation(
        station,
        tuple(
            replace(one, station=station, state=_word(names.state(one.state)), reason=_reason(one, names))
            for one in seen.intervals
        ),
        tuple(replace(cycle, station=station) for cycle in seen.cycles),
    )


def _word(state: str | None) -> str:
    return UNKNOWN if state is None else state


def _reason(interval: StateInterval, names: Names) -> str:
    return interval.reason if names.state(interval.state) == NOT_RECORDED else ""


def _together(findings: Sequence[Finding]) -> list[Finding]:
    """Say once how much time of all sessions lay outside of complete cycles."""
    outside = [one for one in findings if one.code == "outside-cycles"]
    if len(outside) < 2:
        return list(findings)
    total = sum(value for one in outside for _, value in one.facts if isinstance(value, int))
    rest = [one for one in findings if one.code != "outside-cycles"]
    return [*rest, replace(outside[0], facts=(("outside_ns", total),))]

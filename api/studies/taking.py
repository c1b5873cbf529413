"""The server's own records for a study: a look that is logged before anything is read. For threads."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.looking import look
from api.plant import own_site, require_kept
from api.problems import Kind, Problem
from api.services import Services
from api.studies.importing import report_of
from api.studies.opening import told
from api.studies.wire import ImportReport, ServerSession, Taking
from api.viewer import Viewer
from capture.station.file import parse_station
from consent.agreement.vocabulary import View
from productivity.errors import BadInput
from storage.files import MemoryFile
from storage.importers.mapping import CycleStates
from storage.importers.report import Imported
from storage.sealed.aggregates import read_aggregates
from storage.sql.database import Database
from storage.sql.documented import documented_times
from storage.sql.lookup import Selection
from storage.sql.measures import outputs, paid_times
from storage.sql.observed import observed_sessions, session_lines
from storage.sql.plant import Site
from storage.sql.station_files import station_with_files, text_of
from storage.study.adding import add_source
from storage.study.folder import read_study
from storage.study.server_data import (
    Names,
    Periods,
    Taken,
    camera_samples,
    camera_totals,
    documented_records,
    measures,
)

LONGEST_DAYS = 400
SEALED = "sealed"
_NO_LOOK = frozenset({Taken.MEASURES})
"""Output and paid time say nothing of what somebody did at a station."""


def preview_taking(
    services: Services, viewer: Viewer, name: str, taking: Taking, language: str = "en"
) -> ImportReport:
    """Say what the server has for a study; nothing changes. Raises `Problem`."""
    with told(services) as shelf:
        study = shelf.read(name)
        return report_of(_read(services, viewer, taking), study, language)


def take_from_server(
    services: Services,
    viewer: Viewer,
    name: str,
    source: str,
    taking: Taking,
    *,
    instead: bool,
    language: str = "en",
) -> ImportReport:
    """Take the server's records into a study. Raises `Problem`."""
    with told(services) as shelf:
        shelf.path(name)
        imported = _read(services, viewer, taking)
        # What was asked for stands for a file: the study keeps its name and its digest.
        content = json.dumps(taking.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode()
        file = MemoryFile(f"{taking.take} {taking.first} to {taking.last}", content)
        stations = () if taking.take in _NO_LOOK else tuple(taking.stations)
        with shelf.writing(name) as path:
            add_source(path, source, imported, file, taking.take, replace=instead, stations=stations)
            return report_of(imported, read_study(path), language)


def sessions_of(
    services: Services, viewer: Viewer, name: str, stations: list[str], first: date, last: date
) -> list[ServerSession]:
    """Return the sessions of stations, to choose one for an agreement study. Raises `Problem`."""
    with told(services) as shelf:
        shelf.path(name)
        site = own_site(services)
        selection = Selection(site.name, stations=tuple(stations))
        from_ms, to_ms = _span_ms(first, last, ZoneInfo(site.time_zone))
        look(services, viewer, View.TIMELINES, stations)
        return [
            ServerSession(
                station=line.station,
                session=line.session,
                start_ms=line.start_ms,
                duration_ms=line.duration_ms,
                intervals=line.intervals,
            )
            for line in session_lines(services.database, selection, from_ms, to_ms)
        ]


def cycle_of(database: Database, site: Site, station: str) -> CycleStates | None:
    """Return which states begin and end a cycle, as the station's published file says. Raises `NoSuch`."""
    files, _ = station_with_files(database, site.name, station)
    if files.published is None:
        return None
    try:
        _, text = text_of(database, site.name, station, files.published.number)
        cycle = parse_station(text, "published station file").cycle
    except BadInput:  # of a version that this program does not read
        return None
    return None if cycle is None else CycleStates(first=cycle.first, last=cycle.last)


def _read(services: Services, viewer: Viewer, taking: Taking) -> Imported:
    site = own_site(services)
    selection = Selection(site.name, stations=tuple(taking.stations))
    zone = ZoneInfo(site.time_zone)
    span = _span_ms(taking.first, taking.last, zone)
    names, periods = Names(taking.systems, taking.states), Periods(taking.period, zone)
    if taking.take not in _NO_LOOK:
        look(services, viewer, View.TIMELINES, taking.stations)
    match taking.take:
        case Taken.CAMERA | Taken.COURSE:
            return _camera(services, site, selection, span, taking, names)
        case Taken.TOTALS:
            return _totals(services, site, taking, names)
        case Taken.DOCUMENTED:
            return documented_records(documented_times(services.database, selection, *span), names, periods)
        case Taken.MEASURES:
            return measures(
                outputs(services.database, selection, taking.first, taking.last),
                paid_times(services.database, selection, taking.first, taking.last),
                names,
                periods,
            )


def _camera(
    services: Services,
    site: Site,
    selection: Selection,
    span: tuple[int, int],
    taking: Taking,
    names: Names,
) -> Imported:
    one = taking.take is Taken.COURSE
    if one and (taking.session is None or len(taking.stations) != 1):
        raise Problem(Kind.INVALID, "session: a course in time is that of one session of one station")
    sessions = observed_sessions(services.database, selection, *span, session=taking.session if one else None)
    given: Mapping[str, CycleStates] = {
        station: CycleStates(first=cycle.first, last=cycle.last) for station, cycle in taking.cycles.items()
    }
    known = {station: cycle_of(services.database, site, station) for station in taking.stations}
    cycles = {station: cycle for station, cycle in known.items() if cycle is not None} | dict(given)
    imported = camera_samples(sessions, cycles, names, taking.variant)
    return imported if one else Imported(imported.report, imported.records)


def _totals(services: Services, site: Site, taking: Taking, names: Names) -> Imported:
    if services.data is None:
        raise Problem(Kind.NOT_FOUND, "this server was started without a directory for data (--data)")
    months, day = [], taking.first.replace(day=1)
    require_kept(services, site, day)
    while day <= taking.last:
        months.append(f"{day:%Y-%m}")
        day = (day + timedelta(days=32)).replace(day=1)
    found = read_aggregates(services.database, services.data / SEALED, site_name=site.name, months=months)
    wanted = set(taking.stations)
    return camera_totals([one for one in found if one.station in wanted], names)


def _span_ms(first: date, last: date, zone: ZoneInfo) -> tuple[int, int]:
    if not 0 <= (last - first).days < LONGEST_DAYS or not 2000 <= first.year <= 2200:
        raise Problem(Kind.INVALID, f"last: not 0 to {LONGEST_DAYS - 1} days after the first")
    begin, end = (
        round(datetime.combine(day, time(), zone).timestamp() * 1000)
        for day in (first, last + timedelta(days=1))
    )
    return begin, end

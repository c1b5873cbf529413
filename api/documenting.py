"""How documented times come to the tables: no finer than the works agreement allows, none from the future.

* What a worker records is recorded by a works agreement, or not at all: one must be in force at the station.
* Starts are rounded down to the coarsest resolution of the agreements in force there; those of machine data
  to the full hour where there is none.
"""

from collections.abc import Callable, Iterable, Sequence

from api.acquired import OwnTime, Stored, Time
from api.looking import site_view
from api.plant import own_site
from api.problems import Kind, Problem
from api.services import Services
from consent.agreement.lifecycle import State
from productivity.errors import BadInput
from productivity.records import RecordingMode
from storage.sql.documented import DocumentedTime, KeyTaken, document
from storage.sql.lookup import NoSuch, Selection
from storage.sql.plant import stations
from storage.sql.records import Acceptance

HOUR_MS = 3_600_000
AHEAD_MS = 300_000
"""How far the clock of a terminal may be ahead of ours."""


def store_times(services: Services, times: Sequence[Time]) -> Stored:
    """Store documented times, all or none; for threads. Raises `Problem`."""
    site = own_site(services)
    known = {station.name for station in stations(services.database, Selection(site.name))}
    resolutions: dict[tuple[str, RecordingMode], int] = {}
    rows: list[DocumentedTime] = []
    now_ms = services.now_ms()
    for number, time in enumerate(times):
        if time.station not in known:
            raise Problem(Kind.INVALID, f"{number}.station: not a station of this site")
        if time.start_ms + time.duration_ns // 1_000_000 > now_ms + AHEAD_MS:
            raise Problem(Kind.INVALID, f"{number}: not over yet by the server's clock")
        place = (time.station, RecordingMode(time.mode))
        if place not in resolutions:
            resolutions[place] = _resolution_ms(services, *place)
        rows.append(_row(number, time, time.start_ms - time.start_ms % resolutions[place]))
    return store_rows(services, site.name, rows)


def of_terminal(station: str, times: Iterable[OwnTime]) -> list[Time]:
    """Return what workers recorded at a terminal as times at its station."""
    return [Time(station=station, mode="SR", **dict(time)) for time in times]


def _key_taken(_: DocumentedTime) -> Problem:
    return Problem(Kind.CONFLICT, "another documented time was stored under one of these keys")


def store_rows(
    services: Services,
    site_name: str,
    rows: Sequence[DocumentedTime],
    taken: Callable[[DocumentedTime], Problem] = _key_taken,
) -> Stored:
    """Store rows, all or none, each once under its key. Raises `Problem`.

    `taken` says what is wrong where another row has the key of this one.
    """
    try:
        outcomes = document(services.database, site_name, rows, services.now_ms())
    except KeyTaken as error:
        raise taken(error.time) from None
    except NoSuch:
        raise Problem(Kind.INVALID, "station: not a station of this site any more") from None
    stored = outcomes.count(Acceptance.STORED)
    return Stored(stored=stored, duplicates=len(outcomes) - stored)


def _resolution_ms(services: Services, station: str, mode: RecordingMode) -> int:
    if services.site is None and mode is not RecordingMode.SR:
        return HOUR_MS
    allowed = [
        line.agreement.time_resolution_s * 1000
        for line in site_view(services).state.agreements.values()
        if line.state is State.ACTIVE and station in line.agreement.stations
    ]
    if not allowed and mode is RecordingMode.SR:
        raise Problem(Kind.NOT_AGREED, "no works agreement is in force at this station")
    return max(allowed, default=HOUR_MS)


def _row(number: int, time: Time, start_ms: int) -> DocumentedTime:
    try:
        return DocumentedTime(
            bytes.fromhex(time.key),
            time.station,
            RecordingMode(time.mode),
            time.state,
            time.category,
            start_ms,
            time.duration_ns,
            time.occurrences,
        )
    except BadInput as error:  # a reserved state, for example
        raise Problem(Kind.INVALID, f"{number}: {error}") from None

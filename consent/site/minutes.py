"""How much was recorded at a station on a day: what the agreed minutes are counted against.

A session counts from the act that starts it to the act that stops it, on each day that it touches. If more
was recorded than that (a file that is played faster than it was filmed), the excess counts on its first day.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from consent.agreement.calendar import day_begins_ms, local_day
from consent.site.state import Session, SiteState

KEPT = timedelta(days=7)
"""Minutes of older days can no longer be used up; a stop that is handed in later finds its day anyway."""

_DAY = timedelta(days=1)


def spread(started_ms: int, stopped_ms: int, recorded_ms: int, time_zone: str) -> dict[date, int]:
    """Return what [started, stopped) counts on each local day, in ms."""
    day = first = local_day(started_ms, time_zone)
    counted: dict[date, int] = {}
    begins = started_ms
    while begins < stopped_ms:
        ends = min(stopped_ms, day_begins_ms(day + _DAY, time_zone))
        counted[day] = ends - begins
        begins, day = ends, day + _DAY
    excess = recorded_ms - (stopped_ms - started_ms)
    if excess > 0:
        counted[first] = counted.get(first, 0) + excess
    return counted


def close(state: SiteState, session: Session, stopped_ms: int, recorded_ms: int, now_ms: int) -> SiteState:
    """Return the state without this session, its minutes counted."""
    time_zone = state.agreements[session.agreement].agreement.time_zone
    counted = dict(state.recorded_ms)
    for day, length in spread(session.started_ms, stopped_ms, recorded_ms, time_zone).items():
        counted[session.station, day] = counted.get((session.station, day), 0) + length
    oldest = local_day(now_ms, time_zone) - KEPT
    return replace(
        state,
        sessions=_without(state.sessions, session.id),
        recorded_ms=MappingProxyType({key: value for key, value in counted.items() if key[1] >= oldest}),
    )


def _without(sessions: Mapping[str, Session], gone: str) -> Mapping[str, Session]:
    return MappingProxyType({key: session for key, session in sessions.items() if key != gone})

"""When the agreed minutes of a day will be used up, if whatever is being recorded goes on."""

from datetime import date, timedelta

from consent.agreement.calendar import day_begins_ms, local_day
from consent.site.minutes import spread
from consent.site.state import Session, SiteState

MINUTE_MS = 60_000
SHORTEST_MS = 10_000
"""No session begins for less: it would tell the log much and the study nothing."""
_DAY = timedelta(days=1)


def day_ends_ms(day: date, zone: str) -> int:
    """Return the first instant (UTC ms) after a local day."""
    return day_begins_ms(day + _DAY, zone)


def minutes_end_ms(
    state: SiteState,
    station: str,
    zone: str,
    granted_ms: int,
    at_ms: int,
    *,
    session: Session | None,
    recorded_ms: int,
) -> int:
    """Return the instant at which `granted_ms` per day are used up at a station; `at_ms` or less if they are.

    Every open session of the station uses them up, and one that is only asked for counts as if it ran: an
    answer is never too long. `session` is the asker's own, with what it has recorded so far; without it, it
    is asked whether one may begin. Looks as far as the end of the following day, which is further than any
    permission reaches.
    """
    open_here = [one for one in state.sessions.values() if one.station == station]
    begins = session not in open_here
    rate = len(open_here) + begins
    today = local_day(at_ms, zone)
    used = state.recorded_ms.get((station, today), 0)
    for one in open_here:
        recorded = recorded_ms if one is session else 0
        used += spread(one.started_ms, at_ms, recorded, zone).get(today, 0)
    end_ms = at_ms + max(0, granted_ms - used) // rate
    midnight = day_ends_ms(today, zone)
    if end_ms < midnight:
        return end_ms - SHORTEST_MS * begins
    tomorrow = today + _DAY
    left_ms = max(0, granted_ms - state.recorded_ms.get((station, tomorrow), 0))
    return min(midnight + left_ms // rate, day_ends_ms(tomorrow, zone))

"""What the engineer corrected: the camera saw somebody wait for the machine, and it was for material."""

from dataclasses import dataclass
from datetime import time

from cli.demo.calendar import DAY, at
from cli.demo.dates import Dates
from cli.demo.layout import SITE, TIME_ZONE
from productivity.states import StateCategory
from storage.sql.corrections import IntervalId, correct
from storage.sql.database import Database
from storage.sql.lookup import Selection
from storage.sql.timelines import timeline

_SEEN = "waiting for machine"
_MEANT = "missing material"
_WHY = "The shift report says that a carrier of parts was missing; the machine was ready."
_MOST = 5


@dataclass(frozen=True, slots=True)
class _Found:
    duration_ns: int
    start_ms: int
    which: IntervalId


def correct_some(database: Database, station: str, account_id: int, days: Dates, resolution_ms: int) -> int:
    """Correct the longest waits of a station in the days before today; return how many."""
    begins = max(days.first, days.today - 12 * DAY)
    from_ms, to_ms = at(begins, time(0), TIME_ZONE), at(days.today, time(0), TIME_ZONE)
    if from_ms >= to_ms:
        return 0
    shown = timeline(
        database, Selection(SITE, stations=(station,)), from_ms, to_ms, resolution_ms=resolution_ms
    )
    columns = shown["columns"]
    waits = [
        _Found(duration, start, IntervalId(batch, position))
        for state, duration, start, batch, position in zip(
            columns["state"],
            columns["duration_ns"],
            columns["start_ms"],
            columns["batch"],
            columns["position"],
            strict=True,
        )
        if shown["states"][state]["name"] == _SEEN
    ]
    longest = sorted(waits, key=lambda one: -one.duration_ns)[:_MOST]
    for one in longest:
        correct(
            database,
            SITE,
            one.which,
            state=_MEANT,
            category=StateCategory.IRREGULAR,
            reason=_WHY,
            account_id=account_id,
            at_ms=min(one.start_ms + 86_400_000, days.now_ms),
        )
    return len(longest)

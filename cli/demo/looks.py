"""Who looked at what in the weeks before: each look committed to, its salt kept, and then said by the log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from api.looking import AGREED
from api.policy import Role
from cli.demo.calendar import MINUTE_MS, at
from cli.demo.dates import Dates
from cli.demo.layout import SITE, TIME_ZONE
from cli.demo.ledger import Word
from cli.demo.people import Credential
from consent.agreement.vocabulary import View
from consent.entries.bodies import AccessViewed
from consent.site.viewer import commit
from storage.sql.access import keep_salts
from storage.sql.database import Database


@dataclass(frozen=True, slots=True)
class Look:
    """An account looked at something, at a station or of the site as a whole."""

    at_ms: int
    who: Credential
    view: View
    station: str | None = None


def looks(people: Sequence[Credential], stations: Sequence[str], days: Dates) -> Iterator[Look]:
    """Yield the looks of the campaigns' days up to now, in order."""
    by_role: Mapping[str, Credential] = {one.role: one for one in reversed(people)}
    engineer, council = by_role[Role.ENGINEER], by_role[Role.COUNCIL]
    for number, day in enumerate(days.recorded):
        noon = at(day, time(11, 40), TIME_ZONE)
        if noon + 30 * MINUTE_MS > days.now_ms:
            return
        # The engineer looks at two stations a day; the council reads the log on Mondays and Thursdays.
        for place in range(2):
            station = stations[(2 * number + place) % len(stations)]
            yield Look(noon + place * 4 * MINUTE_MS, engineer, View.TIMELINES, station)
        if day.weekday() in {0, 3}:
            yield Look(noon + 12 * MINUTE_MS, council, View.LOG)
        for place, terminal in enumerate(one for one in people if one.role == Role.WORKER):
            if (number + place) % 3 == 0:
                yield Look(noon + 20 * MINUTE_MS + place, terminal, View.TIMELINES, terminal.station)


def said(database: Database, seen: Sequence[Look]) -> list[Word]:
    """Keep what opens these looks, and return what the log is to say of them."""
    words = []
    for look in seen:
        committed = commit(look.who.account_id)
        keep_salts(
            database,
            {look.station: committed},
            site_name=SITE,
            account_id=look.who.account_id,
            view=look.view,
            at_ms=look.at_ms,
        )
        body = AccessViewed(
            role=AGREED[Role(look.who.role)],
            who=committed.commitment,
            view=look.view,
            station=look.station,
        )
        words.append(Word(look.at_ms, body))
    return words

"""Released tables of the demonstration: previewed and confirmed as on the page, said to the log, and kept.

The desk is the one that the server opens, with a clock that stands still: the log's own time ends with *now*.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from api.looking import look
from api.policy import Role
from api.releases.publishing import preview, publish
from api.releases.wire import Confirmed, Counted, Periods, StateDetail, StationDepth, Unit, Wanted
from api.services import Services
from api.viewer import Viewer
from cli.demo.calendar import DAY, WEEK
from cli.demo.dates import Dates
from cli.demo.layout import SITE
from cli.demo.ledger import Council
from cli.demo.people import Credential
from consent.agreement.vocabulary import View
from consent.notes import Signer
from consent.site.opening import open_desk
from consent.site.plant import Plant
from storage.sql.database import Database
from storage.sql.store import SqlStore


@contextmanager
def services_of_now(
    database: Database, plant: Path, data: Path, log: Signer, council: Council, now_ms: int
) -> Iterator[Services]:
    """Give what a server would work with, whose clock stands still."""
    with open_desk(Plant(plant), signers=[log], cosign=council.cosign, now_ms=lambda: now_ms) as desk:
        yield Services(
            SqlStore(database), database, lambda: now_ms, site=desk, site_name=SITE, data=data, secure=False
        )


def release_weeks(
    services: Services, engineer: Credential, readers: Sequence[Credential], days: Dates
) -> int:
    """Release tables of the weeks that are over, and have `readers` open the last; return how many."""
    viewer = viewer_of(engineer)
    released = 0
    for wanted in _tables(days):
        seen = preview(services, wanted)
        if seen.shown:  # a table of nothing but hidden figures is refused
            publish(services, viewer, Confirmed(**wanted.model_dump(), confirms=seen.confirms))
            released += 1
    for reader in readers if released else ():
        look(services, viewer_of(reader), View.TABLES)
    return released


def viewer_of(who: Credential) -> Viewer:
    """Return somebody who is signed in."""
    return Viewer(
        who.account_id,
        who.name,
        Role(who.role),
        None,
        login=who.name.encode(),
        csrf="",
        second_factor=who.totp is not None,
    )


def _tables(days: Dates) -> Iterator[Wanted]:
    """Yield a table for each whole week: cells and categories; then the newest in more detail.

    Too few people work at a station, so of the last one only the sums over stations can be shown.
    """
    mondays: list[date] = []
    while (monday := days.first + len(mondays) * WEEK) + WEEK <= days.today:
        mondays.append(monday)
    for monday in mondays:
        yield _wanted(f"Cells, week {monday:%V}", monday, StationDepth.CELL, StateDetail.CATEGORY)
    if mondays:
        newest = mondays[-1]
        yield _wanted(f"Hall by state, week {newest:%V}", newest, StationDepth.AREA, StateDetail.STATE)
        yield _wanted(f"Stations, week {newest:%V}", newest, StationDepth.STATION, StateDetail.CATEGORY)


def _wanted(name: str, monday: date, stations: StationDepth, states: StateDetail) -> Wanted:
    return Wanted(
        name=name,
        unit=Unit.WEEK,
        first_day=monday,
        last_day=monday + 6 * DAY,
        periods=Periods.TOGETHER,
        stations=stations,
        states=states,
        counted=Counted.ONCE,
    )

"""The wall as a value: every station in its place, with its light; and how it stands with log and agreement.

For threads: it asks the database. All who look at the same second are shown the same wall, so a hundred
screens cost no more than one.
"""

import json
from dataclasses import dataclass
from threading import Lock
from typing import Any

from api.live.lights import Report, StationLight, station_lights
from api.plant import own_site
from api.services import Services
from consent.agreement.lifecycle import State
from consent.site.agreements import LIVE
from consent.site.desk import LogUnusable
from consent.site.state import SiteState
from storage.sql.device_reports import Heard, heard
from storage.sql.lookup import Selection
from storage.sql.plant import places, stations

FRESH_S = 1.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A station's light, and the area and the cell that it is in (each may be empty)."""

    area: str
    cell: str
    light: StationLight


@dataclass(frozen=True, slots=True)
class Wall:
    """What is shown. `agreement`: active, suspended, or empty; `log`: empty, or why it cannot be believed."""

    site: str
    stations: tuple[Placed, ...]
    agreement: str
    log: str


class Walls:
    """Gives the wall, made anew at most once a second."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = Lock()
        self._made: tuple[float, Wall] | None = None

    def now(self) -> Wall:
        """Return the wall. Raises `Problem` if there is no site."""
        with self._lock:
            now_s = self._services.steady_s()
            if self._made is None or not 0 <= now_s - self._made[0] < FRESH_S:
                self._made = now_s, make_wall(self._services)
            return self._made[1]


def make_wall(services: Services) -> Wall:
    """Ask database and log."""
    site = own_site(services)
    state, log = _state(services)
    selection = Selection(site.name)
    placed = stations(services.database, selection)
    areas = {place.name: place.area for place in places(services.database, site.name)}
    reports = [report for each in heard(services.database, site.name) for report in reports_of(each)]
    lights = station_lights((one.name for one in placed), reports, state, services.now_ms())
    rows = []
    for one, light in zip(placed, lights, strict=True):
        within = areas.get(one.place or "")
        area, cell = (within, one.place or "") if within else (one.place or "", "")
        rows.append(Placed(area, cell, light))
    rows.sort(key=lambda row: (row.area == "", row.area, row.cell, row.light.station))
    return Wall(site.name, tuple(rows), _agreement(state), log)


def reports_of(heard_of: Heard) -> list[Report]:
    """Return what a device said of each of its stations."""
    if heard_of.report is None or heard_of.received_ms is None or heard_of.retired_ms is not None:
        return []
    lights: list[dict[str, Any]] = json.loads(heard_of.report.lights)
    return [
        Report(
            device=heard_of.device,
            station=light["station"],
            received_ms=heard_of.received_ms,
            light=light["light"],
            reason=light.get("reason") or "",
            state=light.get("state") or "",
        )
        for light in lights
    ]


def _state(services: Services) -> tuple[SiteState | None, str]:
    if services.site is None:
        return None, "this server was started without the site's log"
    try:
        return services.site.state().state, ""
    except LogUnusable as error:
        return None, str(error)


def _agreement(state: SiteState | None) -> str:
    live = [line.state for line in (state.agreements.values() if state else ()) if line.state in LIVE]
    if State.SUSPENDED in live:
        return State.SUSPENDED.value
    return live[0].value if live else ""

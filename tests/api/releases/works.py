"""A plant whose records are known to the second, a site in memory, and what an engineer asks of both."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.policy import Role
from consent.agreement.form import agreement_hash
from storage.sealed.sealing import seal_closed
from storage.sql.devices import add_code, enrol
from storage.sql.measures import Headcount, put_headcounts
from storage.sql.plant import Place, Site, StationPlace, add_site, put_place, put_station
from tests.api.plant import Plant
from tests.api.site_in_memory import MemorySite
from tests.api.viewers import Viewers
from tests.consent.conftest import MemoryFiles
from tests.consent.world import World
from tests.storage.sql.plants import CYCLE_BOUND, IRREGULAR, Deliveries, interval_record

MONDAY = date(2027, 2, 1)
"""Four whole weeks, and with them a month, lie before the world's morning of 1 March 2027."""
CATEGORIES = {"manual assembly": CYCLE_BOUND, "screwing": CYCLE_BOUND, "waiting": IRREGULAR}
ROOM = {"assembly bench": ("hall", "line"), "packing bench": ("hall", "dispatch"), "press": ("yard", None)}
WANTED = {
    "name": "February",
    "unit": "week",
    "first_day": "2027-02-01",
    "last_day": "2027-02-07",
    "stations": "station",
    "states": "state",
    "counted": "once",
}


class Works:
    """The plant; `plant.ask` speaks to its server."""

    def __init__(self, plant, site, room):
        self.plant, self.site, self.room = plant, site, room
        self.name, self.zone = site.world.agreement.site, ZoneInfo(site.world.agreement.time_zone)
        self.database = plant.database
        self.engineer = plant.viewers.add(Role.ENGINEER)
        enrol(
            self.database, add_code(self.database, self.name, str(self.zone), hours=1, at_ms=0), "d", "k", 1
        )
        self._device, self._ordinal = Deliveries(self.database, "d"), 0
        for area, cell in room.values():
            if area:
                put_place(self.database, self.name, Place(area))
            if cell:
                put_place(self.database, self.name, Place(cell, area))
        for station, (area, cell) in room.items():
            put_station(self.database, self.name, StationPlace(station, cell or area))

    def work(self, seconds, people):
        """Record seconds by (station, state, day), people by (station, day); days from `MONDAY` on."""
        rows = []
        for (station, state, day), length in seconds.items():
            if length:
                self._ordinal += 1
                begun = datetime.combine(MONDAY + timedelta(days=day), time(8), self.zone)
                rows.append(
                    interval_record(
                        round(begun.timestamp() * 1000),
                        length * 10**9,
                        ordinal=self._ordinal,
                        station=station,
                        state=state,
                        category=CATEGORIES.get(state),
                    )
                )
        for first in range(0, len(rows), 500):
            self._device.send(*rows[first : first + 500])
        counts = [
            Headcount(station, MONDAY + timedelta(days=day), count)
            for (station, day), count in people.items()
        ]
        put_headcounts(self.database, self.name, counts)

    def seal(self):
        """Seal all days that are over."""
        root = self.plant.root / "sealed"
        seal_closed(self.database, root, now_ms=self.plant.now_ms(), grace_ms=0)

    def ask(self, method, path, *, as_=None, page=False, **more):
        headers = self.plant.viewers.headers(as_ or self.engineer, page=page)
        return self.plant.ask(method, path, headers=headers, **more)

    def preview(self, **changes):
        return self.ask("POST", "/v1/releases/preview", json=WANTED | changes)

    def confirm(self, confirms, **changes):
        return self.ask("POST", "/v1/releases", json=WANTED | changes | {"confirms": confirms})

    def release(self, **changes):
        """Preview and release; return the answer."""
        seen = self.preview(**changes)
        assert seen.status_code == 200, seen.text
        return self.confirm(seen.json()["confirms"], **changes)

    def table(self, release, *, as_=None):
        return self.ask("GET", f"/v1/releases/{release}", as_=as_)


@contextmanager
def works(root, *, room=ROOM, group=5, **agreement):
    """Open a plant whose agreement asks for groups of so many."""
    world = World(MemoryFiles()).founded()
    stations = sorted({*world.agreement.stations, *room})
    world.agreement = world.changed(**{"stations": stations, "minimum_group": group, **agreement})
    world.hash = agreement_hash(world.agreement)
    site = MemorySite(world.agreed())
    with Plant(
        f"sqlite:///{root}/plant.db",
        accounts=Viewers,
        secure=False,
        data=root,
        site=site,
        start_ms=world.now_ms,
        site_name=world.agreement.site,
    ) as plant:
        plant.root = root
        add_site(plant.database, Site(world.agreement.site, world.agreement.time_zone))
        yield Works(plant, site, room)


def steady(room, days, *, people, seconds=None):
    """Return ordinary records: every state at every station on each day, all lengths different."""
    states = [*CATEGORIES, "not recorded"]
    lengths = {
        (station, state, day): (seconds or 1000) + 137 * number + 41 * place + 7 * day
        for place, station in enumerate(room)
        for number, state in enumerate(states)
        for day in days
    }
    counts = {(station, day): people[station] for station in room for day in days}
    return lengths, counts

"""A plant with an agreement in force, a station that it covers, and an engineer who sets it up."""

from urllib.parse import quote

import pytest

from api.policy import Role
from storage.sql.station_files import create_station
from tests.api.pages.conftest import agreed_world  # noqa: F401
from tests.consent.world import STATION

TEXT = f"""\
# Seen from the left.
fairtakt: station 1
name: {STATION}
zones:
  parts: [[0.1, 0.4], [0.25, 0.4], [0.25, 0.6]]
states:
  - name: part handling
    category: cycle-bound
    when: hand in parts
"""


class Editor:
    """An engineer's requests about one station."""

    def __init__(self, world, station=STATION):
        self.world, self.station = world, station
        self.headers = world.viewers.headers(world.viewers.add(Role.ENGINEER))

    def ask(self, method, path="", **arguments):
        address = f"/v1/stations/{quote(self.station, safe='')}/files{path}"
        return self.world.ask(method, address, headers=self.headers, **arguments)

    def keep(self, text=TEXT, base=0):
        return self.ask("POST", json={"text": text, "base": base})

    def publish(self, revision, digest, **changes):
        body = {"digest": digest, **changes}
        return self.ask("POST", f"/{revision}/publication", json=body)

    def files(self):
        return self.ask("GET").json()


@pytest.fixture
def editor(agreed_world):  # noqa: F811
    create_station(agreed_world.database, agreed_world.site_name, STATION)
    return Editor(agreed_world)

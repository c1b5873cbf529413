"""Sign-ins without passwords: the test decides who is signed in, the product all that comes after."""

from argon2 import PasswordHasher

from api.accounts.accounts import Accounts
from api.accounts.address import parse_address
from api.accounts.passwords import Passwords
from api.accounts.secret import Secret
from api.viewer import COOKIE, CSRF_HEADER
from storage.sql.accounts.accounts import create_account
from storage.sql.accounts.logins import open_login
from storage.sql.dialects import insert_new
from storage.sql.tables import site, station
from tests.api.plant import NOW_MS

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Viewers(Accounts):
    """The product's accounts, with a way in that is quicker than a password."""

    def __init__(self, database, **more):
        arguments = {"now_ms": lambda: NOW_MS, "passwords": Passwords(CHEAP), **more}
        super().__init__(database, Secret(bytes(32)), parse_address("http://localhost:8443"), **arguments)
        self._rows, self._made = database, 0

    def add(self, role, *, station=None, second_factor=True):
        """Make an account; return the token of a new sign-in of it."""
        self._made += 1
        name = f"{role.value} {self._made}"
        place = None if station is None else self._station(station)
        known = create_account(self._rows, name, role.value, station_id=place, at_ms=NOW_MS)
        return open_login(self._rows, known, second_factor=second_factor, at_ms=NOW_MS)

    def headers(self, token, *, page=False):
        """What a browser that is signed in sends from one of our pages."""
        headers = {"Cookie": f"{COOKIE}={token}", CSRF_HEADER: self.viewer(token).csrf}
        return {**headers, "Accept": "text/html"} if page else headers

    def _station(self, name):
        with self._rows.writing() as connection:
            known = connection.execute(station.select().where(station.c.name == name)).first()
            if known is not None:
                return known.id
            if connection.execute(site.select()).first() is None:
                insert_new(connection, site, {"name": "north", "time_zone": "Europe/Berlin"})
            home = connection.execute(site.select().order_by(site.c.id)).first().id
            insert_new(connection, station, {"site_id": home, "name": name})
            wanted = (station.c.site_id == home, station.c.name == name)
            return connection.execute(station.select().where(*wanted)).one().id

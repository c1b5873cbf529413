"""Looking is an act: it stands in the log before anything is shown.

1. The account's role must have the view at each station by the works agreement.
2. A salted commitment to the account is kept, and the log says `access.viewed` for each station.
3. Only then may the caller show anything. Whatever goes wrong before is a `Problem`, and nothing is shown.

A sign-in that goes on looking at the same thing is one look for a quarter of an hour: a page that loads its
data in pieces is not twenty looks.
"""

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from api.plant import own_site
from api.policy import Role
from api.problems import Kind, Problem
from api.viewer import Viewer
from consent.agreement.vocabulary import Role as Agreed
from consent.agreement.vocabulary import View
from consent.entries.bodies import AccessViewed
from consent.site.access import permitted_views
from consent.site.desk import LogUnusable
from consent.site.viewer import commit
from productivity.errors import BadInput
from storage.sql.access import keep_salts

if TYPE_CHECKING:
    from api.services import Services
    from consent.site.sight import SiteView

Value = TypeVar("Value")

ONE_LOOK_MS = 15 * 60_000

AGREED: Mapping[Role, Agreed] = MappingProxyType(
    {
        Role.ENGINEER: Agreed.ENGINEER,
        Role.COUNCIL: Agreed.COUNCIL,
        Role.WORKER: Agreed.WORKER,
        Role.MANAGER: Agreed.SUPERVISOR,
    }
)
"""What works agreements call the roles; the others see nothing that an agreement is about."""


class Looks:
    """Which looks stand in the log already; of one server, in memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._since: dict[tuple[bytes, View, str | None], int] = {}

    def missing(
        self, login: bytes, view: View, stations: Iterable[str | None], now_ms: int
    ) -> list[str | None]:
        """Return the stations for which this sign-in has not looked lately."""
        with self._lock:
            over = now_ms - ONE_LOOK_MS
            self._since = {look: at_ms for look, at_ms in self._since.items() if over < at_ms <= now_ms}
            return [station for station in stations if (login, view, station) not in self._since]

    def stand(self, login: bytes, view: View, stations: Iterable[str | None], now_ms: int) -> None:
        """Take note of looks that are in the log."""
        with self._lock:
            self._since |= {(login, view, station): now_ms for station in stations}


def look(services: "Services", viewer: Viewer, view: View, stations: Iterable[str] | None = None) -> None:
    """Bring a look into the log; for threads, because it waits for the disk. Raises `Problem`.

    `stations` None: something of the site as a whole, such as released tables.
    """
    wanted: list[str | None] = [None] if stations is None else list(dict.fromkeys(stations))
    require_agreed(services, viewer, view, wanted)
    now_ms = services.now_ms()
    if new := services.looks.missing(viewer.login, view, wanted, now_ms):
        _say(services, viewer, view, new, now_ms)
        services.looks.stand(viewer.login, view, new, now_ms)


def agreed_stations(services: "Services", viewer: Viewer, view: View, stations: Iterable[str]) -> list[str]:
    """Return the stations of which a role has the view; nothing is logged and nothing may be shown yet."""
    state = site_view(services).state
    role = AGREED.get(viewer.role)
    return [
        station for station in stations if role is not None and view in permitted_views(state, role, station)
    ]


def require_agreed(services: "Services", viewer: Viewer, view: View, stations: Iterable[str | None]) -> None:
    """Raise `Problem` unless the works agreement gives this role the view of each station."""
    state = site_view(services).state
    role = AGREED.get(viewer.role)
    if viewer.role is Role.WORKER and set(stations) - {viewer.station, None}:
        raise Problem(Kind.NOT_AGREED, "a terminal shows nothing of other stations")
    for station in stations:
        if role is None or view not in permitted_views(state, role, station):
            raise Problem(
                Kind.NOT_AGREED, f"no works agreement gives the role {viewer.role} the view: {view}"
            )


def site_view(services: "Services") -> "SiteView":
    """Return what stands at the site; raises `Problem` if nobody can know it."""
    if services.site is None:
        raise Problem(Kind.NO_LOG, "this server was started without the site's log (--plant)")
    return from_log(services.site.state)


def from_log(ask: Callable[[], Value]) -> Value:
    """Return what the log's desk answers; its refusals as a `Problem`."""
    try:
        return ask()
    except LogUnusable as error:
        raise Problem(Kind.NO_LOG, str(error)) from None


def _say(
    services: "Services", viewer: Viewer, view: View, stations: Iterable[str | None], now_ms: int
) -> None:
    assert services.site is not None  # noqa: S101  # for the type checker; `require_agreed` has asked it
    looks = {station: commit(viewer.account_id) for station in stations}
    keep_salts(
        services.database,
        looks,
        site_name=own_site(services).name,
        account_id=viewer.account_id,
        view=view,
        at_ms=now_ms,
    )
    role = AGREED[viewer.role]
    bodies = [
        AccessViewed(role=role, who=committed.commitment, view=view, station=station)
        for station, committed in looks.items()
    ]
    try:
        services.site.say_all(bodies)
    except BadInput:
        raise Problem(Kind.NOT_AGREED, "no works agreement permits this view any more") from None
    except LogUnusable as error:
        raise Problem(Kind.NO_LOG, str(error)) from None

"""Opens what commands need to use motion: log, database and vault, beside a running server or in its place.

With the log's .vkey the server that operates the log goes on; the command reads the log, shares database and
data directory with it, and opens no keys. With the log's .key the command operates the log itself: then no
server may be running.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cli.files import read_verifier
from cli.handing_in import now_ms
from cli.serving import Log, open_log
from consent.keys import read_public
from productivity.errors import BadInput, MissingExtra

if TYPE_CHECKING:
    from api.policy import Role
    from api.services import Services
    from consent.vault.permit import Permit


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything lies."""

    database: str
    data: Path
    log: Log
    key_store: Path | None = None
    site: str | None = None

    @property
    def operates(self) -> bool:
        """Whether the command operates the log."""
        return self.log.keys[0].suffix != ".vkey"


@dataclass(frozen=True, slots=True)
class Office:
    """Who asks by command: whoever works at the server's machine, for the plant or for a licensee."""

    role: "Role"
    name: str
    account_id: int | None = None


class NoKeys:
    """Workers' keys for a command beside a server: none (`consent.vault.keys.WorkerKeys`)."""

    def create(self, record: str) -> bytes:
        """Refuse."""
        self._refuse(record)

    def public(self, record: str) -> bytes:
        """Refuse."""
        self._refuse(record)

    def unwrap(self, permit: "Permit", wrapped: bytes) -> bytes:
        """Refuse."""
        self._refuse(permit, wrapped)

    def shred(self, record: str) -> None:
        """Refuse."""
        self._refuse(record)

    def known(self) -> frozenset[str]:
        """Return nothing."""
        return frozenset()

    def _refuse(self, *_: object) -> NoReturn:
        raise BadInput("no key is opened beside a running server", expected="the server opens them")


@contextmanager
def open_place(place: Place) -> "Iterator[Services]":
    """Give what uses of motion need; `services.motion` is the vault."""
    try:
        from api.services import Services
        from api.uses.room import MotionRoom
        from cli.vault import EXPORTS, MOTION, open_room
        from storage.sql.database import Database
        from storage.sql.store import SqlStore
        from storage.vault.segments import Segments
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    key = place.log.keys[0]
    verifier = read_public(key)[1] if place.operates else read_verifier(key)
    if place.key_store is not None and not place.operates:
        raise BadInput("the server opens the keys", where="--key-store", expected="only with the log's .key")
    with ExitStack() as opened:
        database = opened.enter_context(Database(place.database, None))
        desk = opened.enter_context(open_log(place.log))
        assert desk is not None  # noqa: S101  # for the type checker; there is a log
        if place.operates:
            room = opened.enter_context(open_room(place.data, desk, verifier, now_ms, place.key_store))
        elif (place.data / MOTION).is_dir():
            segments = Segments(place.data / MOTION)
            room = MotionRoom(NoKeys(), segments, place.data / EXPORTS, desk, verifier, now_ms)
        else:
            raise BadInput("no motion is kept here", where=str(place.data), expected="the server's --data")
        yield Services(
            SqlStore(database),
            database,
            now_ms,
            site=desk,
            site_name=place.site,
            motion=room,
            data=place.data,
        )

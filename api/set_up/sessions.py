"""Set-up sessions: the browser opens a camera for minutes, with an entry in the log before the first picture.

No picture reaches the server. What the server does is to say when the camera may be opened and when it must
be closed: the page asks every two seconds, and closes the camera when the answer is no, or when none comes.

A session ends when it is closed by hand, when its minutes are over, when the page is no longer heard of, or
when the works agreement or the log no longer permit it. The end stands in the log too; if the log takes
nothing in just then, it is said as soon as it does. Of a server that ends, the log only knows the beginning.
"""

import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from api.looking import AGREED, from_log, site_view
from api.plant import own_site
from api.problems import Kind, Problem
from api.viewer import Viewer
from consent.agreement.vocabulary import View
from consent.entries.bodies import SetUpClosed, SetUpOpened
from consent.entries.vocabulary import SetUpClosedBecause
from consent.site.desk import LogUnusable
from consent.site.set_ups import permitting
from consent.site.viewer import commit
from productivity.errors import BadInput
from storage.sql.access import keep_salts

if TYPE_CHECKING:
    from api.services import Services

MINUTES = 5
LEFT_S = 15.0
"""So long after a page was last heard of, nobody knows whether its camera is closed: the session is over."""
_LOOK_S = 0.5
_SAY_AGAIN_S = 5.0
_MOST_TRIES = 120


class SessionTold(BaseModel):
    """A set-up session. `open` false: the camera must be closed, `because` says why."""

    model_config = ConfigDict(frozen=True)

    session: str
    station: str
    open: bool
    because: Literal["", "closed by hand", "the time is over", "the page was left", "not permitted any more"]
    opened_ms: int
    seconds_left: float


@dataclass(eq=False)
class _Session:
    identifier: str
    login: bytes
    viewer: Viewer
    station: str
    opened_ms: int
    ends_s: float
    heard_s: float
    because: SetUpClosedBecause | None = None
    over: threading.Event = field(default_factory=threading.Event)


class SetUpSessions:
    """Of one server; for any number of threads."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._lock = threading.Lock()
        self._sessions: dict[str, _Session] = {}

    def refusal(self, viewer: Viewer, station: str) -> str:
        """Return why nobody may open a camera there now; empty if this account may."""
        try:
            _permitted(self._services, viewer, station)
        except Problem as problem:
            return problem.detail
        return ""

    def open(self, viewer: Viewer, station: str) -> SessionTold:
        """Begin a session: when this returns, it stands in the log. Raises `Problem`; then nothing began."""
        services = self._services
        line_hash = _permitted(services, viewer, station)
        identifier, now_ms, now_s = secrets.token_hex(16), services.now_ms(), services.steady_s()
        committed = commit(viewer.account_id)
        keep_salts(
            services.database,
            {station: committed},
            site_name=own_site(services).name,
            account_id=viewer.account_id,
            view=View.SET_UP_PICTURES,
            at_ms=now_ms,
        )
        body = SetUpOpened(
            session=identifier,
            role=AGREED[viewer.role],
            who=committed.commitment,
            station=station,
            agreement=line_hash,
            minutes=MINUTES,
        )
        self._say(body)
        session = _Session(
            identifier, viewer.login, viewer, station, now_ms, now_s + MINUTES * 60, services.steady_s()
        )
        with self._lock:
            for other in self._sessions.values():
                if other.login == viewer.login:
                    self._end(other, SetUpClosedBecause.DONE)
            self._sessions[identifier] = session
        threading.Thread(target=self._watch, args=(session,), name="set-up", daemon=True).start()
        return self._told(session)

    def told(self, viewer: Viewer, identifier: str) -> SessionTold:
        """Say whether the camera may stay open; the page was heard of. Raises `Problem` if it is none."""
        session = self._mine(viewer, identifier)
        session.heard_s = self._services.steady_s()
        if (because := self._over(session)) is not None:
            with self._lock:
                self._end(session, because)
        return self._told(session)

    def close(self, viewer: Viewer, identifier: str) -> None:
        """End a session; it is said in the log at once, or as soon as the log takes it in."""
        session = self._mine(viewer, identifier)
        with self._lock:
            self._end(session, SetUpClosedBecause.DONE)

    def _watch(self, session: _Session) -> None:
        """End a session in time whatever the page does, and say so."""
        while not session.over.wait(_LOOK_S):
            if (because := self._over(session)) is not None:
                with self._lock:
                    self._end(session, because)
        assert session.because is not None  # noqa: S101  # for the type checker; `_end` has set it
        body = SetUpClosed(session=session.identifier, because=session.because)
        for _ in range(_MOST_TRIES):
            try:
                self._say(body)
                break
            except Problem as problem:
                if problem.kind is not Kind.NO_LOG:
                    break
                threading.Event().wait(_SAY_AGAIN_S)
        with self._lock:
            self._sessions.pop(session.identifier, None)

    def _over(self, session: _Session) -> SetUpClosedBecause | None:
        now_s = self._services.steady_s()
        if now_s >= session.ends_s:
            return SetUpClosedBecause.TIME
        if now_s > session.heard_s + LEFT_S:
            return SetUpClosedBecause.LEFT
        if self.refusal(session.viewer, session.station):
            return SetUpClosedBecause.NOT_PERMITTED
        return None

    def _end(self, session: _Session, because: SetUpClosedBecause) -> None:
        session.because = session.because or because
        session.over.set()

    def _mine(self, viewer: Viewer, identifier: str) -> _Session:
        with self._lock:
            session = self._sessions.get(identifier)
        if session is None or session.login != viewer.login:
            raise Problem(Kind.NOT_FOUND, "no such set-up session, or it is over")
        return session

    def _told(self, session: _Session) -> SessionTold:
        because = session.because
        return SessionTold(
            session=session.identifier,
            station=session.station,
            open=because is None,
            because="" if because is None else because.value,
            opened_ms=session.opened_ms,
            seconds_left=max(0.0, session.ends_s - self._services.steady_s()),
        )

    def _say(self, body: SetUpOpened | SetUpClosed) -> None:
        site = self._services.site
        if site is None:
            raise Problem(Kind.NO_LOG, "this server was started without the site's log (--plant)")
        try:
            from_log(lambda: site.say(body))
        except BadInput as error:
            raise Problem(Kind.NOT_AGREED, str(error)) from None


def _permitted(services: "Services", viewer: Viewer, station: str) -> str:
    """Return the hash of the agreement that permits it. Raises `Problem`."""
    role = AGREED.get(viewer.role)
    if role is None:
        raise Problem(Kind.NOT_AGREED, "works agreements do not speak of this role")
    try:
        return permitting(site_view(services).state, role, station, services.now_ms()).hash
    except BadInput as error:
        raise Problem(Kind.NOT_AGREED, str(error)) from None
    except LogUnusable as error:
        raise Problem(Kind.NO_LOG, str(error)) from None

"""What the recorder says and asks about motion, in its own words; it never knows where permission comes from.

Two parties speak here. The part that sees pictures asks `MotionPort.keeps`, and hands poses over by
`MotionPort.keep`. The port belongs to the recorder: it opens a channel for a session that is permitted, takes
nothing but what fits that session, and closes it once and for good. Nothing but the types of this file passes
between the two, so that a process without rights can stand on one side.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from models.motion import Motion
from productivity.time import Instant


class Ending(StrEnum):
    """Why a session is over; `KEEPS_WHAT_WAS_CONFIRMED` says what becomes of what has not left yet."""

    TIME = "the time of the check-in is over, or the worker checked out"
    SECOND_PERSON = "somebody else may be at the station"
    LOST = "the worker was lost from sight"
    NOBODY = "nobody is at the station"
    NOT_THERE = "nobody was followed without a break since the check-in"
    UNSURE = "the worker was not confirmed for too long"
    GAP = "pictures are missing"
    STOP = "the recorder stopped"
    NOT_PERMITTED = "motion is not permitted any more"
    REFUSED = "the station may not be recorded"
    FAILED = "something failed"


KEEPS_WHAT_WAS_CONFIRMED = frozenset(
    {
        Ending.TIME,
        Ending.SECOND_PERSON,
        Ending.LOST,
        Ending.NOBODY,
        Ending.NOT_THERE,
        Ending.UNSURE,
        Ending.GAP,
        Ending.STOP,
    }
)
"""After the others nothing that has not left yet is kept: nobody permits it any more."""


@dataclass(frozen=True, slots=True)
class MotionPermission:
    """One worker's session at one station, in the recording's own time."""

    session: str
    """Names the check-in; another one after each check-in. It does not tell whose it is."""
    since: Instant
    """When the worker checked in. May lie before the recording."""
    until: Instant
    """From here on it is over: time, or check-out. Never later than the consent."""
    worker: str | None = None
    """Tells one worker from another, and not who it is. None: each session counts as another worker's."""


class MotionGate(Protocol):
    """Decides look by look. Must be quick; must answer None when in doubt; must not raise."""

    def keeps(self, station: str, at: Instant) -> MotionPermission | None:
        """Return the session under which motion may be kept now, the instant `at`; None: under none."""
        ...


class MotionKeeper(Protocol):
    """Takes motion out of memory, sealed."""

    def keep(self, session: str, station: str, begin: Instant, motion: Motion) -> None:
        """Seal a piece. When this returns, the arrays are overwritten: nothing may hold on to them."""
        ...

    def ended(self, session: str, station: str, ending: Ending) -> None:
        """Hear that a session is over."""
        ...


@dataclass(slots=True)
class _Open:
    session: str
    since: Instant
    reached: Instant
    """Up to here it has handed poses over, in the recording's time."""


class MotionPort:
    """The recorder's side of the channel: at most one open session for each station."""

    def __init__(self, gate: MotionGate, keeper: MotionKeeper) -> None:
        """Take who permits and who seals."""
        self._gate = gate
        self._keeper = keeper
        self._open: dict[str, _Open] = {}
        self._over: set[str] = set()

    def keeps(self, station: str, at: Instant) -> MotionPermission | None:
        """Return the session that may run now; a session that has ended is never returned again."""
        permission = self._gate.keeps(station, at)
        if permission is None or permission.session in self._over:
            return None
        return permission

    def open(self, station: str, permission: MotionPermission, at: Instant) -> None:
        """Open the channel for a session; `ValueError` if it has been used, or another one is open."""
        if station in self._open or permission.session in self._over:
            raise ValueError("motion: expected a new session and no other one at this station")
        self._open[station] = _Open(permission.session, at, at)

    def keep(self, session: str, station: str, begin: Instant, motion: Motion) -> None:
        """Take a piece of the open session; `ValueError` for any other session, place or time.

        Whoever hands it over overwrites it afterwards.
        """
        here = self._open.get(station)
        if here is None or here.session != session or begin < here.reached:
            raise ValueError("motion: expected a piece of the open session, after the piece before")
        here.reached = Instant(begin + motion.span_ns + 1)
        self._keeper.keep(session, station, begin, motion)

    def close(self, session: str, station: str, ending: Ending) -> None:
        """End a session for good, whether or not it was ever open."""
        if session in self._over:
            return
        self._over.add(session)
        here = self._open.get(station)
        if here is not None and here.session == session:
            del self._open[station]
        self._keeper.ended(session, station, ending)

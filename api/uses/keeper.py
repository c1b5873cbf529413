"""The thread that brings uses to their end and destroys what is due, whenever something changes at the site.

It begins with whatever an interruption left, motion in the clear first of all. What cannot be done now is
tried again at the next change, or after a minute; what fails is told by its class, never by its text.
Commands approve uses and book payouts in the database alone, so it looks for news there every few seconds.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import structlog

from api.services import Services
from api.uses.course import UseCourse, erase_export
from api.uses.own import UNPACKED
from api.uses.room import MotionRoom
from api.uses.shredding import shred_due
from consent.site.desk import LogUnusable
from productivity.errors import FairtaktError
from storage.exports.motion.export import remove_leftovers
from storage.sql.royalties import unlogged
from storage.sql.uses import UNFINISHED, MotionUse, UseState, find_use, uses_in

AGAIN_S = 60.0
LOOK_S = 2.0
"""Between looks into the database for what commands have left there."""
_log = structlog.get_logger("fairtakt.api")


class UseKeeper:
    """Takes one turn at a time, from its own thread or for somebody who waits."""

    def __init__(self, services: Services, room: MotionRoom) -> None:
        self._services, self._room = services, room
        self._course = UseCourse(services, room)
        self._lock = threading.Lock()

    def finish(self, use: str) -> MotionUse:
        """Bring one use as far as it goes; raises what `UseCourse.finish` does."""
        with self._lock:
            return self._course.finish(find_use(self._services.database, use))

    def turn(self) -> None:
        """Do everything that is due and can be done."""
        self._try("shredding", lambda: shred_due(self._services, self._room))
        self._try("uses", self._finish_all)
        self._try("bookings", self._say_bookings)
        self._try("exports", self._expire)

    def news(self) -> frozenset[str]:
        """Return what waits in the database for a turn: approved uses, and bookings that the log lacks."""
        approved = uses_in(self._services.database, UseState.APPROVED)
        _, entries, payouts = unlogged(self._services.database)
        names = (*(one.use for one in approved), *(one.entry for one in entries))
        return frozenset({*names, *(one.payout for one in payouts)})

    def _finish_all(self) -> None:
        for use in uses_in(self._services.database, *UNFINISHED):
            self._try("use", partial(self.finish, use.use))

    def _say_bookings(self) -> None:
        with self._lock:
            self._course.say_bookings()

    def _expire(self) -> None:
        now_ms = self._services.now_ms()
        for use in uses_in(self._services.database, UseState.BOOKED):
            if use.expires_ms is not None and use.expires_ms <= now_ms:
                erase_export(self._room, use)

    def _try(self, what: str, act: Callable[[], object]) -> None:
        try:
            act()
        except (FairtaktError, LogUnusable, OSError) as error:
            _log.warning("motion waits", what=what, fault=type(error).__name__)
        except Exception as error:  # a fault of ours: the rest goes on
            _log.error("fault", what=what, fault=type(error).__name__)


def clear_up(room: MotionRoom) -> int:
    """Remove what a killed process left of exports: motion in the clear. Return how many there were.

    For the start of whoever operates the log, while nobody else exports.
    """
    left = list(room.exports.glob(f"{UNPACKED}*")) if room.exports.is_dir() else []
    for path in left:
        shutil.rmtree(path)
    return len(left) + remove_leftovers(room.exports)


@contextmanager
def motion_kept(
    services: Services, room: MotionRoom, *, again_s: float = AGAIN_S, look_s: float = LOOK_S
) -> Iterator[UseKeeper]:
    """Take a turn now, at each change of the site, and again and again, as long as this lasts.

    Raises `OSError` if what a killed process left cannot be removed.
    """
    clear_up(room)
    keeper, wake, over = UseKeeper(services, room), room.wanted, threading.Event()
    wake.set()

    def run() -> None:
        tried: frozenset[str] = frozenset()
        while not over.is_set():
            tried = _wait(keeper, wake, tried, again_s, look_s)
            wake.clear()
            if not over.is_set():
                keeper.turn()

    forget = room.site.subscribe(wake.set)
    thread = threading.Thread(target=run, name="motion", daemon=True)
    thread.start()
    try:
        yield keeper
    finally:
        over.set()
        wake.set()
        forget()
        thread.join()


def _wait(
    keeper: UseKeeper, wake: threading.Event, tried: frozenset[str], again_s: float, look_s: float
) -> frozenset[str]:
    """Wait for a reason to take a turn; return what waits in the database by then."""
    ends = time.monotonic() + again_s
    while True:
        woken = wake.wait(min(look_s, max(0.0, ends - time.monotonic())))
        try:
            news = keeper.news()
        except Exception as error:  # a database that does not answer: the turn says so again
            _log.warning("motion waits", what="news", fault=type(error).__name__)
            news = tried
        if woken or news - tried or time.monotonic() >= ends:
            return news

"""The gate of a running recorder: follows the site's directory, opens and closes sessions, answers per frame.

What happens, whoever calls first, the recorder with a frame or the thread that looks every 50 ms:

1. The clock: once somebody has set it, nothing is permitted any more in this run.
2. Acts that wait are read, then the log: a stop that moves from one to the other is never missed.
3. For each station `consent.gate.course` says what follows, and `consent.gate.desk` does it.

Whatever cannot be read, written or believed makes the answer no. Nothing here raises at the recorder.
"""

import secrets
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from consent.entries.bodies import MotionSealed
from consent.entries.form import Act
from consent.entries.limits import STOP_WITHIN_MS
from consent.entries.vocabulary import Reason
from consent.gate.campaign import CampaignCount
from consent.gate.clock import Clock, SteadyClock, SystemClock
from consent.gate.course import OPEN_WITHIN_MS, Post, Sight, Signed, stop_of
from consent.gate.decision import Knowledge, device_name
from consent.gate.desk import Answer, Desk
from consent.gate.motion import MotionTerms, motion_terms
from consent.gate.notebook import Notebook
from consent.gate.outbox import Outbox
from consent.gate.stretches import LeftBehind, Stretch, left_behind
from consent.log.http import Unreachable
from consent.notes import Signer, Verifier
from consent.site.plant import Plant
from consent.site.preview import preview
from consent.site.state import SiteState
from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.time import Duration, Instant

CHECK_EVERY_MS = 50
"""A suspension is obeyed within `STOP_WITHIN_MS`; this leaves room for a slow disk and a slow picture."""

_PAUSE_S = 0.02


class LiveGate:
    """Permission for the stations of one recorder; for any number of threads."""

    def __init__(
        self,
        plant: Plant,
        log: Verifier,
        device: Signer,
        posts: Iterable[tuple[Post, tuple[str, str] | None]],
        *,
        clock: Clock | None = None,
        new_id: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        """Prepare, and read nothing yet. A station comes with first and last state of its cycle, if any."""
        self._plant = plant
        self._device = device.verifier
        self._clock = SteadyClock(clock or SystemClock())
        self._lock = threading.RLock()
        self._follower = plant.follow(log)
        notebook = Notebook(plant.root)
        self._leases = dict(notebook.leases())
        self._outbox = Outbox(plant, log, device, notebook)
        self._desks = {
            post.station: Desk(post, CampaignCount(notebook, cycle), self._outbox, notebook, new_id)
            for post, cycle in posts
        }
        self._state: SiteState | None = None
        self._read_ms = 0
        self._late = False
        self._crowded = False
        self._checked_ms = 0
        self._doubt: Reason | None = None
        self._elsewhere: set[str] = set()
        self._taken_back = 0
        self._looks = 0
        self._left_behind: list[LeftBehind] | None = None
        self._over = threading.Event()

    # --- What the recorder calls. ---

    def allowed(self, station: str, purpose: str, at: Instant) -> Answer:
        """Tell whether `station` may be recorded for `purpose` at this instant of the recording."""
        try:
            return self._allowed(station, purpose, at)
        except Exception:  # whatever it is, the answer is no, and nothing of it is told
            return Answer(False, Reason.LOG_UNREACHABLE, at)

    def recorded(self, station: str, at: Instant, duration: Duration) -> None:
        """Take note of what is recorded."""
        with self._lock:
            self._desks[station].recorded(at, duration)

    def seen(self, interval: StateInterval) -> None:
        """Count cycles; a campaign that has seen enough ends here."""
        with self._lock:
            desk = self._desks[interval.station]
            desk.count.add(interval)
            desk.announce(self._clock.now_ms())
            if desk.course.opened and desk.count.completed is not None:
                self._turn(desk, None)

    def close(self, reason: Reason) -> None:
        """End all sessions; what the recorder has kept until now stays valid."""
        self._over.set()
        with self._lock:
            self.check()
            for desk in self._desks.values():
                self._settle(desk)
                if self._state is not None:
                    desk.finish(self._sight(self._state), reason)
            self._outbox.send()

    # --- Motion of workers who opted in. ---

    def motion_terms(self, station: str, record: str) -> MotionTerms | None:
        """Return under what motion of a record's worker may be kept at a station now; None: it may not.

        Other than durations of states, motion does not go on while a stop would not be known.
        """
        with self._lock:
            desk = self._desks.get(station)
            now_ms = self._clock.now_ms()
            if now_ms - self._checked_ms >= CHECK_EVERY_MS:
                self.check()
            if desk is None or self._state is None or self._over.is_set() or not self.is_fresh:
                return None
            if not desk.decision.allowed:
                return None
            return motion_terms(self._sight(self._state), desk.post, desk.course, record)

    def site(self) -> tuple[SiteState, int] | None:
        """Return what stands at the site, stops that wait included, and the time; None if not known now."""
        with self._lock:
            fresh = self._state is not None and self.is_fresh
            return (self._state, self._clock.now_ms()) if fresh and self._state is not None else None

    def hand_in_sealed(self, body: MotionSealed) -> Path:
        """Sign that motion was sealed and hand it in, or raise; return where it waits for the log."""
        with self._lock:
            return self._outbox.hand_in(Signed(self._clock.now_ms(), body))

    # --- What tells how it goes. ---

    @property
    def recorded_anything(self) -> bool:
        """Whether any picture was permitted."""
        return any(desk.has_recorded for desk in self._desks.values())

    @property
    def refusals(self) -> dict[str, Reason]:
        """The latest reason for a no, by station; stations that were never refused are left out."""
        return {name: desk.refusal for name, desk in self._desks.items() if desk.refusal is not None}

    @property
    def refused_now(self) -> Reason | None:
        """Why some station is not recorded at the moment; None if all are."""
        refused = (desk.decision.reason for desk in self._desks.values() if not desk.decision.allowed)
        return next(refused, None)

    def refusal(self, station: str) -> Reason | None:
        """Return why a station is not recorded at the moment; None if it may be."""
        decision = self._desks[station].decision
        return None if decision.allowed else decision.reason

    # --- What tells to which session something belongs, and what of it has to be taken back. ---

    def stretch(self, station: str, at: Instant) -> Stretch | None:
        """Return the session that an instant of the recording belongs to; None before the first one."""
        with self._lock:
            return self._desks[station].stretches.at(at)

    @property
    def taken_back(self) -> int:
        """How many stops have taken something back until now."""
        return self._taken_back

    @property
    def looks(self) -> int:
        """How often the site was read until now, as a whole and believed."""
        return self._looks

    @property
    def is_fresh(self) -> bool:
        """Whether the site was read just now, so that a stop would be known."""
        return self._clock.now_ms() - self._read_ms <= STOP_WITHIN_MS

    @property
    def left_behind(self) -> list[LeftBehind] | None:
        """What an earlier run of this device left open, and somebody has stopped since; None: not known."""
        return self._left_behind

    # --- Looking again. ---

    def check(self) -> None:
        """Look at the clock and the site's files, and do what follows."""
        with self._lock:
            now_ms = self._checked_ms = self._clock.now_ms()
            if self._clock.jumped():
                self._doubt = self._doubt or Reason.CLOCK
            state = self._read(now_ms)
            if self._left_behind is None and state is not None:
                self._left_behind = left_behind(state, self._device)
            for desk in self._desks.values():
                self._taken_back += state is not None and desk.confirm(state)
                self._turn(desk, None)
            self._looks += state is not None
            self._stop_elsewhere()
            self._outbox.send()

    def keep_checking(self) -> threading.Thread:
        """Check again and again until the gate is closed, so that a session ends between two frames too."""

        def run() -> None:
            while not self._over.wait(CHECK_EVERY_MS / 1000):
                self.check()

        thread = threading.Thread(target=run, name="gate", daemon=True)
        thread.start()
        return thread

    def _read(self, now_ms: int) -> SiteState | None:
        """Read the site; return what stands there, None if that cannot be known now."""
        try:
            waiting = self._waiting_acts()
            state = self._follower.poll()
        except BadInput:
            self._doubt = Reason.LOG_DAMAGED
        except (OSError, Unreachable):
            return None  # what was read before holds for a while
        else:
            self._state = preview(state, waiting)
            self._late = self._read_ms + STOP_WITHIN_MS < now_ms
            self._read_ms = now_ms
            return None if self._crowded else self._state
        return None

    def _waiting_acts(self) -> list[Act]:
        try:
            waiting = self._plant.waiting_acts()
        except BadInput:  # so many that a stop may be among them unread
            self._crowded = True
            return []
        self._crowded = False
        return waiting

    def _sight(self, state: SiteState) -> Sight:
        places = (desk.count.completed for desk in self._desks.values())
        completed = frozenset(place.key for place in places if place is not None)
        doubt = self._doubt or (Reason.LOG_UNREACHABLE if self._crowded else None)
        known = Knowledge(self._read_ms, self._follower.cosigned_ms, completed=completed, doubt=doubt)
        return Sight(state, known, self._clock.now_ms(), self._leases, self._late)

    def _stop_elsewhere(self) -> None:
        """Stop what a crash left open at stations that are not looked at now; a device runs once."""
        if self._state is None:
            return
        name = device_name(self._state, self._device)
        for session in self._state.sessions.values():
            known = session.station in self._desks or session.id in self._elsewhere
            if session.device == name and not known:
                self._elsewhere.add(session.id)
                self._outbox.add(stop_of(session, self._sight(self._state)))

    # --- Answering. ---

    def _allowed(self, station: str, purpose: str, at: Instant) -> Answer:
        with self._lock:
            desk = self._desks.get(station)
            if self._over.is_set():
                return Answer(False, Reason.OPERATOR, at)
            if desk is None or purpose != desk.post.purpose:
                return Answer(False, Reason.PURPOSE, at)
            now_ms = self._clock.now_ms()
            if now_ms - self._checked_ms >= CHECK_EVERY_MS:
                self.check()
            if desk.offered and self._state is not None:  # nothing that is left fits in any more
                desk.finish(self._sight(self._state), desk.decision.reason)
            if not desk.holds(now_ms, at):
                self._turn(desk, at)
        if desk.patient and desk.waits:
            self._wait_for_log(desk, at)
        with self._lock:
            return desk.answer(self._clock.now_ms(), at)

    def _wait_for_log(self, desk: Desk, at: Instant) -> None:
        """Let a frame wait for the log to take in what a session needs; not again after waiting in vain."""
        give_up_ms = self._clock.now_ms() + OPEN_WITHIN_MS
        while desk.waits and self._clock.now_ms() < give_up_ms and not self._over.is_set():
            self._clock.sleep(_PAUSE_S)  # the lock is free meanwhile
            with self._lock:
                self.check()
                self._turn(desk, at)
        desk.patient = not desk.waits

    def _turn(self, desk: Desk, at: Instant | None) -> None:
        """Let a station do what follows; `at` is the frame that asks to be looked at, if one does."""
        if self._state is None:
            desk.refuse(self._doubt or Reason.LOG_UNREACHABLE)
            return
        if desk.course.session is None and at is not None:
            self._settle(desk)
        desk.turn(self._sight(self._state), at)

    def _settle(self, desk: Desk) -> None:
        """Close the count of a session that is over, with what the recorder told after its end."""
        desk.count.settle()
        desk.announce(self._clock.now_ms())

"""The gate of a running recorder: follows the site's directory, opens and closes sessions, answers per frame.

What happens, whoever calls first, the recorder with a frame or the thread that looks every 50 ms:

1. The clock: once somebody has set it, nothing is permitted any more in this run.
2. Acts that wait are read, then the log: a stop that moves from one to the other is never missed.
3. For each station `consent.gate.course` says what follows; what it wants handed in is signed and handed in.

Whatever cannot be read, written or believed makes the answer no. Nothing here raises at the recorder.
"""

import secrets
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from consent.entries.bodies import RecordingStarted
from consent.entries.form import Act
from consent.entries.limits import STOP_WITHIN_MS
from consent.entries.vocabulary import Reason
from consent.gate.campaign import CampaignCount
from consent.gate.clock import Clock, SteadyClock, SystemClock
from consent.gate.course import (
    OPEN_WITHIN_MS,
    Course,
    Lease,
    Post,
    Sight,
    Signed,
    Turn,
    advance,
    finish,
    stop_of,
)
from consent.gate.decision import Decision, Knowledge, device_name
from consent.gate.notebook import Notebook
from consent.gate.outbox import Outbox
from consent.log.http import Unreachable
from consent.notes import Signer, Verifier
from consent.site.plant import Plant
from consent.site.preview import preview
from consent.site.state import SiteState
from productivity.errors import BadInput, FairtaktError
from productivity.intervals import StateInterval
from productivity.time import Duration, Instant, after

CHECK_EVERY_MS = 50
"""A suspension is obeyed within `STOP_WITHIN_MS`; this leaves room for a slow disk and a slow picture."""
LEASE_MS = 10_000
"""What a crash may cost of a day's minutes."""

_MARGIN_MS = 1_000
"""Near its end a permission is asked for anew with each frame, so that it ends where it must."""
_NS_PER_MS = 1_000_000
_PAUSE_S = 0.02
_NOTHING_READ = Decision(False, Reason.LOG_UNREACHABLE, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a station may be recorded; why not, or what ends the permission at `until` of the recording."""

    allowed: bool
    reason: Reason
    until: Instant


@dataclass(slots=True)
class _Desk:
    """What is kept for one station."""

    post: Post
    count: CampaignCount
    course: Course = field(default_factory=Course)
    decision: Decision = _NOTHING_READ
    """The latest."""
    reached: int = 0
    """How far the recording has come (ns)."""
    bound: int = 0
    """Where in the recording the permission ends, should it be played faster than it was filmed."""
    start: Path | None = None
    """The start that waits for the log."""
    patient: bool = True
    """Whether a frame waits for the log; not again after one has waited in vain."""
    offered: bool = False
    """Whether the last yes was given for a picture that the recorder has not recorded: it lasted too long."""
    refusal: Reason | None = None
    recorded: bool = False


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
        self._new_id = new_id
        self._lock = threading.RLock()
        self._follower = plant.follow(log)
        self._notebook = Notebook(plant.root)
        self._outbox = Outbox(plant, log, device, self._notebook)
        self._leases = dict(self._notebook.leases())
        self._desks = {
            post.station: _Desk(post, CampaignCount(self._notebook, cycle)) for post, cycle in posts
        }
        self._state: SiteState | None = None
        self._read_ms = 0
        self._late = False
        self._crowded = False
        self._checked_ms = 0
        self._doubt: Reason | None = None
        self._elsewhere: set[str] = set()
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
            desk = self._desks[station]
            desk.reached, desk.recorded, desk.offered = after(at, duration), True, False
            if desk.course.opened:
                desk.course = replace(desk.course, recorded_ns=desk.course.recorded_ns + duration)

    def seen(self, interval: StateInterval) -> None:
        """Count cycles; a campaign that has seen enough ends here."""
        with self._lock:
            desk = self._desks[interval.station]
            desk.count.add(interval)
            self._complete(desk)

    def close(self, reason: Reason) -> None:
        """End all sessions; what the recorder has kept until now stays valid."""
        self._over.set()
        with self._lock:
            self.check()
            for desk in self._desks.values():
                desk.count.settle()
                self._complete(desk)
                self._finish(desk, reason)
            self._outbox.send()

    # --- What tells how it went. ---

    @property
    def recorded_anything(self) -> bool:
        """Whether any picture was permitted."""
        return any(desk.recorded for desk in self._desks.values())

    @property
    def refusals(self) -> dict[str, Reason]:
        """The latest reason for a no, by station; stations that were never refused are left out."""
        return {name: desk.refusal for name, desk in self._desks.items() if desk.refusal is not None}

    # --- Looking again. ---

    def check(self) -> None:
        """Look at the clock and the site's files, and do what follows."""
        with self._lock:
            now_ms = self._checked_ms = self._clock.now_ms()
            if self._clock.jumped():
                self._doubt = self._doubt or Reason.CLOCK
            self._read(now_ms)
            for desk in self._desks.values():
                self._turn(desk, None)
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

    def _read(self, now_ms: int) -> None:
        try:
            waiting = self._waiting_acts()
            state = self._follower.poll()
        except BadInput:
            self._doubt = Reason.LOG_DAMAGED
        except (OSError, Unreachable):
            return  # what was read before holds for a while
        else:
            # A stop may be dated ahead; the log itself has not got that far.
            self._state = replace(preview(state, waiting), latest_ms=state.latest_ms)
            self._late = self._read_ms + STOP_WITHIN_MS < now_ms
            self._read_ms = now_ms

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
            if desk.offered:  # nothing that is left fits in any more
                self._finish(desk, desk.decision.reason)
            if not self._holds(desk, now_ms, at):
                self._turn(desk, at)
        if desk.patient and _waits(desk):
            self._wait_for_log(desk, at)
        with self._lock:
            if not desk.decision.allowed:
                desk.refusal = desk.decision.reason
            left_ms = max(0, desk.decision.until_ms - self._clock.now_ms())
            until = Instant(min(desk.bound, at + left_ms * _NS_PER_MS))
            desk.offered = desk.decision.allowed
            return Answer(desk.decision.allowed, desk.decision.reason, until)

    def _holds(self, desk: _Desk, now_ms: int, at: Instant) -> bool:
        """Tell whether the latest permission holds for this frame, with some way to go."""
        return (
            desk.decision.allowed
            and now_ms + _MARGIN_MS < desk.decision.until_ms
            and at + _MARGIN_MS * _NS_PER_MS < desk.bound
        )

    def _wait_for_log(self, desk: _Desk, at: Instant) -> None:
        """Let a frame wait for the log to take in what a session needs; not again after waiting in vain."""
        give_up_ms = self._clock.now_ms() + OPEN_WITHIN_MS
        while _waits(desk) and self._clock.now_ms() < give_up_ms and not self._over.is_set():
            self._clock.sleep(_PAUSE_S)  # the lock is free meanwhile
            with self._lock:
                self.check()
                self._turn(desk, at)
        desk.patient = not _waits(desk)

    def _turn(self, desk: _Desk, at: Instant | None) -> None:
        """Ask what follows; `at` is the frame that asks to be looked at, if one does."""
        if self._state is None:
            desk.decision = replace(_NOTHING_READ, reason=self._doubt or Reason.LOG_UNREACHABLE)
            return
        if desk.course.session is None and at is not None:
            desk.count.settle()
            self._announce(desk)
        new_session = None if at is None else self._new_id()
        self._take(desk, advance(desk.course, desk.post, self._sight(self._state), new_session))
        if at is not None:
            desk.reached = max(desk.reached, at)
        left_ms = max(0, desk.decision.until_ms - self._clock.now_ms())
        desk.bound = desk.reached + left_ms * _NS_PER_MS

    def _finish(self, desk: _Desk, reason: Reason) -> None:
        """End the session, if there is one."""
        if self._state is not None:
            course, acts = finish(desk.course, self._sight(self._state), reason)
            self._take(desk, Turn(course, replace(desk.decision, allowed=False, reason=reason), acts))
        desk.offered = False

    def _take(self, desk: _Desk, turn: Turn) -> None:
        """Make the course's next step ours: its acts, its lease, its decision."""
        before, desk.course, desk.decision = desk.course, turn.course, turn.decision
        for act in turn.acts:
            if not isinstance(act.body, RecordingStarted):
                self._outbox.add(act)
            elif not self._begin(desk, act, act.body):
                desk.course = replace(desk.course, session=None)
        if desk.course.opened:
            desk.start, desk.patient = None, True
        if before.session is not None and desk.course.session != before.session:
            self._leave(desk, before.session)
        if desk.decision.allowed:
            self._renew(desk)

    def _begin(self, desk: _Desk, act: Signed, start: RecordingStarted) -> bool:
        """Hand a start in, unless its campaign has seen enough. Returns whether it is on its way."""
        assert self._state is not None  # noqa: S101  # for the type checker; a course needs a state
        try:
            desk.count.begin(start, self._state)
            self._announce(desk)
            if desk.count.completed is None:
                self._notebook.keep_lease(start.session, Lease(self._clock.now_ms() + LEASE_MS, 0))
                desk.start = self._outbox.hand_in(act)
        except (OSError, FairtaktError):
            return False
        return desk.start is not None

    def _leave(self, desk: _Desk, session: str) -> None:
        """Take a start back that nobody waits for any more."""
        if desk.start is not None:
            with suppress(OSError):  # should the log take it in, the session is stopped at once
                desk.start.unlink(missing_ok=True)
                self._notebook.end_lease(session)
        desk.start = None

    def _renew(self, desk: _Desk) -> None:
        """Keep the lease ahead of the clock. No lease, no session."""
        now_ms, course = self._clock.now_ms(), desk.course
        if course.lease_ms - now_ms <= LEASE_MS // 2:
            lease = Lease(now_ms + LEASE_MS, course.recorded_ms)
            try:
                self._notebook.keep_lease(course.session or "", lease)
            except OSError:
                self._finish(desk, Reason.LOG_UNWRITABLE)
                return
            desk.course = replace(course, lease_ms=lease.until_ms)

    def _announce(self, desk: _Desk) -> None:
        if (body := desk.count.announce()) is not None:
            self._outbox.add(Signed(self._clock.now_ms(), body))

    def _complete(self, desk: _Desk) -> None:
        """Say that the campaign has seen enough, if it has, and end its session."""
        self._announce(desk)
        if desk.course.opened and desk.count.completed is not None:
            self._turn(desk, None)


def _waits(desk: _Desk) -> bool:
    return not desk.decision.allowed and desk.decision.reason is Reason.LOG_UNWRITABLE

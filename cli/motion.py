"""Joins the recorder's motion sessions with check-ins, the log and the vault.

What the recorder asks (`MotionGate`) is answered from the check-in that a worker has signed and from the live
gate, which follows the log: a withdrawal counts from the moment at which it lies in `acts/`. What it hands
over (`MotionKeeper`) is sealed at once, for the key that the worker has signed; only sealed bytes wait here.

One thread takes check-ins in and hears of check-outs; while it does not, nothing is kept. Another, which may
wait for a disk, stores sealed segments, then hands `motion.sealed/1` in, and erases the segment if the log
refuses that. A segment without its entry in the log is never opened (`consent.vault.release`), so what a
crash leaves in between harms nobody; it goes with the worker's key.
"""

import math
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from capture.motion.channel import Ending, MotionPermission
from consent.entries.limits import STOP_WITHIN_MS
from consent.gate.live import CHECK_EVERY_MS, LiveGate
from consent.grants.check_in import FRESH_MS, CheckIn, verified
from consent.grants.check_ins import CheckIns
from consent.site.plant import Plant
from consent.vault.sealing import seal
from consent.vault.segment import SealedSegment, SegmentLabel
from consent.vault.store import SegmentStore
from models.motion import Motion
from productivity.errors import BadInput, FairtaktError
from productivity.time import Instant

RUNNING = "motion is being kept"
"""What `CheckIns.state` says while a session runs; then one of `Ending`, or why it did not begin."""

_SOMEBODY_ELSE, _ANEW = "somebody else checked in", "the worker checked in anew"

_FATE_WITHIN_S = 5.0
"""How long the end of a recording waits for disk and log; operators take acts in within fractions of it."""
_CHECK_EVERY_S = CHECK_EVERY_MS / 1000
_NS_PER_MS = 1_000_000


@dataclass(slots=True)
class _Session:
    """A check-in that was verified; `since` once the recorder has asked."""

    body: CheckIn
    worker: str
    """Stands for the pseudonym, in this run alone."""
    since: Instant | None = None
    recording: str = ""
    """The session of the log under which it began."""
    out_ms: int | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A segment that lies in the store while its act waits for the log."""

    segment: str
    act: Path


class MotionDesk:
    """`MotionGate` and `MotionKeeper` of a running recorder; see above."""

    def __init__(
        self,
        live: LiveGate,
        plant: Plant,
        store: SegmentStore,
        stations: frozenset[str],
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """Prepare; nothing is looked for before `start`."""
        self._live = live
        self._plant = plant
        self._check_ins = CheckIns(plant.root)
        self._store = store
        self._stations = stations
        self._random = random
        self._lock = threading.RLock()
        self._sessions: dict[str, _Session] = {}
        self._used: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._heard_s = -math.inf
        """Monotonic: every check-out before it is known."""
        self._sealed: deque[SealedSegment] = deque()
        self._said: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._waiting: list[_Waiting] = []
        self._over = threading.Event()
        self._given_up = threading.Event()
        self._threads: list[threading.Thread] = []
        self.kept = 0
        """Segments whose sealing stands in the log."""
        self.lost = 0
        """Segments that could not be kept, or that the log refused."""

    # --- What the recorder asks. ---

    def keeps(self, station: str, at: Instant) -> MotionPermission | None:
        """Return the session of the check-in at this station, while everything permits it."""
        try:
            return self._keeps(station, at)
        except Exception:  # whatever it is, the answer is no
            return None

    def _keeps(self, station: str, at: Instant) -> MotionPermission | None:
        with self._lock:
            session = self._sessions.get(station)
            if session is None or self._over.is_set() or self._is_deaf:
                return None
            body = session.body
            terms = self._live.motion_terms(station, body.record)
            if terms is None:
                return None
            if session.since is None:
                if terms.at_ms - body.at_ms > FRESH_MS:
                    return None
                session.since = Instant(min(at, at - (terms.at_ms - body.at_ms) * _NS_PER_MS))
                session.recording = terms.session
                self._say(body.check_in, RUNNING)
            if terms.session != session.recording:
                return None
            ends = [terms.until_ms, body.until_ms]
            if session.out_ms is not None:
                ends.append(session.out_ms)
            until = Instant(at + max(0, min(ends) - terms.at_ms) * _NS_PER_MS)
            return MotionPermission(body.check_in, session.since, until, session.worker)

    @property
    def _is_deaf(self) -> bool:
        """Whether a check-out might not be known by now."""
        return time.monotonic() - self._heard_s > STOP_WITHIN_MS / 1000

    # --- What the recorder hands over. ---

    def keep(self, session: str, station: str, begin: Instant, motion: Motion) -> None:
        """Seal a piece now; `BadInput` if that is not permitted any more, and then nothing of it stays."""
        del begin  # no clock time stands in a segment
        with self._lock:
            here = self._sessions.get(station)
            if here is None or here.body.check_in != session:
                raise BadInput("no such motion session", expected="one that runs")
            if self._is_deaf:
                raise BadInput("check-outs are not heard")
            body, recording = here.body, here.recording
        terms = self._live.motion_terms(station, body.record)
        if terms is None or terms.session != recording:
            raise BadInput("motion is not permitted any more")
        label = SegmentLabel(
            segment=self._random(16).hex(),
            record=body.record,
            agreement=terms.agreement,
            session=terms.session,
            station=station,
            span_ms=motion.span_ns // _NS_PER_MS,
        )
        self._sealed.append(seal(motion, label, body.public, self._random))

    def ended(self, session: str, station: str, ending: Ending) -> None:
        """Forget a session; its check-in is used up."""
        with self._lock:
            here = self._sessions.get(station)
            if here is not None and here.body.check_in == session:
                del self._sessions[station]
        self._say(session, str(ending))

    # --- The threads. ---

    def start(self) -> None:
        """Look for check-ins, and put away what is sealed, until `finish`."""
        self._check_ins.tidy(time.time())
        for name, run in (("motion", self._listen), ("vault", self._store_sealed)):
            # Daemons, because a disk that hangs must not keep the recorder from ending.
            self._threads.append(threading.Thread(target=run, name=name, daemon=True))
            self._threads[-1].start()

    def finish(self) -> None:
        """Begin nothing more; wait a while for what was sealed, and for the log. Twice is once."""
        if self._over.is_set():
            return
        self._over.set()
        deadline = time.monotonic() + _FATE_WITHIN_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._given_up.set()
        self.lost += len(self._sealed)

    def _listen(self) -> None:
        while not self._over.wait(_CHECK_EVERY_S):
            self.step()
        self._write_down()

    def step(self) -> None:
        """Take check-ins in, hear of check-outs, write down what was said. Raises nothing."""
        try:
            self._take_check_ins()
            self._hear_check_outs()
            self._write_down()
        except Exception:  # fail closed: no session goes on that could not be ended
            with self._lock:
                self._sessions.clear()

    def _take_check_ins(self) -> None:
        waiting = self._check_ins.waiting(self._stations)
        for signed in sorted(waiting, key=lambda one: one.body.at_ms):
            site = self._live.site()
            if site is None or not self._check_ins.take(signed.body.check_in):
                continue  # the first is tried again, the other has been taken by another recorder
            try:
                body = verified(signed, *site)
            except BadInput as error:
                self._say(signed.body.check_in, f"not begun: {error}")
            else:
                self._begin(body, site[0].grants[body.record].pseudonym)

    def _begin(self, body: CheckIn, pseudonym: str) -> None:
        """Let a session wait for the recorder. It ends the worker's other one: nobody is at two places.

        Where another worker's session runs or waits, it is not known who stands there: both are over.
        """
        with self._lock:
            if body.check_in in self._used:
                return
            self._used.add(body.check_in)
            worker = self._aliases.setdefault(pseudonym, self._random(16).hex())
            before = self._sessions.get(body.station)
            for session in list(self._sessions.values()):
                if session.worker == worker:
                    self._drop(session, _ANEW)
            if before is None or before.worker == worker:
                self._sessions[body.station] = _Session(body, worker)
            else:
                self._drop(before, _SOMEBODY_ELSE)
                self._say(body.check_in, f"not begun: {_SOMEBODY_ELSE}")

    def _drop(self, session: _Session, why: str) -> None:
        """Let a session go; if it runs, it ends as the recorder finds that it is not permitted any more."""
        del self._sessions[session.body.station]
        if session.since is None:
            self._say(session.body.check_in, f"not begun: {why}")

    def _hear_check_outs(self) -> None:
        now_s, site = time.monotonic(), self._live.site()
        with self._lock:
            sessions = list(self._sessions.values())
        for session in sessions:  # without the lock: a slow disk must not hold the recorder up
            if session.out_ms is None and self._check_ins.is_out(session.body.check_in):
                session.out_ms = 0
        with self._lock:
            self._heard_s = now_s
            for session in list(self._sessions.values()):
                if session.since is None and site is not None and site[1] - session.body.at_ms > FRESH_MS:
                    self._drop(session, "the station is not recorded")

    def _store_sealed(self) -> None:
        while not self._over.wait(_CHECK_EVERY_S):
            self._put_away()
            self._hear_fates()
        self._put_away()
        self._hear_fates()
        while self._waiting and not self._given_up.wait(_CHECK_EVERY_S):
            self._hear_fates()

    def _put_away(self) -> None:
        """Put away what was sealed; a segment leaves the queue only then, and what is left there is lost."""
        while self._sealed and not self._given_up.is_set():
            self._put(self._sealed[0])
            self._sealed.popleft()

    def _put(self, sealed: SealedSegment) -> None:
        """Keep a segment, then say so in the log; undo the first if the second fails."""
        label = sealed.label
        try:
            body = sealed.body
            self._store.put(sealed)
            if not self._given_up.is_set():
                self._waiting.append(_Waiting(label.segment, self._live.hand_in_sealed(body)))
        except Exception:  # whatever it is: it is not kept, and what comes after it may be
            self._erase(label.segment)

    def _hear_fates(self) -> None:
        """Erase what the log refused. An act leaves `acts/` for the log, or for `acts/refused/`."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            try:
                if one.act.exists():
                    self._waiting.append(one)
                elif (self._plant.refused / one.act.name).exists():
                    self._erase(one.segment)
                else:
                    self.kept += 1
            except OSError:
                self._waiting.append(one)

    def _erase(self, segment: str) -> None:
        self.lost += 1
        try:
            self._store.erase(segment)
        except (OSError, FairtaktError):  # it has no entry in the log, so nobody can open it
            return

    def _say(self, number: str, line: str) -> None:
        """Have something written down for a screen; the recorder does not wait for a disk."""
        self._said.put((number, line))

    def _write_down(self) -> None:
        while True:
            try:
                number, line = self._said.get_nowait()
            except queue.Empty:
                return
            try:
                self._check_ins.say(number, line)
            except BadInput:  # a screen stays blank
                continue

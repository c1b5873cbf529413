"""The one trial of a clip that may take place at a time, and to whom it belongs.

waiting (for the clip) -> receiving -> running -> done | failed. A trial belongs to the sign-in that began it;
for anybody else there is none. The clip is let go when the process that sees it has ended; what came of it
lies in memory until it is dropped, or for a quarter of an hour.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from api.problems import Kind, Problem
from api.set_up.wire import TrialTold
from capture.clip.told import Progress, Watched
from capture.clip.trial import Ending, Trial, TrialFailed

LARGEST_CLIP = 64 * 1024 * 1024
"""Bytes."""
WAITING_S, RECEIVING_S, KEPT_S = 60.0, 180.0, 900.0
"""How long a trial waits for its clip, the clip may take to arrive, and what came of it is kept."""

Status = Literal["waiting", "receiving", "running", "done", "failed"]
_BUSY = frozenset({"waiting", "receiving", "running"})


class Tries(Protocol):
    """What tries a clip (`capture.clip.trial.Trial`)."""

    def run(self, clip: bytes, station: str, on_progress: Callable[[Progress], None]) -> Watched:
        """Return what comes of it. Raises `TrialFailed`."""
        ...

    def cancel(self) -> None:
        """End it."""
        ...


@dataclass(eq=False)
class _Current:
    identifier: str
    login: bytes
    text: str
    since_s: float
    trial: Tries
    status: Status = "waiting"
    progress: float | None = None
    result: Watched | None = None
    failure: TrialFailed | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def told(self) -> TrialTold:
        """Return how it is."""
        failure = self.failure
        return TrialTold(
            trial=self.identifier,
            status=self.status,
            progress=self.progress,
            result=self.result,
            ending=None if failure is None else failure.ending,
            detail="" if failure is None else failure.detail,
        )


class Trials:
    """For any number of threads."""

    def __init__(self, steady_s: Callable[[], float], make: Callable[[], Tries] = Trial) -> None:
        self._steady_s, self._make = steady_s, make
        self._lock = threading.Lock()
        self._current: _Current | None = None

    def begin(self, login: bytes, text: str) -> TrialTold:
        """Begin a trial, which waits for its clip. Raises `Problem` while another one takes place."""
        with self._lock:
            self._drop_what_is_old()
            if self._current is not None and self._current.status in _BUSY:
                raise Problem(
                    Kind.CONFLICT,
                    "another clip is being tried; one at a time",
                    headers={"Retry-After": "10"},
                )
            self._current = _Current(secrets.token_hex(16), login, text, self._steady_s(), self._make())
            return self._current.told()

    def expect_clip(self, login: bytes, identifier: str) -> None:
        """Take note that the clip is on its way. Raises `Problem` if it is not waited for."""
        with self._lock:
            current = self._mine(login, identifier)
            if current.status != "waiting":
                raise Problem(Kind.CONFLICT, "this trial has its clip already, or has ended")
            current.status, current.since_s = "receiving", self._steady_s()

    def no_clip(self, login: bytes, identifier: str) -> None:
        """Take note that the clip did not arrive; nothing comes of the trial."""
        with self._lock:
            current = self._mine(login, identifier)
            if current.status == "receiving":
                self._fail(current, TrialFailed(Ending.CANCELLED, "the clip did not arrive"))

    def start(self, login: bytes, identifier: str, clip: bytes) -> TrialTold:
        """Try the clip, on a thread of its own."""
        with self._lock:
            current = self._mine(login, identifier)
            if current.status != "receiving":
                raise Problem(Kind.CONFLICT, "this trial has ended")
            current.status, current.since_s = "running", self._steady_s()
            threading.Thread(target=self._run, args=(current, clip), name="clip", daemon=True).start()
            return current.told()

    def told(self, login: bytes, identifier: str) -> TrialTold:
        """Return how a trial is. Raises `Problem` if this sign-in has no such trial (any more)."""
        with self._lock:
            return self._mine(login, identifier).told()

    def drop(self, login: bytes, identifier: str) -> None:
        """End a trial, and forget what came of it."""
        with self._lock:
            current = self._mine(login, identifier)
            running = current.status == "running"
            self._current = None
        current.trial.cancel()
        if running:
            current.ended.wait()

    def _run(self, current: _Current, clip: bytes) -> None:
        try:
            result = current.trial.run(clip, current.text, lambda progress: self._hear(current, progress))
        except TrialFailed as failure:
            with self._lock:
                self._fail(current, failure)
        except Exception as fault:  # a fault of ours must not leave a trial running for ever
            with self._lock:
                self._fail(current, TrialFailed(Ending.FAULT, type(fault).__name__))
        else:
            with self._lock:
                current.status, current.result, current.since_s = "done", result, self._steady_s()
        finally:
            current.ended.set()

    def _hear(self, current: _Current, progress: Progress) -> None:
        if progress.total_ns:
            current.progress = min(1.0, progress.at_ns / progress.total_ns)

    def _fail(self, current: _Current, failure: TrialFailed) -> None:
        current.status, current.failure, current.since_s = "failed", failure, self._steady_s()

    def _mine(self, login: bytes, identifier: str) -> _Current:
        self._drop_what_is_old()
        current = self._current
        if current is None or (current.identifier, current.login) != (identifier, login):
            raise Problem(Kind.NOT_FOUND, "no such trial, or it was dropped")
        return current

    def _drop_what_is_old(self) -> None:
        """Forget what nobody came for; a trial that runs has limits of its own."""
        current = self._current
        longest = {"waiting": WAITING_S, "receiving": RECEIVING_S, "running": float("inf")}
        if current is not None and self._steady_s() - current.since_s > longest.get(current.status, KEPT_S):
            self._current = None

"""Sends what waits in an outbox, oldest first, until it is stopped. Never in the recorder's way.

Runs in a thread beside the recorder (`cli.delivery`) or alone (`fairtakt edge send`). What it does with an
answer is decided in `capture.outbox.pacing`; how a request is made is in `capture.outbox.transport`.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import SystemRandom

from capture.outbox.batch import Batch
from capture.outbox.database import OutboxUnwritable
from capture.outbox.loop import in_words, keep_on
from capture.outbox.outbox import Outbox
from capture.outbox.pacing import ASIDE_S, Answer, Verdict, next_step

Post = Callable[[Batch], Answer]
"""Sends a batch and returns what came back; network trouble is an `Answer` without a status, not an error."""

IDLE_S = 2.0
"""How often an empty outbox is looked at: an interval is at the server a few seconds after it is final."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Where time and chance come from: POSIX seconds, monotonic seconds, uniform numbers in [0, 1)."""

    posix_s: Callable[[], int]
    monotonic_s: Callable[[], float]
    draw: Callable[[], float] = SystemRandom().random


class Sender:
    """One exchange at a time. What it knows beside the outbox may be lost: a new sender begins anew."""

    def __init__(
        self,
        outbox: Outbox,
        device: str,
        post: Post,
        clocks: Clocks,
        on_condition: Callable[[str], None] = lambda _: None,
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare. `may_send` is asked once a batch has its number: not now means that it does not leave."""
        self._outbox = outbox
        self._device = device
        self._post = post
        self._clocks = clocks
        self._on_condition = on_condition
        self._may_send = may_send
        self._failures = 0
        self._aside: dict[tuple[str, int], float] = {}
        self._told: str | None = None

    def step(self) -> float:
        """Send one batch and do what the answer asks for; return the seconds until the next step."""
        now = self._clocks.monotonic_s()
        self._aside = {key: until for key, until in self._aside.items() if until > now}
        batch = self._outbox.next_batch(self._device, skipping=self._aside.keys())
        if batch is None or not self._may_send():
            return IDLE_S
        answer = self._post(batch)
        step = next_step(
            answer,
            purged=batch.purged,
            failures=self._failures,
            now_s=self._clocks.posix_s(),
            draw=self._clocks.draw(),
        )
        self._failures = step.failures
        match step.verdict:
            case Verdict.DELETE:
                self._outbox.acknowledge(batch)  # purged meanwhile: it stays, and is settled next
            case Verdict.SETTLE:
                self._outbox.settle(batch)
            case Verdict.SET_ASIDE:
                self._aside[batch.key] = self._clocks.monotonic_s() + ASIDE_S
                self._outbox.refuse(batch, answer.status or 0)
            case Verdict.KEEP:
                pass
        self._tell(step.condition)
        return step.wait_s

    def run(self, stopped: threading.Event) -> None:
        """Send until `stopped` is set, whatever fails: what is unsent stays unsent."""
        keep_on(self.step, stopped, lambda fault: self._tell(in_words(fault)))

    def drain(self, stopped: threading.Event) -> None:
        """Send what waits, now; end when nothing does any more, at the first trouble, or at `stopped`."""
        self._failures = 0
        wait_s = 0.0
        while not stopped.wait(wait_s):
            try:
                wait_s = self.step()
            except OutboxUnwritable:
                return
            except Exception as error:
                with suppress(Exception):
                    self._tell(in_words(error))
                return
            if self._failures or wait_s == IDLE_S:
                return

    @property
    def condition(self) -> str | None:
        """How sending goes, a `Condition` or a fault in words; None before the first answer."""
        return self._told

    def _tell(self, condition: str) -> None:
        if condition != self._told:
            self._outbox.tell(condition)
            self._told = condition
            self._on_condition(condition)

"""Keeps the council's witness co-signing the log, without the log waiting for it.

One submission at a time, in a thread of its own, because an answer may take seconds and whoever hands in an
act does not wait for it. A checkpoint with new acts is submitted as soon as the last answer is there; an
unchanged one again when its co-signature has reached half of the age that the agreements allow. What the log
says itself (who looked) waits for a minute: each co-signature is kept for ever, and one covers many looks.
A use of motion does not wait, for the vault opens nothing before it is co-signed (`own_words.can_wait`).
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from consent.agreement.schema import Agreement
from consent.log.cosigned import Cosigned
from consent.log.store import LogFiles
from consent.notes import Verifier
from consent.witness.client import WitnessClock, cosign_latest
from productivity.errors import FairtaktError

SHORTEST_REFRESH_MS = 20_000
LONGEST_REFRESH_MS = 3_600_000
FIRST_RETRY_MS = 1_000
LAST_RETRY_MS = 30_000
QUIET_MS = 60_000
"""How long the log's own words wait for their co-signature: as long as a witness may be away unnoticed."""
CLOCK_MS = 60_000
"""How far the witness's clock may be from ours: both keep time by NTP, and limits are agreed in minutes."""

Cosign = Callable[[LogFiles, Verifier, Verifier, int], Cosigned]
"""`cosign(files, log, witness, at_ms)`: have the log's checkpoint co-signed; `WitnessError` if it is not."""


def refresh_ms(agreements: Iterable[Agreement]) -> int:
    """Return how old a co-signature may grow before it is refreshed, under these live agreements."""
    away = [agreement.suspension.witness_away_minutes * 60_000 for agreement in agreements]
    return min(max(min(away, default=LONGEST_REFRESH_MS * 2) // 2, SHORTEST_REFRESH_MS), LONGEST_REFRESH_MS)


class HttpWitness:
    """A witness that is asked over HTTP (C2SP tlog-witness)."""

    def __init__(self, url: str, *, timeout_s: float = 5.0) -> None:
        self._url = url
        self._timeout_s = timeout_s
        self._old = 0

    def __call__(self, files: LogFiles, log: Verifier, witness: Verifier, at_ms: int) -> Cosigned:
        """Have the current checkpoint co-signed; remember how far the witness is."""
        cosigned = cosign_latest(
            files, log, witness, self._url, at_ms=at_ms, old=self._old, timeout_s=self._timeout_s
        )
        self._old = cosigned.checkpoint.size
        return cosigned


class Cosigner:
    """When to ask, and what came of it."""

    def __init__(self, cosign: Cosign) -> None:
        self._cosign = cosign
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="witness")
        self._answer: Future[Cosigned] | None = None
        self._failures = 0
        self._next_ms = 0
        self.latest: Cosigned | None = None
        self.problem = ""
        """Why there is no new co-signature, in one line; empty if there is nothing to say."""
        self.asked = False
        """Whether an answer, or none in time, has come back in this run."""
        self.clock_differs = False
        """Whether the witness's last answer was dated more than `CLOCK_MS` from now."""

    def ask(
        self,
        files: LogFiles,
        log: Verifier,
        witness: Verifier,
        size: int,
        acts: int,
        now_ms: int,
        age_ms: int,
    ) -> None:
        """Submit the log's checkpoint, unless its co-signature is younger than `age_ms` or due.

        The log holds `size` entries; those from `acts` on may wait (`consent.site.own_words.can_wait`).
        """
        fresh = (
            self.latest is not None
            and not self.clock_differs
            and self.latest.checkpoint.size >= acts
            and now_ms - self.latest.posix_s * 1000
            < (age_ms if self.latest.checkpoint.size >= size else min(age_ms, QUIET_MS))
        )
        if self._answer is None and not fresh and now_ms >= self._next_ms:
            self._answer = self._pool.submit(self._cosign, files, log, witness, now_ms)

    @property
    def asking(self) -> bool:
        """Whether an answer has not been collected yet."""
        return self._answer is not None

    def collect(self, now_ms: int, *, wait_s: float = 0.0) -> Cosigned | None:
        """Return a co-signature that has come in since; wait for it no longer than that. Raises nothing."""
        if self._answer is None:
            return None
        wait([self._answer], timeout=wait_s)
        if not self._answer.done():
            return None
        answer, self._answer, self.asked = self._answer, None, True
        try:
            cosigned = answer.result()
        except (FairtaktError, OSError) as error:
            self.problem = str(error)
            self.clock_differs = isinstance(error, WitnessClock)
            self._next_ms = now_ms + min(FIRST_RETRY_MS << min(self._failures, 10), LAST_RETRY_MS)
            self._failures += 1
            return None
        difference = cosigned.posix_s * 1000 - now_ms
        self.clock_differs = abs(difference) > CLOCK_MS
        self.problem = f"witness's clock differs by {difference // 1000:+d} s" if self.clock_differs else ""
        self._failures, self.latest = 0, cosigned
        self._next_ms = now_ms + LAST_RETRY_MS if self.clock_differs else 0
        return cosigned

    def close(self) -> None:
        """Wait for nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

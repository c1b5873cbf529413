"""The vault as the plant server has it: keys and segments on its disk, and what its log says of both."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from api.site import Site
from api.uses.said import SaidBook
from consent.agreement.schema import Strict
from consent.entries.bodies import ConsentGiven
from consent.entries.limits import SKEW_MS
from consent.grants.receipt import proof_of
from consent.log.reader import LogReader
from consent.notes import Verifier
from consent.site.behind import cosigned_behind
from consent.site.logged import Logged
from consent.vault.keys import WorkerKeys
from consent.vault.release import Evidence, Present, Vault, quorum_of
from consent.vault.store import SealedBook, SealedEntry, SegmentStore
from models.motion import Motion
from productivity.errors import BadInput

COSIGNED_WITHIN_S = 30.0
"""How long a use waits for the council's witness before it says so; what was logged goes on later."""
_PAGE = 4096


class MotionRoom:
    """Vault, segments and exports of one site; for any number of threads."""

    def __init__(
        self,
        keys: WorkerKeys,
        segments: SegmentStore,
        exports: Path,
        site: Site,
        log: Verifier,
        now_ms: Callable[[], int],
    ) -> None:
        """`log` is a key of the site's log, as its operator gave it; `exports` a directory of our own."""
        self.keys = keys
        self.segments = segments
        self.exports = exports
        self.site = site
        self._log = log
        self._now_ms = now_ms
        self._book, self._said, self._read = SealedBook(), SaidBook(), 0
        self._commitments: dict[str, str] = {}
        self._vault = Vault(keys, segments, self._book, self.present)
        self._lock = threading.RLock()
        self.wanted = threading.Event()
        """Set by whoever has something for the thread that brings uses to their end (`api.uses.keeper`)."""

    def present(self) -> Present:
        """Return what stands at the site now; asked anew for every segment. Raises `LogUnusable`."""
        state = self.site.state().state
        return Present(state, quorum_of(state, self._log), self._now_ms())

    def book(self) -> SealedBook:
        """Return what the log says of segments, as of now. Raises `LogUnusable`."""
        with self._lock:
            size = self.site.state().size
            while self._read < size:
                end = min(self._read + _PAGE, size)
                entries = self.site.entries(self._read, end)
                self._book.add(entries)
                given = (one.entry.body for one in entries if isinstance(one.entry.body, ConsentGiven))
                self._commitments |= {body.record: body.commitment for body in given}
                self._said.add(entries)
                self._read = end
            return self._book

    def said(self) -> SaidBook:
        """Return what the log says of uses, withdrawals, destroyed keys, as of now. Raises `LogUnusable`."""
        with self._lock:
            self.book()
            return self._said.copy()

    def kept(self) -> list[SealedEntry]:
        """Return the segments of which the log does not say that they are destroyed. Raises `LogUnusable`."""
        with self._lock:
            return list(self.book().left())

    def since(self, at_ms: int, *kinds: type[Strict]) -> Iterator[Logged]:
        """Yield the entries of these types that were taken in since then, newest first, a minute's grace."""
        before: int | None = None
        while True:
            page = self.site.recent(*kinds, most=_PAGE // 4, before=before)
            for one in page:
                if one.entry.at_ms < at_ms - SKEW_MS:
                    return
                yield one
            if not page:
                return
            before = page[-1].index

    def grant_commitment(self, record: str) -> str:
        """Return the log's commitment to a consent record. Raises `LogUnusable`; `KeyError` for others."""
        self.book()
        return self._commitments[record]

    def open(self, evidence: Evidence, segment: str) -> Motion:
        """Return the motion of one segment of a proven use; `BadInput` says why not. Raises `LogUnusable`."""
        with self._lock:
            self.book()
            return self._vault.open(evidence, segment)

    def evidence(self, index: int, *, patience_s: float = COSIGNED_WITHIN_S) -> Evidence:
        """Return entry and proof of a use, as soon as the witness has co-signed it.

        `BadInput` if it has not in time; raises `LogUnusable`.
        """
        ends = time.monotonic() + patience_s
        while True:
            number = self.site.number
            found = self._evidence(index)
            if found is not None:
                return found
            left = ends - time.monotonic()
            if left <= 0:
                raise BadInput(
                    "the works council's witness has not co-signed the use yet",
                    expected="its co-signature; the use goes on by itself once it is there",
                )
            self.site.wait_for_change(number, min(left, 0.5))

    def _evidence(self, index: int) -> Evidence | None:
        quorum = self.present().quorum
        found = cosigned_behind(self.site.files, index, quorum.logs, quorum.witnesses)
        if found is None:
            return None
        # Nothing here is believed: the vault verifies every byte of it.
        reader = LogReader(self.site.files, found.checkpoint)
        proof = proof_of(index, reader.inclusion(index), found.note, (found.log, *found.witnesses))
        return Evidence(reader.entry(index), proof)

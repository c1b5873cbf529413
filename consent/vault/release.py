"""The only way from a sealed segment to motion: a use that the log holds and the works council has co-signed.

For each segment, each time:

 (0) The evidence is an entry and a `.tlog-proof`; the entry is `motion.used/1`, the log's own word.
 (1) The entry is in the log: inclusion under a checkpoint of this log, signed by a key of the log and by at
     least one witness; a wrong signature by any known key refuses (`consent.log.proof`).
 (2) The present is not older than the evidence: the site's state covers the checkpoint. Otherwise a
     withdrawal that stands there might be overlooked.
 (3) The use was logged within the last day, by a clock that does not run behind the log's.
 (4) Licensing names a licensee, every other purpose none.
 (5) The segment is listed in this very entry.
 (6) What the store returned is that segment, and what the log said when it was sealed: session, record,
     span, commitment; and the log said so before the use.
 (7) The grant, or the one that renewed it, is in force now and covers purpose and station.
 (8) The agreement is live now, permits motion at the station for this purpose, and is not suspended, unless
     it is the worker who looks.
 (9) The segment may still be kept.
(10) The data key is unwrapped by the worker's key for this label, fits the commitment, and opens the content,
     whose length fits the label (`consent.vault.keys`, `consent.vault.sealing`).

Whatever fails ends in `BadInput` that says which; nothing plain is returned. A worker's look at their own
motion is a use like any other, with a purpose of its own. Nothing here reads a clock or a file.

Known hole: who is root on the vault's machine can read keys and memory, and needs none of this.
"""

from collections.abc import Callable
from dataclasses import dataclass

from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import MotionUsed
from consent.entries.form import parse_entry
from consent.entries.limits import SKEW_MS
from consent.keys import Role
from consent.log.checkpoint import Checkpoint
from consent.log.proof import LogProof, check_proof, parse_proof
from consent.notes import Verifier, parse_note
from consent.site.follower import speaking_for
from consent.site.state import SiteState
from consent.vault.keys import WorkerKeys
from consent.vault.permit import issue
from consent.vault.sealing import opened
from consent.vault.segment import SealedSegment
from consent.vault.standing import require_usable
from consent.vault.store import SealedEntries, SealedEntry, SegmentStore
from models.motion import Motion
from productivity.errors import BadInput

OPENED_WITHIN_MS = 24 * 3600_000
"""From a use's entry to the last segment that it opens: time to make an export again that was interrupted,
and as long as its booking may take (`consent.audit.rules.royalties`). Later, a new use is logged and paid."""

_WHERE = "proof of a use"


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whose signatures the vault believes: one of the log's keys, and one of the council's witnesses."""

    logs: tuple[Verifier, ...]
    witnesses: tuple[Verifier, ...]


def quorum_of(state: SiteState, log: Verifier) -> Quorum:
    """Return the keys that speak now; `log` is one that the caller knows from the log's operator."""
    return Quorum(speaking_for(state, log), tuple(state.keys.get(Role.WITNESS, ())))


@dataclass(frozen=True, slots=True)
class Present:
    """What stands at the site now, from a log that was verified just before, and what time it is."""

    state: SiteState
    quorum: Quorum
    at_ms: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a use was logged: the entry's bytes and the `.tlog-proof` file. Believed only once verified."""

    entry: bytes
    proof: str


@dataclass(frozen=True, slots=True)
class ProvenUse:
    """What evidence showed."""

    body: MotionUsed
    index: int
    at_ms: int
    checkpoint: Checkpoint


class Vault:
    """Keys, segments and the log, and the rules above between them. For one thread at a time."""

    def __init__(
        self,
        keys: WorkerKeys,
        segments: SegmentStore,
        entries: SealedEntries,
        present: Callable[[], Present],
    ) -> None:
        """`present` is asked anew for every segment: consent may end while an export is being made."""
        self._keys = keys
        self._segments = segments
        self._entries = entries
        self._present = present
        self._proven: tuple[Evidence, Quorum, ProvenUse] | None = None

    def open(self, evidence: Evidence, segment: str) -> Motion:
        """Return the motion of one segment that the proven use lists; `BadInput` if any rule says no."""
        present = self._present()
        use = self._prove(evidence, present)
        if segment not in use.body.segments:  # (5)
            raise BadInput("the use does not list this segment", where=_WHERE, expected="one of its own")
        sealed = self._segments.get(segment)
        entry = self._entries.sealed(segment)
        _require_same(segment, sealed, entry, use)
        require_usable(present.state, sealed.label, entry, use.body.purpose, present.at_ms)  # (6) to (9)
        permit = issue(sealed.label)
        return opened(permit, sealed, self._keys.unwrap(permit, sealed.wrapped_key))  # (10)

    def _prove(self, evidence: Evidence, present: Present) -> ProvenUse:
        # Signatures and proof of the same bytes need one look; what depends on the present is asked anew.
        if self._proven is None or self._proven[:2] != (evidence, present.quorum):
            self._proven = evidence, present.quorum, prove(evidence, present.quorum)
        use = self._proven[2]
        require_present(use, present)
        return use


def prove(evidence: Evidence, quorum: Quorum) -> ProvenUse:
    """Return the use that evidence shows, whenever it was; `BadInput` with what does not fit."""
    # (0) What it is
    entry = parse_entry(evidence.entry, _WHERE)
    if not isinstance(entry.body, MotionUsed) or entry.act is not None:
        raise BadInput(
            "entry is no use of motion", where=_WHERE, expected="motion.used/1, the log's own word"
        )
    proof = parse_proof(evidence.proof)
    # (1) Inclusion and signatures
    checkpoint = _checkpoint(proof, evidence.entry, quorum)
    # (4) Who uses it
    licensing = entry.body.purpose is MotionPurpose.LICENSING
    if licensing != (entry.body.licensee is not None):
        raise BadInput(
            "licensee and purpose do not fit",
            where=_WHERE,
            expected="a licensee for licensing to third parties, and for nothing else",
        )
    return ProvenUse(entry.body, proof.index, entry.at_ms, checkpoint)


def require_present(use: ProvenUse, present: Present) -> None:
    """Raise `BadInput` unless the use is of today, and the present is not older than its proof."""
    if present.state.log != use.checkpoint.origin or present.state.size < use.checkpoint.size:  # (2)
        raise BadInput(
            "the site's state is older than the proof",
            where=_WHERE,
            expected=f"{use.checkpoint.size} entries of the same log",
            found=str(present.state.size),
        )
    if not use.at_ms - SKEW_MS <= present.at_ms < use.at_ms + OPENED_WITHIN_MS:  # (3)
        raise BadInput(
            "use was not logged within the last day",
            where=_WHERE,
            expected="a new use: it is logged and paid",
        )


def _checkpoint(proof: LogProof, entry: bytes, quorum: Quorum) -> Checkpoint:
    lines = {(line.name, line.key_id) for line in parse_note(proof.note).signatures}
    logs = [key for key in quorum.logs if (key.name, key.key_id) in lines]
    witnesses = [key for key in quorum.witnesses if (key.name, key.key_id) in lines]
    if not logs:
        raise BadInput("log's signature is missing", where=_WHERE, expected="a checkpoint of this site's log")
    if not witnesses:
        raise BadInput("witness's signature is missing", where=_WHERE, expected="a co-signed checkpoint")
    return check_proof(proof, entry, logs[0], required=(*logs, *witnesses))


def _require_same(segment: str, sealed: SealedSegment, entry: SealedEntry | None, use: ProvenUse) -> None:
    if sealed.label.segment != segment:
        raise BadInput("store returned another segment", expected=segment)
    if entry is not None and (entry.body.commitment != sealed.commitment or entry.index >= use.index):
        raise BadInput(
            "segment is not the one that was logged", expected="its commitment, logged before the use"
        )

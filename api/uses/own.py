"""What a worker sees and does with a token: own motion, where it was used, royalties. Nobody else's.

To look at one's own motion is a use like any other: it stands in the log, co-signed, before the vault opens
anything. It costs nothing and is for nobody else.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.services import Services
from api.uses.room import MotionRoom
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import MotionUsed
from consent.notes import Signer
from consent.vault.segment import SegmentLabel
from consent.vault.standing import latest_record
from consent.vault.store import SealedEntry
from consent.vault.trained import TrainedModel
from models.motion import Motion
from productivity.errors import BadInput
from storage.sql.trained_models import RegisteredModels
from storage.sql.uses import MotionUse, UseState, uses_of_worker

OWN_TERMS = (
    "Die eigene Bewegung ansehen oder mitnehmen, unentgeltlich (DSGVO Art. 15, 20).\n"
    "To look at one's own motion or take it along, free of charge (GDPR Art. 15, 20).\n"
)
MOST_AT_ONCE = 60
"""Segments that are opened in one go: an hour of motion."""
UNPACKED = ".own-"
"""How directories begin, beside the exports, in which own motion lies while it is packed."""
_SEEN = frozenset({UseState.LOGGED, UseState.EXPORTED, UseState.BOOKED, UseState.ROLLED_BACK})


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment of the worker's own."""

    segment: str
    station: str
    kept_ms: int
    """When the log took it in, UTC."""
    span_ms: int


@dataclass(frozen=True, slots=True)
class OwnMotion:
    """All there is of one worker."""

    pieces: Sequence[Piece]
    uses: Sequence[MotionUse]
    """With the worker's own segments alone."""
    models: Mapping[str, TrainedModel]
    """Trained on any of these uses, by hash."""


def own_motion(services: Services, room: MotionRoom, pseudonym: str) -> OwnMotion:
    """Return what is kept of a worker and what it was used for; no motion. Raises `LogUnusable`."""
    pieces = [
        Piece(entry.body.segment, label.station, entry.at_ms, entry.body.span_ms)
        for entry, label in _own(room, pseudonym)
    ]
    uses = [one for one in uses_of_worker(services.database, pseudonym) if one.state in _SEEN]
    names = {one.use for one in uses}
    trained = RegisteredModels(services.database).models()
    return OwnMotion(pieces, uses, {one.sha256: one for one in trained if names & set(one.uses)})


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # no repr: it would print how somebody moved
class OwnPiece:
    """A segment that its worker has opened."""

    piece: Piece
    motion: Motion


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OwnLook:
    """What was opened, and the entry of the log that says so."""

    use: str
    index: int
    at_ms: int
    record: str
    """Of the first segment."""
    pieces: Sequence[OwnPiece]
    entry: str
    proof: str


def look_at_own(room: MotionRoom, worker: Signer, segments: Sequence[str]) -> OwnLook:
    """Open a worker's own segments, after the log has said so and the council has co-signed it.

    `BadInput` for segments of others, and with whatever the vault refuses. Raises `LogUnusable`.
    """
    wanted = list(dict.fromkeys(segments))
    own = {label.segment: (entry, label) for entry, label in _own(room, worker.name)}
    if not wanted or len(wanted) > MOST_AT_ONCE or not own.keys() >= set(wanted):
        raise BadInput("not your own motion", expected=f"1 to {MOST_AT_ONCE} segments that are kept of you")
    use = secrets.token_hex(16)
    terms = hashlib.sha256(OWN_TERMS.encode()).hexdigest()
    body = MotionUsed(use=use, segments=tuple(wanted), purpose=MotionPurpose.OWN_REVIEW, terms=terms)
    index = room.site.say(body)
    evidence = room.evidence(index)
    pieces = []
    for segment in wanted:
        entry, label = own[segment]
        piece = Piece(segment, label.station, entry.at_ms, entry.body.span_ms)
        pieces.append(OwnPiece(piece, room.open(evidence, segment)))
    (logged,) = room.site.entries(index, index + 1)
    first = own[wanted[0]][1].record
    return OwnLook(use, index, logged.entry.at_ms, first, pieces, evidence.entry.decode(), evidence.proof)


def _own(room: MotionRoom, pseudonym: str) -> list[tuple[SealedEntry, SegmentLabel]]:
    """Return the segments of a worker whose consent is in force, in the order of the log."""
    state, book = room.present().state, room.book()
    found: list[tuple[SealedEntry, SegmentLabel]] = []
    for label in room.segments.labels():
        grant = state.grants.get(latest_record(state, label.record))
        entry = book.sealed(label.segment)
        if grant is not None and grant.pseudonym == pseudonym and entry is not None:
            found.append((entry, label))
    return sorted(found, key=lambda one: one[0].index)

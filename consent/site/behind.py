"""A checkpoint behind an entry that log and witness have both signed, as far as there is one yet."""

from collections.abc import Iterable
from dataclasses import dataclass

from consent.log.checkpoint import Checkpoint, parse_checkpoint
from consent.log.store import LogFiles
from consent.log.tiles import CHECKPOINT
from consent.notes import Verifier, parse_note
from consent.site.follower import LATEST_COSIGNED


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint that log and witness have signed: the note, and who has. Nobody has verified it here."""

    note: str
    checkpoint: Checkpoint
    log: Verifier
    witnesses: tuple[Verifier, ...]


def cosigned_behind(
    files: LogFiles, index: int, logs: Iterable[Verifier], witnesses: Iterable[Verifier]
) -> Cosigned | None:
    """Return a checkpoint with entry `index` in it that both have signed; None if there is none yet."""
    logs, witnesses = tuple(logs), tuple(witnesses)
    for path in (CHECKPOINT, LATEST_COSIGNED):
        content = files.read(path)
        if content is None:
            continue
        note = parse_note(content)
        names = {(line.name, line.key_id) for line in note.signatures}
        by_log = [key for key in logs if (key.name, key.key_id) in names]
        by_witness = tuple(key for key in witnesses if (key.name, key.key_id) in names)
        checkpoint = parse_checkpoint(note.text)
        if by_log and by_witness and checkpoint.size > index:
            return Cosigned(str(note), checkpoint, by_log[0], by_witness)
    return None

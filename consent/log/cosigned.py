"""Co-signed checkpoints, kept beside the log: `cosigned/SIZE.TIME`, TIME in POSIX seconds.

Each file is a note: a checkpoint of this log, the log's signature and one co-signature of the witness. They
show how long ago the works council's witness last confirmed the log, and at which sizes. One witness per log.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from consent.log.checkpoint import Checkpoint, open_checkpoint
from consent.log.directory import Directory
from consent.log.reader import LogReader
from consent.log.store import WritableLogFiles
from consent.log.tiles import CHECKPOINT
from consent.notes import Note, Verifier, parse_note
from productivity.errors import BadInput

_FOLDER = "cosigned"
_NAME = re.compile(r"(0|[1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint that the witness had seen at `posix_s`, as it states; `note` is the proof of both."""

    checkpoint: Checkpoint
    posix_s: int
    note: str

    @property
    def path(self) -> str:
        """Where the log keeps it."""
        return f"{_FOLDER}/{self.checkpoint.size}.{self.posix_s}"


def open_cosigned(content: str | bytes, log: Verifier, witness: Verifier) -> Cosigned:
    """Return what log and witness have signed, with its latest co-signature; `BadInput` unless both have.

    Signatures of others are dropped from `note`, and so are all but one of the witness.
    """
    note = parse_note(content)
    checkpoint, opened = open_checkpoint(note, log, required=(witness,))
    # The verified signatures of one key come in the order of their lines.
    times = [one.posix_s for one in opened.signatures if one.verifier == witness]
    latest = max(range(len(times)), key=lambda place: times[place] or 0)
    posix_s = times[latest]
    if posix_s is None:
        raise BadInput("key is not a witness's", where=f"key {witness.name!r}", expected="a co-signing key")
    lines = (only(note, log).signatures[0], only(note, witness).signatures[latest])
    return Cosigned(checkpoint, posix_s, str(Note(note.text, lines)))


def only(note: Note, verifier: Verifier) -> Note:
    """Return the note with the signature lines of one key alone; requires that somebody has verified them."""
    key = (verifier.name, verifier.key_id)
    return Note(note.text, tuple(one for one in note.signatures if (one.name, one.key_id) == key))


def store_cosigned(files: WritableLogFiles, note: str, log: Verifier, witness: Verifier) -> Cosigned:
    """Verify a co-signed checkpoint and keep it; when this returns, it survives a power loss.

    Storing it again changes nothing. `BadInput` if it is not signed by both, or not of this log's history.
    """
    cosigned = open_cosigned(note, log, witness)
    content = files.read(CHECKPOINT)
    if content is None:
        raise BadInput("there is no log here", expected=f"a file {CHECKPOINT!r}")
    now, _ = open_checkpoint(content, log)
    if LogReader(files, now).at(cosigned.checkpoint.size) != cosigned.checkpoint:
        raise BadInput("co-signed checkpoint is not of this log's history", where=cosigned.path)
    if files.read(cosigned.path) != cosigned.note.encode():
        files.replace(cosigned.path, cosigned.note.encode())
    return cosigned


def read_cosigned(directory: Path, log: Verifier, witness: Verifier) -> list[Cosigned]:
    """Return the co-signed checkpoints kept in a log's directory, by size and time; all of them verified.

    Signatures only: give the checkpoints to `verify_log` as `earlier` to hold them against the entries.
    `BadInput` names the first file that is not what its name says.
    """
    return [
        _read(Directory(directory), f"{_FOLDER}/{name}", log, witness) for name in cosigned_names(directory)
    ]


def cosigned_names(directory: Path) -> list[str]:
    """Return the names of the co-signed checkpoints kept in a log's directory, by size and time; unread."""
    try:
        names = [path.name for path in (directory / _FOLDER).iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    # Other names are other people's: what an interrupted write left, or what a desktop puts everywhere.
    places = sorted((int(found[1]), int(found[2])) for found in map(_NAME.fullmatch, names) if found)
    return [f"{size}.{at}" for size, at in places]


def _read(files: Directory, path: str, log: Verifier, witness: Verifier) -> Cosigned:
    try:
        cosigned = open_cosigned(files.read(path) or b"", log, witness)
    except BadInput as error:
        raise BadInput(str(error), where=path) from None
    if cosigned.path != path:
        raise BadInput("file is not what its name says", where=path, expected=cosigned.path)
    return cosigned

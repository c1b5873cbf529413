"""What a log says about itself: its name, its size and the root over all its entries, as a signed note.

Source: C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint). The origin line is the name of the log's key.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from consent.log.merkle import HASH_BYTES
from consent.notes import Note, OpenedNote, Verifier, open_note
from productivity.errors import BadInput

_MAX_DIGITS = 19
"""Sizes below 2**63, as C2SP has them; longer numbers are not worth converting."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Size and root (32 bytes) of the log named `origin`. `str()` gives the text that is signed."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"


def open_checkpoint(
    content: str | bytes | Note, log: Verifier, *, required: Iterable[Verifier] = ()
) -> tuple[Checkpoint, OpenedNote]:
    """Return a checkpoint that the log, and every key in `required`, has signed; else raise `BadInput`."""
    note = open_note(content, (), required=(log, *required))
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != log.name:
        raise BadInput("checkpoint is of another log", expected=repr(log.name))
    return checkpoint, note


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; lines behind the third are another's extension and ignored."""
    lines = text.removesuffix("\n").split("\n")
    try:
        origin, size, root = lines[:3]
        decoded = base64.b64decode(root, validate=True)
        plain = size.isascii() and size.isdecimal() and len(size) <= _MAX_DIGITS and str(int(size)) == size
    except ValueError:
        plain = False
    if not plain or not all(lines) or len(decoded) != HASH_BYTES or _encode(decoded) != root:
        raise BadInput("not a checkpoint", expected="three lines: name of the log, size, root hash")
    return Checkpoint(origin, int(size), decoded)


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")

"""An entry's place in a log as a file that anybody can check offline, for years: `.tlog-proof`.

Source: C2SP tlog-proof (https://c2sp.org/tlog-proof). The entry itself is not in it. Pure.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from consent.log.checkpoint import Checkpoint, open_checkpoint
from consent.log.merkle import HASH_BYTES, check_inclusion, leaf_hash
from consent.notes import Verifier
from productivity.errors import BadInput

_HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)
_EXTRA = "extra "
_MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class LogProof:
    """That an entry is number `index` of the log whose checkpoint, with its signatures, is `note`."""

    index: int
    hashes: tuple[bytes, ...]
    note: str
    extra: bytes = b""
    """Whatever an application adds; nobody has signed it."""

    def __str__(self) -> str:
        extra = [_EXTRA + _encode(self.extra)] if self.extra else []
        lines = [_HEADER, *extra, f"index {self.index}", *map(_encode, self.hashes)]
        return "\n".join(lines) + f"\n\n{self.note}"


def parse_proof(text: str) -> LogProof:
    """Take a `.tlog-proof` apart without believing it; raise `BadInput` if it is none."""
    head, blank, note = text.partition("\n\n")
    header, *lines = head.split("\n")
    has_extra = bool(lines) and lines[0].startswith(_EXTRA)
    extra = _decode(lines.pop(0).removeprefix(_EXTRA)) if has_extra else b""
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if header != _HEADER or not blank or index is None or (has_extra and not extra):
        raise BadInput("not a log proof", expected=f"{_HEADER!r}, an index, hashes, a checkpoint")
    hashes = tuple(_decode(line) for line in lines)
    if len(hashes) > _MAX_HASHES or any(len(step) != HASH_BYTES for step in hashes):
        raise BadInput("log proof has wrong hashes", expected=f"at most {_MAX_HASHES} of {HASH_BYTES} bytes")
    return LogProof(int(index[1]), hashes, note, extra)


def check_proof(
    proof: LogProof, entry: bytes, log: Verifier, *, required: Iterable[Verifier] = ()
) -> Checkpoint:
    """Return the checkpoint that holds `entry` at the proof's index; raise `BadInput` if none does.

    The log and every key in `required` (the works council's witness) must have signed the checkpoint.
    """
    checkpoint, _ = open_checkpoint(proof.note, log, required=required)
    leaf = leaf_hash(entry)
    check_inclusion(proof.hashes, index=proof.index, size=checkpoint.size, leaf=leaf, root=checkpoint.root)
    return checkpoint


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decode(line: str) -> bytes:
    try:
        value = base64.b64decode(line, validate=True)
    except ValueError:
        value = b""
    if not value or _encode(value) != line:
        raise BadInput("log proof holds a line that is no base64", expected="base64")
    return value

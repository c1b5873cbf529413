"""The tlog-witness protocol: takes a request apart and judges it. Pure: bytes in, a checkpoint or a no out.

Source: C2SP tlog-witness (https://c2sp.org/tlog-witness), call `add-checkpoint`. A request is

    old <size that the witness co-signed last>
    <consistency proof, a hash in base64 per line, at most 63>
    <empty line>
    <checkpoint with its signatures>

Checks, in the order of the document:

1. The request is well formed, else 400.
2. The log is one that the witness knows, else 404.
3. The log has signed the checkpoint, else 403.
4. The old size is not beyond the checkpoint, else 400.
5. The old size is the one that the witness remembers, else 409, and the remembered size is the answer.
6. The proof leads from the remembered root to that of the checkpoint, else 422. Nothing is to be proven from
   size 0, and a checkpoint of the remembered size must have the remembered root. (Earlier versions of the
   document answer a wrong root with 409, although a size tells the client nothing there.)
7. Ours: time does not go back before the last co-signature, else 503.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from consent.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from consent.log.merkle import EMPTY_ROOT, HASH_BYTES, check_consistency
from consent.notes import Note, Verifier, parse_note
from consent.witness.memory import Remembered
from productivity.errors import BadInput, FairtaktError

PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
MAX_REQUEST_BYTES = 65_536
"""63 proof lines take 2,835 bytes; the rest is for a checkpoint with all the signatures that we accept."""
MAX_PROOF = 63

_TEXT_TYPE = "text/plain; charset=utf-8"
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP."""

    status: HTTPStatus
    body: str
    content_type: str = _TEXT_TYPE


class Refused(FairtaktError):
    """The witness does not co-sign. Its text is its own and repeats nothing of the request."""

    def __init__(self, status: HTTPStatus, reason: str, *, size: int | None = None) -> None:
        """`size`: what the witness remembers, where that is the answer."""
        super().__init__(reason)
        self.status = status
        self._size = size

    @property
    def answer(self) -> Answer:
        """The same over HTTP."""
        if self._size is not None:
            return Answer(self.status, f"{self._size}\n", SIZE_TYPE)
        return Answer(self.status, f"{self}\n")


@dataclass(frozen=True, slots=True)
class Request:
    """A well-formed request, not yet believed."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __bytes__(self) -> bytes:
        hashes = "".join(f"{base64.b64encode(step).decode('ascii')}\n" for step in self.proof)
        return f"old {self.old}\n{hashes}\n{self.note}".encode()


def parse_request(body: bytes) -> Request:
    """Take a request apart (check 1)."""
    try:
        return _parse(body)
    except BadInput as error:
        raise Refused(HTTPStatus.BAD_REQUEST, str(error)) from None


def check_signature(note: Note, logs: Mapping[str, Verifier]) -> tuple[Checkpoint, Verifier]:
    """Return the checkpoint and the key of the log that signed it (checks 2 and 3). `logs` by their names."""
    log = logs.get(parse_checkpoint(note.text).origin)
    if log is None:
        raise Refused(HTTPStatus.NOT_FOUND, "this witness does not know the log")
    try:
        return open_checkpoint(note, log)[0], log
    except BadInput:
        raise Refused(HTTPStatus.FORBIDDEN, "the log's key has not signed this checkpoint") from None


def check_growth(request: Request, checkpoint: Checkpoint, last: Remembered | None) -> None:
    """Raise `Refused` unless a verified checkpoint continues what is remembered (checks 4 to 6)."""
    size, old = (last.checkpoint.size, last.checkpoint.root) if last else (0, EMPTY_ROOT)
    if request.old > checkpoint.size:
        raise Refused(HTTPStatus.BAD_REQUEST, "old size is beyond the checkpoint")
    if request.old != size:
        raise Refused(HTTPStatus.CONFLICT, f"this witness co-signed size {size} last", size=size)
    try:
        _check_proof(request.proof, size, old, checkpoint)
    except BadInput as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None


def check_time(posix_s: int, last: Remembered | None) -> None:
    """Raise `Refused` if the clock is behind the last co-signature (check 7)."""
    if last is not None and posix_s < last.posix_s:
        reason = "the witness's clock is behind its last co-signature of this log"
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, reason)


def _parse(body: bytes) -> Request:
    if len(body) > MAX_REQUEST_BYTES:
        raise BadInput("request is too long", expected=f"at most {MAX_REQUEST_BYTES} bytes")
    try:
        head, _, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError:
        raise BadInput("request is not UTF-8") from None
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    if old is None or len(lines) > MAX_PROOF:
        raise BadInput("not a request", expected=f"'old SIZE', at most {MAX_PROOF} hashes, a checkpoint")
    request = Request(int(old[1]), tuple(map(_hash, lines)), parse_note(note))
    parse_checkpoint(request.note.text)
    return request


def _check_proof(proof: tuple[bytes, ...], size: int, root: bytes, checkpoint: Checkpoint) -> None:
    """Raise `BadInput` unless `proof` leads from `size` and `root` to a checkpoint not smaller."""
    if size > 0:
        check_consistency(proof, old=size, size=checkpoint.size, old_root=root, root=checkpoint.root)
    elif proof:
        raise BadInput("there is nothing to prove from size 0")
    elif checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise BadInput("an empty log has another root")


def _hash(line: str) -> bytes:
    try:
        value = base64.b64decode(line, validate=True)
    except ValueError:
        value = b""
    if len(value) != HASH_BYTES or base64.b64encode(value).decode("ascii") != line:
        raise BadInput("proof holds a line that is no hash", expected=f"{HASH_BYTES} bytes in base64")
    return value

"""The plant's side: submits checkpoints to the council's witness and takes back what it co-signs.

Source: C2SP tlog-witness (https://c2sp.org/tlog-witness).
"""

import re
from http import HTTPStatus

from consent.log.checkpoint import Checkpoint, open_checkpoint
from consent.log.cosigned import Cosigned, only, open_cosigned
from consent.log.http import HttpAnswer, Unreachable, ask, check_url
from consent.log.reader import LogReader
from consent.log.store import LogFiles
from consent.log.tiles import CHECKPOINT
from consent.notes import Verifier, parse_note
from consent.witness.protocol import MAX_PROOF, PATH, SIZE_TYPE, Request
from productivity.errors import BadInput, FairtaktError

MAX_CLOCK_DIFFERENCE_S = 300
"""Five minutes, as Kerberos allows its clocks (RFC 4120 section 8.2); else the co-signature is refused."""

_LARGEST_ANSWER = 65_536
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")
_ATTEMPTS = 3
"""The first size is a guess, the second what the witness said; a third for a submission of someone else's."""
_MEANING = {
    400: "request malformed, or old size beyond the checkpoint",
    403: "not signed by the log's key that it knows",
    404: "log not known to it",
    422: "log does not continue what it co-signed",
}


class WitnessError(FairtaktError):
    """There is no new co-signature."""


class WitnessAway(WitnessError):
    """No answer, or one that says: later. Trying again may help."""


class WitnessBehind(WitnessError):
    """The witness co-signed another size last than the request assumed: `size`."""

    def __init__(self, size: int) -> None:
        super().__init__(f"witness: co-signed another size last, found {size}")
        self.size = size


class WitnessRefused(WitnessError):
    """The witness says no, or its answer cannot be believed. Somebody must look."""


class WitnessClock(WitnessRefused):
    """The witness's clock and ours are far apart; one of them is wrong."""


def submit(url: str, note: str, old: int, proof: list[bytes], *, timeout_s: float = 10.0) -> str:
    """Ask the witness at `url` to co-sign the checkpoint `note`; return its signature lines, unverified.

    `proof` leads from size `old` to the checkpoint. `WitnessAway`, `WitnessBehind` or `WitnessRefused`.
    """
    if old < 0 or len(proof) > MAX_PROOF:
        raise BadInput("not a request to a witness", expected=f"a size and at most {MAX_PROOF} hashes")
    body, address = bytes(Request(old, tuple(proof), parse_note(note))), check_url(url) + PATH
    try:
        answer = ask(address, body=body, limit=_LARGEST_ANSWER, timeout_s=timeout_s)
    except Unreachable as error:
        raise WitnessAway(f"witness {error}") from None
    except BadInput as error:
        raise WitnessRefused(f"witness: {error}") from None
    return _signature_lines(answer)


def cosign_latest(
    files: LogFiles,
    log: Verifier,
    witness: Verifier,
    url: str,
    *,
    at_ms: int,
    old: int = 0,
    timeout_s: float = 10.0,
) -> Cosigned:
    """Have the log's current checkpoint co-signed; return it verified.

    `old` is the size that the witness probably knows; if it says otherwise, the proof is made from there.
    `at_ms` is now, UTC. The errors are those of `submit`; `BadInput` if the log itself does not fit.
    """
    for _ in range(_ATTEMPTS):
        content = files.read(CHECKPOINT)
        if content is None:
            raise BadInput("there is no log here", expected=f"a file {CHECKPOINT!r}")
        checkpoint, _ = open_checkpoint(content, log)
        note = only(parse_note(content), log)
        try:
            lines = submit(url, str(note), old, _proof(files, checkpoint, old), timeout_s=timeout_s)
        except WitnessBehind as behind:
            old = behind.size
        else:
            return _verified(f"{note}{lines}", log, witness, at_ms)
    raise WitnessAway(f"witness: its size changed {_ATTEMPTS} times, last found {old}")


def _proof(files: LogFiles, checkpoint: Checkpoint, old: int) -> list[bytes]:
    if old > checkpoint.size:
        raise WitnessRefused(
            f"witness: {old} entries were co-signed, the log holds {checkpoint.size}: it was cut off"
        )
    if old == 0:
        return []
    reader = LogReader(files, checkpoint)
    return reader.consistency(reader.at(old))


def _signature_lines(answer: HttpAnswer) -> str:
    size = _SIZE.fullmatch(answer.body)
    if answer.status == HTTPStatus.CONFLICT and answer.content_type == SIZE_TYPE and size is not None:
        raise WitnessBehind(int(size[1]))
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise WitnessAway(f"witness: not now, status {answer.status}")
    if answer.status != HTTPStatus.OK:
        meaning = _MEANING.get(answer.status, "an answer that the protocol does not have here")
        raise WitnessRefused(f"witness: status {answer.status}, {meaning}")
    try:
        return answer.body.decode("utf-8")
    except UnicodeDecodeError:
        raise WitnessRefused("witness: its answer is not UTF-8, expected signature lines") from None


def _verified(note: str, log: Verifier, witness: Verifier, at_ms: int) -> Cosigned:
    """Believe the witness's signature only, and only one of about now: an old one could be replayed."""
    try:
        cosigned = open_cosigned(note, log, witness)
    except BadInput as error:
        raise WitnessRefused(f"witness: its answer cannot be believed: {error}") from None
    difference = cosigned.posix_s - at_ms // 1000
    if abs(difference) > MAX_CLOCK_DIFFERENCE_S:
        raise WitnessClock(
            f"witness: its co-signature is dated {difference:+d} s from now, "
            f"expected at most {MAX_CLOCK_DIFFERENCE_S}"
        )
    return cosigned

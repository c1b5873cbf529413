"""The witness: co-signs checkpoints of the logs it knows, and never two histories of one log.

Each co-signature takes these steps while the log's place in memory is held against everybody else:

1. Recall the last checkpoint; nothing is signed if it cannot be believed.
2. Check that the new one continues it.
3. Bring the council's own copy up to it, if there is one; nothing is signed if entries are withheld.
4. Co-sign, unless the clock went back. The clock is read here: copying may have taken minutes.
5. Remember the co-signed note, durably.
6. Only now is the co-signature handed out. Whatever happens before costs a co-signature, never the promise.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus

from consent.log.checkpoint import Checkpoint, open_checkpoint
from consent.log.cosigned import only
from consent.log.reader import LogReader
from consent.log.store import LogFiles
from consent.log.tiles import CHECKPOINT
from consent.notes import KeyType, Note, Signer, Verifier, cosign, parse_note
from consent.witness.copy import LogCopy
from consent.witness.memory import Memory, Remembered, recall
from consent.witness.protocol import (
    Answer,
    Refused,
    Request,
    check_growth,
    check_signature,
    check_time,
    parse_request,
)
from productivity.errors import BadInput, FairtaktError


class Witness:
    """Co-signs for several threads and processes at once; one log at a time."""

    def __init__(
        self,
        signer: Signer,
        logs: Iterable[Verifier],
        memory: Memory,
        now_s: Callable[[], int],
        copy: LogCopy | None = None,
    ) -> None:
        """Co-sign `logs` and no others; `now_s` gives POSIX seconds, `copy` is of one of the logs."""
        if signer.type is not KeyType.COSIGNATURE:
            raise BadInput("key cannot co-sign", where=f"key {signer.name!r}", expected="a witness's key")
        self._signer = signer
        self._logs: dict[str, Verifier] = {}
        for log in logs:
            if self._logs.setdefault(log.name, log) != log:
                raise BadInput(
                    "two keys have the same name", where=f"key {log.name!r}", expected="one log each"
                )
        self._memory = memory
        self._now_s = now_s
        self._copy = copy

    @property
    def verifier(self) -> Verifier:
        """The public half of the witness's key."""
        return self._signer.verifier

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer a request of the tlog-witness protocol. Raises nothing that a request can cause."""
        try:
            request = parse_request(body)
            checkpoint, log = check_signature(request.note, self._logs)
            cosigned = self._cosign(checkpoint, only(request.note, log), log, lambda _: request)
        except Refused as refused:
            return refused.answer
        except FairtaktError:  # memory or copy; their texts name places of this machine
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, "memory or copy of the log is not usable\n")
        except OSError:
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, "memory or copy of the log cannot be written\n")
        return Answer(HTTPStatus.OK, str(cosigned.signatures[-1]))

    def visit(self, files: LogFiles, log: Verifier) -> Note:
        """Read a log, work out the proof from its tiles, and return its checkpoint co-signed.

        `log` is one of the witness's logs. `BadInput` says what does not fit; nothing is signed then.
        """
        content = files.read(CHECKPOINT)
        if content is None:
            raise BadInput("there is no log here", expected=f"a file {CHECKPOINT!r}")
        note = parse_note(content)
        checkpoint, _ = open_checkpoint(note, self._logs[log.name])

        def request(last: Remembered | None) -> Request:
            return _request(files, checkpoint, note, last)

        return self._cosign(checkpoint, only(note, log), log, request)

    def remembered(self) -> dict[str, Remembered | None]:
        """Return what is remembered of each log, by name; `BadInput` if that cannot be believed."""
        found: dict[str, Remembered | None] = {}
        for origin in self._logs:
            with self._memory.held(origin) as place:
                found[origin] = recall(place, origin, self.verifier)
        return found

    def _cosign(
        self,
        checkpoint: Checkpoint,
        note: Note,
        log: Verifier,
        request: Callable[[Remembered | None], Request],
    ) -> Note:
        """Take the six steps. `note` carries the checkpoint with the log's signature, which is verified."""
        with self._memory.held(log.name) as place:
            last = recall(place, log.name, self.verifier)  # 1
            check_growth(request(last), checkpoint, last)  # 2
            copy = self._copy if self._copy is not None and self._copy.log == log else None
            if copy:
                copy.follow(checkpoint, note)  # 3
            posix_s = self._now_s()
            check_time(posix_s, last)
            cosigned = cosign(note, self._signer, posix_s)  # 4
            place.write(str(cosigned).encode())  # 5
            if copy:
                with suppress(BadInput, OSError):  # the copy is whole without the co-signature
                    copy.publish(cosigned)
        return cosigned  # 6


def _request(files: LogFiles, checkpoint: Checkpoint, note: Note, last: Remembered | None) -> Request:
    """Ask for the co-signature as a plant would that has just read `files`."""
    old = last.checkpoint if last else None
    if old is None or old.size == 0:
        return Request(0, (), note)
    if checkpoint.size < old.size:
        raise BadInput(
            "log was cut off",
            where=checkpoint.origin,
            expected=f"the {old.size} entries that were co-signed",
            found=str(checkpoint.size),
        )
    return Request(old.size, tuple(LogReader(files, checkpoint).consistency(old)), note)

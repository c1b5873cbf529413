"""The operator: the one process that writes a site's log. It takes in what is handed in.

Steps of one round, a few times per second:

1. What stands in the log is read and verified, as every follower does it. If anything does not fit, nothing
   is appended any more: the log fails closed, and with it every recorder.
2. The clock is in doubt if it is more than a minute from the witness's, or behind the log's own time. Then
   nothing is appended either. The log's time never goes back.
3. What was handed in, and what the plant server says in the log's own name (`consent.site.own_words`), is
   sorted (`consent.site.intake`), appended in one batch, and only then removed and answered.
4. The witness is asked to co-sign; its answer is kept beside the log and published with the checkpoint.

A crash between any two steps loses nothing and takes nothing in twice: acts leave `acts/` after their entries
are on disk, and those found in the log already are done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from consent.agreement.schema import Strict
from consent.entries.form import parse_entry
from consent.keys import Role
from consent.log.checkpoint import Checkpoint
from consent.log.cosigned import Cosigned, open_cosigned, store_cosigned
from consent.log.directory import WritableDirectory
from consent.log.http import Unreachable
from consent.log.tail import entries_from
from consent.log.tiles import CHECKPOINT
from consent.log.writer import LogWriter
from consent.notes import Note, Signer, Verifier, parse_note, sign
from consent.site.agreements import LIVE
from consent.site.cosigner import CLOCK_MS, Cosign, Cosigner, refresh_ms
from consent.site.follower import LATEST_COSIGNED, Follower, speaking_for
from consent.site.intake import Intake, Refused, digest, take_in
from consent.site.kinds import Kinds
from consent.site.own_words import Said, can_wait
from consent.site.plant import Handed, Plant
from consent.site.state import SiteState
from productivity.errors import BadInput

REMEMBERED = 8192
"""Acts whose entries are remembered by their digest: more than one round can have taken in."""

FIRST_ANSWER_S = 6.0
"""How long the first round waits for the witness: it tells whether the clock is right."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did; `problems` are lines for whoever runs the operator."""

    state: SiteState
    appended: int = 0
    refused: tuple[Refused, ...] = ()
    cosigned: Cosigned | None = None
    problems: tuple[str, ...] = ()
    working: bool = True
    """Whether entries can be taken in at all."""
    said: tuple[Said, ...] = ()
    """What came of each of the log's own words, in their order; empty if entries could not be taken in. Then
    each may stand in the log or not, and nothing that depends on it may be done."""
    asking: bool = False
    """Whether the witness's answer is still to come."""


class Operator:
    """Writes one site's log. Requires the right to write it (`consent.log.directory.locked_directory`)."""

    def __init__(
        self,
        plant: Plant,
        files: WritableDirectory,
        signers: Sequence[Signer],
        cosign: Cosign | None = None,
        kinds: Kinds | None = None,
    ) -> None:
        """`BadInput` if the log is damaged, or none of the keys speaks for it now.

        `kinds` is told the type of each entry of the log.
        """
        self._plant = plant
        self._files = files
        self._signers = tuple(signers)
        self._origin = f"{self._signers[0].name}\n".encode()
        self._follower = Follower(files, self._signers[0].verifier, kinds)
        self._cosigner = None if cosign is None else Cosigner(cosign)
        self._writer: LogWriter | None = None
        self._speaking: tuple[Signer, ...] = ()
        self._done: dict[str, None] = {}
        self._acts_end = 0
        """Number of entries up to the last that is not the log's own word, as far as this run knows."""
        self._follower.poll()
        self._open()

    @property
    def checkpoint(self) -> Checkpoint:
        """The newest that is published and was verified."""
        assert self._follower.checkpoint is not None  # noqa: S101  # for the type checker; polled at the start
        return self._follower.checkpoint

    @property
    def state(self) -> SiteState:
        """What stands at the site by that checkpoint."""
        return self._follower.state

    @property
    def cosigned_ms(self) -> int | None:
        """When the witness last co-signed the log, by what is published."""
        return self._follower.cosigned_ms

    def step(self, now_ms: int, *, own: Sequence[Strict] = (), wait_s: float = 0.0) -> Round:
        """Do one round. `BadInput` if the log does not verify; other trouble is told in the result.

        `own` are at most `MOST_WORDS` of the log's own words; each is taken in or refused alone. `wait_s` is
        how long to wait for the witness's answer at the end.
        """
        # Step 1.
        try:
            state = self._follower.poll()
            self._open()
        except (Unreachable, OSError) as error:
            return Round(
                self._follower.state, problems=(f"log is out of reach: {_line(error)}",), working=False
            )
        # Step 2.
        first = self._cosigner is not None and not self._cosigner.asked
        cosigned = self._cosign(state, now_ms, FIRST_ANSWER_S if first else wait_s)
        if doubt := self._doubt(state, now_ms):
            return Round(state, cosigned=cosigned, problems=(doubt, *self._witness_problems()), working=False)
        # Step 3.
        try:
            intake = self._take_in(state, now_ms, own)
            state = self._follower.poll()
            self._open()
        except (Unreachable, OSError) as error:
            # Nothing is acknowledged, and the notes stay where they are.
            self._writer = None
            return Round(
                state, cosigned=cosigned, problems=(f"log takes nothing in: {_line(error)}",), working=False
            )
        # Step 4.
        cosigned = self._cosign(state, now_ms, wait_s) or cosigned
        return Round(
            state,
            len(intake.entries),
            tuple(intake.refused),
            cosigned,
            tuple(self._witness_problems()),
            said=tuple(intake.said),
            asking=self._cosigner is not None and self._cosigner.asking,
        )

    def sign_anew(self) -> None:
        """Put the checkpoint in place once more, signed by all our keys; `BadInput` if one does not speak."""
        silent = [one for one in self._signers if one not in self._speaking]
        if silent:
            raise BadInput(
                "key does not speak for the log", where=f"key {silent[0].name!r}", expected="keys add before"
            )
        assert self._writer is not None  # noqa: S101  # for the type checker; opened in the last round
        before = parse_note(self._files.read(CHECKPOINT) or b"")
        signed = sign(str(self._writer.checkpoint), *self._speaking)
        known = {(line.name, line.key_id) for line in signed.signatures}
        others = tuple(line for line in before.signatures if (line.name, line.key_id) not in known)
        self._writer.publish_cosigned(str(Note(signed.text, (*signed.signatures, *others))))

    def close(self) -> None:
        """Stop asking the witness."""
        if self._cosigner is not None:
            self._cosigner.close()

    def _open(self) -> None:
        """Open the log for writing with all our keys that speak for it now; once, until that changes."""
        keys = self._follower.log_keys
        speaking = tuple(signer for signer in self._signers if signer.verifier in keys)
        if not speaking:
            raise BadInput("key does not speak for the log any more", expected="the log's present key")
        if self._writer is None or speaking != self._speaking:
            self._writer, self._speaking = LogWriter(self._files, *speaking), speaking
            self._done = dict.fromkeys(self._recent_acts())

    def _recent_acts(self) -> Iterator[str]:
        """Yield digests of the acts of the last batch, which a crash may have left in `acts/` as well."""
        checkpoint = self.checkpoint
        for first, entries in entries_from(self._files, max(0, checkpoint.size - REMEMBERED), checkpoint):
            for index, content in enumerate(entries, first):
                act = parse_entry(content, f"entry {index}").act
                if act is not None:
                    yield digest(act)

    def _take_in(self, state: SiteState, now_ms: int, own: Sequence[Strict]) -> Intake:
        waiting = self._plant.waiting()
        checkpoints = [handed for handed in waiting if handed.content.startswith(self._origin)]
        self._keep_handed_in(state, checkpoints)
        acts = [handed for handed in waiting if handed not in checkpoints]
        intake = take_in(state, acts, now_ms, self._done, self._require_key, own)
        if intake.entries:
            assert self._writer is not None  # noqa: S101  # for the type checker; `_open` comes first
            self._writer.append(intake.contents)
            patient = len(list(takewhile(can_wait, reversed(intake.entries))))
            if patient < len(intake.entries):
                self._acts_end = intake.state.size - patient
            self._done |= intake.digests
            for known in list(self._done)[:-REMEMBERED]:
                del self._done[known]
        for handed in intake.taken:
            self._plant.remove(handed)
        for refused in intake.refused:
            self._plant.refuse(refused.handed, refused.reason)
        return intake

    def _require_key(self, after: SiteState) -> None:
        """Refuse what retires the last key that signs here: nobody would believe that checkpoint."""
        keys = speaking_for(after, self._signers[0].verifier)
        if not any(signer.verifier in keys for signer in self._speaking):
            raise BadInput("operator holds no other key of the log", expected="first: fairtakt log rotate")

    def _doubt(self, state: SiteState, now_ms: int) -> str:
        behind = state.latest_ms - now_ms
        if behind > CLOCK_MS:
            return f"clock in doubt: {behind // 1000} s behind the log's last entry; nothing is taken in"
        if self._cosigner is not None and self._cosigner.clock_differs:
            return "clock in doubt: the witness's is more than a minute away; nothing is taken in"
        return ""

    def _cosign(self, state: SiteState, now_ms: int, wait_s: float) -> Cosigned | None:
        """Ask the witness if it is time to; keep and publish what it has answered since."""
        witnesses = state.keys.get(Role.WITNESS, ())
        if self._cosigner is None or not witnesses:
            return None
        # A witness that is being replaced need not be asked any more: the newest key counts.
        log, witness = self._speaking[0].verifier, witnesses[-1]
        live = (line.agreement for line in state.agreements.values() if line.state in LIVE)
        age_ms = refresh_ms(live)
        self._cosigner.ask(self._files, log, witness, state.size, self._acts_end, now_ms, age_ms)
        cosigned = self._cosigner.collect(now_ms, wait_s=wait_s)
        if cosigned is None:
            return None
        try:
            self._keep(cosigned, witness)
        except (BadInput, OSError) as error:
            self._writer = None
            self._cosigner.problem = f"co-signature cannot be kept: {_line(error)}"
            return None
        return cosigned

    def _keep_handed_in(self, state: SiteState, checkpoints: list[Handed]) -> None:
        """Keep what a council without a server has co-signed and handed in; else say why not."""
        log, witnesses = self._speaking[0].verifier, state.keys.get(Role.WITNESS, ())
        for handed in checkpoints if witnesses else ():
            try:
                self._keep(open_cosigned(handed.content, log, witnesses[-1]), witnesses[-1])
            except BadInput as error:
                self._plant.refuse(handed, str(error))
            else:
                self._plant.remove(handed)

    def _keep(self, cosigned: Cosigned, witness: Verifier) -> None:
        """Keep a co-signature beside the log; publish it if it is the newest."""
        log = self._speaking[0].verifier
        store_cosigned(self._files, cosigned.note, log, witness)
        latest = self._files.read(LATEST_COSIGNED)
        if latest is None or _age_of(latest, log, witness) < (cosigned.posix_s, cosigned.checkpoint.size):
            self._files.replace(LATEST_COSIGNED, cosigned.note.encode())
            self._publish(cosigned)

    def _publish(self, cosigned: Cosigned) -> None:
        """Put the co-signature under the log's checkpoint, if the log has not grown since."""
        assert self._writer is not None  # noqa: S101  # for the type checker; `_open` comes first
        if cosigned.checkpoint == self._writer.checkpoint:
            signed = sign(str(cosigned.checkpoint), *self._speaking)
            line = parse_note(cosigned.note).signatures[-1]
            self._writer.publish_cosigned(str(Note(signed.text, (*signed.signatures, line))))

    def _witness_problems(self) -> list[str]:
        return [self._cosigner.problem] if self._cosigner is not None and self._cosigner.problem else []


def _age_of(latest: bytes, log: Verifier, witness: Verifier) -> tuple[int, int]:
    try:
        cosigned = open_cosigned(latest, log, witness)
    except BadInput:  # by keys that have been replaced since
        return -1, 0
    return cosigned.posix_s, cosigned.checkpoint.size


def _line(error: Exception) -> str:
    """Say what happened in one line, without a path that the reader does not need."""
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)

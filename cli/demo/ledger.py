"""Writes the demonstration's log as if its operator had been at work for weeks: the same, with another clock.

The log's time, the devices' and the witness's all come from one clock that is set forward from act to act. So
everything fits: no co-signature is older or younger than what it covers, and the auditor finds nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from consent.agreement.schema import Strict
from consent.entries.form import sign_act
from consent.keys import Role
from consent.log.cosigned import Cosigned, open_cosigned
from consent.log.directory import locked_directory
from consent.log.store import LogFiles
from consent.notes import Signer, Verifier
from consent.site.founding import found
from consent.site.operator import Operator
from consent.site.plant import Handed, Plant
from consent.site.state import SiteState
from consent.witness.folder import MemoryFolder
from consent.witness.witness import Witness
from productivity.errors import FairtaktError

_ANSWER_S = 30.0
ENTERED_MS = 250
"""From an act to its entry: the operator looks a few times per second."""


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody signs something at `at_ms`; what it says may depend on what then stands at the site."""

    at_ms: int
    body: Callable[[SiteState], Strict]
    signers: tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note as it stands: an agreement."""

    at_ms: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Word:
    """The log says something itself."""

    at_ms: int
    body: Strict


Step = Act | Note | Word


@dataclass(slots=True)
class _Waiting(Plant):
    """A site at whose desk notes are handed over directly, and not as files: nobody else is there."""

    root: Path
    handed: list[Handed] = field(default_factory=list)

    def __post_init__(self) -> None:
        Plant.__init__(self, self.root)

    def waiting(self) -> list[Handed]:
        """Return what was handed over."""
        return list(self.handed)

    def remove(self, handed: Handed) -> None:
        """Forget a note whose entry is in the log."""
        self.handed.remove(handed)

    def refuse(self, handed: Handed, reason: str) -> None:
        """Fail: whatever the demonstration does must be admissible."""
        raise FairtaktError(f"demonstration: an act may not stand in the log: {handed.name}: {reason}")


class Ledger:
    """Takes steps in, in the order of time."""

    def __init__(self, operator: Operator, waiting: _Waiting, council: "Council", log: str) -> None:
        self._operator, self._waiting, self._council, self._log = operator, waiting, council, log

    @property
    def state(self) -> SiteState:
        """What stands at the site now."""
        return self._operator.state

    def take(self, steps: Sequence[Step]) -> None:
        """Take steps in that belong to the same moment: entries of one batch, and one co-signature."""
        state = self.state
        last_ms = max(step.at_ms for step in steps)
        for number, step in enumerate(steps):
            if isinstance(step, Act):
                note = sign_act(step.body(state), self._log, step.at_ms, *step.signers).note
                self._waiting.handed.append(Handed(f"{number:04}.note", str(note).encode()))
            elif isinstance(step, Note):
                self._waiting.handed.append(Handed(f"{number:04}.note", step.content))
        self._step(last_ms + ENTERED_MS, [step.body for step in steps if isinstance(step, Word)])

    def close(self, at_ms: int) -> None:
        """Have the witness see everything: what the log said itself waited for its co-signature."""
        self._step(at_ms, ())

    def _step(self, at_ms: int, words: Sequence[Strict]) -> None:
        self._council.now_ms = at_ms
        done = self._operator.step(at_ms, own=words, wait_s=_ANSWER_S)
        trouble = [*done.problems, *(said.refused for said in done.said if said.refused)]
        if trouble or self._waiting.handed:
            raise FairtaktError(f"demonstration: the log does not go on: {'; '.join(trouble) or 'act waits'}")


class Council:
    """The council's witness, in this process, with a clock that is set."""

    def __init__(self, witness: Signer, log: Verifier, memory: Path, at_ms: int) -> None:
        self.now_ms = at_ms
        self._witness = Witness(witness, [log], MemoryFolder(memory), lambda: self.now_ms // 1000)

    def cosign(self, files: LogFiles, log: Verifier, witness: Verifier, _: int) -> Cosigned:
        """Co-sign the log's checkpoint (`consent.site.cosigner.Cosign`)."""
        return open_cosigned(str(self._witness.visit(files, log)), log, witness)


@contextmanager
def ledger(root: Path, log: Signer, keys: Mapping[Role, Verifier], council: Council) -> Iterator[Ledger]:
    """Found a site's log in `root`, at the time of the council's clock, and give what writes on."""
    waiting = _Waiting(root)
    waiting.create()
    with locked_directory(waiting.log) as files:
        found(files, log, keys, council.now_ms)
        operator = Operator(waiting, files, [log], council.cosign)
        try:
            yield Ledger(operator, waiting, council, log.name)
        finally:
            operator.close()


def cosign_all(root: Path, log: Signer, council: Council) -> None:
    """Have the witness see all that stands in the log of a site."""
    plant = Plant(root)
    with locked_directory(plant.log) as files:
        operator = Operator(plant, files, [log], council.cosign)
        try:
            done = operator.step(council.now_ms, wait_s=_ANSWER_S)
        finally:
            operator.close()
    if done.problems:
        raise FairtaktError(f"demonstration: the log is not co-signed: {'; '.join(done.problems)}")

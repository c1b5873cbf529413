"""A site as commands and the kiosk find it: what its log says about requests, consents and agreements."""

import time
from pathlib import Path

from consent.agreement.lifecycle import State
from consent.agreement.schema import Strict
from consent.entries.bodies import ConsentRequested
from consent.entries.form import sign_act
from consent.grants.choice import retention_days
from consent.grants.files import GrantFiles
from consent.grants.history import About, History, entries_about, histories
from consent.keys import Role
from consent.log.checkpoint import Checkpoint
from consent.log.directory import Directory
from consent.log.reader import LogReader
from consent.notes import Signer, Verifier
from consent.site.behind import Cosigned, cosigned_behind
from consent.site.follower import Follower
from consent.site.plant import Plant
from consent.site.state import AgreementLine, Grant, SiteState
from productivity.errors import BadInput

_LIVE = frozenset({State.ACTIVE, State.SUSPENDED})
_WAIT_S, _LOOK_AGAIN_S = 10, 0.05


class Site:
    """A plant's directory, and its log as of the last look."""

    def __init__(self, root: Path, log: Verifier | Follower) -> None:
        """Read and verify the log, or what is new in it since its follower looked; `BadInput` if it fails."""
        self.plant = Plant(root)
        self.kept = GrantFiles(root)
        self._files = Directory(self.plant.log)
        self._follower = log if isinstance(log, Follower) else self.plant.follow(log)
        self._look()

    def _look(self) -> SiteState:
        self.state = self._follower.poll()
        return self.state

    @property
    def _checkpoint(self) -> Checkpoint:
        checkpoint = self._follower.checkpoint
        assert checkpoint is not None  # noqa: S101  # for the type checker; a look has read one
        return checkpoint

    @property
    def log(self) -> str:
        """Name of the log."""
        return self.state.log

    def hand_in(self, body: Strict, at_ms: int, signer: Signer) -> None:
        """Sign an act and hand it in."""
        self.plant.hand_in(str(sign_act(body, self.log, at_ms, signer).note))

    def histories(self, word: str) -> dict[str, History]:
        """Return what the log says under a pseudonym, or about a record."""
        found = histories(entries_about(self._files, self._checkpoint, word))
        return {key: one for key, one in found.items() if word in {one.record, one.pseudonym}}

    def permitting_motion(self, wanted: str | None) -> AgreementLine:
        """Return the one live agreement that permits motion; `wanted` is its name or hash."""
        lines = [
            line
            for line in self.state.agreements.values()
            if line.state in _LIVE
            and line.agreement.motion.permitted
            and wanted in {None, line.hash, line.agreement.id}
        ]
        if len(lines) != 1:
            raise BadInput(
                "agreement that permits motion",
                where=str(self.plant.root),
                expected="one in force; --agreement if there are several",
                found=", ".join(line.agreement.id for line in lines) or "none",
            )
        retention_days(lines[0].agreement)
        return lines[0]

    def require_may_ask(self, signer: Signer) -> None:
        """Raise `BadInput` unless this key may ask a worker."""
        if signer.verifier not in (*self.state.devices.values(), *self.state.keys.get(Role.EMPLOYER, ())):
            raise BadInput(
                "key may not ask", where=signer.name, expected="an enrolled device's or the employer's"
            )

    def ask(self, line: AgreementLine, pseudonym: str, record: str, at_ms: int, signer: Signer) -> None:
        """Hand in a request."""
        self.hand_in(ConsentRequested(pseudonym=pseudonym, record=record, agreement=line.hash), at_ms, signer)

    def wait_for(self, record: str) -> None:
        """Wait until a request stands in the log: nobody can answer before."""
        deadline = time.monotonic() + _WAIT_S
        while record not in self._look().requests:
            if time.monotonic() > deadline:
                raise BadInput(
                    "the log did not take the request in",
                    expected=f"the operator at work, within {_WAIT_S} s",
                )
            time.sleep(_LOOK_AGAIN_S)

    def asked(self, pseudonym: str) -> tuple[History, AgreementLine]:
        """Return the request that waits for an answer under this pseudonym, and its agreement."""
        # The question itself may lie there for a moment after the log has taken it in.
        if any(not isinstance(body, ConsentRequested) for body in self.waiting(pseudonym)):
            raise BadInput("an answer is on its way into the log", expected="the operator to take it in")
        record = next((key for key, one in self.state.requests.items() if one.pseudonym == pseudonym), None)
        if record is None:
            raise BadInput(
                "no question waits for an answer under this token",
                expected="a request that stands in the log, without an answer",
            )
        line = self.state.agreements[self.state.requests[record].agreement]
        if line.state not in _LIVE:
            raise BadInput(f"the agreement is {line.state}", expected="one in force: ask anew")
        return self.histories(record)[record], line

    def in_force(self, word: str) -> list[Grant]:
        """Return the consents in force under a pseudonym, or by a record's number."""
        return [one for one in self.state.grants.values() if word in {one.pseudonym, one.record}]

    def waiting(self, word: str) -> list[About]:
        """Return acts of this worker, or about this record, that are on their way into the log."""
        bodies = [act.body for act in self.plant.waiting_acts()]
        self._look()  # after that, so that an act which leaves in between is seen in the log
        return [body for body in bodies if isinstance(body, About) and word in {body.pseudonym, body.record}]

    def cosigned(self, index: int) -> Cosigned:
        """Return a checkpoint behind an entry that log and witness have signed; `BadInput` if none yet."""
        witnesses = self.state.keys.get(Role.WITNESS, ())
        if found := cosigned_behind(self._files, index, self._follower.log_keys, witnesses):
            return found
        raise BadInput(
            "the witness has not co-signed this consent yet", expected="a co-signed checkpoint behind it"
        )

    def inclusion(self, index: int, checkpoint: Checkpoint) -> list[bytes]:
        """Return the proof that an entry is in the log as of a checkpoint."""
        return LogReader(self._files, checkpoint).inclusion(index)


class Sites:
    """Gives each request the site as of now. The log is read once, and then what is new in it."""

    def __init__(self, root: Path, log: Verifier) -> None:
        self.root = root
        self._follower = Plant(root).follow(log)

    def __call__(self) -> Site:
        """Return it; `BadInput` if the log does not fit, `OSError` or `Unreachable` if it cannot be read."""
        return Site(self.root, self._follower)

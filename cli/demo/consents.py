"""Workers who were asked whether their motion may be kept: yes, no, a yes taken back, and no answer yet.

The tokens are the workers' own secrets; here they are written down, so
that whoever plays can answer, or take a yes back, at a terminal.
"""

import os
import uuid
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from cli.demo.calendar import DAY, at
from cli.demo.dates import Dates
from cli.demo.layout import SAMPLE, TIME_ZONE
from cli.demo.ledger import ENTERED_MS, Act, Step
from cli.demo.story import Cast, act
from consent.agreement.form import agreement_hash
from consent.agreement.language import Language
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import ConsentRefused, ConsentRequested, ConsentWithdrawn
from consent.grants.choice import Choice, end_after_days
from consent.grants.commitment import SALT_BYTES, given
from consent.grants.files import GrantFiles
from consent.grants.statement import Answer, consent_record
from consent.grants.token import Token, new_token
from consent.notes import Signer

_DAYS = 45


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker of the story: the token, and what came of the question in a few words."""

    token: Token
    story: str
    record: str
    """Number of the consent record."""


def consents(
    plant: Path, agreement: Agreement, days: Dates, cast: Cast, log: str
) -> tuple[list[Step], list[Worker]]:
    """Return what the log is told, and the workers; records and salts of a yes are kept in `plant`."""
    steps: list[Step] = []
    workers: list[Worker] = []
    asked_on = days.first - 3 * DAY
    for number, story in enumerate(("yes", "no", "yes, taken back", "not answered yet", "yes")):
        token = new_token(os.urandom)
        asking = _Asking(plant, agreement, cast, token.signer(log), asked_on, number)
        steps += asking.requested()
        if story == "no":
            steps += asking.refused()
        elif story.startswith("yes"):
            steps += asking.given()
        if story.endswith("taken back"):
            steps += asking.withdrawn(asked_on + 4 * DAY)
        workers.append(Worker(token, story, asking.record))
    return [step for step in steps if step.at_ms < days.now_ms], workers


@dataclass(frozen=True, slots=True)
class _Asking:
    """One worker is asked, on a day, by the employer."""

    plant: Path
    agreement: Agreement
    cast: Cast
    worker: Signer
    day: date
    number: int

    @property
    def record(self) -> str:
        """Number of the consent record."""
        return uuid.uuid5(uuid.NAMESPACE_OID, self.worker.name).hex

    @property
    def _asked_ms(self) -> int:
        return at(self.day, time(9, 10 * self.number), TIME_ZONE)

    def requested(self) -> list[Act]:
        body = ConsentRequested(
            pseudonym=self.worker.name, record=self.record, agreement=agreement_hash(self.agreement)
        )
        return [act(self._asked_ms, body, self.cast.employer)]

    def refused(self) -> list[Act]:
        body = ConsentRefused(pseudonym=self.worker.name, key=str(self.worker.verifier), record=self.record)
        return [act(self._answered_ms, body, self.worker)]

    def given(self) -> list[Act]:
        until_ms = end_after_days(self.agreement, self._answered_ms, _DAYS)
        purposes = tuple(MotionPurpose)
        answer = Answer(
            self.record, self.worker.name, Language.DE, self._answered_ms, self._asked_ms + ENTERED_MS
        )
        record = consent_record(self.agreement, Choice((SAMPLE,), purposes, until_ms), answer)
        salt = os.urandom(SALT_BYTES)
        GrantFiles(self.plant).keep(record, salt)
        return [act(self._answered_ms, given(record, salt, self.worker.verifier), self.worker)]

    def withdrawn(self, on: date) -> list[Act]:
        body = ConsentWithdrawn(pseudonym=self.worker.name, record=self.record)
        return [act(at(on, time(13, 5), TIME_ZONE), body, self.worker)]

    @property
    def _answered_ms(self) -> int:
        return self._asked_ms + 5 * 60_000

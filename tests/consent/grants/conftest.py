"""A worker's yes in a site's log: token, record, salt, and what the worker gets."""

from dataclasses import dataclass

import pytest

from consent.agreement.language import Language
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import ConsentRequested
from consent.grants.choice import Choice, end_after_days
from consent.grants.commitment import given
from consent.grants.receipt import proof_of, receipt_of, receipt_text
from consent.grants.record import ConsentRecord
from consent.grants.statement import Answer, consent_record
from consent.grants.token import Token
from consent.log.checkpoint import parse_checkpoint
from consent.log.reader import LogReader
from consent.notes import parse_note

RECORD = "0123456789ab4def8123456789abcdef"
SALT = bytes(range(32))


@dataclass
class Given:
    """A world in which one worker has said yes."""

    world: object
    token: Token
    record: ConsentRecord
    index: int

    @property
    def worker(self):
        return self.token.signer(self.world.state.log)

    @property
    def entry(self):
        return self.world.entries[self.index]

    def receipt(self):
        return receipt_text(receipt_of(self.record, SALT, self.entry))

    def proof(self):
        note = self.world.cosigned()
        checkpoint = parse_checkpoint(parse_note(note).text)
        hashes = LogReader(self.world.files, checkpoint).inclusion(self.index)
        return proof_of(self.index, hashes, note, self.keys)

    @property
    def keys(self):
        return self.world.log.verifier, self.world.witness.verifier


@pytest.fixture(scope="session")
def token():
    return Token(bytes(19) + b"\x01")


@pytest.fixture
def choice(world):
    purposes = (MotionPurpose.PLANT_TRAINING, MotionPurpose.LICENSING)
    return Choice(("assembly bench",), purposes, end_after_days(world.agreement, world.now_ms, 30))


@pytest.fixture
def record_of(world, token, choice):
    """Write the record of a yes; what is not said is as in the other tests."""

    def make(agreement=None, choice=choice, language=Language.DE, asked=True):
        pseudonym = token.signer(world.state.log).name
        asked_ms = world.now_ms - 5000 if asked else None
        answer = Answer(RECORD, pseudonym, language, world.now_ms, asked_ms)
        return consent_record(agreement or world.agreement, choice, answer)

    return make


@pytest.fixture
def record(record_of):
    return record_of()


@pytest.fixture
def said_yes(world, token, record):
    """The worker was asked and said yes; a few other things happened since."""
    worker = token.signer(world.state.log)
    world.act(ConsentRequested(pseudonym=worker.name, record=RECORD, agreement=world.hash), world.device)
    index = world.act(given(record, SALT, worker.verifier), worker)
    world.granted()
    world.granted(until_ms=world.now_ms + 60_000)
    return Given(world, token, record, index)

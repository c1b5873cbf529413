"""A log that forks, a witness whose memory is a dictionary, and requests to it."""

from contextlib import contextmanager

import pytest

from consent.log.checkpoint import open_checkpoint
from consent.log.reader import LogReader
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, parse_note
from consent.witness.protocol import Request
from consent.witness.witness import Witness

NOON_S = 1_800_000_000


class Forgetful:
    """A memory that lasts as long as the test."""

    def __init__(self):
        self.notes = {}
        self.written = []

    @contextmanager
    def held(self, origin):
        self.origin = origin
        yield self

    def read(self):
        return self.notes.get(self.origin)

    def write(self, content):
        self.notes[self.origin] = content
        self.written.append(content)


class Clock:
    def __init__(self):
        self.now_s = NOON_S

    def __call__(self):
        return self.now_s


class World:
    """The log `log.example` as histories "a" and "b", which share their first 300 entries; and a witness."""

    def __init__(self, signer_of, memory_files):
        self.log = signer_of("log.example")
        self.signer = signer_of("council.example/witness", KeyType.COSIGNATURE)
        self.clock = Clock()
        self.memory = Forgetful()
        self.witness = Witness(self.signer, [self.log.verifier], self.memory, self.clock)
        self.files, self.notes = {}, {}
        for history in "ab":
            self.files[history] = memory_files()
            create_log(self.files[history], self.log)
            writer = LogWriter(self.files[history], self.log)
            empty = self.files[history].read("checkpoint").decode()
            self.notes[history] = {0: empty}
            for first, end in ((0, 1), (1, 5), (5, 256), (256, 300), (300, 301), (301, 520), (520, 600)):
                name = history if first >= 300 else ""
                done = writer.append([b"entry %d %s" % (n, name.encode()) for n in range(first, end)])
                self.notes[history][end] = done.note

    def checkpoint(self, history, size):
        return open_checkpoint(self.notes[history][size], self.log.verifier)[0]

    def proof(self, history, old, size):
        if old == 0:
            return []
        reader = LogReader(self.files[history], self.checkpoint(history, size))
        return reader.consistency(self.checkpoint(history, old))

    def request(self, history, old, size, *, told=None, proof=None, note=None):
        """An honest request to go from `old` to `size`, unless something else is told."""
        return bytes(
            Request(
                old if told is None else told,
                tuple(self.proof(history, old, size) if proof is None else proof),
                parse_note(self.notes[history][size] if note is None else note),
            )
        )

    def ask(self, *words, **named):
        return self.witness.add_checkpoint(self.request(*words, **named))


@pytest.fixture
def world(signer_of, memory_files):
    return World(signer_of, memory_files)


@pytest.fixture(scope="session")
def noon_s():
    return NOON_S

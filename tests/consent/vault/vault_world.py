"""A site with a real log and witness, motion that is sealed in it, and uses that are logged and proven."""

import os

import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import (
    ConsentRenewed,
    ConsentRequested,
    ConsentWithdrawn,
    MotionSealed,
    MotionUsed,
)
from consent.grants.receipt import proof_of
from consent.log.checkpoint import parse_checkpoint
from consent.log.reader import LogReader
from consent.notes import parse_note
from consent.site.logged import Logged
from consent.vault.keys import unwrap_with
from consent.vault.release import Evidence, Present, Quorum, Vault, quorum_of
from consent.vault.sealing import seal
from consent.vault.segment import SegmentLabel
from consent.vault.store import SealedBook
from models.motion import Motion
from productivity.errors import BadInput
from tests.consent.conftest import MemoryFiles
from tests.consent.world import DAY_MS, STATION, World, identifier, worker

ALL = tuple(MotionPurpose)
MINUTE_NS = 60_000_000_000


def motion(poses=4, seed=0, picture=(1280, 720)):
    """Motion of some poses at ten per second; a few joints that the network does not give."""
    draw = np.random.default_rng(seed)
    joints = draw.normal(400, 120, (poses, 33, 4)).astype(np.float32)
    joints[:, :, 3] = draw.uniform(0, 1, (poses, 33))
    joints[0, 5, :3] = np.nan
    return Motion(np.arange(poses, dtype=np.int64) * 100_000_000, joints, picture)


def same(one, other):
    """Whether two motions have the same bits."""
    return (
        one.joints.tobytes() == other.joints.tobytes()
        and one.times.tobytes() == other.times.tobytes()
        and one.picture == other.picture
    )


def label_of(what, **changes):
    values = {
        "segment": "a1" * 16,
        "record": "b2" * 16,
        "agreement": "c3" * 32,
        "session": "d4" * 16,
        "station": STATION,
        "span_ms": what.span_ns // 1_000_000,
    }
    return SegmentLabel(**(values | changes))


class MemoryKeys:
    """`WorkerKeys` as a dictionary."""

    def __init__(self):
        self.privates = {}
        self.shredded = set()

    def create(self, record):
        if record in self.shredded:
            raise BadInput("key was shredded")
        private = self.privates.setdefault(record, X25519PrivateKey.generate())
        return private.public_key().public_bytes_raw()

    def _of(self, record):
        if record not in self.privates:
            raise BadInput(
                "key was shredded" if record in self.shredded else "no key for this consent record"
            )
        return self.privates[record]

    def public(self, record):
        return self._of(record).public_key().public_bytes_raw()

    def unwrap(self, permit, wrapped):
        return unwrap_with(self._of(permit.label.record), permit, wrapped)

    def shred(self, record):
        self.privates.pop(record, None)
        self.shredded.add(record)

    def known(self):
        return frozenset(self.privates)


class MemorySegments:
    """`SegmentStore` as a dictionary."""

    def __init__(self):
        self.kept = {}

    def put(self, sealed):
        self.kept[sealed.label.segment] = sealed

    def get(self, segment):
        if segment not in self.kept:
            raise BadInput("no such segment")
        return self.kept[segment]

    def labels(self, *, record=None, station=None):
        labels = [self.kept[name].label for name in sorted(self.kept)]
        return [one for one in labels if record in {None, one.record} and station in {None, one.station}]

    def erase(self, segment):
        self.kept.pop(segment, None)


class VaultWorld:
    """Workers consent, motion is sealed, uses are logged; `vault` stands before all of it."""

    def __init__(self, keys=None, segments=None):
        self.site = World(MemoryFiles()).founded().agreed().enrolled()
        self.keys = keys or MemoryKeys()
        self.segments = segments or MemorySegments()
        self.book = SealedBook()
        self.session = None
        self.vault = Vault(self.keys, self.segments, self.book, self.present)

    def present(self):
        return Present(self.site.state, quorum_of(self.site.state, self.site.log.verifier), self.site.now_ms)

    @property
    def quorum(self):
        return Quorum((self.site.log.verifier,), (self.site.witness.verifier,))

    def consents(self, number=0, purposes=ALL, until_ms=None, **keys):
        """A worker is asked and says yes; return the record."""
        one, record = worker(number), identifier("record", self.site.state.size)
        asked = ConsentRequested(pseudonym=one.name, record=record, agreement=self.site.hash)
        self.site.act(asked, self.site.employer)
        self.site.act(self.site.grant(one, record, until_ms, purposes=purposes, **keys), one)
        self.keys.create(record)
        return record

    def renews(self, old, number=0, purposes=ALL, until_ms=None, **keys):
        one, record = worker(number), identifier("renewed", self.site.state.size)
        grant = self.site.grant(one, record, until_ms, purposes=purposes, **keys).model_dump()
        self.site.act(ConsentRenewed.model_validate(grant | {"renews": old}), one)
        self.keys.create(record)
        return record

    def withdraws(self, record, number=0):
        self.site.act(ConsentWithdrawn(pseudonym=worker(number).name, record=record), worker(number))

    def seals(self, record, what=None, *, logged=True):
        """The device keeps motion: sealed, stored, logged. Return the segment."""
        what = what or motion()
        if self.session is None:
            start = self.site.start()
            self.site.act(start, self.site.device)
            self.session = start.session
        segment = identifier("segment", self.site.state.size, len(self.segments.labels()))
        label = label_of(what, segment=segment, record=record, agreement=self.site.hash, session=self.session)
        sealed = seal(what, label, self.keys.public(record), os.urandom)
        self.segments.put(sealed)
        if logged:
            body = MotionSealed(
                segment=segment,
                session=self.session,
                record=record,
                span_ms=label.span_ms,
                commitment=sealed.commitment,
            )
            index = self.site.act(body, self.site.device)
            self.book.add([Logged(index, self.site.entries[index])])
        return segment

    def uses(self, *segments, purpose=MotionPurpose.PLANT_TRAINING, licensee=None, cosigned=True):
        """A use is logged and co-signed; return the evidence."""
        use = identifier("use", self.site.state.size)
        body = MotionUsed(use=use, segments=segments, purpose=purpose, licensee=licensee, terms="22" * 32)
        return self.evidence(self.site.own(body), cosigned=cosigned)

    def uses_anyway(self, *segments, **keys):
        """A use that the log takes in because somebody else consents to its purpose."""
        self.consents(7)
        return self.uses(*segments, **keys)

    def evidence(self, index, *, cosigned=True):
        site = self.site
        note = site.cosigned() if cosigned else site.files.read("checkpoint").decode()
        hashes = LogReader(site.files, parse_checkpoint(parse_note(note).text)).inclusion(index)
        keys = (site.log.verifier, site.witness.verifier)
        return Evidence(bytes(site.entries[index]), proof_of(index, hashes, note, keys))

    def wait(self, ms=DAY_MS):
        self.site.now_ms += ms

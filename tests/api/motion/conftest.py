"""A plant with a vault: a real site on disk with its desk and witness, a server, workers with tokens."""

import hashlib
import os
from contextlib import contextmanager

import numpy as np
import pytest

from api.policy import Role
from api.uses.keeper import UseKeeper
from api.uses.room import MotionRoom
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import RecordingStarted, RecordingStopped
from consent.entries.vocabulary import Reason
from consent.grants.site import Site, Sites
from consent.grants.token import new_token
from consent.vault.sealing import seal
from consent.vault.segment import SegmentLabel
from models.motion import Motion
from storage.sql.plant import Site as SiteRow
from storage.sql.plant import StationPlace, add_site, put_station
from storage.vault.key_file import KeyFile
from storage.vault.segments import Segments
from tests.api.consented import Consented
from tests.api.plant import Plant
from tests.api.viewers import Viewers
from tests.consent.world import MORNING_MS, STATION, identifier

EVERYTHING = [purpose.value for purpose in MotionPurpose]


def motion_of(seconds, seed=0):
    """Somebody's motion at ten poses a second."""
    drawn = np.random.default_rng(seed)
    count = round(seconds * 10) + 1
    joints = drawn.uniform(0, 500, (count, 33, 4)).astype(np.float32)
    joints[..., 3] = 0.9
    return Motion(np.arange(count, dtype=np.int64) * 100_000_000, joints, (1280, 720))


class Colleague:
    """A worker with a token, at the kiosk."""

    def __init__(self, plant, number):
        self.plant, self.number = plant, number
        self.secret = new_token(os.urandom)
        self.signer = self.secret.signer(plant.consented.world.log.name)
        self.record = None

    @property
    def name(self):
        return self.signer.name

    def ask(self, path, **more):
        headers = self.plant.viewers.headers(self.plant.kiosk)
        return self.plant.ask("POST", path, headers=headers, json={"token": self.secret.spell(), **more})

    def opts_in(self, purposes=EVERYTHING, days=30):
        """Be asked, and say yes."""
        consented = self.plant.consented
        site = Site(consented.plant.root, consented.world.log.verifier)
        self.record = identifier("asked", self.number, self.name)
        line = next(one for one in site.state.agreements.values() if one.activated_ms is not None)
        site.ask(line, self.name, self.record, consented.now_ms, consented.world.employer)
        site.wait_for(self.record)
        answer = self.ask("/v1/grants/yes", stations=[STATION], purposes=purposes, days=days)
        assert answer.status_code == 200, answer.text
        self.plant.settle()
        return self

    def moves(self, *seconds):
        """Be recorded: a segment of each length is sealed and stands in the log; return their names."""
        plant, world = self.plant, self.plant.consented.world
        session = os.urandom(16).hex()
        started = world.start(session=session)
        assert isinstance(started, RecordingStarted)
        plant.consented.hand_in(started, world.device)
        plant.settle()
        public = plant.room.keys.create(self.record)
        made = []
        for length in seconds:
            motion = motion_of(length, seed=int.from_bytes(os.urandom(4)))
            label = SegmentLabel(
                os.urandom(16).hex(), self.record, world.hash, session, STATION, motion.span_ns // 1_000_000
            )
            sealed = seal(motion, label, public, os.urandom)
            plant.room.segments.put(sealed)
            plant.consented.hand_in(sealed.body, world.device)
            made.append(label.segment)
        plant.settle()
        stopped = RecordingStopped(session=session, recorded_ms=60_000, reason=Reason.END_OF_SOURCE)
        plant.consented.hand_in(stopped, world.device)
        plant.settle()
        return made

    def withdraws(self):
        answer = self.ask("/v1/grants/withdraw")
        assert answer.status_code == 200, answer.text
        self.plant.settle()


class MotionPlant(Plant):
    """See above. `keeper.turn()` does what the server's thread does."""

    def settle(self):
        """Wait as `Consented.settle` does; nothing was refused."""
        self.consented.settle(self.desk)
        refused = self.consented.plant.refused
        assert not refused.is_dir() or list(refused.iterdir()) == []

    def person(self, role):
        return self.viewers.headers(self.viewers.add(role))

    def later(self, ms):
        """Let time pass for everybody."""
        self.moved_s += ms // 1000
        self.consented.now_ms += ms

    def colleague(self):
        self.colleagues += 1
        return Colleague(self, self.colleagues)

    def licensee(self):
        token = self.viewers.add(Role.LICENSEE)
        return self.viewers.headers(token)

    def buys(self, licensee, **changes):
        wanted = {"stations": [STATION], "format": "mcap", "unit": "motion hour", **changes}
        answer = self.ask("POST", "/v1/motion/uses", headers=licensee, json=wanted)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def decides(self, use, *, approved=True):
        manager = self.person(Role.MANAGER)
        return self.ask(
            "POST", f"/v1/motion/uses/{use}/decision", headers=manager, json={"approved": approved}
        )

    def secret_bytes(self):
        """Every file of the data directory."""
        return {path: path.read_bytes() for path in self.data.rglob("*") if path.is_file()}


@contextmanager
def motion_plant(root, *, again=False):
    """Give such a plant below a directory; `again` opens one that was made there before."""
    consented = Consented(root / "site", again=again)
    data = root / "data"
    data.mkdir(exist_ok=again)
    consented.now_ms = MORNING_MS + again * 60_000
    with consented.desk() as desk, KeyFile(data / "keys") as keys:
        room = MotionRoom(
            keys,
            Segments(data / "motion"),
            data / "exports",
            desk,
            consented.world.log.verifier,
            lambda: consented.now_ms,
        )
        with MotionPlant(
            f"sqlite:///{root}/plant.db",
            accounts=Viewers,
            secure=False,
            site=desk,
            motion=room,
            data=data,
            grants=Sites(root / "site", consented.world.log.verifier),
            start_ms=consented.now_ms,
        ) as opened:
            agreement = consented.world.agreement
            add_site(opened.database, SiteRow(agreement.site, agreement.time_zone))
            put_station(opened.database, agreement.site, StationPlace(STATION))
            opened.consented, opened.desk, opened.room, opened.data = consented, desk, room, data
            opened.keeper = UseKeeper(opened.services, room)
            opened.kiosk = None if again else opened.viewers.add(Role.WORKER, station=STATION)
            opened.colleagues = 0
            yield opened


@pytest.fixture
def plant(tmp_path):
    with motion_plant(tmp_path) as opened:
        yield opened


def sha256(content):
    return hashlib.sha256(content).hexdigest()

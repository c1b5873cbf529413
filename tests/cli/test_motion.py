"""A worker checks in at a running recorder: files, threads, a log with an operator, and the vault's sealing.

The pictures are a sample's; the engine sees one worker in them, wherever it is asked.
"""

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from capture.motion.channel import Ending
from capture.motion.held import HELD_BACK
from capture.recorder import record
from capture.sources.file import FileSource
from capture.station.file import read_station
from cli.motion import RUNNING, MotionDesk
from cli.permission import Site, permission
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import (
    AgreementSuspended,
    ConsentGiven,
    ConsentRequested,
    ConsentWithdrawn,
    MotionSealed,
    RecordingStarted,
    RecordingStopped,
)
from consent.entries.limits import STOP_WITHIN_MS
from consent.entries.times import utc_text
from consent.entries.vocabulary import Reason
from consent.gate.live import LiveGate
from consent.gate.motion import MotionTerms
from consent.grants.check_in import FRESH_MS, CheckIn, new_check_in, sign_check_in
from consent.grants.check_ins import CheckIns
from consent.site.plant import Plant
from consent.vault import binding, content, keys, sealing
from consent.vault.segment import SealedSegment, SegmentLabel
from models.motion import Motion
from models.pose import JOINTS, Joint, Pose, Region
from productivity.errors import BadInput
from productivity.time import SECOND, Instant
from storage.vault.segments import Segments
from tests.cli.agreed_site import AgreedSite, now_ms
from tests.cli.test_permission import STATION, VIDEO, Paced
from tests.cli.test_record import fairtakt
from tests.consent.world import identifier, worker

X, DEPTH = 320.125, 12.34375
"""Where the worker is; numbers that are found again in any file which holds them plainly."""
LONG = 40
"""Looks of a session, three a second: longer than poses are held back."""
SPEED = 8
"""Times the speed of life, at which the sample is played."""


class MotionSite(AgreedSite):
    """A site whose agreement permits motion, and one worker who has said yes."""

    def _agreement(self, station):
        plain = super()._agreement(station)
        example = self.world.agreement
        motion = example.motion.model_copy(update={"stations": (station.name,)})
        return plain.model_copy(update={"motion": motion, "royalties": example.royalties})

    def grant(self, one=None):
        one, self.record = one or worker(), identifier("record", now_ms())
        self.station = self.agreement.stations[0]
        request = ConsentRequested(pseudonym=one.name, record=self.record, agreement=self.hash)
        self.hand_in(request, self.world.employer)
        self.settle()
        given = ConsentGiven(
            pseudonym=one.name,
            key=str(one.verifier),
            record=self.record,
            agreement=self.hash,
            stations=(self.station,),
            purposes=(MotionPurpose.OWN_REVIEW,),
            until=utc_text(now_ms() + 3_600_000),
            commitment="11" * 32,
        )
        self.hand_in(given, one)
        self.settle()
        self.private = X25519PrivateKey.generate()
        return self

    def check_in(self, **keys):
        """Do what a kiosk does; return the check-in's number."""
        state = self.plant.follow(self.world.log.verifier).poll()
        public = self.private.public_key().public_bytes_raw()
        body = new_check_in(state, self.record, self.station, public, now_ms(), 30, os.urandom)
        note = sign_check_in(body.model_copy(update=keys), worker())
        return CheckIns(self.plant.root).put(note)

    def open(self, sealed):
        """Open a segment with the private key, step by step, as the specification says it."""
        about = binding.bound(sealed.label)
        data_key = keys._SUITE.decrypt(sealed.wrapped_key, self.private, info=keys._INFO + about)
        content_key, commitment = sealing._derive(data_key, about)
        assert commitment.hex() == sealed.commitment
        return content.unpack(ChaCha20Poly1305(content_key).decrypt(bytes(12), sealed.content, about))


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site").mkdir()
    site = MotionSite(tmp_path / "site", read_station(STATION))
    yield site.agree().grant()
    site.close()


class OneWorker:
    """Sees one worker; keeps when the station was searched for others, which happens in a session alone."""

    name = "one worker"

    def __init__(self):
        self.looked, self.searched_ms = threading.Event(), []
        self.somebody_else = False

    def regions(self, picture):
        return [Region(X, 220.0, 320.0, 0.0, 0.95)]

    def suspects(self, picture):
        self.searched_ms.append(now_ms())
        others = [Region(60.0, 220.0, 320.0, 0.0, 0.4)] if self.somebody_else else []
        return [*self.regions(picture), *others]

    def pose(self, picture, region):
        self.looked.set()
        joints = np.zeros((JOINTS, 3), np.float32)
        joints[:] = (X, 220.0, 0.9)
        joints[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER], 1] = 140.0
        return Pose(joints, 1.0, self.regions(picture)[0], np.full(JOINTS, DEPTH, np.float32))

    def close(self):
        """Hold nothing."""


def run(site, vault, acts=(), engine=None, speed=SPEED):
    """Record the sample. `acts` are (n, function): after so many looks of a motion session."""
    engine = engine or OneWorker()

    def play():
        engine.looked.wait()
        for looks, act in acts:
            while len(engine.searched_ms) < looks:
                time.sleep(0.01)
            act()

    player = threading.Thread(target=play, daemon=True)
    player.start()
    station = read_station(STATION)
    told = Site(site.plant.root, site.log_key, site.device_key, site.passphrase)
    with (
        FileSource(VIDEO, camera="camera") as source,
        permission(told, [STATION], [station], motion=vault) as gate,
    ):
        (kept,) = record(
            Paced(source, speed), [station], engine, gate, on_interval=gate.seen, motion=gate.motion
        )
        gate.close(Reason.END_OF_SOURCE)
    player.join(timeout=10)
    site.settle()
    return kept, gate, engine


def all_bytes(*roots):
    return b"".join(path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file())


def test_a_session_from_check_in_to_check_out_ends_in_the_vault_and_the_log(site, tmp_path):
    number, said, here = [], [], CheckIns(site.plant.root)

    def check_in():
        number.append(site.check_in())

    def check_out():
        said.append(here.state(number[0]))
        here.check_out(number[0])

    _, gate, _ = run(site, tmp_path / "motion", [(0, check_in), (LONG, check_out)])
    said.append(here.state(number[0]))
    assert said == [RUNNING, Ending.TIME]
    (body,), (started,) = site.bodies(MotionSealed), site.bodies(RecordingStarted)
    assert (body.record, body.session) == (site.record, started.session)
    assert (gate._desk.kept, gate._desk.lost) == (1, 0)
    store = Segments(tmp_path / "motion")
    (label,) = store.labels()
    assert (label.segment, label.record, label.agreement) == (body.segment, site.record, site.hash)
    assert (label.station, label.span_ms) == (site.station, body.span_ms)
    motion = site.open(store.get(label.segment))
    assert motion.span_ns // 1_000_000 == body.span_ms
    assert motion.span_ns > LONG / 3 * SECOND - HELD_BACK - SECOND
    assert (motion.joints[:, :, 0] == X).all()
    assert (motion.joints[:, :, 2] == DEPTH).all()
    # Nothing of it stands anywhere in the clear, neither as numbers nor as Parquet.
    written = all_bytes(tmp_path)
    assert store.get(label.segment).content in written
    for plain in (np.full(4, X, np.float32).tobytes(), np.full(4, DEPTH, np.float32).tobytes(), b"PAR1"):
        assert plain not in written


def test_a_withdrawal_stops_a_running_session_within_a_second_and_what_has_not_left_is_gone(site, tmp_path):
    """The operator is away: the withdrawal counts from the moment at which it is handed in.

    `pytest -rP -k withdrawal tests/cli/test_motion.py` prints how long it took.
    """
    pressed, number = [], []

    def withdraw():
        site.away.set()
        pressed.append(now_ms())
        site.hand_in(ConsentWithdrawn(pseudonym=worker().name, record=site.record), worker())

    threading.Timer(12, site.away.clear).start()
    acts = [(0, lambda: number.append(site.check_in())), (LONG, withdraw)]
    _, gate, engine = run(site, tmp_path / "motion", acts)
    assert any(at < pressed[0] for at in engine.searched_ms), "it ran"
    last_look_ms = max(engine.searched_ms) - pressed[0]
    print(f"from the press to the last look: {last_look_ms} ms (negative: before it)")  # noqa: T201  # the figure
    assert last_look_ms <= STOP_WITHIN_MS
    assert CheckIns(site.plant.root).state(number[0]) == Ending.NOT_PERMITTED
    assert site.bodies(MotionSealed) == []
    assert Segments(tmp_path / "motion").labels() == []
    assert gate._desk.kept == 0


def test_a_suspension_ends_it_as_well(site, tmp_path):
    pressed, number = [], []

    def suspend():
        pressed.append(now_ms())
        site.hand_in(AgreementSuspended(agreement=site.hash), site.world.council)

    acts = [(0, lambda: number.append(site.check_in())), (LONG, suspend)]
    _, _, engine = run(site, tmp_path / "motion", acts)
    assert max(engine.searched_ms) <= pressed[0] + STOP_WITHIN_MS
    assert CheckIns(site.plant.root).state(number[0]) in {Ending.REFUSED, Ending.NOT_PERMITTED}
    assert Segments(tmp_path / "motion").labels() == []


def test_a_second_person_ends_it_and_what_was_confirmed_before_is_kept(site, tmp_path):
    engine, number = OneWorker(), []
    acts = [
        (0, lambda: number.append(site.check_in())),
        (LONG, lambda: setattr(engine, "somebody_else", True)),
    ]
    _, gate, _ = run(site, tmp_path / "motion", acts, engine)
    assert CheckIns(site.plant.root).state(number[0]) == Ending.SECOND_PERSON
    assert (len(site.bodies(MotionSealed)), gate._desk.kept) == (1, 1)


def test_what_the_log_refuses_is_erased(site, tmp_path, monkeypatch):
    """The recorder seals, the worker withdraws, and the act arrives behind the withdrawal."""
    hand_in = LiveGate.hand_in_sealed

    def late(live, body):
        site.hand_in(ConsentWithdrawn(pseudonym=worker().name, record=site.record), worker())
        site.settle()
        return hand_in(live, body)

    monkeypatch.setattr(LiveGate, "hand_in_sealed", late)
    here = CheckIns(site.plant.root)
    number = []
    acts = [(0, lambda: number.append(site.check_in())), (LONG, lambda: here.check_out(number[0]))]
    _, gate, _ = run(site, tmp_path / "motion", acts)
    assert (gate._desk.kept, gate._desk.lost) == (0, 1)
    assert site.bodies(MotionSealed) == []
    assert Segments(tmp_path / "motion").labels() == []
    assert list((tmp_path / "motion").rglob("*.sealed")) == []


# --- Whose session it is. ---

T0_MS = 1_800_000_000_000


class TermsOfNow:
    """A live gate that permits; time stands still."""

    def motion_terms(self, station, record):
        return MotionTerms("5" * 32, "6" * 64, T0_MS, T0_MS + 3_600_000)

    def site(self):
        return None

    def hand_in_sealed(self, body):
        raise OSError("not here")


class OpenDesk(MotionDesk):
    """A desk at which workers check in without a log; it hears as often as it is asked."""

    def __init__(self, root, live=None, store=None):
        super().__init__(live or TermsOfNow(), Plant(root), store, frozenset({"bench", "press"}))
        (root / "check-ins").mkdir(parents=True)

    def worker(self, name, session, station="bench", asked=True):
        body = CheckIn(
            fairtakt="check-in 1",
            check_in=session * 32,
            log="log",
            record="1" * 32,
            station=station,
            key=X25519PrivateKey.generate().public_key().public_bytes_raw().hex(),
            at=utc_text(T0_MS),
            until=utc_text(T0_MS + 600_000),
        )
        self._begin(body, name)
        return self.permits(station) if asked else None

    def permits(self, station="bench"):
        self.step()
        permission = self.keeps(station, Instant(0))
        return permission and permission.session[0]

    def states(self, sessions):
        self.step()
        return [self._check_ins.state(session * 32) for session in sessions]


def test_a_permission_tells_workers_apart_and_not_who_they_are(tmp_path):
    desk = OpenDesk(tmp_path)

    def alias(session, name):
        desk.worker(name, session)
        told = desk.keeps("bench", Instant(0)).worker
        desk.ended(session * 32, "bench", Ending.TIME)
        return told

    one, other, again = alias("a", "w-1"), alias("b", "w-2"), alias("c", "w-1")
    assert one == again
    assert one != other
    assert "w-1" not in one
    assert OpenDesk(tmp_path / "another run")._aliases == {}


@pytest.mark.parametrize("runs", [True, False], ids=["runs", "waits"])
def test_who_checks_in_where_somebody_else_has_ends_both(tmp_path, runs):
    """Nobody can tell who of the two stands there."""
    desk = OpenDesk(tmp_path)
    assert desk.worker("w-1", "a", asked=runs) == ("a" if runs else None)
    assert desk.worker("w-2", "b") is None
    said = "not begun: somebody else checked in"
    assert desk.states("ab") == [RUNNING if runs else said, said]
    assert desk.worker("w-1", "c") == "c"


def test_who_checks_in_anew_goes_on_with_the_new_one(tmp_path):
    desk = OpenDesk(tmp_path)
    assert desk.worker("w-1", "a") == "a"
    assert desk.worker("w-1", "b") == "b"


def test_nobody_is_at_two_places(tmp_path):
    desk = OpenDesk(tmp_path)
    assert desk.worker("w-1", "a", "bench") == "a"
    assert desk.worker("w-2", "b", "press") == "b"
    desk.ended("b" * 32, "press", Ending.LOST)
    assert desk.worker("w-1", "c", "press") == "c"
    assert desk.permits("bench") is None


# --- A slow disk. ---


class HeldStore:
    """A vault whose disk takes nothing until it is let go."""

    def __init__(self):
        self.asked, self.free, self.stored = threading.Event(), threading.Event(), []

    def put(self, sealed):
        self.asked.set()
        self.free.wait(20)
        self.stored.append(sealed)

    def erase(self, segment):
        """Nothing stands there."""


def sealed_piece():
    label = SegmentLabel("f" * 32, "1" * 32, "2" * 64, "3" * 32, "bench", 1000)
    return SealedSegment(label, "4" * 64, b"", b"")


def test_a_check_out_is_heard_while_the_vaults_disk_is_held(tmp_path):
    store = HeldStore()
    desk = OpenDesk(tmp_path, store=store)
    desk.start()
    assert desk.worker("w-1", "a") == "a"
    desk._sealed.append(sealed_piece())
    assert store.asked.wait(5)
    desk._check_ins.check_out("a" * 32)
    deadline = time.monotonic() + STOP_WITHIN_MS / 1000
    while time.monotonic() < deadline and desk.keeps("bench", Instant(0)).until > 0:
        time.sleep(0.01)
    assert desk.keeps("bench", Instant(0)).until == 0
    assert CheckIns(tmp_path).state("a" * 32) == RUNNING
    store.free.set()
    desk.finish()


def test_nothing_is_kept_while_check_outs_are_not_heard(tmp_path, monkeypatch):
    desk = OpenDesk(tmp_path)
    assert desk.worker("w-1", "a") == "a"
    piece = Motion(np.zeros(1, np.int64), np.zeros((1, JOINTS, 4), np.float32), (640, 360))
    desk.keep("a" * 32, "bench", Instant(0), piece)
    later = time.monotonic() + STOP_WITHIN_MS / 1000 + 0.1
    monkeypatch.setattr("cli.motion.time.monotonic", lambda: later)
    assert desk.keeps("bench", Instant(0)) is None
    with pytest.raises(BadInput, match="check-outs are not heard"):
        desk.keep("a" * 32, "bench", Instant(1), piece)
    assert desk.permits() == "a"


def test_a_disk_that_hangs_does_not_keep_a_recording_from_its_end(site, tmp_path, monkeypatch):
    """What it did not take is lost, and counted; that the recording stopped stands in the log."""
    free = threading.Event()
    monkeypatch.setattr(Segments, "put", lambda *_: free.wait(60))
    monkeypatch.setattr("cli.motion._FATE_WITHIN_S", 1.0)
    here, number = CheckIns(site.plant.root), []
    acts = [(0, lambda: number.append(site.check_in())), (LONG, lambda: here.check_out(number[0]))]
    begun = time.monotonic()
    _, gate, _ = run(site, tmp_path / "motion", acts)
    assert time.monotonic() - begun < 30
    assert (gate._desk.kept, gate._desk.lost) == (0, 1)
    assert here.state(number[0]) == Ending.TIME
    assert len(site.bodies(RecordingStopped)) == 1
    free.set()
    gate._desk._threads[-1].join(5)
    site.settle()
    assert site.bodies(MotionSealed) == []


def test_a_check_in_counts_once(site, tmp_path):
    """The same note put there again, after its session has ended, begins nothing."""
    here, notes = CheckIns(site.plant.root), []

    def check_in():
        state = site.plant.follow(site.world.log.verifier).poll()
        public = site.private.public_key().public_bytes_raw()
        body = new_check_in(state, site.record, site.station, public, now_ms(), 30, os.urandom)
        notes.append((body.check_in, sign_check_in(body, worker())))
        here.put(notes[0][1])

    engine, searched = OneWorker(), []

    def again():
        while here.state(notes[0][0]) != Ending.TIME:
            time.sleep(0.01)
        searched.append(len(engine.searched_ms))
        (site.plant.root / "check-ins" / f"{notes[0][0]}.out").unlink()
        here.put(notes[0][1])

    acts = [(0, check_in), (5, lambda: here.check_out(notes[0][0])), (5, again)]
    run(site, tmp_path / "motion", acts, engine)
    assert searched == [len(engine.searched_ms)]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda: {"at": utc_text(now_ms() - FRESH_MS - 1000)}, "not begun: "),
        (lambda: {"log": "another.example/log"}, "not begun: "),
    ],
    ids=["old", "another site's"],
)
def test_what_does_not_hold_begins_nothing_and_says_why(site, tmp_path, spoil, words):
    number, engine = [], OneWorker()
    run(site, tmp_path / "motion", [(0, lambda: number.append(site.check_in(**spoil())))], engine, speed=10)
    assert engine.searched_ms == []
    assert CheckIns(site.plant.root).state(number[0]).startswith(words)


def test_without_a_vault_a_check_in_changes_nothing(site, tmp_path):
    engine = OneWorker()
    kept, gate, _ = run(site, None, [(0, site.check_in)], engine, speed=10)
    assert gate.motion is None
    assert engine.searched_ms == []
    other, _, _ = run(site, tmp_path / "motion", (), OneWorker(), speed=10)
    assert sum(i.duration for i in kept.intervals) == sum(i.duration for i in other.intervals)


def test_a_disk_that_takes_nothing_keeps_nothing(site, tmp_path, monkeypatch):
    def full(*_):
        raise OSError("disk is full")

    monkeypatch.setattr(Segments, "put", full)
    here, number = CheckIns(site.plant.root), []
    acts = [(0, lambda: number.append(site.check_in())), (LONG, lambda: here.check_out(number[0]))]
    kept, gate, _ = run(site, tmp_path / "motion", acts)
    assert (gate._desk.kept, gate._desk.lost) == (0, 1)
    assert site.bodies(MotionSealed) == []
    assert sum(interval.duration for interval in kept.intervals) == kept.span.duration


def test_the_desk_answers_no_whatever_fails():
    class Broken:
        def __getattr__(self, name):
            raise RuntimeError(name)

    desk = MotionDesk(Broken(), Plant(Path("/nonexistent")), Broken(), frozenset({"bench"}))
    desk.step()
    assert desk.keeps("bench", 0) is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--without-agreement",), "--motion is kept under a works agreement only"),
        ((), "--motion needs pictures of now"),
    ],
)
def test_motion_is_asked_for_where_a_check_in_means_something(site, weights, tmp_path, options, words):
    options = options or site.options()
    done = fairtakt(
        "record",
        "--station",
        STATION,
        "--source",
        VIDEO,
        "--out",
        tmp_path / "out",
        "--motion",
        tmp_path / "motion",
        *options,
        agreed=True,
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "motion").exists()

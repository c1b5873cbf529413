"""What a stop takes back, from the gate that hears of it to the last byte of the outbox."""

import threading
import time

import pytest

from capture.outbox.batch import read_body
from capture.outbox.outbox import Outbox
from capture.outbox.pacing import Answer
from capture.outbox.sink import Origin, OutboxSink
from capture.sources.file import FileSource
from capture.station.file import read_station
from cli.delivery import Delivery
from cli.permission import Permission, Site
from cli.running import Plan, run
from consent.agreement.lifecycle import State
from consent.entries.bodies import AgreementResumed, AgreementSuspended, RecordingStarted
from consent.entries.vocabulary import Reason
from productivity.intervals import StateInterval
from productivity.states import NOBODY_PRESENT, NOT_RECORDED
from productivity.time import SECOND, Duration
from tests.cli.agreed_site import AgreedSite
from tests.cli.test_permission import STATION, VIDEO, NobodyThere, Paced
from tests.consent.conftest import MemoryFiles
from tests.consent.gate.site import Site as WholeSite
from tests.consent.world import World


def content(outbox):
    """All that waits, in the order of sending."""
    taken, seen = [], set()
    while (batch := outbox.next_batch("edge-1", skipping=seen)) is not None:
        seen.add(batch.key)
        taken += read_body(batch.body)[1]
    return taken


@pytest.fixture
def outbox(tmp_path):
    with Outbox(tmp_path / "outbox.db") as opened:
        yield opened


# --- Out of reach of the site, in imagined time. ---


class OutOfReach:
    """A recorder whose intervals, one each second, are in its outbox before it hears of a stop."""

    def __init__(self, root, outbox):
        self.site = WholeSite(World(MemoryFiles()).founded().agreed().enrolled(), root)
        self.outbox = outbox
        self.gate = Permission(self.site.gate)
        self.sink = OutboxSink(outbox, Origin(self.site.now_ms, {}, self.gate.place_of))

    def film(self, seconds, state="manual assembly"):
        for _ in range(seconds):
            start = self.site.at
            self.site.film(1, rate_ms=500)
            self.sink.on_interval(StateInterval(self.site.station, state, start, Duration(SECOND), 0.9))

    def suspend(self):
        world = self.site.world
        self.site.hand_in(AgreementSuspended(agreement=world.hash), world.council)
        self.site.frame(500)
        self.site.passes(500, looking=True)


def test_what_was_recorded_unawares_is_purged_and_what_came_before_is_kept(tmp_path, outbox):
    """The agreement rounds to a quarter of an hour: by rounded starts alone, nothing could be told apart."""
    recorder = OutOfReach(tmp_path, outbox)
    recorder.film(10)
    recorder.site.plant.network = False
    recorder.film(30, "screwing")
    recorder.site.plant.network = True
    recorder.suspend()
    assert recorder.gate.taken_back == 1
    recorder.sink.take_back()
    recorder.sink.close()
    kept = content(outbox)
    assert [one.state for one in kept] == ["manual assembly"] * 10 + [NOT_RECORDED]
    assert (kept[-1].reason, kept[-1].duration_ns) == (Reason.SUSPENDED, 30 * SECOND)
    on_disk = b"".join(file.read_bytes() for file in tmp_path.glob("outbox.db*"))
    assert b"manual assembly" in on_disk
    assert b"screwing" not in on_disk


def test_nothing_is_purged_where_nobody_stopped_anything(tmp_path, outbox):
    recorder = OutOfReach(tmp_path, outbox)
    recorder.film(10)
    recorder.site.plant.network = False
    recorder.film(30)
    recorder.site.plant.network = True
    recorder.film(1)
    recorder.sink.close()
    assert [one.state for one in content(outbox)] == ["manual assembly"] * 41


class Server:
    """A plant server in memory that takes everything, and its name for this device."""

    device = "edge-1"

    def __init__(self):
        self.entries, self.reports = [], []

    def send(self, batch):
        self.entries += read_body(batch.body)[1]
        return Answer(200, same=True)

    def report(self, body, signed_s):
        self.reports.append(body)
        return Answer(200, same=True)


def test_nothing_leaves_while_a_stop_would_not_be_known(tmp_path, outbox):
    recorder = OutOfReach(tmp_path, outbox)
    sent = Delivery(outbox, Server(), tmp_path)
    sent._gate, sent._sink, sent._has_tidied = recorder.gate, recorder.sink, True
    recorder.film(2)
    assert sent._may_send()
    recorder.site.plant.network = False
    recorder.film(3)
    assert not sent._may_send()
    recorder.site.plant.network = True
    recorder.film(1)
    assert sent._may_send()


def test_what_was_put_leaves_after_a_look_that_began_later(tmp_path, outbox):
    """The first look that ends after a put may have begun before it, and before the stop."""
    recorder = OutOfReach(tmp_path, outbox)
    sent = Delivery(outbox, Server(), tmp_path)
    sent._gate, sent._sink, sent._has_tidied = recorder.gate, recorder.sink, True
    recorder.film(2)
    found = []
    sent.on_interval(StateInterval(recorder.site.station, "screwing", recorder.site.at, Duration(1), 0.9))
    for _ in range(3):
        found.append(sent._may_send())
        recorder.site.gate.check()
    assert found == [False, False, True]


def test_what_a_crash_left_is_purged_before_anything_is_sent(tmp_path, outbox):
    """The recorder was out of reach, was killed, and the council suspended in the meantime."""
    crashed = OutOfReach(tmp_path, outbox)
    crashed.film(10)
    crashed.site.plant.network = False
    crashed.film(20)
    site, world = crashed.site, crashed.site.world
    site.hand_in(AgreementSuspended(agreement=world.hash), world.council)
    site.plant.network = True
    site.passes(500)
    site.gate = site.recorder()
    site.gate.check()
    server = Server()
    sent = Delivery(outbox, server, tmp_path)
    station = read_station(STATION).model_copy(update={"name": site.station})
    sent.begin(Permission(site.gate), [station])
    assert sent.settle(10) == []
    assert "manual assembly" not in {one.state for one in server.entries}
    (start,) = site.bodies(RecordingStarted)
    assert {one.session for one in server.entries} == {start.session}
    assert sum(one.duration_ns for one in server.entries) == 30 * SECOND


# --- The whole recorder in real time. ---


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site").mkdir()
    agreed = AgreedSite(tmp_path / "site", read_station(STATION))
    yield agreed.agree()
    agreed.close()


def test_a_suspension_reaches_files_and_server_alike_and_a_resumption_is_a_new_session(
    site, outbox, tmp_path
):
    engine, server = NobodyThere(), Server()

    def play():
        while not engine.looked_ms:
            time.sleep(0.01)
        time.sleep(1)
        site.hand_in(AgreementSuspended(agreement=site.hash), site.world.council)
        site.settle()
        until = time.monotonic() + 5  # a busy machine reports a little later
        while Reason.SUSPENDED.encode() not in b"".join(server.reports) and time.monotonic() < until:
            time.sleep(0.1)
        line = site.plant.follow(site.world.log.verifier).poll().agreements[site.hash]
        assert line.state is State.SUSPENDED
        resumption = AgreementResumed(agreement=site.hash, lifts=line.suspended_at)
        site.hand_in(resumption, site.world.council, site.world.employer)

    player = threading.Thread(target=play, daemon=True)
    player.start()
    keys = Site(site.plant.root, site.log_key, site.device_key, site.passphrase)
    plan = Plan([STATION], [read_station(STATION)], keys, None, None, keep=True)
    sent = Delivery(outbox, server, tmp_path)
    with FileSource(VIDEO, camera="camera") as source:
        paced = Paced(source, 4)
        paced.info, paced.close = source.info, source.close
        outcome = run(plan, paced, engine, sent)
    assert sent.settle(10) == [f"{len(server.entries)} intervals are at the plant server"]
    player.join(10)
    site.settle()

    (recording,) = outcome.recordings
    arrived = [(one.state, one.reason, one.duration_ns) for one in server.entries]
    assert arrived == [(one.state, one.reason or None, one.duration) for one in recording.intervals]
    assert sum(one.duration_ns for one in server.entries) == recording.span.duration
    first, second = [start.session for start in site.bodies(RecordingStarted)]
    assert [one.session for one in server.entries] == sorted(
        (one.session for one in server.entries), key=[first, second].index
    )
    assert {one.session for one in server.entries} == {first, second}
    assert Reason.SUSPENDED in {one.reason for one in server.entries}
    assert NOBODY_PRESENT in {one.reason for one in server.entries}
    lights = b"".join(server.reports).decode()
    assert '"light":"recording"' in lights
    assert f'"light":"not recording","reason":"{Reason.SUSPENDED}"' in lights
    assert '"light":"ended"' in server.reports[-1].decode()

"""The sender against the project's own plant server: both read the batch format alike."""

import hashlib
import json
import socket
import threading
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from capture.outbox.batch import Batch, write_body
from capture.outbox.outbox import Outbox
from capture.outbox.pacing import Condition, next_step
from capture.outbox.purge import Purge
from capture.outbox.report import Light, StationLight, write_report
from capture.outbox.sender import Clocks, Sender
from capture.outbox.transport import Transport
from consent.notes import KeyType, Signer

uvicorn = pytest.importorskip("uvicorn", reason="the plant server needs the extra 'server'")
sqlalchemy = pytest.importorskip("sqlalchemy", reason="the plant server needs the extra 'server'")
pytest.importorskip("alembic", reason="the plant server needs the extra 'server'")
app = pytest.importorskip("api.app", reason="there is no plant server here")
services = pytest.importorskip("api.services")
sql = pytest.importorskip("storage.sql.database")
store = pytest.importorskip("storage.sql.store")
tables = pytest.importorskip("storage.sql.tables")
devices = pytest.importorskip("storage.sql.devices")

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = str(Signer("edge-1", KeyType.ED25519, KEY).verifier)
OTHER_VERIFIER = str(
    Signer("edge-1", KeyType.ED25519, Ed25519PrivateKey.from_private_bytes(bytes(32))).verifier
)


class Plant:
    """A plant server on this machine; `ahead_s`: how much its clock is ahead."""

    def __init__(self, directory):
        self.file = directory / "plant.db"
        self.ahead_s = 0
        self.database = sql.Database(f"sqlite:///{self.file}")
        application = app.create_app(
            services.Services(store.SqlStore(self.database), self.database, self.now_ms)
        )
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.server = uvicorn.Server(uvicorn.Config(application, log_config=None, lifespan="off"))
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True
        )
        self.thread.start()

    def now_ms(self):
        return int(1000 * (time.time() + self.ahead_s))

    def code(self):
        return devices.add_code(self.database, "halle-3", "Europe/Berlin", hours=1, at_ms=self.now_ms())

    def publish(self, name, text):
        """Publish a file for a station of the site, which is made."""
        with self.database.writing() as connection:
            site_id = connection.execute(sqlalchemy.select(tables.site.c.id)).scalar_one()
            made = sqlalchemy.insert(tables.station).values(site_id=site_id, name=name)
            station_id = connection.execute(made.returning(tables.station.c.id)).scalar_one()
            row = {
                "station_id": station_id,
                "revision": 1,
                "text": text,
                "digest": hashlib.sha256(text.encode()).digest(),
                "written_ms": self.now_ms(),
                "published_ms": self.now_ms(),
            }
            connection.execute(sqlalchemy.insert(tables.station_file).values(row))

    def intervals(self):
        """All that was committed: (ordinal, duration in ns)."""
        columns = tables.interval.c.ordinal, tables.interval.c.duration_ns
        with self.database.reading() as connection:
            rows = connection.execute(sqlalchemy.select(*columns).order_by(*columns))
            return [tuple(row) for row in rows]

    def close(self):
        self.server.should_exit = True
        self.thread.join()
        self.listening.close()
        self.database.close()


@pytest.fixture
def plant(tmp_path):
    running = Plant(tmp_path)
    yield running
    running.close()


@pytest.fixture
def transport(plant):
    """Speaks for a device that is enrolled."""
    with Transport(plant.url) as opened:
        assert opened.enroll(plant.code(), "edge-1", VERIFIER).status == 201
        yield opened


def now_s():
    return int(time.time())


def drain(outbox, transport, conditions):
    def post(batch):
        return transport.send(batch, "edge-1", KEY, now_s)

    sender = Sender(outbox, "edge-1", post, Clocks(now_s, time.monotonic), conditions.append)
    for _ in range(50):
        if outbox.next_batch("edge-1") is None:
            return
        sender.step()


def test_enrolment_is_understood(plant):
    code = plant.code()
    with Transport(plant.url) as opened:
        assert opened.enroll("wrong", "edge-1", VERIFIER).status == 403
        done = opened.enroll(code, "edge-1", VERIFIER)
        assert (done.status, done.body) == (201, {"device": "edge-1"})
        assert opened.enroll(code, "edge-2", VERIFIER).status == 403
        assert opened.enroll(code, "edge-1", VERIFIER).status == 201  # as if the answer had been lost
        assert opened.enroll(plant.code(), "edge-1", OTHER_VERIFIER).status == 409


def test_everything_that_an_outbox_can_hold_is_taken(plant, transport, tmp_path, entry):
    """States, gaps of a full disk, gaps of a purge, German names; each exactly once."""
    conditions = []
    with Outbox(tmp_path / "box.db") as outbox:
        outbox.put([entry(0, station="Prüfplatz"), entry(1, category=None, state="unknown")])
        outbox._database._page_limit, limit = 0, outbox._database._page_limit
        outbox.put([entry(2), entry(3)])
        outbox._database._page_limit = limit
        drain(outbox, transport, conditions)
        outbox.put([entry(4), entry(5)])
        outbox.purge(Purge("consent withdrawn", session="a" * 32))
        drain(outbox, transport, conditions)
        assert outbox.next_batch("edge-1") is None
    assert set(conditions) == {Condition.FINE}
    length = entry().duration_ns
    assert plant.intervals() == [(0, length), (1, length), (2, 2 * length), (4, 2 * length)]


def test_a_repeated_batch_is_acknowledged_again_and_another_content_is_a_conflict(plant, transport, entry):
    boot = "b" * 32
    batch = Batch(boot, 0, write_body("edge-1", boot, 0, [entry()]))
    other = Batch(boot, 0, write_body("edge-1", boot, 0, [entry(1)]))
    answers = [transport.send(one, "edge-1", KEY, now_s) for one in (batch, batch, other)]
    assert [(one.status, one.same) for one in answers] == [(200, True), (200, True), (409, False)]
    assert len(plant.intervals()) == 1


def test_a_clock_in_doubt_is_told_apart_from_a_wrong_key(plant, transport, entry):
    batch = Batch("b" * 32, 0, write_body("edge-1", "b" * 32, 0, [entry()]))
    found = {}
    for name, ahead_s, key in (("clock", 900, KEY), ("key", 0, Ed25519PrivateKey.generate())):
        plant.ahead_s = ahead_s
        answer = transport.send(batch, "edge-1", key, now_s)
        found[name] = next_step(answer, purged=False, failures=0, now_s=now_s(), draw=0.5).condition
    assert found == {"clock": Condition.CLOCK, "key": Condition.NOT_ACCEPTED}
    assert plant.intervals() == []


def test_a_report_is_understood(plant, transport):
    lights = [StationLight("Prüfplatz", Light.NOT_RECORDING, "the works agreement is suspended")]
    answers = [
        transport.report(write_report("edge-1", waiting, "", lights), "edge-1", KEY, now_s() + later_s)
        for waiting, later_s in ((3, 0), (4, 1), (5, 0))
    ]
    assert [(one.status, one.same) for one in answers] == [(200, True)] * 3
    with plant.database.reading() as connection:
        row = connection.execute(sqlalchemy.select(tables.device_report)).one()
    assert (row.waiting, row.condition) == (4, "nothing was sent yet")
    assert [one["station"] for one in json.loads(row.lights)] == ["Prüfplatz"]


def test_a_station_file_is_fetched(plant, transport):
    """Whatever a station is called: its name becomes a part of the path that is signed."""
    name = "Prüfplatz 1/2 #3?"
    assert transport.station_file(name, "edge-1", KEY, now_s()).status == 404
    plant.publish(name, "größer\n")
    reply = transport.station_file(name, "edge-1", KEY, now_s())
    assert (reply.status, reply.content.decode()) == (200, "größer\n")
    again = transport.station_file(name, "edge-1", KEY, now_s(), have=reply.headers["etag"])
    assert (again.status, again.content) == (304, b"")

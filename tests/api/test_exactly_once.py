"""Promise 4 on the server's side: an acknowledged interval is never lost and never counted twice.

A real server process is killed again and again, at random moments, while batches arrive repeatedly and out of
order. (That a kernel or a disk loses power is not tried here; `synchronous=FULL` and `synchronous_commit` are
what holds then.)
"""

import random
import threading
import time
from datetime import UTC, datetime

import httpx
from sqlalchemy import func, select, text

from cli.handing_in import now_ms
from storage.sql.batches import gaps
from storage.sql.database import Database
from storage.sql.devices import add_code, enrol
from storage.sql.tables import batch, interval
from tests.api.plant import Device
from tests.api.plant import interval as wire_interval

BATCHES, INTERVALS, KILLS, SENDERS = 1000, 5, 8, 4


class Deliveries:
    """Copies of batches that are sent, by several threads, until each copy is acknowledged."""

    def __init__(self, url, device, luck):
        self.url, self.device, self.luck = url, device, luck
        self.bodies = [
            device.batch(number, intervals=[wire_interval(INTERVALS * number + n) for n in range(INTERVALS)])
            for number in range(BATCHES)
        ]
        self.waiting = [number for number in range(BATCHES) for _ in range(luck.choice((1, 1, 2, 3)))]
        luck.shuffle(self.waiting)
        self.copies = len(self.waiting)
        self.acknowledged, self.unanswered, self.unexpected = [], [], []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work) for _ in range(SENDERS)]

    def work(self):
        with httpx.Client(base_url=self.url, timeout=30) as client:
            while not self.unexpected:
                with self.lock:
                    if not self.waiting:
                        return
                    number = self.waiting.pop()
                if not self.send(client, number):
                    with self.lock:
                        self.waiting.insert(self.luck.randrange(len(self.waiting) + 1), number)

    def send(self, client, number):
        body = self.bodies[number]
        headers = self.device.headers(body, number, host=self.url, created=datetime.now(UTC))
        try:
            answer = client.post("/v1/batches", content=body, headers=headers)
        except httpx.TransportError:
            self.unanswered.append(number)
            time.sleep(0.02)
            return False
        if answer.status_code == 200:
            self.acknowledged.append((number, answer.json()["duplicate"]))
            return True
        if answer.status_code not in {429, 503}:
            self.unexpected.append(answer.text)
        time.sleep(0.2)
        return False


def test_a_thousand_batches_under_kill_are_stored_exactly_once(server):
    luck = random.Random(4)
    device = Device("edge-1")
    with Database(server.address) as database:
        code = add_code(database, "north", "Europe/Berlin", hours=1, at_ms=now_ms())
        enrol(database, code, "edge-1", device.key, now_ms())
    server.start()
    deliveries = Deliveries(server.url, device, luck)
    for thread in deliveries.threads:
        thread.start()
    for kill in range(KILLS):
        # Spread over the work, and within a batch at random.
        goal = deliveries.copies * (kill + 1) // (KILLS + 1)
        while len(deliveries.acknowledged) < goal and not deliveries.unexpected:
            time.sleep(0.002)
        time.sleep(luck.uniform(0, 0.02))
        server.kill()
        promised = {number for number, _ in list(deliveries.acknowledged)}
        with Database(server.address) as database, database.reading() as connection:
            assert promised <= set(connection.execute(select(batch.c.sequence)).scalars())
        server.start()
    for thread in deliveries.threads:
        thread.join()
    server.kill()
    assert not deliveries.unexpected
    assert deliveries.unanswered  # batches were in flight when the process died
    assert len(deliveries.acknowledged) == deliveries.copies
    fresh = [number for number, duplicate in deliveries.acknowledged if not duplicate]
    assert len(fresh) == len(set(fresh))
    _is_whole(server.address)


def _is_whole(address):
    """Hold the database to what was sent."""
    with Database(address) as database, database.reading() as connection:
        assert gaps(database) == []
        assert sorted(connection.execute(select(batch.c.sequence)).scalars()) == list(range(BATCHES))
        ordinals = sorted(connection.execute(select(interval.c.ordinal)).scalars())
        assert ordinals == list(range(BATCHES * INTERVALS))
        total = int(connection.execute(select(func.sum(interval.c.duration_ns))).scalar_one())
        assert total == sum(10**9 + n for n in range(BATCHES * INTERVALS))
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"

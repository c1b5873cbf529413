"""The edge's own sender and this server understand each other."""

from datetime import UTC, datetime

from api.signatures import CLOCK_TOLERANCE_S
from capture.outbox.batch import Batch, write_body
from capture.outbox.entry import Entry, not_recorded
from capture.outbox.signature import signed_headers
from productivity.states import StateCategory
from tests.api.plant import BOOT, NOW_MS, is_problem

ENTRY = Entry("cd" * 16, 0, "bench-1", "assembling", StateCategory.CYCLE_BOUND, NOW_MS, 10**9, 970, cycle=1)


def send(plant, device, *, posix_s=NOW_MS // 1000):
    entries = [ENTRY, not_recorded(ENTRY, 5, "buffer full")]
    sent = Batch(BOOT, 7, write_body(device.name, BOOT, 7, entries))
    headers = signed_headers("http://plant/v1/batches", sent, device.name, device.private, posix_s=posix_s)
    return plant.ask("POST", "/v1/batches", content=sent.body, headers=headers)


def test_what_the_outbox_sends_is_acknowledged(plant, device):
    expected = {"device": "edge-1", "boot": BOOT, "sequence": 7, "duplicate": False}
    assert send(plant, device).json() == expected
    assert send(plant, device).json() == {**expected, "duplicate": True}
    assert plant.rows()["interval"] == 2


def test_its_clock_in_doubt_is_told(plant, device):
    answer = send(plant, device, posix_s=NOW_MS // 1000 - CLOCK_TOLERANCE_S - 1)
    is_problem(answer, 401, "clock")
    assert datetime.fromtimestamp(answer.json()["server_time"], UTC).timestamp() * 1000 == NOW_MS

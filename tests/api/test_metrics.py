"""Metrics: true figures, no names, and only for whom they are for."""

import asyncio
import re

import httpx
import pytest

from api.metrics import Kept, Metrics
from storage.sql.device_reports import keep
from storage.sql.records import Acceptance, DeviceReport
from tests.api.plant import NOW_MS, START_MS, Device, Plant, interval, is_problem
from tests.api.site_in_memory import MemorySite
from tests.consent.conftest import MemoryFiles
from tests.consent.world import World

TOKEN = b"0123456789abcdef"


class Watched(Plant):
    """A plant on this very machine, with whom requests come from."""

    def get(self, client="127.0.0.1", **headers):
        async def ask():
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(client, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://plant") as sender:
                return await sender.get(
                    "/metrics", headers={name.replace("_", "-"): v for name, v in headers.items()}
                )

        return asyncio.run(ask())

    def values(self):
        """Each sample as name with labels, and its value."""
        answer = self.get()
        assert answer.status_code == 200, answer.text
        lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


@pytest.fixture
def plant(tmp_path):
    with Watched(f"sqlite:///{tmp_path}/plant.db", secure=False) as opened:
        yield opened


def test_requests_are_counted_by_route_method_and_status(plant, device):
    plant.send(device)
    plant.ask("GET", "/v1/nowhere/SECRET")
    plant.ask("SECRET", "/v1/batches")
    values = plant.values()
    assert values['fairtakt_requests_total{method="POST",route="/v1/batches",status="200"}'] == 1
    assert values['fairtakt_requests_total{method="GET",route="none",status="404"}'] == 1
    assert values['fairtakt_requests_total{method="other",route="/v1/batches",status="405"}'] == 1
    assert values['fairtakt_request_seconds_count{route="/v1/batches"}'] == 2
    assert values['fairtakt_request_seconds_bucket{le="+Inf",route="/v1/batches"}'] == 2
    assert values['fairtakt_request_seconds_sum{route="/v1/batches"}'] > 0
    assert not any("SECRET" in name for name in values)
    assert values["process_start_time_seconds"] > 0


def test_batches_are_counted_by_what_became_of_them(plant, device):
    plant.send(device, 0)
    plant.send(device, 0)
    plant.send(device, 3)
    plant.send(device, 0, body=device.batch(0, condition="SECRET"))  # refused before it is stored
    plant.send(device, 0, body=device.batch(0, intervals=[interval(9)]))
    values = plant.values()
    counted = {
        name: values[f'fairtakt_batches_total{{outcome="{name}"}}']
        for name in ("stored", "duplicate", "conflict")
    }
    assert counted == {"stored": 2, "duplicate": 1, "conflict": 1}
    assert values["fairtakt_intervals_total"] == 2
    assert values["fairtakt_missing_batches"] == 2
    assert values["fairtakt_oldest_open_interval_seconds"] == (NOW_MS - START_MS) / 1000


def test_devices_are_counted_by_when_they_last_reported(plant):
    """Within a minute, an hour, a day, longer ago, never; one that was retired does not count."""
    ages = {"now": 0, "minute": 60_000, "hour": 60_001, "day": 3_600_001, "old": 86_400_001, "gone": 0}
    for number, (name, age_ms) in enumerate(ages.items()):
        plant.enrolled(name, bytes([number + 1]))
        report = DeviceReport(device=name, created_s=1, waiting=10**number, condition="fine", lights="[]")
        keep(plant.database, report, NOW_MS - age_ms)
    plant.enrolled("silent", b"s")
    with plant.database.writing() as connection:
        connection.exec_driver_sql("UPDATE device SET retired_ms = 1 WHERE name = 'gone'")
    values = plant.values()
    assert [
        values[f'fairtakt_devices{{reported="{word}"}}']
        for word in ("within a minute", "within an hour", "within a day", "longer ago", "never")
    ] == [2, 1, 1, 1, 1]
    assert values["fairtakt_outbox_intervals"] == 11_111
    assert not any(name in plant.get().text for name in ("silent", "gone"))


def test_the_log_is_told_where_there_is_one(plant, tmp_path):
    assert not any(name.startswith("fairtakt_log") for name in plant.values())
    world = World(MemoryFiles()).founded().agreed()
    world.cosigned()
    site = MemorySite(world)
    with Watched(f"sqlite:///{tmp_path}/2.db", secure=False, site=site) as logged:
        values = logged.values()
        assert values["fairtakt_log_believed"] == values["fairtakt_log_takes_in"] == 1
        assert values["fairtakt_log_entries"] == site.world.state.size
        assert values["fairtakt_log_cosigned_seconds"] >= 0
        site.unusable = "changed"
        assert logged.values()["fairtakt_log_believed"] == 0


def test_gauges_that_fail_leave_the_others_readable(plant):
    plant.database.close()
    with plant.database._reader.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    metrics = Metrics()
    metrics.took_in(Acceptance.STORED, 7)

    def broken():
        raise OSError("SECRET")
        yield

    metrics.ask(broken)
    text = metrics.text().decode()
    assert "fairtakt_unreadable_gauges 1.0" in text
    assert "fairtakt_intervals_total 7.0" in text
    assert "SECRET" not in text


def test_what_is_costly_is_asked_seldom():
    now, asked = [0.0], []
    kept = Kept(lambda: len(asked) or asked.append(1) or 7, 300, lambda: now[0])
    assert (kept(), kept()) == (7, 7)
    now[0] = 299
    assert kept() == 7
    now[0] = 300
    assert kept() == 1
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("client", "headers", "permitted"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("192.0.2.7", {}, False),
        ("testclient", {}, False),
        ("127.0.0.1", {"X_Forwarded_For": "127.0.0.1"}, False),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", {"Via": "1.1 proxy"}, False),
    ],
)
def test_without_a_token_only_this_machine_reads(plant, client, headers, permitted):
    answer = plant.get(client, **headers)
    if permitted:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    else:
        is_problem(answer, 401, "token")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_behind_a_proxy_nobody_reads_without_a_token(tmp_path):
    """Everybody seems to be on this machine then; nginx adds no header unless it is told to."""
    with Watched(f"sqlite:///{tmp_path}/plant.db", secure=True) as plant:
        is_problem(plant.get(), 401, "token")


@pytest.mark.parametrize(
    ("header", "permitted"),
    [
        ("Bearer 0123456789abcdef", True),
        ("bearer 0123456789abcdef", True),
        ("Bearer 0123456789abcdeF", False),
        ("Bearer ", False),
        ("Basic 0123456789abcdef", False),
        ("0123456789abcdef", False),
        ("Bearer é", False),
    ],
)
def test_with_a_token_whoever_has_it_reads_and_nobody_else(tmp_path, header, permitted):
    with Watched(f"sqlite:///{tmp_path}/plant.db", secure=True, metrics_token=TOKEN) as plant:
        answer = plant.get("192.0.2.7", Authorization=header.encode())
        if permitted:
            assert answer.status_code == 200
        else:
            is_problem(answer, 401, "token")
        is_problem(plant.get(), 401, "token")


def test_labels_are_few_and_ours(plant, device):
    """Whatever a client sends, no new series comes of it."""
    for number in range(20):
        plant.ask(f"X{number}", f"/x/{number}", headers={"Host": f"h{number}"})
        plant.send(Device(f"edge-{number}"))
    names = {
        re.sub(r"_(bucket|sum|count|created|total)\b", "", name.split("{")[0]) for name in plant.values()
    }
    assert len([name for name in plant.values() if name.startswith("fairtakt_requests_total")]) <= 5
    assert {name for name in names if name.startswith("fairtakt")} >= {
        "fairtakt_requests",
        "fairtakt_devices",
    }

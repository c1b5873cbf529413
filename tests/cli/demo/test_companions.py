"""The demonstration as it runs: a real server, the witness, devices that send; and an auditor afterwards."""

import threading
import time

import pytest
import uvicorn
from sqlalchemy import func, select

from api.app import create_app
from cli.demo.companions import devices_beside, witness_beside
from cli.demo.prepare import prepare
from cli.serving import Log, Settings, open_services
from consent.audit.kept import read_kept
from consent.audit.policy import parse_policy
from consent.audit.verify import audit_log
from consent.log.directory import Directory
from storage.sql.tables import batch, device, device_report

PATIENCE_S = 120  # a shared machine may take its time


@pytest.fixture
def running(tmp_path, make_wish):
    """A demonstration of now, and its server on a free port of this machine."""
    plant = prepare(tmp_path / "plant-demo", make_wish(time.time_ns() // 1_000_000), lambda _: None)
    with witness_beside(plant) as witness:
        log = Log(plant.plant, (plant.log_key,), (plant.passphrase_file,), witness)
        settings = Settings(plant.database, "127.0.0.1", 8443, data=plant.data, log=log)
        with open_services(settings) as services:
            config = uvicorn.Config(
                create_app(services), host="127.0.0.1", port=0, lifespan="off", log_config=None
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run)
            thread.start()
            try:
                wait_until(lambda: server.started)
                port = server.servers[0].sockets[0].getsockname()[1]
                yield plant, services, f"http://127.0.0.1:{port}"
            finally:
                server.should_exit = True
                thread.join()


def wait_until(true):
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.1)


def test_devices_record_send_and_report_and_the_auditor_finds_nothing(running):
    plant, services, origin = running
    before = batches(services)

    def sent():
        after = batches(services)
        return {name for name in after if after[name] > before.get(name, 0)}

    with devices_beside(plant, origin, sample=False):
        wait_until(lambda: sent() and reports(services))
    assert sent() <= {"edge-pre-assembly", "edge-final-assembly"}
    # Sessions are closed in the log, not left open.
    wait_until(lambda: not services.site.state().logged.sessions)
    report = audit_log(
        Directory(plant.plant / "log"),
        parse_policy(plant.policy.read_bytes(), "policy"),
        kept=read_kept(plant.plant / "log"),
    )
    assert (report.number, report.findings) == (0, ())


def batches(services):
    with services.database.reading() as connection:
        counted = select(device.c.name, func.count()).join(batch).group_by(device.c.name)
        return {row[0]: row[1] for row in connection.execute(counted)}


def reports(services):
    with services.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(device_report)).scalar_one()

"""The plant server under load: signed batches per second, beside the same inserts without it.

A real server process on SQLite; devices send from a process of their own, each signing every batch. All of it
shares this machine: the figure includes the clients. Several rounds, of which the best counts, because a
shared machine only ever adds time. Writes out/bench/server.json.

    server    POST /v1/batches: signature, validation, one durable transaction for each batch
    inserts   storage.sql.batches.accept in one thread: the same durable transactions and nothing else
    fsync     4 KiB written and fsynced: what both must be judged by
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.table import Table

from api.metrics import Metrics
from capture.outbox.batch import Batch, write_body
from capture.outbox.entry import Entry
from capture.outbox.signature import signed_headers
from cli.handing_in import now_ms
from consent.notes import KeyType, Signer
from productivity.states import StateCategory
from storage.sql.batches import accept
from storage.sql.database import Database
from storage.sql.devices import add_code, enrol
from storage.sql.records import Acceptance, BatchRecord, IntervalRecord

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out" / "bench" / "server.json"
DEVICES, BATCHES, INTERVALS, ROUNDS = 16, 150, 20, 3
CONNECTIONS = 4
"""Devices that send at the same moment; the others have just sent."""
FSYNCS = 200
GOAL = 300


def main() -> None:
    """Run all rounds, print the table, write the figures."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    total = DEVICES * BATCHES
    with tempfile.TemporaryDirectory(dir=OUT.parent) as place:
        rounds = [_serve(f"{place}/served-{n}.db") for n in range(ROUNDS)]
        inserted = min(_insert(f"{place}/inserted-{n}.db") for n in range(ROUNDS))
        fsync_s = min(_fsync(Path(place) / f"fsync-{n}") for n in range(ROUNDS))
    served = min(load.wall_s for load in rounds)
    figures = {
        "batches_per_second": total / served,
        "inserts_per_second": total / inserted,
        "ratio_to_inserts": inserted / served,
        "intervals_per_batch": INTERVALS,
        "batches": total,
        "server_cpu_ms": min(load.server_s for load in rounds) / total * 1000,
        "client_cpu_ms": min(load.client_s for load in rounds) / total * 1000,
        "fsync_ms": fsync_s * 1000,
        "metrics_us": _metrics() * 1_000_000,
    }
    figures["metrics_share"] = figures["metrics_us"] / 1000 / figures["server_cpu_ms"]
    OUT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    table = Table(
        "measure", "figure", "goal", title=f"plant server on SQLite, batches of {INTERVALS} intervals"
    )
    rate = f"{figures['batches_per_second']:,.0f}"
    table.add_row("signed batches per second, clients included", rate, f">= {GOAL}")
    table.add_row("the same inserts without the API, per second", f"{figures['inserts_per_second']:,.0f}", "")
    table.add_row("API / inserts", f"{figures['ratio_to_inserts']:.2f}", "")
    cpu = f"{figures['server_cpu_ms']:.2f} + {figures['client_cpu_ms']:.2f}"
    table.add_row("processor time of a batch, server + client, ms", cpu, "")
    table.add_row("one fsync on this disk, ms", f"{figures['fsync_ms']:.2f}", "")
    share = f"{figures['metrics_us']:.1f} us, {figures['metrics_share']:.2%}"
    table.add_row("of the server's processor time: counting a batch in the metrics", share, "")
    Console().print(table)


@dataclass(frozen=True, slots=True)
class Device:
    """A device and the batches that it will send."""

    name: str
    key: Ed25519PrivateKey
    batches: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """Seconds that all batches took: by the clock, and of processor time on both sides."""

    wall_s: float
    server_s: float
    client_s: float


def _devices() -> list[Device]:
    return [_device(f"edge-{number}") for number in range(DEVICES)]


def _device(name: str) -> Device:
    boot = secrets.token_hex(16)
    batches = tuple(
        Batch(boot, sequence, write_body(name, boot, sequence, _entries(name, sequence)))
        for sequence in range(BATCHES)
    )
    return Device(name, Ed25519PrivateKey.generate(), batches)


def _entries(station: str, sequence: int) -> list[Entry]:
    first = sequence * INTERVALS
    category = StateCategory.CYCLE_BOUND
    return [
        Entry(
            "ab" * 16, n, station, "assembling", category, 1_795_000_000_000 + 1000 * n, 10**9 + n, 970, n + 1
        )
        for n in range(first, first + INTERVALS)
    ]


def _enrol(database: Database, devices: list[Device]) -> None:
    for device in devices:
        code = add_code(database, "bench", "UTC", hours=1, at_ms=now_ms())
        key = str(Signer(device.name, KeyType.ED25519, device.key).verifier)
        enrol(database, code, device.name, key, now_ms())


def _serve(file: str) -> Load:
    """Send all batches through the API."""
    devices = _devices()
    with Database(f"sqlite:///{file}") as database:
        _enrol(database, devices)
    with _server(file) as (url, pid):
        shares = [devices[n::CONNECTIONS] for n in range(CONNECTIONS)]
        threads = [threading.Thread(target=_send, args=(url, share)) for share in shares]
        start, server_s, client_s = time.perf_counter(), _cpu_s(pid), time.process_time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        load = Load(time.perf_counter() - start, _cpu_s(pid) - server_s, time.process_time() - client_s)
    with Database(f"sqlite:///{file}") as database, database.reading() as connection:
        stored = connection.exec_driver_sql("SELECT count(*) FROM interval").scalar()
    assert stored == DEVICES * BATCHES * INTERVALS, f"{stored} intervals were stored"
    return load


def _cpu_s(pid: int) -> float:
    """Return the processor seconds that a process has used (proc(5): utime and stime, in ticks)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _send(url: str, devices: list[Device]) -> None:
    address = f"{url}/v1/batches"
    with httpx.Client() as client:
        for device in devices:
            for batch in device.batches:
                posix_s = now_ms() // 1000
                headers = signed_headers(address, batch, device.name, device.key, posix_s=posix_s)
                answer = client.post(address, headers=headers, content=batch.body)
                assert answer.status_code == 200, answer.text


@contextmanager
def _server(file: str) -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = "import typer; from cli.serve import serve; typer.run(serve)"
    words = [sys.executable, "-c", code, "--database", f"sqlite:///{file}", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        while not _ready(url):
            assert process.poll() is None, "the server ended"
            time.sleep(0.05)
        yield url, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def _insert(file: str) -> float:
    """Return the seconds that the same rows take without the API."""
    devices = _devices()
    records = [_record(device, batch) for device in devices for batch in device.batches]
    with Database(f"sqlite:///{file}") as database:
        _enrol(database, devices)
        start = time.perf_counter()
        for record in records:
            accept(database, record, 0)
        return time.perf_counter() - start


def _record(device: Device, batch: Batch) -> BatchRecord:
    entries = _entries(device.name, batch.sequence)
    intervals = tuple(
        IntervalRecord(
            bytes.fromhex(entry.session),
            entry.ordinal,
            entry.station,
            entry.state,
            entry.category,
            entry.start_ms,
            entry.duration_ns,
            entry.confidence,
            entry.cycle,
            entry.reason,
        )
        for entry in entries
    )
    return BatchRecord(device.name, bytes.fromhex(batch.boot), batch.sequence, batch.digest, intervals)


def _metrics() -> float:
    """Return the processor seconds of counting one batch: it, its intervals and the answer."""
    metrics, count = Metrics(), 100_000
    start = time.process_time()
    for _ in range(count):
        metrics.took_in(Acceptance.STORED, INTERVALS)
        metrics.answered("/v1/batches", "POST", 200, 0.003)
    return (time.process_time() - start) / count


def _fsync(path: Path) -> float:
    """Return the seconds of one fsync of 4 KiB."""
    with path.open("wb") as file:
        start = time.perf_counter()
        for _ in range(FSYNCS):
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
        return (time.perf_counter() - start) / FSYNCS


if __name__ == "__main__":
    main()

"""What runs beside the demonstration's server: the council's witness, and devices that record.

The witness is a thread; the devices are processes, because what sees pictures, or plays that it does, is a
process of its own wherever it runs. All of them speak to this machine only.
"""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from capture.outbox.enrolment import FILE, Enrolment
from cli.demo.layout import SAMPLE, STATIONS
from cli.demo.plant import DemoPlant
from consent import durable
from consent.keys import Role
from consent.witness.folder import MemoryFolder
from consent.witness.server import WitnessServer
from consent.witness.witness import Witness

AWAY = "edge-packing"
"""The device that does not run: the wall shows what a lost device looks like."""
_PATIENCE_S = 5.0


@contextmanager
def witness_beside(plant: DemoPlant) -> Iterator[str]:
    """Let the council's witness answer; gives its address."""
    log = plant.keys.verifier(Role.PLANT_LOG)
    council = Witness(
        plant.keys.open(Role.WITNESS), [log], MemoryFolder(plant.witness), lambda: int(time.time())
    )
    with WitnessServer(council, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, name="witness", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def devices_beside(plant: DemoPlant, origin: str, *, sample: bool) -> Iterator[None]:
    """Let devices record and send to the server at `origin`; `sample`: the rendered one is recorded too."""
    present = [plan for plan in STATIONS if plant.station_file(plan.name).exists()]
    names = {plan.device for plan in present if plan.name != SAMPLE} - {AWAY}
    commands = [["cli.demo.edge", str(plant.directory), *sorted(names)]]
    if sample:
        commands.append(["cli.demo.sample", str(plant.directory)])
        names.add(next(plan.device for plan in STATIONS if plan.name == SAMPLE))
    for name in sorted(names):
        _enrol(plant, name, origin)
    children = [_start(command, plant.directory) for command in commands]
    try:
        yield
    finally:
        for child in children:
            if child.stdin is not None:
                child.stdin.close()  # all close at the same time
        for child in children:
            _end(child)


def _enrol(plant: DemoPlant, name: str, origin: str) -> None:
    """Write down where a device sends to; the server knows its key already."""
    state = plant.device(name)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    enrolment = Enrolment(url=origin, device=name, key=plant.keys.private(name).resolve())
    durable.replace(state / FILE, enrolment.model_dump_json(indent=1).encode(), mode=0o600)


def _start(command: Sequence[str], directory: Path) -> "subprocess.Popen[bytes]":
    """Start a process; what it says goes into a file that is called after its module."""
    with (directory / f"{command[0].rpartition('.')[2]}.txt").open("wb") as file:
        # A session of its own: Ctrl-C is for the server, which ends its companions in good order.
        return subprocess.Popen(  # noqa: S603  # this very Python, and modules of our own
            [sys.executable, "-m", *command],
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Wait for a device: it closes its sessions in the log, and does not wait for a server that is gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(subprocess.TimeoutExpired):
            child.wait(_PATIENCE_S)
            return
        with suppress(ProcessLookupError):
            child.send_signal(number)
    child.wait()

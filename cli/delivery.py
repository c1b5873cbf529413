"""From the recorder to the plant server: intervals into the outbox, and two threads that send beside it.

The recorder never waits for the network: it puts intervals on the disk, and that is all. While the site's
directory is out of reach, nothing is sent: what was recorded meanwhile may yet have to be taken back.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capture.outbox.database import OutboxUnwritable
from capture.outbox.enrolment import OUTBOX, Enrolment, read_enrolment
from capture.outbox.outbox import Outbox
from capture.outbox.pacing import Condition
from capture.outbox.purge import Purge
from capture.outbox.report import StationLight
from capture.outbox.reporter import Reporter, Told
from capture.outbox.sender import Sender
from capture.outbox.sink import Origin, OutboxSink
from capture.outbox.transport import Transport
from cli.lights import Lights
from cli.passphrase import read_passphrase
from cli.permission import Permission, Site
from cli.signals import first_signal
from cli.uplink import CLOCKS, Uplink, open_device_key
from consent.entries.vocabulary import Reason
from consent.gate.stretches import LeftBehind
from consent.notes import Signer
from productivity.intervals import StateInterval

if TYPE_CHECKING:
    from capture.station.file import Station

SETTLE_S = 10.0
"""How long the end of a recording waits for what is still to be sent."""
GOODBYE_S = 3.0
"""And then for the report that it is over."""
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Destination:
    """What `fairtakt record` is told about the server. `passphrase_file` opens the key of the enrolment."""

    state: Path
    enrolment: Enrolment
    passphrase_file: Path | None
    limit_mib: int
    shares_key: bool
    """Whether the key that records also sends."""


def destination(
    state: Path,
    *,
    site: Site | None,
    passphrase_file: Path | None,
    server_passphrase_file: Path | None,
    limit_mib: int,
) -> Destination:
    """Return where to send; `BadInput` if the device was not enrolled there.

    The passphrase of the recorder's key opens the enrolment's key too, unless that has one of its own.
    """
    enrolment = read_enrolment(state)
    shares_key = site is not None and enrolment.key.resolve() == site.device_key.resolve()
    file = server_passphrase_file
    if file is None and (site is None or shares_key):
        file = passphrase_file
    return Destination(state, enrolment, file, limit_mib, shares_key)


class Delivery:
    """One recording on its way. `on_interval` and `obey` belong to the recorder's thread."""

    def __init__(self, outbox: Outbox, uplink: Uplink, state: Path) -> None:
        self._outbox = outbox
        self._state = state
        self._gate: Permission | None = None
        self._may_send_rest: bool | None = None
        self._taken_back = 0
        self._looks_at_put = 0
        self._has_tidied = False
        self._sink: OutboxSink | None = None
        self._lights: Lights | None = None
        self._ending, self._enough = threading.Event(), threading.Event()  # the sender's
        self._over, self._gone = threading.Event(), threading.Event()  # the reporter's
        self._sender = Sender(outbox, uplink.device, uplink.send, CLOCKS, may_send=self._may_send)
        told = Told(
            outbox.waiting,
            lambda: self._sender.condition or "",
            self._present_lights,
            outbox.tell_reporting,
        )
        self._reporter = Reporter(uplink.device, told, uplink.report, CLOCKS)
        # Daemons: at the end, a server that does not answer must not keep the program from ending.
        self._threads = [
            threading.Thread(target=work, name=f"outbox-{name}", daemon=True)
            for name, work in (("sender", self._send), ("reporter", self._report))
        ]

    # --- What the recorder calls. ---

    def begin(self, gate: Permission, stations: "Sequence[Station]") -> None:
        """Purge what an earlier run left behind and somebody has stopped since; from now on, send."""
        categories = {
            station.name: {state.name: state.category for state in station.states} for station in stations
        }
        started_ms = time.time_ns() // 1_000_000
        self._sink = OutboxSink(self._outbox, Origin(started_ms, categories, gate.place_of))
        self._lights = Lights(list(categories), gate)
        gate.on_recorded = self._lights.recorded
        self._gate = gate
        self.obey()
        for thread in self._threads:
            thread.start()

    def on_interval(self, interval: StateInterval) -> None:
        """Put an interval on the disk."""
        if self._sink is not None and self._gate is not None:
            self._looks_at_put = self._gate.looks or 0  # before it is put: it is sent after two more
            self._sink.on_interval(interval)

    def on_present(self, station: str, state: str | None) -> None:
        """Take note of what a station seems to do."""
        if self._lights is not None:
            self._lights.present(station, state)

    def obey(self) -> None:
        """Take back what a stop takes back, as soon as the gate knows of one."""
        if self._gate is None or self._sink is None:
            return
        if not self._has_tidied and (left_behind := self._gate.left_behind) is not None:
            self._sink.take_back(*map(_purge_of, left_behind))
            self._has_tidied = True
        if (taken_back := self._gate.taken_back) != self._taken_back:
            self._sink.take_back()
            self._taken_back = taken_back  # only now: until then, nothing is sent

    @property
    def status(self) -> str:
        """How sending goes, in a few words; empty as long as all is well."""
        condition = self._sender.condition
        return "" if condition in {None, Condition.FINE} else str(condition)

    def end(self) -> None:
        """Put and purge what is left, once the gate is closed. A disk that refuses is told by `settle`."""
        if self._gate is None or self._sink is None or self._may_send_rest is not None:
            return
        may_send_rest = self._would_know(looks=1)  # closing the gate looked once more, and for the last time
        with suppress(OutboxUnwritable):
            self._sink.close()
        self._may_send_rest = may_send_rest

    # --- The end. ---

    def settle(self, patience_s: float) -> list[str]:
        """Send what still waits, for a while, and tell in lines what became of it; a signal ends it."""
        self.end()
        if self._sink is None:
            return []
        with first_signal(self._enough.set):
            self._ending.set()
            _join(self._threads[0], patience_s, self._enough)
            self._enough.set()
            self._over.set()
            _join(self._threads[1], min(patience_s, GOODBYE_S), self._gone)
            self._gone.set()
        return list(self._outcome(self._sink))

    @property
    def idle(self) -> bool:
        """Whether both threads have ended, so that nothing uses the connection any more."""
        return not any(thread.is_alive() for thread in self._threads)

    def _outcome(self, sink: OutboxSink) -> Iterator[str]:
        try:
            waiting = self._outbox.waiting()
        except OutboxUnwritable as error:
            yield str(error)
            return
        if waiting:
            state = self._state
            yield f"{waiting} intervals wait in {state}: {self._why_waiting()}"
            yield f"the next recording with it sends them, or fairtakt edge send --state {state}"
        elif sink.put:
            yield f"{sink.put} intervals are at the plant server"
        if sink.missed:
            yield "the disk took nothing more: the end of the recording is missing at the plant server"
        if sink.unpurged:
            yield "what was taken back could not be purged, because the disk refused: erase it at the server"

    def _why_waiting(self) -> str:
        if self._sink is not None and self._sink.unpurged:
            return "what was taken back has to be purged first"
        if not self._may_send():
            return Reason.LOG_UNREACHABLE
        why: dict[str | None, str] = {
            None: "the server was not asked",
            Condition.FINE: "there was no time for more",
        }
        condition = self._sender.condition
        return why.get(condition) or str(condition)

    # --- What the threads do. ---

    def _send(self) -> None:
        self._sender.run(self._ending)
        self._sender.drain(self._enough)

    def _report(self) -> None:
        self._reporter.run(self._over)
        self._reporter.finish(self._gone)

    def _may_send(self) -> bool:
        """Tell whether everything that was put has stood the test of a look at the site since."""
        if self._gate is None or self._sink is None or self._sink.unpurged or not self._has_tidied:
            return False
        if self._may_send_rest is not None:
            return self._may_send_rest
        # The first look after a put may have begun before it.
        return self._gate.taken_back == self._taken_back and self._would_know(looks=2)

    def _would_know(self, *, looks: int) -> bool:
        if self._gate is None or self._gate.looks is None:
            return True
        return self._gate.is_fresh and self._gate.looks >= self._looks_at_put + looks

    def _present_lights(self) -> tuple[StationLight, ...]:
        return () if self._lights is None else self._lights()


def _purge_of(left: LeftBehind) -> Purge:
    return Purge(left.why, session=left.session, since_ms=left.since_ms, resolution_ms=left.resolution_ms)


@contextmanager
def delivery(where: Destination, recorder: Signer | None, say: Callable[[str], None]) -> Iterator[Delivery]:
    """Open the outbox and give what delivers; whatever ends the recording, what waits is sent for a while.

    `recorder`: the key that records, if it is the one that sends; else that of the enrolment is opened.
    """
    signer = recorder or open_device_key(where.enrolment.key, read_passphrase(where.passphrase_file))
    with Outbox(where.state / OUTBOX, where.limit_mib * MIB) as outbox:
        transport = Transport(where.enrolment.url, certificates=where.enrolment.certificates)
        sent = Delivery(outbox, Uplink(where.enrolment, signer, transport), where.state)
        patience_s = SETTLE_S
        try:
            yield sent
        except KeyboardInterrupt:  # the second one: nobody wants to wait
            patience_s = 0.0
            raise
        finally:
            for line in sent.settle(patience_s):
                say(line)
            if sent.idle:  # else the program ends with an exchange under way, and the batch stays
                transport.close()


def _join(thread: threading.Thread, patience_s: float, enough: threading.Event) -> None:
    """Wait for a thread, a while, or until it is enough."""
    until = time.monotonic() + patience_s
    while thread.is_alive() and time.monotonic() < until and not enough.is_set():
        thread.join(0.05)

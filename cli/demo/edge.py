"""Devices of the demonstration that see nothing: they play invented work, and are real in everything else.

Gate, sessions in the log, outbox, signed batches and reports are those of `fairtakt record`; only the states
come from `cli.demo.work`, in real time, and not from a camera. A process of its own, `python -m
cli.demo.edge`; it ends when whoever started it is gone, or on SIGTERM.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from capture.gate import STATE_DURATIONS, Gate
from capture.station.file import Station, read_station
from cli.delivery import Delivery, delivery, destination
from cli.demo.calendar import Span
from cli.demo.layout import STATIONS, StationPlan
from cli.demo.plant import DemoPlant
from cli.demo.work import NO_FRAMES, Surroundings, session
from cli.permission import Permission, Site, permission
from consent.entries.vocabulary import Reason
from consent.keys import Role
from productivity.errors import FairtaktError
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED, UNKNOWN
from productivity.time import Duration, Instant, after, seconds, since

TICK_S = 0.5
_FRAME = seconds(1.0)
"""Each costs a look at the log; nothing here changes faster."""
_LATE = seconds(3.0)
"""A machine that is slower than its clock loses pictures, as a camera's would, and does not run behind."""
_BEGINNING = Instant(0)
_LONGEST_MS = 30 * 86_400_000
_PRACTISED = 400
"""Cycles after which nothing is left to learn."""
_BUFFER_MIB = 16


@dataclass(slots=True)
class Player:
    """Plays the work of one station; what is not permitted is *not recorded*, as at a camera."""

    work: Iterator[StateInterval]
    station: str
    gate: Gate
    on_interval: Callable[[StateInterval], None]
    on_present: Callable[[str, str | None], None]
    reached: Instant = _BEGINNING
    _piece: StateInterval | None = field(default=None, init=False)
    _open: StateInterval | None = field(default=None, init=False)

    def advance(self, now: Instant) -> None:
        """Play up to an instant of the recording."""
        if now - self.reached > _LATE:
            self._add(NOT_RECORDED, since(self.reached, now), 1.0, NO_FRAMES)
            self.reached = now
        while self.reached < now:
            if self._piece is None or self._piece.end <= self.reached:
                self._piece = next(self.work)
                continue
            end = min(now, self._piece.end, after(self.reached, _FRAME))
            self._frame(self._piece, since(self.reached, Instant(end)))

    def finish(self) -> None:
        """Hand over what is under way."""
        if self._open is not None:
            self.on_interval(self._open)
            self._open = None

    def _frame(self, piece: StateInterval, length: Duration) -> None:
        decision = self.gate.allowed(self.station, STATE_DURATIONS, self.reached)
        end = after(self.reached, length)
        if decision.allowed and end <= decision.until:
            self.gate.recorded(self.station, self.reached, length)
            self._add(piece.state, length, piece.confidence, piece.reason)
            seen = piece.state not in {NOT_RECORDED, UNKNOWN}
            self.on_present(self.station, piece.state if seen else None)
        else:
            self._add(NOT_RECORDED, length, 1.0, decision.reason)
            self.on_present(self.station, None)
        self.reached = end

    def _add(self, state: str, length: Duration, confidence: float, reason: str) -> None:
        last = self._open
        if last is not None and (last.state, last.reason) == (state, reason):
            length = Duration(last.duration + length)
            self._open = StateInterval(self.station, state, last.start, length, confidence, reason)
            return
        self.finish()
        self._open = StateInterval(self.station, state, self.reached, length, confidence, reason)


@dataclass(frozen=True, slots=True)
class _Device:
    gate: Permission
    sent: Delivery
    players: Sequence[Player]

    def advance(self, now: Instant) -> None:
        for player in self.players:
            player.advance(now)
        self.sent.obey()

    def finish(self) -> None:
        for player in self.players:
            player.finish()
        self.gate.close(Reason.OPERATOR)
        self.sent.end()


def play(plant: DemoPlant, names: Sequence[str], stopped: threading.Event) -> None:
    """Let these devices record invented work until `stopped` is set."""
    with ExitStack() as opened:
        devices = [_open(plant, name, opened) for name in names]
        begun = time.monotonic_ns()
        while not stopped.wait(TICK_S):
            now = Instant(time.monotonic_ns() - begun)
            for device in devices:
                device.advance(now)
        for device in devices:
            device.finish()


def main(arguments: Sequence[str]) -> None:
    """Play: the demonstration's directory, then names of devices."""
    directory, *names = arguments
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    end_with_parent(stopped)
    play(DemoPlant(Path(directory)), names, stopped)


def end_with_parent(stopped: threading.Event) -> None:
    """Set `stopped`, and send this process SIGTERM, once its standard input ends.

    Then whoever started it is gone, or wants it to end. The event tells a loop that what the signal ended was
    the last round.
    """

    def wait() -> None:
        while os.read(0, 1024):
            pass
        stopped.set()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _open(plant: DemoPlant, name: str, opened: ExitStack) -> _Device:
    plans = [plan for plan in STATIONS if plan.device == name and plant.station_file(plan.name).exists()]
    files = [plant.station_file(plan.name) for plan in plans]
    stations = [read_station(file) for file in files]
    keys = plant.keys
    site = Site(plant.plant, keys.public(Role.PLANT_LOG), keys.private(name), keys.passphrase_file)
    signer = keys.open(name)
    where = destination(
        plant.device(name),
        site=site,
        passphrase_file=keys.passphrase_file,
        server_passphrase_file=None,
        limit_mib=_BUFFER_MIB,
    )
    sent = opened.enter_context(delivery(where, signer, lambda _: None))
    gate = opened.enter_context(permission(site, files, stations, signer))
    sent.begin(gate, stations)
    players = [_player(plan, station, gate, sent) for plan, station in zip(plans, stations, strict=True)]
    return _Device(gate, sent, players)


def _player(plan: StationPlan, station: Station, gate: Permission, sent: Delivery) -> Player:
    now_ms = time.time_ns() // 1_000_000
    span = Span("now", now_ms, now_ms + _LONGEST_MS)
    work = session(plan, Surroundings(span, (), span.end_ms, _PRACTISED), now_ms)

    def on_interval(interval: StateInterval) -> None:
        sent.on_interval(interval)
        gate.seen(interval)

    return Player(work, station.name, gate, on_interval, sent.on_present)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except FairtaktError as error:
        sys.exit(f"fairtakt: {error}")

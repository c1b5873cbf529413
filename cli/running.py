"""Runs a recording: source, gate and outbox are joined, signals end it, a line tells how it goes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from capture.taken_back import without
from cli.permission import Permission, Site, permission
from cli.signals import first_signal
from consent.entries.vocabulary import Reason
from consent.notes import Signer
from productivity.intervals import StateInterval
from productivity.time import SECOND, Duration, Instant

if TYPE_CHECKING:
    from capture.recorder import StationRecording
    from capture.sources.base import Source
    from capture.station.file import Station
    from cli.delivery import Delivery
    from models.pose import PoseEngine


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be recorded, by whose permission, and for how long. `keep`: hand the recordings back."""

    files: Sequence[Path]
    stations: "Sequence[Station]"
    site: Site | None
    device: Signer | None
    """The recorder's key, if it is open already."""
    until: Duration | None
    keep: bool
    motion: Path | None = None
    """Directory for sealed motion of workers who check in; None: none is kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was kept, if it was to be; and why nothing at all was recorded, empty if something was."""

    recordings: "list[StationRecording]"
    nothing_permitted: str


def run(plan: Plan, source: "Source", engine: "PoseEngine", sent: "Delivery | None") -> Outcome:
    """Record to the end of the source, the end of the time, or the first signal."""
    from capture.recorder import record, stream

    with (
        permission(plan.site, plan.files, plan.stations, plan.device, plan.motion) as gate,
        first_signal(source.close) as stopped,
        _progress(source, gate, sent) as tell,
    ):
        if sent is not None:
            sent.begin(gate, plan.stations)

        def on_interval(interval: StateInterval) -> None:
            if sent is not None:  # on the disk before anything else
                sent.on_interval(interval)
            gate.seen(interval)

        def on_progress(reached: Instant) -> None:
            if sent is not None:
                sent.obey()
            tell(reached)

        def on_present(station: str, state: str | None) -> None:
            if sent is not None:
                sent.on_present(station, state)

        recordings: list[StationRecording] = []
        if plan.keep:
            recordings = record(
                source,
                plan.stations,
                engine,
                gate,
                on_interval=on_interval,
                on_progress=on_progress,
                on_present=on_present,
                motion=gate.motion,
                until=plan.until,
            )
            span = recordings[0].span
        else:
            span = stream(
                source,
                plan.stations,
                engine,
                gate,
                on_interval=on_interval,
                on_progress=on_progress,
                on_present=on_present,
                motion=gate.motion,
                until=plan.until,
            )
        over = plan.until is not None and span.duration >= plan.until
        gate.close(Reason.OPERATOR if stopped() or over else Reason.END_OF_SOURCE)
        if sent is not None:
            sent.end()
        return Outcome([_what_stays(one, gate) for one in recordings], gate.nothing_permitted)


def _what_stays(recording: "StationRecording", gate: Permission) -> "StationRecording":
    """Return a recording without what a stop has taken back, as the plant server has it."""
    from capture.recorder import close_recording

    intervals: list[StateInterval] = []
    for interval in recording.intervals:
        place = gate.place_of(interval.station, interval.start)
        intervals += [interval] if place is None else without(interval, place)
    return close_recording(recording.station, recording.span, intervals)


@contextmanager
def _progress(
    source: "Source", gate: Permission, sent: "Delivery | None"
) -> Iterator[Callable[[Instant], None]]:
    total = source.info.total
    columns = [TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()]
    if total is not None:
        columns.append(TimeRemainingColumn())

    def status() -> str:
        sending = sent.status if sent is not None else ""
        return f"{gate.status}; {sending}" if sending else gate.status

    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(status(), total=None if total is None else total / SECOND)
        yield lambda reached: bar.update(task, completed=reached / SECOND, description=status())

"""`fairtakt record`: a video or camera goes in, worker-state durations come out."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from cli.tables import summary_table
from models.extras import needs_edge
from productivity.errors import BadInput
from productivity.summary import StationSummary, summarise
from productivity.time import SECOND, Instant, seconds

if TYPE_CHECKING:
    from capture.recorder import StationRecording
    from capture.sources.base import Source
    from capture.station.file import Station

_FILES = ("intervals.parquet", "intervals.csv", "cycles.csv", "report.html")


def record(
    station: Annotated[
        list[Path], typer.Option(help="station file; repeat it for several stations in one picture")
    ],
    source: Annotated[str, typer.Option(help="video file, rtsp://… or usb:N")],
    out: Annotated[Path, typer.Option(help="directory for the results; appears whole or not at all")],
    engine: Annotated[
        str, typer.Option(help="pose engine: blazepose, mediapipe, or a catalogue entry")
    ] = "blazepose",
    language: Annotated[str, typer.Option(help="language of report.html: en or de")] = "en",
    limit: Annotated[float | None, typer.Option("--for", help="stop after so many seconds", min=0.1)] = None,
) -> None:
    """Record how long each worker state lasted.

    Writes intervals.parquet, intervals.csv, cycles.csv and report.html. Pictures and poses stay in memory and
    are forgotten at once. Ctrl-C ends a recording and keeps what was seen until then.
    """
    with needs_edge("av", "cv2", "onnxruntime", "pyarrow", "altair", "vl_convert", "jinja2", "onnx"):
        from capture.gate import OpenGate
        from capture.recorder import record as record_stations
        from capture.sources.open import open_source
        from models.engines import open_engine
        from storage.durable import whole_directory

    if language not in {"en", "de"}:
        raise BadInput("--language", expected="en or de", found=language)
    stations = _read_stations(station)
    with open_source(source) as camera, whole_directory(out, replaces=_FILES) as folder:
        network = open_engine(engine)
        try:
            with _stop_on_interrupt(camera), _progress(camera) as on_progress:
                until = seconds(limit) if limit is not None else None
                recordings = record_stations(
                    camera, stations, network, OpenGate(), on_progress=on_progress, until=until
                )
        finally:
            network.close()
        _write(recordings, camera.info.label, language, folder)
    console = Console()
    for recording in recordings:
        console.print(summary_table(_summary(recording)))
    said = Console(stderr=True, highlight=False, soft_wrap=True)
    said.print(f"Results are in {out}", markup=False)
    said.print("No works agreement is enforced by this version: record nobody but yourself and the samples.")


def _read_stations(files: Sequence[Path]) -> "list[Station]":
    from capture.station.file import read_station

    stations = [read_station(file) for file in files]
    for index, station in enumerate(stations):
        if station.name in {other.name for other in stations[:index]}:
            raise BadInput(
                "station name", where=str(files[index]), expected="one per file", found=station.name
            )
    return stations


@contextmanager
def _stop_on_interrupt(source: "Source") -> Iterator[None]:
    """Let Ctrl-C end the recording in good order; a second one stops the program."""

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, before)
        source.close()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(source: "Source") -> Iterator[Callable[[Instant], None]]:
    total = source.info.total
    columns = [TextColumn("recording"), BarColumn(), TimeElapsedColumn()]
    if total is not None:
        columns.append(TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("recording", total=None if total is None else total / SECOND)
        yield lambda reached: bar.update(task, completed=reached / SECOND)


def _summary(recording: "StationRecording") -> "StationSummary":
    return summarise(
        recording.station.name,
        recording.station.worker_states,
        recording.intervals,
        recording.cycles,
        recording.span,
    )


def _write(recordings: "Sequence[StationRecording]", label: str, language: str, folder: Path) -> None:
    from reports.recording import StationReport, render_report
    from storage.cycles_csv import write_cycles_csv
    from storage.intervals_csv import write_intervals_csv
    from storage.intervals_parquet import write_intervals_parquet
    from storage.rows import interval_rows

    rows = [row for r in recordings for row in interval_rows(r.intervals, r.station.worker_states, r.cycles)]
    write_intervals_csv(folder / "intervals.csv", rows)
    write_intervals_parquet(folder / "intervals.parquet", rows)
    write_cycles_csv(folder / "cycles.csv", [cycle for r in recordings for cycle in r.cycles])
    reports = [
        StationReport(
            station=r.station.name,
            states=tuple(r.station.worker_states),
            intervals=r.intervals,
            cycles=r.cycles,
            span=r.span,
            summary=_summary(r),
            source=label,
        )
        for r in recordings
    ]
    (folder / "report.html").write_text(render_report(reports, language=language), encoding="utf-8")

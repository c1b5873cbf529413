"""`fairtakt record`: a video or camera goes in, worker-state durations come out."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from cli.passphrase import PassphraseFile
from cli.permission import Permission, choose_site, permission
from cli.tables import summary_table
from consent.entries.vocabulary import Reason
from models.extras import needs_edge
from productivity.errors import BadInput
from productivity.summary import StationSummary, summarise
from productivity.time import SECOND, Instant, seconds

if TYPE_CHECKING:
    from capture.recorder import StationRecording
    from capture.sources.base import Source
    from capture.station.file import Station

_FILES = ("intervals.parquet", "intervals.csv", "cycles.csv", "report.html")
_WITHOUT_AGREEMENT = {
    "en": ", recorded without a works agreement",
    "de": ", ohne Betriebsvereinbarung aufgezeichnet",
}
"""Stands in the report, beside its source."""


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
    plant: Annotated[
        Path | None, typer.Option(metavar="DIR", help="the site's directory: record under its agreement")
    ] = None,
    log_key: Annotated[Path | None, typer.Option(metavar="FILE", help="verifier key of the log")] = None,
    device_key: Annotated[Path | None, typer.Option(metavar="FILE", help="this recorder's .key file")] = None,
    passphrase_file: PassphraseFile = None,
    paced: Annotated[
        bool, typer.Option("--paced", help="play a file at its own pace, as a camera would deliver it")
    ] = False,
    without_agreement: Annotated[
        bool,
        typer.Option(
            "--without-agreement", help="record a FILE that no agreement covers; the report says so"
        ),
    ] = False,
) -> None:
    """Record how long each worker state lasted, as far as the works agreement permits.

    Writes intervals.parquet, intervals.csv, cycles.csv and report.html. Pictures and poses stay in memory and
    are forgotten at once. Ctrl-C ends a recording and keeps what was seen until then. If nothing at all was
    permitted, nothing is written, and the exit status is 1.
    """
    with needs_edge("av", "cv2", "onnxruntime", "pyarrow", "altair", "vl_convert", "jinja2", "onnx"):
        from capture.recorder import record as record_stations
        from models.engines import open_engine
        from storage.durable import whole_directory

    if language not in {"en", "de"}:
        raise BadInput("--language", expected="en or de", found=language)
    site = choose_site(
        source,
        plant=plant,
        log_key=log_key,
        device_key=device_key,
        passphrase_file=passphrase_file,
        without_agreement=without_agreement,
    )
    stations = _read_stations(station)
    said = Console(stderr=True, highlight=False, soft_wrap=True)
    with _opened(source, paced=paced) as camera, whole_directory(out, replaces=_FILES) as folder:
        network = open_engine(engine)
        try:
            with (
                permission(site, station, stations) as gate,
                _stop_on_signals(camera) as stopped,
                _progress(camera, gate) as on_progress,
            ):
                until = seconds(limit) if limit is not None else None
                recordings = record_stations(
                    camera,
                    stations,
                    network,
                    gate,
                    on_progress=on_progress,
                    on_interval=gate.seen,
                    until=until,
                )
                ended = until is not None and recordings[0].span.duration >= until
                gate.close(Reason.OPERATOR if stopped() or ended else Reason.END_OF_SOURCE)
        finally:
            network.close()
        if why := gate.nothing_permitted:
            said.print(f"fairtakt: nothing was recorded: {why}", markup=False)
            raise typer.Exit(1)  # and the directory does not appear
        label = camera.info.label if site else f"{camera.info.label}{_WITHOUT_AGREEMENT[language]}"
        _write(recordings, label, language, folder)
    console = Console()
    for recording in recordings:
        console.print(summary_table(_summary(recording)))
    said.print(f"Results are in {out}", markup=False)
    if site is None:
        said.print("Recorded without a works agreement: show it to nobody but the people in the picture.")


def _opened(source: str, *, paced: bool) -> "Source":
    from capture.sources.open import open_source
    from capture.sources.paced import PacedSource

    opened = open_source(source)
    return PacedSource(opened) if paced else opened


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
def _stop_on_signals(source: "Source") -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C, or a service manager, end the recording in good order; a second signal stops the program.

    Gives a function that tells whether one came.
    """
    came: list[int] = []

    def stop(number: int, _: object) -> None:
        came.append(number)
        restore()
        source.close()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(came)
    finally:
        restore()


@contextmanager
def _progress(source: "Source", gate: Permission) -> Iterator[Callable[[Instant], None]]:
    total = source.info.total
    columns = [TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()]
    if total is not None:
        columns.append(TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(gate.status, total=None if total is None else total / SECOND)
        yield lambda reached: bar.update(task, completed=reached / SECOND, description=gate.status)


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

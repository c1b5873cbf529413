"""`fairtakt record`: a video or camera goes in, worker-state durations come out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli.passphrase import PassphraseFile
from cli.permission import Site, choose_site, recorder_key
from cli.tables import summary_table
from consent.notes import Signer
from models.extras import needs_edge
from productivity.errors import BadInput
from productivity.summary import StationSummary, summarise
from productivity.time import seconds

if TYPE_CHECKING:
    from capture.recorder import StationRecording
    from capture.sources.base import Source
    from capture.station.file import Station
    from cli.delivery import Delivery

_FILES = ("intervals.parquet", "intervals.csv", "cycles.csv", "report.html")
DEFAULT_BUFFER_MIB = 256
"""Some two months of a station that changes its state every six seconds in two shifts."""
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
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="directory for the results; appears whole or not at all"),
    ] = None,
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
    server: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="state directory of fairtakt edge enroll: send to its plant server"),
    ] = None,
    server_passphrase_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="opens the enrolment's key, if that is another than --device-key"),
    ] = None,
    buffer_mib: Annotated[
        int, typer.Option("--buffer-mib", min=4, help="most that the outbox takes of the disk")
    ] = DEFAULT_BUFFER_MIB,
    motion: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="keep motion of workers who check in, sealed, in this directory of the vault"
        ),
    ] = None,
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

    --out writes intervals.parquet, intervals.csv, cycles.csv and report.html; --server sends the intervals to
    the plant server, and keeps them on this disk until they are there. One of the two is needed. Pictures and
    poses stay in memory and are forgotten at once. Ctrl-C ends a recording and keeps what was seen until
    then. If nothing at all was permitted, nothing is written or sent, and the exit status is 1.
    """
    with needs_edge("av", "cv2", "onnxruntime", "pyarrow", "altair", "vl_convert", "jinja2", "onnx"):
        from cli.running import Plan, run
        from models.engines import open_engine

    if language not in {"en", "de"}:
        raise BadInput("--language", expected="en or de", found=language)
    if out is None and server is None:
        raise BadInput("nothing to do with the results", expected="--out, --server or both")
    site = choose_site(
        source,
        plant=plant,
        log_key=log_key,
        device_key=device_key,
        passphrase_file=passphrase_file,
        without_agreement=without_agreement,
    )
    if motion is not None:
        _require_live(source, site, paced=paced)
    stations = _read_stations(station)
    said = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(text: str) -> None:
        said.print(text, markup=False)

    with _opened(source, paced=paced) as camera:
        device = recorder_key(site) if site is not None else None
        to = Target(server, server_passphrase_file, passphrase_file, buffer_mib)
        with _delivered(to, site, device, say) as sent, _results(out) as folder:
            plan = Plan(
                files=station,
                stations=stations,
                site=site,
                device=device,
                until=None if limit is None else seconds(limit),
                keep=folder is not None,
                motion=motion,
            )
            network = open_engine(engine)
            try:
                outcome = run(plan, camera, network, sent)
            finally:
                network.close()
            if outcome.nothing_permitted:
                say(f"fairtakt: nothing was recorded: {outcome.nothing_permitted}")
                raise typer.Exit(1)  # and the directory does not appear
            if folder is not None:
                label = camera.info.label if site else f"{camera.info.label}{_WITHOUT_AGREEMENT[language]}"
                _write(outcome.recordings, label, language, folder)
    console = Console()
    for recording in outcome.recordings:
        console.print(summary_table(_summary(recording)))
    if out is not None:
        say(f"Results are in {out}")
    if site is None:
        done = "Recorded and sent" if server is not None else "Recorded"
        say(f"{done} without a works agreement: show it to nobody but the people in the picture.")


def _require_live(source: str, site: Site | None, *, paced: bool) -> None:
    """Refuse to keep motion where a check-in of now says nothing about who is in the picture."""
    from capture.sources.names import is_camera

    if site is None:
        raise BadInput("--motion is kept under a works agreement only", expected="--plant")
    if not (is_camera(source) or paced):
        raise BadInput("--motion needs pictures of now", expected="a camera, or a file with --paced")


@dataclass(frozen=True, slots=True)
class Target:
    """The options that say where to send."""

    state: Path | None
    server_passphrase_file: Path | None
    passphrase_file: Path | None
    buffer_mib: int


@contextmanager
def _delivered(
    to: Target, site: Site | None, device: Signer | None, say: Callable[[str], None]
) -> "Iterator[Delivery | None]":
    """Give what delivers to the plant server; None if nothing is to be sent."""
    if to.state is None:
        yield None
        return
    with needs_edge("httpx", "http_message_signatures"):
        from cli.delivery import delivery, destination
    where = destination(
        to.state,
        site=site,
        passphrase_file=to.passphrase_file,
        server_passphrase_file=to.server_passphrase_file,
        limit_mib=to.buffer_mib,
    )
    with delivery(where, device if where.shares_key else None, say) as sent:
        yield sent


@contextmanager
def _results(out: Path | None) -> Iterator[Path | None]:
    from storage.durable import whole_directory

    if out is None:
        yield None
        return
    with whole_directory(out, replaces=_FILES) as folder:
        yield folder


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

"""Draws docs/report.png, the README's picture, from the recording that `make demo` left: `make picture`."""

from pathlib import Path

from capture.station.file import read_station
from productivity.summary import summarise
from productivity.timeline import covering_span
from reports.recording import StationReport, render_picture
from storage.observations import read_observations

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write the picture."""
    station = read_station(ROOT / "sample_videos" / "stations" / "assembly_bench.yaml")
    (seen,) = read_observations(ROOT / "out" / "demo" / "recording" / "intervals.parquet")
    states, span = station.worker_states, covering_span(seen.intervals)
    report = StationReport(
        station=seen.station,
        states=tuple(states),
        intervals=seen.intervals,
        cycles=seen.cycles,
        span=span,
        summary=summarise(seen.station, states, seen.intervals, seen.cycles, span),
        source="sample_videos/assembly_bench.mp4",
    )
    (ROOT / "docs" / "report.png").write_bytes(render_picture(report))


if __name__ == "__main__":
    main()

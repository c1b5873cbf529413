"""Prints every accuracy figure that the samples are held to, beside its bar: `make bars`.

Writes the same to out/bench/bars.json. Exit status 1 if a bar is missed.
"""

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from capture.gate import OpenGate
from capture.recorder import StationRecording, record
from capture.sources.file import FileSource
from capture.station.file import read_station
from models.engines import open_engine
from models.pose import PoseEngine
from productivity.comparison import Comparison, Observation, compare
from productivity.intervals import StateInterval
from productivity.states import NOT_RECORDED
from productivity.time import SECOND, Duration, Instant
from storage.observations import read_observations

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_videos"
PUBLIC_CLIP = ROOT.parent / "shared" / "data" / "videos" / "one-by-one-person-detection.mp4"
OUT = ROOT / "out" / "bench" / "bars.json"


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, on what, and whether it meets its bar."""

    sample: str
    measure: str
    value: str
    bar: str
    met: bool


def main() -> int:
    """Measure everything, print it, and tell whether every bar is met."""
    figures = measure(open_engine())
    table = Table(box=SIMPLE_HEAD)
    for column in ("sample", "measure", "value", "bar", ""):
        table.add_column(column, no_wrap=True)
    for figure in figures:
        table.add_row(*_cells(figure))
    console = Console(width=100)  # a pipe would cut the figures at 80
    console.print(table)
    if not PUBLIC_CLIP.exists():
        console.print("The public one-by-one clip is not there: its bars were not measured.")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n", encoding="utf-8")
    return 0 if all(figure.met for figure in figures) else 1


def measure(engine: PoseEngine) -> list[Figure]:
    """Record every sample and hold it to its bars; the public clip only where it is."""
    figures = [*_scored(engine, "assembly_bench", ["assembly_bench"], 1)]
    figures += _scored(engine, "two_workers", ["left_bench", "right_bench"], 2)
    figures += _scored(engine, "bad_light", ["bad_light"], 2)
    figures += _empty(engine)
    return figures + (list(_one_by_one(engine)) if PUBLIC_CLIP.exists() else [])


def _cells(figure: Figure) -> tuple[str, ...]:
    verdict = ("met" if figure.met else "MISSED") if figure.bar else ""
    return figure.sample, figure.measure, figure.value, figure.bar, verdict


def _record(engine: PoseEngine, video: Path, stations: list[str]) -> list[StationRecording]:
    files = [SAMPLES / "stations" / f"{name}.yaml" for name in stations]
    with FileSource(video, camera=video.stem) as source:
        return record(source, [read_station(file) for file in files], engine, OpenGate())


def _observation(recording: StationRecording) -> Observation:
    return Observation(recording.station.name, recording.intervals, recording.cycles)


def _scored(engine: PoseEngine, sample: str, stations: list[str], factor: int) -> Iterator[Figure]:
    """Hold a sample to the bars of assembly_bench, `factor` times as wide."""
    recordings = _record(engine, SAMPLES / f"{sample}.mp4", stations)
    truths = {o.station: o for o in read_observations(SAMPLES / f"{sample}.truth.csv")}
    for recording in recordings:
        measured = _observation(recording)
        name = recording.station.name
        result = compare([(truths[name], measured)])
        yield from _totals(name, result, factor)
        found, true = result.measured_cycles, result.true_cycles
        yield Figure(name, "cycles", str(found), str(true), found == true)
        f1 = result.scores.f1[50]
        bar = 1 - factor * 0.05
        yield Figure(name, "F1@50", f"{f1:.3f}", f">= {bar:.2f}", f1 >= bar)
        yield from _extras(name, result)
        kept = sum(i.duration for i in recording.intervals)
        span = recording.span.duration
        yield Figure(name, "sum of intervals", f"{kept} ns", f"{span} ns", kept == span)


def _totals(name: str, result: Comparison, factor: int) -> Iterator[Figure]:
    for state in result.states:
        allowed = factor * max(0.02 * state.truth, SECOND)
        value = f"{state.measured / SECOND:.2f} s ({state.error / SECOND:+.2f})"
        bar = f"{state.truth / SECOND:.2f} s +- {allowed / SECOND:.2f}"
        yield Figure(name, state.state, value, bar, abs(state.error) <= allowed)


def _extras(name: str, result: Comparison) -> Iterator[Figure]:
    scores, median = result.scores, result.boundaries.median
    yield Figure(name, "frame accuracy", f"{scores.frame_accuracy:.4f}", "", met=True)
    yield Figure(name, "edit score", f"{scores.edit:.3f}", "", met=True)
    yield Figure(name, "boundaries, median", f"{(median or 0) / SECOND:.3f} s", "", met=True)


def _presence(intervals: tuple[StateInterval, ...], until: Instant) -> float:
    """Seconds before `until` in which the recorder says that somebody is there."""
    there = (i for i in intervals if i.state != NOT_RECORDED and i.start < until)
    return sum(min(i.end, until) - i.start for i in there) / SECOND


def _empty(engine: PoseEngine) -> Iterator[Figure]:
    (recording,) = _record(engine, SAMPLES / "empty_bench.mp4", ["empty_bench"])
    seconds = _presence(recording.intervals, recording.span.end)
    yield Figure("empty_bench", "presence", f"{seconds:.2f} s", "0 s", seconds == 0)


def _one_by_one(engine: PoseEngine) -> Iterator[Figure]:
    (recording,) = _record(engine, PUBLIC_CLIP, ["one_by_one"])
    seconds = _presence(recording.intervals, Instant(5_500_000_000))
    yield Figure("one-by-one", "presence, first 5.5 s", f"{seconds:.2f} s", "0 s", seconds == 0)
    visits = _visits()
    truth = sum(end - start for start, end in visits)
    measured = [i for i in recording.intervals if i.state == "at table"]
    total = sum(i.duration for i in measured)
    value = f"{total / SECOND:.2f} s ({(total - truth) / SECOND:+.2f})"
    met = abs(total - truth) <= 0.015 * truth
    yield Figure("one-by-one", "at table", value, f"{truth / SECOND:.2f} s +- 1.5 %", met)
    edges = [edge for i in measured for edge in (i.start, i.end)]
    errors = sorted(min(abs(edge - other) for other in edges) for visit in visits for edge in visit)
    median = Duration((errors[(len(errors) - 1) // 2] + errors[len(errors) // 2]) // 2)
    yield Figure(
        "one-by-one", "boundaries, median", f"{median / SECOND:.3f} s", "<= 0.3 s", median <= 0.3 * SECOND
    )


def _visits() -> list[tuple[int, int]]:
    """Read the hand-labelled visits to the table, beside the clip: frames at 10 per second."""
    with PUBLIC_CLIP.with_suffix(".labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    frame = SECOND // 10
    return [(int(r["at_table_from_frame"]) * frame, int(r["at_table_to_frame"]) * frame) for r in rows]


if __name__ == "__main__":
    sys.exit(main())

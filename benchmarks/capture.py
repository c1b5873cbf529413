"""Cameras per core, beside MediaPipe Tasks on the same file in the same run; memory: `make bench`.

Each contender runs in a process of its own, one after the other, in several rounds; what counts is processor
time of the whole process (all threads), without start-up, imports and loading of networks. The best round of
each counts, because a shared machine only ever adds time; MediaPipe on every frame takes minutes and has one
round. Writes out/bench/capture.json.

    recorder         decoding, looks, evidence, decoder: the whole way from file to intervals
    every frame      decoding, conversion to RGB, MediaPipe PoseLandmarker (video mode) on each frame
    same rate        the same, on the frames that the recorder looked at
    decoding         decoding alone, for scale

MediaPipe gets the same decoder and the same quick conversion as the recorder; nothing is done with its poses.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.contender import ROOT, note, run_alone
from capture.frame import Frame, Gap
from capture.gate import OpenGate
from capture.recorder import record
from capture.sources.file import FileSource
from capture.station.file import read_station
from capture.vision import watch
from models.engines import open_engine
from models.fetch import ensure_weights
from models.mediapipe_tasks import as_image, video_landmarker
from models.pose import Picture, Pose, PoseEngine, Region
from productivity.time import SECOND, Instant

SAMPLE = ROOT / "sample_videos" / "assembly_bench.mp4"
STATION = ROOT / "sample_videos" / "stations" / "assembly_bench.yaml"
OUT = ROOT / "out" / "bench" / "capture.json"
ROUNDS = 3
MINUTES_OF_MEMORY = 40  # half an hour of them after the sample was opened anew


def main() -> None:
    """Run every contender, print the table, write the figures."""
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in CONTENDERS}
    for number in range(ROUNDS):
        for name in ("recorder", "same rate", "decoding", *(("every frame",) if number == 0 else ())):
            rounds[name].append(run_alone("benchmarks.capture", name))
            note(f"round {number + 1}: {name} {rounds[name][-1]['cpu_s']:.2f} s")
    note(f"{MINUTES_OF_MEMORY} minutes for memory")
    memory = run_alone("benchmarks.capture", "memory")
    best = {name: min(runs, key=lambda run: run["cpu_s"]) for name, runs in rounds.items() if runs}
    figures = _figures(best, memory)
    _show(best, figures)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _figures(best: dict[str, dict[str, float]], memory: dict[str, float]) -> dict[str, float]:
    recorder = best["recorder"]
    return {
        "cameras_per_core": recorder["video_s"] / recorder["cpu_s"],
        "ratio_mediapipe_every_frame": best["every frame"]["cpu_s"] / recorder["cpu_s"],
        "ratio_mediapipe_same_rate": best["same rate"]["cpu_s"] / recorder["cpu_s"],
        "share_decoding": best["decoding"]["cpu_s"] / recorder["cpu_s"],
        "looks_per_video_second": recorder["looks"] / recorder["video_s"],
        "rss_mb": memory["rss_mb"],
        "rss_growth_mb": memory["growth_mb"],
        "video_s": recorder["video_s"],
    }


def _show(best: dict[str, dict[str, float]], figures: dict[str, float]) -> None:
    table = Table("contender", "CPU s", "cameras per core", "x recorder", title=SAMPLE.name)
    for name, run in best.items():
        ratio = run["cpu_s"] / best["recorder"]["cpu_s"]
        table.add_row(name, f"{run['cpu_s']:.2f}", f"{run['video_s'] / run['cpu_s']:.1f}", f"{ratio:.2f}")
    bars = Table("figure", "value", "bar")
    wanted = {
        "cameras_per_core": ">= 20",
        "ratio_mediapipe_every_frame": ">= 6",
        "ratio_mediapipe_same_rate": ">= 2.5",
        "rss_mb": "< 150",
        "rss_growth_mb": "none",
    }
    for name, value in figures.items():
        bars.add_row(name, f"{value:.2f}", wanted.get(name, ""))
    console = Console()
    console.print(table)
    console.print(bars)


def _recorder() -> dict[str, float]:
    engine = _Counting(open_engine())
    station = read_station(STATION)
    with FileSource(SAMPLE, camera="sample") as source:
        started = time.process_time()
        (recording,) = record(source, [station], engine, OpenGate())
        cpu = time.process_time() - started
    return {"cpu_s": cpu, "video_s": recording.span.duration / 1e9, "looks": engine.poses}


class _Counting:
    """Counts how many poses the recorder asks for."""

    def __init__(self, engine: PoseEngine) -> None:
        self._engine = engine
        self.name = engine.name
        self.poses = 0

    def regions(self, picture: Picture) -> Sequence[Region]:
        return self._engine.regions(picture)

    def pose(self, picture: Picture, region: Region) -> Pose:
        self.poses += 1
        return self._engine.pose(picture, region)

    def close(self) -> None:
        self._engine.close()


def _mediapipe(period_ns: int) -> dict[str, float]:
    looks, due, end = 0, 0, 0
    landmarker = video_landmarker(ensure_weights().task)
    with FileSource(SAMPLE, camera="sample") as source:
        started = time.process_time()
        for frame in source.frames():
            end = frame.time + frame.duration
            if isinstance(frame, Frame) and frame.time >= due:
                due = due + period_ns if period_ns else frame.time
                landmarker.detect_for_video(as_image(frame.image.rgb()), frame.time // 1_000_000)
                looks += 1
        cpu = time.process_time() - started
    landmarker.close()
    return {"cpu_s": cpu, "video_s": end / 1e9, "looks": looks}


def _same_rate() -> dict[str, float]:
    return _mediapipe(round(1e9 / read_station(STATION).pose_rate))


def _decoding() -> dict[str, float]:
    end = 0
    with FileSource(SAMPLE, camera="sample") as source:
        started = time.process_time()
        for frame in source.frames():
            end = frame.time + frame.duration
        cpu = time.process_time() - started
    return {"cpu_s": cpu, "video_s": end / 1e9, "looks": 0}


def _memory() -> dict[str, float]:
    """Record the sample over and over as one long stream, and watch the resident set."""
    import onnxruntime  # type: ignore[import-untyped]  # noqa: F401  # the engine would load it; its code is not the recorder's memory

    libraries = _resident_mb()
    engine = open_engine()
    sizes: list[tuple[float, float]] = []

    def frames() -> Iterator[Frame | Gap]:
        offset = 0
        while offset < MINUTES_OF_MEMORY * 60e9:
            end = offset
            with FileSource(SAMPLE, camera="sample") as source:
                for item in source.frames():
                    end = offset + item.time + item.duration
                    yield replace(item, time=Instant(offset + item.time))
                    if end >= (len(sizes) + 1) * 10 * SECOND:
                        sizes.append((end / 60e9, _resident_mb()))
            offset = end

    for _ in watch(frames(), [read_station(STATION)], engine, OpenGate()):
        pass
    # From the second opening of the sample on: the first one costs about 1 MB once, and a camera is opened
    # once. Medians, because each further opening costs some for a moment.
    early = median(size for minute, size in sizes if 7.0 <= minute <= 12.0)
    late = median(size for minute, size in sizes if minute >= MINUTES_OF_MEMORY - 5.0)
    peak = max(size for _, size in sizes)
    return {"cpu_s": 0.0, "rss_mb": peak - libraries, "growth_mb": late - early}


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


CONTENDERS: dict[str, Callable[[], dict[str, float]]] = {
    "recorder": _recorder,
    "every frame": lambda: _mediapipe(0),
    "same rate": _same_rate,
    "decoding": _decoding,
    "memory": _memory,
}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(CONTENDERS[sys.argv[1]]()))
    else:
        main()

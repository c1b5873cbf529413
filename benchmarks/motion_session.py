"""What a motion session costs a recorder, and what a single worker's detections look like: `make bench`.

Each contender runs in a process of its own; what counts is processor time, and of several rounds the best.
Writes out/bench/motion_session.json.

    plain        36 s of one of the two benches, from file to intervals
    session      the same with a worker who checked in after a second: poses, search for others, sealing
    alone        a minute and a half of a single worker: how far from the hips the detector finds anybody
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from rich.console import Console
from rich.table import Table

from benchmarks.contender import ROOT, note, run_alone
from capture.frame import Frame, Gap
from capture.gate import OpenGate
from capture.motion.channel import Ending, MotionPermission, MotionPort
from capture.observation import torso_of
from capture.sources.file import FileSource
from capture.station.file import read_station
from capture.vision import watch
from consent.vault.sealing import seal
from consent.vault.segment import SegmentLabel
from models.blazepose import BlazePose
from models.engines import open_engine
from models.motion import Motion
from productivity.time import SECOND, Instant

OUT = ROOT / "out" / "bench" / "motion_session.json"
SAMPLES = ROOT / "sample_videos"
ROUNDS = 3
RECORDED_S, CHECK_IN_S = 36, 1
LOOKS_PER_SECOND = 3
ALONE_S = 90
"""Of `bad_light`: noise, and nobody but the worker."""


class _CheckedIn:
    """Permits one session, and seals what it hands over."""

    def __init__(self) -> None:
        self.poses, self.bytes, self.endings = 0, 0, list[Ending]()
        self._public = X25519PrivateKey.generate().public_key().public_bytes_raw()

    def keeps(self, station: str, at: Instant) -> MotionPermission | None:
        del station
        since = Instant(CHECK_IN_S * SECOND)
        return MotionPermission("0" * 32, since, Instant(2**62)) if at >= since else None

    def keep(self, session: str, station: str, begin: Instant, motion: Motion) -> None:
        del session, begin
        label = SegmentLabel("1" * 32, "2" * 32, "3" * 64, "4" * 32, station, motion.span_ns // 1_000_000)
        self.bytes += len(seal(motion, label, self._public, os.urandom).content)
        self.poses += len(motion.times)

    def ended(self, session: str, station: str, ending: Ending) -> None:
        del session, station
        self.endings.append(ending)


def main() -> None:
    """Run every contender, print the table, write the figures."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    rounds: dict[str, list[dict[str, float]]] = {"plain": [], "session": []}
    for number in range(ROUNDS):
        for name, runs in rounds.items():
            runs.append(run_alone("benchmarks.motion_session", name))
            note(f"round {number + 1}: {name}")
    note("a worker alone")
    alone = run_alone("benchmarks.motion_session", "alone")
    plain, session = (min(run["cpu_s"] for run in runs) for runs in rounds.values())
    figures = {
        "plain_cpu_s": plain,
        "session_cpu_s": session,
        "ratio": session / plain,
        "poses": rounds["session"][0]["poses"],
        "bytes_per_pose": rounds["session"][0]["bytes"] / rounds["session"][0]["poses"],
        **alone,
    }
    OUT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    table = Table("measure", "figure", title=f"{RECORDED_S} s of right_bench, one station")
    lines = (
        ("recording, CPU s", "plain_cpu_s", ".2f"),
        ("recording with a motion session, CPU s", "session_cpu_s", ".2f"),
        ("session / recording", "ratio", ".2f"),
        ("poses that were kept", "poses", ".0f"),
        ("bytes per pose, sealed", "bytes_per_pose", ".0f"),
        (f"looks at a worker alone ({ALONE_S} s of bad_light)", "looks", ".0f"),
        ("… with anything suspected beside the worker", "suspicions", ".0f"),
        ("… detector's hips from the pose's, torso lengths, 99 % of looks", "hips_99", ".2f"),
    )
    for what, name, style in lines:
        table.add_row(what, format(figures[name], style))
    Console().print(table)


def _frames(source: FileSource, seconds: float) -> Iterator[Frame | Gap]:
    for item in source.frames():
        if item.time >= seconds * SECOND:
            return
        yield item


def _record(kept: _CheckedIn | None) -> dict[str, float]:
    engine = open_engine()
    station = read_station(SAMPLES / "stations" / "right_bench.yaml")
    with FileSource(SAMPLES / "two_workers.mp4", camera="sample") as source:
        port = None if kept is None else MotionPort(kept, kept)
        started = time.process_time()
        for _ in watch(_frames(source, RECORDED_S), [station], engine, OpenGate(), motion=port):
            pass
        spent = time.process_time() - started
    if kept is None:
        return {"cpu_s": spent}
    if kept.endings != [Ending.STOP]:
        raise SystemExit(f"the session ended before: {kept.endings}")
    return {"cpu_s": spent, "poses": kept.poses, "bytes": kept.bytes}


def _alone() -> dict[str, float]:
    """Follow the worker, and see what a search for others finds meanwhile."""
    engine, distances, suspicions, region, due = open_engine(), list[float](), 0, None, 0.0
    if not isinstance(engine, BlazePose):
        raise SystemExit("expected BlazePose")
    with FileSource(SAMPLES / "bad_light.mp4", camera="sample") as source:
        for item in _frames(source, ALONE_S):
            if not isinstance(item, Frame) or item.time / SECOND < due:
                continue
            due += 1 / LOOKS_PER_SECOND
            picture = item.image.rgb()
            region = region or next(iter(engine.regions(picture)), None)
            if region is None:
                continue
            pose = engine.pose(picture, region)
            region = pose.region if pose.presence > 0.5 else None
            if region is None:
                continue
            hips, torso = torso_of(pose)
            suspects = engine.suspects(picture)
            suspicions += len(suspects) > 1
            if suspects:
                nearest = min(np.hypot(one.x - hips[0], one.y - hips[1]) for one in suspects)
                distances.append(float(nearest) / torso)
    return {
        "looks": len(distances),
        "suspicions": suspicions,
        "hips_99": float(np.quantile(distances, 0.99)),
    }


CONTENDERS: dict[str, Callable[[], dict[str, float]]] = {
    "plain": lambda: _record(None),
    "session": lambda: _record(_CheckedIn()),
    "alone": _alone,
}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(CONTENDERS[sys.argv[1]]()))
    else:
        main()

"""Runs the real pose network over a sample: `python -m sample_videos.check_pose NAME [NAME ...]`.

Prints for each station the share of pictures in which the worker, when wholly in the picture, is found,
and how far the network's wrists are from the exact ones; hands out of sight are left out. From pictures in
which nobody is, it prints the greatest belief in a person, wherever the detector points and in the picture
as a whole. These are numbers about a drawing, not about a person.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np

from models.engines import open_engine
from models.pose import Joint, Picture, Pose, PoseEngine, Region
from models.region import whole
from productivity.errors import FairtaktError
from sample_videos.camera import FRAME_RATE
from sample_videos.motion import Vector
from sample_videos.render import HOME
from sample_videos.scenario import load_scenario
from sample_videos.stage import Stage

BELIEF = 0.5
"""Presence from which a pose counts as found, as in BlazePose."""
WRISTS = [int(Joint.LEFT_WRIST), int(Joint.RIGHT_WRIST)]
TRUNK = [int(j) for j in (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP)]
BEHIND_BACK = 0.10
"""A wrist this far behind the hips (metres) is out of sight."""


@dataclass(slots=True)
class Score:
    """What was measured at one station."""

    present: int = 0
    found: int = 0
    errors: list[float] = field(default_factory=list)
    misses: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        """Return the score as one line of a table."""
        if not self.present or not self.errors:
            return f"{name:<16} nobody present"
        median, high = np.percentile(self.errors, [50, 95])
        share = 100.0 * self.found / self.present
        return f"{name:<16} {self.present:>7} {share:>7.1f} % {median:>9.1f} px {high:>9.1f} px"


def pictures(path: Path, every: int) -> Iterator[tuple[int, Picture]]:
    """Yield (frame number, RGB picture) of each `every`-th frame of a video file."""
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index % every == 0:
                yield index, np.ascontiguousarray(frame.to_ndarray(format="rgb24"))


def check(stage: Stage, video: Path, engine: PoseEngine, every: int) -> tuple[dict[str, Score], float]:
    """Return the scores by station, and the greatest presence while nobody at all was in the picture."""
    scores = {station.name: Score() for station in stage.scenario.stations}
    regions: dict[str, Region] = {}
    alone = 0.0
    for index, picture in pictures(video, every):
        t = index / FRAME_RATE
        joints, inside = stage.joints(t), stage.in_picture(t)
        found: list[Region] | None = None
        for name, exact in joints.items():
            if not inside[name]:
                regions.pop(name, None)
                continue
            poses = [engine.pose(picture, regions[name])] if name in regions else []
            if not poses or not _is_worker(poses[0], exact):
                found = list(engine.regions(picture)) if found is None else found
                poses = [engine.pose(picture, region) for region in found]
            _judge(scores[name], stage, name, t, exact, [p for p in poses if _is_worker(p, exact)], regions)
        if not any(_anybody(exact) for exact in joints.values()) and not stage.passes(t):
            places = [whole(picture), *engine.regions(picture)]
            alone = max([alone, *(engine.pose(picture, region).presence for region in places)])
    return scores, alone


def _judge(
    score: Score,
    stage: Stage,
    name: str,
    t: float,
    exact: Vector,
    poses: Sequence[Pose],
    regions: dict[str, Region],
) -> None:
    """Count one picture of one station."""
    score.present += 1
    if not poses:
        score.misses.append(t)
        regions.pop(name, None)
        return
    score.found += 1
    regions[name] = poses[0].region
    skeleton = stage.workers(t)[name]
    hips = skeleton.joints[TRUNK[2:], 1].mean()
    for wrist in WRISTS:
        if skeleton.joints[wrist, 1] < hips + BEHIND_BACK:
            score.errors.append(float(np.hypot(*(poses[0].joints[wrist, :2] - exact[wrist, :2]))))


def _is_worker(pose: Pose, exact: Vector) -> bool:
    """Tell whether a pose is believed, and is of the person whose exact joints are given."""
    size = float(np.ptp(exact[TRUNK, 1]))
    apart = pose.joints[TRUNK, :2].mean(axis=0) - exact[TRUNK, :2].mean(axis=0)
    return pose.presence >= BELIEF and float(np.hypot(*apart)) < 0.5 * size


def _anybody(exact: Vector) -> bool:
    return bool(np.any((exact[:, 0] > -20.0) & (exact[:, 0] < 660.0)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m sample_videos.check_pose", description=__doc__)
    parser.add_argument("name", nargs="+", help="samples, such as assembly_bench")
    parser.add_argument(
        "--every", type=int, default=5, help="look at each n-th frame (default 5: 3 per second)"
    )
    parser.add_argument("--misses", action="store_true", help="also print when the worker was not found")
    options = parser.parse_args(arguments)
    try:
        engine = open_engine()
        print(f"{'station':<16} {'pictures':>7} {'found':>8} {'median':>11} {'95 %':>12}")
        for name in options.name:
            stage = Stage(load_scenario(HOME / f"{name}.yaml"))
            scores, alone = check(stage, HOME / f"{name}.mp4", engine, options.every)
            for station, score in scores.items():
                print(score.line(station))
                if options.misses:
                    print("  not found at s:", *(f"{t:.1f}" for t in score.misses))
            print(f"{name}: greatest presence while nobody is there {alone:.3f}")
    except FairtaktError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Draws scenarios: `python -m sample_videos.render [SCENARIO.yaml ...] [--out DIR]`, all without a name."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.pose import Picture
from productivity.errors import FairtaktError
from sample_videos.camera import FRAME_RATE
from sample_videos.encode import write_video
from sample_videos.scenario import load_scenario
from sample_videos.stage import Stage
from sample_videos.truth import write_truth

HOME = Path(__file__).resolve().parent
QUALITY = 25
"""Constant rate factor of the committed samples; chosen so that together they stay below 12 MB."""


def scenario_paths() -> list[Path]:
    """Return the scenario files of this folder."""
    return sorted(HOME.glob("*.yaml"))


def render(path: Path, out: Path) -> tuple[Path, Path]:
    """Draw the scenario file `path` into `out`; return the video and the truth file."""
    stage = Stage(load_scenario(path))
    name = stage.scenario.name
    video, truth = out / f"{name}.mp4", out / f"{name}.truth.csv"
    out.mkdir(parents=True, exist_ok=True)
    write_video(video, _frames(stage), rate=FRAME_RATE, quality=stage.scenario.quality or QUALITY)
    write_truth(truth, stage.truth)
    return video, truth


def _frames(stage: Stage) -> Iterator[Picture]:
    """Yield all frames; tell the terminal how far it is."""
    total = stage.frame_count
    for index in range(total):
        if index % 150 == 0 and sys.stderr.isatty():
            print(f"\r{stage.scenario.name}: {100 * index // total} %", end="", file=sys.stderr, flush=True)
        yield stage.frame(index)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status, 2 for a scenario that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m sample_videos.render", description=__doc__)
    parser.add_argument(
        "scenario", type=Path, nargs="*", help="scenario files; all of this folder without one"
    )
    parser.add_argument(
        "--out", type=Path, default=HOME, help="folder for videos and truth (default: this one)"
    )
    options = parser.parse_args(arguments)
    for path in options.scenario or scenario_paths():
        try:
            video, _ = render(path, options.out)
        except FairtaktError as error:
            print(error, file=sys.stderr)
            return 2
        print(f"{video.name}: {video.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

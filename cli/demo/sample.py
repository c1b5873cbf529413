"""Records the rendered sample for the demonstration, again and again, as a camera would deliver it.

The first pass leaves its results in a directory too. At the sample's own pace from the beginning: a recording
that is quicker than its pictures would lie over the next one on every timeline. A process of its own, `python
-m cli.demo.sample`; it ends like `cli.demo.edge`.
"""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import typer

from cli.demo.edge import end_with_parent
from cli.demo.layout import SAMPLE, STATIONS
from cli.demo.plant import DemoPlant
from cli.record import record
from consent.keys import Role
from models.fetch import ensure_weights
from productivity.errors import FairtaktError

_AGAIN_S = 20.0
"""After a recording that was not permitted: it is asked again, and does not hammer on the door."""


def sample_video() -> Path | None:
    """Return the rendered sample; None where fairtakt was installed without its samples."""
    video = Path(__file__).resolve().parents[2] / "sample_videos" / f"{SAMPLE}.mp4"
    return video if video.is_file() else None


def sample_station() -> Path | None:
    """Return the sample's station file, or None."""
    file = Path(__file__).resolve().parents[2] / "sample_videos" / "stations" / f"{SAMPLE}.yaml"
    return file if file.is_file() else None


def record_for_ever(plant: DemoPlant, video: Path, stopped: threading.Event) -> None:
    """Record until `stopped` is set; each pass is a recording of its own."""
    device = next(plan.device for plan in STATIONS if plan.name == SAMPLE)
    keys = plant.keys
    results = plant.directory / "recording"
    while not stopped.is_set():
        try:
            record(
                station=[plant.station_file(SAMPLE)],
                source=str(video),
                out=None if results.exists() else results,
                plant=plant.plant,
                log_key=keys.public(Role.PLANT_LOG),
                device_key=keys.private(device),
                passphrase_file=keys.passphrase_file,
                server=plant.device(device),
                paced=True,
            )
        except typer.Exit:  # nothing was permitted: the minutes of the day are used up, or it is suspended
            stopped.wait(_AGAIN_S)


def main(arguments: Sequence[str]) -> None:
    """Record: the demonstration's directory."""
    video = sample_video()
    if video is None:
        raise FairtaktError("the rendered sample is not there")
    ensure_weights()
    stopped = threading.Event()
    end_with_parent(stopped)
    record_for_ever(DemoPlant(Path(arguments[0])), video, stopped)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except FairtaktError as error:
        sys.exit(f"fairtakt: {error}")

"""Proposes the zones of a scenario: `python -m sample_videos.zones SCENARIO.yaml` prints them as YAML.

Each work place becomes an octagon around the middle of the hands that work there, all of one size, so
that the middle of a reach between two places is as far from one outline as from the other. The size
leaves room for the hands' small movements and keeps the octagons of neighbours apart.
"""

import sys
from math import cos, pi, sin
from pathlib import Path

import numpy as np

from productivity.errors import FairtaktError
from sample_videos.camera import HEIGHT, WIDTH
from sample_videos.motion import vector
from sample_videos.scenario import PLACES, load_scenario
from sample_videos.stage import Stage

RADIUS_METRES = 0.165
HIP_HEIGHT = 0.93
EXIT_SHARE = 0.10
"""Exits are the outer tenths of the picture (twentieths, where two stations share it)."""


def propose(stage: Stage, station: int) -> dict[str, list[list[float]]]:
    """Return zone name -> corners in shares of the picture, for a station of the stage."""
    part = stage.scenario.stations[station]
    shift = vector(part.bench_m, 0.0, 0.0)
    zones = {}
    for name, place in ((str(key), place) for key, place in part.places.items()):
        if name == PLACES["waiting for machine"]:
            continue
        x, y, scale = stage.camera.project(vector(*place.at_m) + shift)
        zones[name] = _octagon(float(x), float(y), RADIUS_METRES * float(scale))
    stands = [place.stand_m for place in part.places.values()]
    ends = np.array([[min(stands) - 0.25, 0.0, HIP_HEIGHT], [max(stands) + 0.25, 0.0, HIP_HEIGHT]]) + shift
    (left, y, _), (right, _, _) = stage.camera.project(ends).tolist()
    zones["workplace"] = _rectangle(left, y - 45, right, y + 60)
    edge = EXIT_SHARE * WIDTH / len(stage.scenario.stations)
    if station == 0:
        zones["exit_left"] = _rectangle(0.0, 0.25 * HEIGHT, edge, HEIGHT)
    if station == len(stage.scenario.stations) - 1:
        zones["exit_right"] = _rectangle(WIDTH - edge, 0.25 * HEIGHT, WIDTH, HEIGHT)
    return zones


def _octagon(x: float, y: float, radius: float) -> list[list[float]]:
    angles = [pi / 8 + pi / 4 * corner for corner in range(8)]
    return [_normal(x + radius * cos(a), y + radius * sin(a)) for a in angles]


def _rectangle(left: float, top: float, right: float, bottom: float) -> list[list[float]]:
    return [_normal(left, top), _normal(right, top), _normal(right, bottom), _normal(left, bottom)]


def _normal(x: float, y: float) -> list[float]:
    return [round(min(max(x / WIDTH, 0.0), 1.0), 3), round(min(max(y / HEIGHT, 0.0), 1.0), 3)]


def main() -> int:
    """Print the zones of the scenario named on the command line."""
    if len(sys.argv) != 2:
        print("usage: python -m sample_videos.zones SCENARIO.yaml", file=sys.stderr)
        return 2
    try:
        stage = Stage(load_scenario(Path(sys.argv[1])))
    except FairtaktError as error:
        print(error, file=sys.stderr)
        return 2
    for number, station in enumerate(stage.scenario.stations):
        print(f"# {station.name}\n    zones:")
        for name, corners in propose(stage, number).items():
            print(f"      {name}: {corners}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

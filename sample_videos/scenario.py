"""Scenario files: what happens in a sample, read from YAML and refused unless every word is known."""

from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from productivity.errors import BadInput

PART_HANDLING = "part handling"
MANUAL_ASSEMBLY = "manual assembly"
SCREWING = "screwing"
FINAL_INSPECTION = "final inspection"
LABELING = "labeling"
PACKAGING = "packaging"
MATERIAL_TRANSPORT = "material transport"
WAITING = "waiting for machine"
BREAK = "break"

PLACES = {
    PART_HANDLING: "parts",
    MANUAL_ASSEMBLY: "fixture",
    SCREWING: "fixture",
    FINAL_INSPECTION: "inspection",
    LABELING: "printer",
    PACKAGING: "box",
    WAITING: "rest",
}
"""The work place of the hands in each state that is spent at the bench."""

HOLDER = "holder"
"""The place of the screwdriver, which screwing visits first and last."""

CycleState: TypeAlias = Literal[
    "part handling",
    "manual assembly",
    "screwing",
    "final inspection",
    "labeling",
    "packaging",
    "waiting for machine",
]
Metres: TypeAlias = Annotated[float, Field(ge=-10.0, le=10.0)]
Seconds: TypeAlias = Annotated[float, Field(gt=0.0, le=3600.0)]
ColourCode: TypeAlias = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Share: TypeAlias = Annotated[float, Field(ge=0.0, le=1.0)]
Polygon: TypeAlias = Annotated[list[tuple[Share, Share]], Field(min_length=3)]


class Part(BaseModel):
    """Every part of a scenario: frozen, and strict about its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class CameraPart(Part):
    """Where the camera stands; see `camera.py` for the axes."""

    distance_m: Annotated[float, Field(ge=2.0, le=10.0)]
    height_m: Annotated[float, Field(ge=0.5, le=4.0)]
    tilt_deg: Annotated[float, Field(ge=0.0, le=45.0)]
    focal_px: Annotated[float, Field(ge=200.0, le=3000.0)]


class SensorPart(Part):
    """What the camera makes of the light: exposure 1 = well lit, noise in grey levels, flicker as a share."""

    exposure: Annotated[float, Field(gt=0.0, le=2.0)] = 1.0
    noise: Annotated[float, Field(ge=0.0, le=40.0)] = 2.5
    flicker: Annotated[float, Field(ge=0.0, le=0.2)] = 0.012


class PersonPart(Part):
    """How a person looks."""

    height_m: Annotated[float, Field(ge=1.4, le=2.1)]
    skin: ColourCode
    hair: ColourCode
    hair_length: Share = 0.0
    shirt: ColourCode
    trousers: ColourCode
    shoes: ColourCode = "#2a2724"


class PlacePart(Part):
    """A work place: where the hands are, and where the hips stand (x), both relative to the bench."""

    at_m: tuple[Metres, Metres, Metres]
    stand_m: Metres


class StepPart(Part):
    """A step that needs more than its length: one hand disappears behind the back for about 5 s."""

    seconds: Seconds
    hidden_hand: Literal["left", "right"]


class Act(Part):
    """One entry of a script: a cycle with its steps in order, or one state between cycles (seconds)."""

    cycle: dict[CycleState, Seconds | StepPart] | None = None
    transport: Annotated[Seconds | None, Field(alias=MATERIAL_TRANSPORT)] = None
    waiting: Annotated[Seconds | None, Field(alias=WAITING)] = None
    pause: Annotated[Seconds | None, Field(alias=BREAK)] = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        given = [part for part in (self.cycle, self.transport, self.waiting, self.pause) if part is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of cycle, {MATERIAL_TRANSPORT}, {WAITING}, {BREAK}")
        return self


class StationPart(Part):
    """A bench with its worker, the script, and the zones that a station file is written from.

    Zones are polygons in normalised picture coordinates: around the places of the hands, and
    (workplace, exit_left, exit_right) for the hips.
    """

    name: str
    bench_m: Metres
    exits_m: tuple[Metres, Metres]
    worker: PersonPart | None
    places: dict[Literal["parts", "fixture", "holder", "inspection", "printer", "box", "rest"], PlacePart]
    script: list[Act] = []
    zones: dict[str, Polygon]

    @model_validator(mode="after")
    def _playable(self) -> Self:
        if self.script and self.worker is None:
            raise ValueError("script: expected a worker who plays it, found none")
        if self.script and self.script[0].cycle is None:
            raise ValueError("script: expected a cycle as first entry, the worker starts at the bench")
        needed = {PLACES[state] for act in self.script for state in act.cycle or () if state in PLACES}
        if any(SCREWING in (act.cycle or ()) for act in self.script):
            needed.add(HOLDER)
        if any(act.waiting for act in self.script):
            needed.add(PLACES[WAITING])
        missing = sorted(needed - set(self.places))
        if missing:
            raise ValueError(f"places: expected {', '.join(missing)}, which the script needs")
        return self


class PasserPart(Part):
    """Somebody who walks behind the bench, from one side of the picture to the other."""

    start_s: Annotated[float, Field(ge=0.0)]
    towards: Literal["left", "right"]
    depth_m: Annotated[float, Field(ge=0.8, le=5.0)]
    look: PersonPart


class Scenario(Part):
    """A whole sample.

    `duration_s` is needed only where no script says how long it takes; `quality` replaces the renderer's
    rate factor (less is better and larger) where a sample needs its own.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    seed: int
    duration_s: Seconds | None = None
    quality: Annotated[int | None, Field(ge=10, le=45)] = None
    camera: CameraPart
    sensor: SensorPart = SensorPart()
    equipment: list[Literal["machine", "robot", "conveyor"]] = []
    stations: Annotated[list[StationPart], Field(min_length=1)]
    passers_by: list[PasserPart] = []

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.duration_s is None and not any(station.script for station in self.stations):
            raise ValueError("duration_s: expected seconds, as no station has a script")
        return self


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises `BadInput`, one line naming the file and the key, for anything that is not a scenario.
    """
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput("cannot be read", where=str(path), found=str(error.strerror)) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise BadInput("is not YAML", where=str(path), found=str(error)) from error
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(step) for step in first["loc"]) or "scenario"
        raise BadInput(f"{key}: {first['msg']}", where=str(path)) from error
    if scenario.name != path.stem:
        raise BadInput("name", where=str(path), expected=path.stem, found=scenario.name)
    return scenario

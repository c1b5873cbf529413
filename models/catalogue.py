"""The weights that fairtakt knows: the published ones it fetches, and networks of the user's own.

A user's catalogue is a TOML file (see `models.places.own_catalogue`), one table per network:

    [rtmpose-m]                     # the name for --engine
    layout = "simcc"                # or "blazepose": outputs (1, 195) landmarks and (1, 1) presence
    licence = "Apache-2.0"
    file = "rtmpose-m.onnx"         # beside the catalogue, or an absolute path
    sha256 = "..."                  # 64 hexadecimal digits
    input = [256, 192]              # height, width
    mean = [123.675, 116.28, 103.53]
    std = [58.395, 57.12, 57.375]   # what the network sees is (picture - mean) / std, RGB in 0..255
"""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from productivity.errors import BadInput

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Side = Annotated[int, Field(ge=32, le=1024)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Positive = Annotated[float, Field(gt=0)]

BUILT_IN = ("blazepose", "blazepose-exact", "mediapipe")
"""Names of the engines that fairtakt brings; a user's network has another one."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wheel(_Entry):
    """A wheel that carries weights, as pip is asked for it."""

    requirement: str
    python: str
    abi: str
    platform: str
    sha256: Sha256


class Member(_Entry):
    """One TFLite model in a wheel, and what is made of it."""

    member: str
    sha256: Sha256
    input: tuple[Side, Side]
    mean: float
    std: Positive
    outputs: dict[str, int]
    ranges: dict[int, tuple[float, float]] = {}


class Published(_Entry):
    """BlazePose as Google publishes it."""

    title: str
    licence: str
    wheel: Wheel
    detector: Member
    landmarks: Member


class OwnNetwork(_Entry):
    """A network that the user brings: one ONNX file that takes a person's crop."""

    layout: Literal["blazepose", "simcc"]
    licence: str
    file: Path
    sha256: Sha256
    input: tuple[Side, Side]
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[Positive, Positive, Positive] = (255.0, 255.0, 255.0)


def blazepose() -> Published:
    """Return the published weights of weights.toml."""
    text = resources.files("models").joinpath("weights.toml").read_text(encoding="utf-8")
    return Published.model_validate(tomllib.loads(text)["blazepose"])


def own_networks(file: Path) -> dict[str, OwnNetwork]:
    """Read a user's catalogue; no file means no networks. Raises `BadInput` naming entry and expectation.

    Paths in the result are absolute.
    """
    try:
        content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadInput(
            "not a readable catalogue", where=str(file), expected="TOML", found=str(error)
        ) from error
    try:
        networks = TypeAdapter(dict[Name, OwnNetwork]).validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise BadInput(f"{place}: {first['msg']}", where=str(file)) from error
    for name in networks:
        if name in BUILT_IN:
            raise BadInput(f"{name} is the name of a built-in engine", where=str(file))
    return {
        name: network.model_copy(update={"file": (file.parent / network.file).absolute()})
        for name, network in networks.items()
    }

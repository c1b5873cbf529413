"""The committed scenarios, made ready once."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sample_videos.scenario import load_scenario
from sample_videos.stage import Stage

HOME = Path(__file__).resolve().parents[2] / "sample_videos"


@pytest.fixture(scope="session")
def stage_of() -> Callable[[str], Stage]:
    """A function from a sample's name to its stage."""

    @cache
    def stage(name: str) -> Stage:
        return Stage(load_scenario(HOME / f"{name}.yaml"))

    return stage

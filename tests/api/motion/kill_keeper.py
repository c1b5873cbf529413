"""Brings a use of motion on its way and kills itself with -9 right before or after a step of it.

    python -m tests.api.motion.kill_keeper DIRECTORY STEP NUMBER before|after

Makes a plant in DIRECTORY, prints the use, and takes its steps (`test_interrupted.STEPS`).
"""

import os
import signal
import sys
from pathlib import Path

import pytest

from api.policy import Role
from api.uses.keeper import UseKeeper
from tests.api.motion.conftest import motion_plant
from tests.api.motion.test_interrupted import Interruption, approved


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    root, step, number, when = sys.argv[1:]
    with motion_plant(Path(root)) as plant:
        plant.colleague().opts_in().moves(2)
        plant.buyer, plant.boss = plant.licensee(), plant.person(Role.MANAGER)
        use = approved(plant)
        sys.stderr.write(f"use {use}\n")
        interruption = Interruption(plant, pytest.MonkeyPatch(), die)
        interruption.at((step, int(number)), after=when == "after")
        UseKeeper(plant.services, plant.room).finish(use)


if __name__ == "__main__":
    main()

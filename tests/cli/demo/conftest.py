"""A small demonstration: three stations, a week and a morning; made once for all tests."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher

from api.accounts.passwords import Passwords
from cli.demo.layout import PILOT_STATION, SAMPLE, STATIONS
from cli.demo.prepare import Wish, prepare

MONDAY = datetime(2026, 3, 9, 12, 30, tzinfo=ZoneInfo("Europe/Berlin"))
FEW = tuple(plan for plan in STATIONS if plan.name in {PILOT_STATION, SAMPLE, "test bench"})
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
SAMPLE_FILE = Path("sample_videos/stations/assembly_bench.yaml")


def small_wish(now_ms=None):
    now_ms = int(MONDAY.timestamp() * 1000) if now_ms is None else now_ms
    return Wish(now_ms, weeks=1, stations=FEW, passwords=CHEAP, sample_file=SAMPLE_FILE)


@pytest.fixture(scope="session")
def now_ms():
    return int(MONDAY.timestamp() * 1000)


@pytest.fixture(scope="session")
def make_wish():
    """What makes a small demonstration as of any time."""
    return small_wish


@pytest.fixture(scope="session")
def wish():
    return small_wish()


@pytest.fixture(scope="session")
def demo(tmp_path_factory, wish):
    """The demonstration in its directory. Nobody changes it."""
    return prepare(tmp_path_factory.mktemp("demo") / "plant-demo", wish, lambda _: None)

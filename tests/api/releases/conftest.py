"""A plant with a fortnight of work; the press has two people, the others enough."""

import pytest

pytest.importorskip("fastapi", reason="the extra server is not installed")

from tests.api.releases.works import ROOM, steady, works

PEOPLE = {"assembly bench": 6, "packing bench": 7, "press": 2}


@pytest.fixture
def plant(tmp_path):
    with works(tmp_path) as opened:
        opened.work(*steady(ROOM, range(14), people=PEOPLE))
        yield opened


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    """The same, for tests that must change nothing."""
    with works(tmp_path_factory.mktemp("still")) as opened:
        opened.work(*steady(ROOM, range(14), people=PEOPLE))
        yield opened
        assert opened.plant.rows()["release"] == 0

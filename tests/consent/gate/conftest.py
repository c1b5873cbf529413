"""A site where everything is permitted at noon; and a whole one, with an operator, around a recorder."""

import pytest

from tests.consent.gate.place import Place
from tests.consent.gate.site import Site


@pytest.fixture
def place():
    return Place()


@pytest.fixture
def site(world, tmp_path):
    """A recorder on the first morning of its campaign; nobody has looked at anything."""
    return Site(world, tmp_path)

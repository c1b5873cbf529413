"""A site where everything is permitted at noon; each test breaks one thing."""

import pytest

from tests.consent.gate.place import Place


@pytest.fixture
def place():
    return Place()

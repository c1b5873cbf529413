"""A plant with people who sign in as people do."""

import pytest

from tests.api.accounts.people import People


@pytest.fixture
def people(tmp_path):
    made = People(f"sqlite:///{tmp_path}/plant.db")
    with made.plant:
        yield made

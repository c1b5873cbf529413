"""Models are registered once by their hash, and stay."""

import pytest

pytest.importorskip("sqlalchemy", reason="the extra server is not installed")

from consent.vault.trained import TrainedModel
from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.trained_models import RegisteredModels

FIRST = TrainedModel("reach 1", "ab" * 32, ("12" * 16, "34" * 16), 5)


def test_what_is_registered_stays_in_order(tmp_path):
    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        models = RegisteredModels(database)
        second = TrainedModel("reach 2", "cd" * 32, ("12" * 16,), 4)
        models.register(FIRST)
        models.register(second)
        assert RegisteredModels(database).models() == [FIRST, second]


def test_a_hash_is_registered_once(tmp_path):
    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        models = RegisteredModels(database)
        models.register(FIRST)
        with pytest.raises(BadInput, match="registered already"):
            models.register(TrainedModel("another name", FIRST.sha256, FIRST.uses, 9))
        assert models.models() == [FIRST]

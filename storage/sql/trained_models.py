"""Where models that were trained on motion are registered (`consent.vault.trained`)."""

import json

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from consent.canonical import canonical_json
from consent.vault.trained import TrainedModel
from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.tables import trained_model


class RegisteredModels:
    """`consent.vault.trained.TrainedModels` on a database; registered by one account, or by nobody's."""

    def __init__(self, database: Database, account_id: int | None = None) -> None:
        self._database = database
        self._account_id = account_id

    def register(self, model: TrainedModel) -> None:
        """Keep a model; `BadInput` if one of that hash is there. Durable when this returns."""
        row = {
            "sha256": model.sha256,
            "name": model.name,
            "uses": canonical_json(list(model.uses)),
            "account_id": self._account_id,
            "registered_ms": model.registered_ms,
        }
        try:
            with self._database.writing() as connection:
                connection.execute(insert(trained_model).values(row))
        except IntegrityError:
            raise BadInput("model is registered already", expected="a hash that is new here") from None

    def models(self) -> list[TrainedModel]:
        """Return all models, oldest registration first."""
        wanted = select(trained_model).order_by(trained_model.c.id)
        with self._database.reading() as connection:
            return [
                TrainedModel(row.name, row.sha256, tuple(json.loads(row.uses)), row.registered_ms)
                for row in connection.execute(wanted)
            ]

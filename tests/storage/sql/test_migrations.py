"""The steps, one after another, end at the tables that the code speaks of."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.migrate import configuration
from storage.sql.tables import metadata


def test_an_empty_database_ends_at_the_tables_of_the_code(database):
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_names_of_constraints_are_those_of_the_code(address):
    """Alembic compares no primary keys and, on SQLite, few names: these are asked for by name."""
    with Database(address) as database, database.reading() as connection:
        if connection.dialect.name == "sqlite":
            made = " ".join(row[0] or "" for row in connection.execute(text("SELECT sql FROM sqlite_schema")))
        else:
            made = " ".join(row[0] for row in connection.execute(text("SELECT conname FROM pg_constraint")))
    for table in metadata.tables.values():
        for constraint in table.constraints:
            assert str(constraint.name) in made, constraint.name


def test_there_is_one_newest_version(database):
    with database.reading() as connection:
        script = ScriptDirectory.from_config(configuration(connection))
        assert MigrationContext.configure(connection).get_current_heads() == tuple(script.get_heads())
        assert len(script.get_heads()) == 1


def test_opening_again_changes_nothing(address, make_batch):
    with Database(address) as database, database.writing() as connection:
        connection.execute(metadata.tables["site"].insert().values(name="north", time_zone="UTC"))
    with Database(address) as database, database.reading() as connection:
        assert connection.execute(metadata.tables["site"].select()).one().name == "north"


def test_tables_of_a_newer_version_are_left_alone(address):
    with Database(address) as database, database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BadInput, match="unknown version"):
        Database(address)

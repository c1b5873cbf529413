"""Result tables as JSON, and the JSON schema that describes them."""

import json
import math
from collections.abc import Sequence

from productivity.result_table import Column, Kind, ResultTable, Value

FORMAT = "fairtakt study results 1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TYPES: dict[Kind, dict[str, object]] = {
    Kind.TEXT: {"type": "string"},
    Kind.COUNT: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.FLAG: {"type": "boolean"},
    Kind.SHARE: {"type": "number", "description": "a fraction: 0.5 is 50 %"},
    Kind.HOURS: {"type": "integer", "description": "nanoseconds"},
    Kind.MINUTES: {"type": "integer", "description": "nanoseconds"},
    Kind.SECONDS: {"type": "integer", "description": "nanoseconds"},
}


def json_bytes(tables: Sequence[ResultTable], study: str, schema: str = "") -> bytes:
    """Return all tables as the text of one object, see `json_object`.

    `schema` is the reference to the schema's file, where one is written beside it.
    """
    return _bytes(json_object(tables, study, schema))


def json_object(tables: Sequence[ResultTable], study: str, schema: str = "") -> dict[str, object]:
    """Return all tables as one object; durations are whole nanoseconds, shares fractions."""
    document: dict[str, object] = {"$schema": schema} if schema else {}
    document |= {"format": FORMAT, "study": study}
    for table in tables:
        keys = [key_of(column) for column in table.columns]
        document[table.key] = [dict(zip(keys, map(_finite, row), strict=True)) for row in table.rows]
    return document


def schema_bytes(tables: Sequence[ResultTable]) -> bytes:
    """Return the text of the schema of what `json_bytes` makes of tables with these columns."""
    return _bytes(schema_of(tables))


def schema_of(tables: Sequence[ResultTable]) -> dict[str, object]:
    """Return a JSON schema. It follows from the columns alone, so it is the same for every study."""
    properties: dict[str, object] = {
        "$schema": {"type": "string"},
        "format": {"const": FORMAT},
        "study": {"type": "string"},
    }
    for table in tables:
        properties[table.key] = {"type": "array", "items": _items(table.columns)}
    return {
        "$schema": DIALECT,
        "title": FORMAT,
        "type": "object",
        "properties": properties,
        "required": ["format", "study", *(table.key for table in tables)],
        "additionalProperties": False,
    }


def key_of(column: Column) -> str:
    """Return a column's key in JSON: durations say that they are nanoseconds."""
    return f"{column.key}_ns" if column.kind.nanoseconds else column.key


def _items(columns: Sequence[Column]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {
            key_of(column): _TYPES[column.kind] | {"type": [_TYPES[column.kind]["type"], "null"]}
            for column in columns
        },
        "required": [key_of(column) for column in columns],
        "additionalProperties": False,
    }


def _finite(value: Value) -> Value:
    """Return a value that JSON can hold; it knows no infinity and no NaN."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _bytes(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()

"""The description of the API at /openapi.json: all of it, examples and problems included."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.problems import SCHEMA
from api.wire import Batch, Enrolment

TITLE = "fairtakt plant server"
VERSION = "1"


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description; bodies are read by us, so we add what they must be."""
    description = get_openapi(title=TITLE, version=VERSION, routes=app.routes)
    _, bodies = models_json_schema(
        [(Batch, "validation"), (Enrolment, "validation")], ref_template="#/components/schemas/{model}"
    )
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(bodies["$defs"], Problem=SCHEMA)
    return description

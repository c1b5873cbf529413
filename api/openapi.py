"""The description of the API at /openapi.json: all of it, examples and problems included.

What a route's fence (`api.viewer`) answers with is added here, so that no route can forget it.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.problems import MEDIA_TYPE, SCHEMA, Kind, documented
from api.viewer import COOKIE, CSRF_HEADER, SECURE_COOKIE, Permit, by_device, fences
from api.wire import Batch, DeviceReport, Enrolment

TITLE = "fairtakt plant server"
VERSION = "1"
_REF = "#/components/schemas/{model}"
_CHANGES = frozenset({"post", "put", "patch", "delete"})


def describe(app: FastAPI, *, secure: bool) -> dict[str, Any]:
    """Return the description; bodies are read by us, so we add what they must be."""
    description = get_openapi(title=TITLE, version=VERSION, routes=app.routes)
    components = description.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    _, bodies = models_json_schema(
        [(model, "validation") for model in (Batch, DeviceReport, Enrolment)], ref_template=_REF
    )
    schemas.update(bodies["$defs"], Problem=SCHEMA)
    cookie = SECURE_COOKIE if secure else COOKIE
    components["securitySchemes"] = {
        "signIn": {"type": "apiKey", "in": "cookie", "name": cookie},
        "page": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
        "device": {"type": "apiKey", "in": "header", "name": "Signature", "description": "RFC 9421"},
    }
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            operation = description["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                _fence(operation, method.lower(), route)
                _hoist(operation, schemas)
    return description


def content_of(model: type[BaseModel], example: Mapping[str, Any] | list[Any]) -> dict[str, Any]:
    """Return OpenAPI's words for a JSON body; a route names them as `requestBody` in its `openapi_extra`."""
    content = {"schema": json.loads(_schema(model)), "example": example}
    return {"required": True, "content": {"application/json": content}}


@cache
def _schema(model: type[BaseModel]) -> str:
    """Return a model's schema as text: it is taken apart later, and each route needs its own."""
    return json.dumps(model.model_json_schema(ref_template=_REF))


def raw_content(description: str, *media_types: str) -> dict[str, Any]:
    """Return OpenAPI's words for a body that is a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {"required": True, "description": description, "content": content}


def _fence(operation: dict[str, Any], method: str, route: RouteContext) -> None:
    for fence in fences(route):
        if fence is by_device:
            operation["security"] = [{"device": []}]
        elif isinstance(fence, Permit):
            changes = method in _CHANGES
            operation["security"] = [{"signIn": [], "page": []} if changes else {"signIn": []}]
            operation["x-permission"] = fence.action.value
            kinds = (Kind.SIGNED_OUT, Kind.FORBIDDEN, Kind.SECOND_FACTOR, *((Kind.CSRF,) if changes else ()))
            _merge(operation.setdefault("responses", {}), documented(*kinds, Kind.UNAVAILABLE))


def _merge(known: dict[str, Any], added: Mapping[int | str, dict[str, Any]]) -> None:
    for status, response in added.items():
        stands = known.get(str(status))
        if stands is None:
            known[str(status)] = response
            continue
        examples = stands["content"].setdefault(MEDIA_TYPE, response["content"][MEDIA_TYPE])["examples"]
        for name, example in response["content"][MEDIA_TYPE]["examples"].items():
            if name not in examples:
                examples[name] = example
                stands["description"] += f" / {example['value']['title']}"


def _hoist(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Move what a body's schema defines for itself to where its references point.

    RuntimeError if two models of one name differ: one of them would be described as the other.
    """
    for content in operation.get("requestBody", {}).get("content", {}).values():
        for name, schema in content["schema"].pop("$defs", {}).items():
            if schemas.setdefault(name, schema) != schema:
                msg = f"{name}: two different models of this name in the description"
                raise RuntimeError(msg)

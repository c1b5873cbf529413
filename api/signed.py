"""What the routes for devices share: the signature is looked at first, then the rate, then the content."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request

from api.rate import RateLimit
from api.services import Services
from api.signatures import Signed, SignedRequest, verify

_TEXT = {"type": "string"}
_SIGNATURE = {
    "Signature-Input": "RFC 9421, label fairtakt, with created, keyid and nonce",
    "Signature": "RFC 9421, Ed25519",
}
_CONTENT = {"Content-Digest": "RFC 9530, sha-256"}


def signed_request(request: Request) -> SignedRequest:
    """Return what was signed; the path as it was spelled, not as the framework reads it.

    Nothing is parsed here: what is no address is no signed request either, and the library says so.
    """
    scope = request.scope
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    target = b"?".join(filter(None, (path, scope["query_string"]))).decode("latin-1")
    host = request.headers.get("host", "localhost")
    return SignedRequest(request.method, f"{scope['scheme']}://{host}{target}", request.headers)


def admit(services: Services, rate: RateLimit, request: SignedRequest, body: bytes | None) -> Signed:
    """Return who asks. `body` None: a request that has no content. Raises `Problem`."""
    signed = verify(request, body, services.store.key_of, services.now_ms())
    rate.spend(signed.device)  # after the signature: nobody uses up another one's rate
    return signed


def described(model: str = "", example: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what OpenAPI says of a signed request, with content of a `model` or without content."""
    headers = {**_CONTENT, **_SIGNATURE} if model else _SIGNATURE
    said: dict[str, Any] = {
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": _TEXT, "description": text}
            for name, text in headers.items()
        ]
    }
    if model:
        schema = {"$ref": f"#/components/schemas/{model}"}
        content = {"application/json": {"schema": schema, "example": example}}
        said["requestBody"] = {"required": True, "content": content}
    return said

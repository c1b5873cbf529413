"""Reads the content of a request: JSON, or what a route names instead, and never more than is allowed."""

from fastapi import Request

from api.problems import Kind, Problem

JSON = "application/json"


async def read_body(request: Request, limit: int, *media_types: str) -> bytes:
    """Return the content. Raises `Problem`, where it can before anything is read."""
    too_large = Problem(Kind.TOO_LARGE, f"at most {limit} bytes are allowed", headers={"Connection": "close"})
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in (media_types or (JSON,)):
        raise Problem(Kind.MEDIA, f"expected Content-Type: {' or '.join(media_types or (JSON,))}")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(Kind.MEDIA, "expected content without Content-Encoding")
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and (len(announced) > 15 or int(announced) > limit):
        raise too_large
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise too_large
    return bytes(content)

"""One exchange with the plant server over HTTP. Trouble is an answer, not an error: the caller tries again.

TLS certificates are verified; redirections are not followed, because a signed request is meant for one
address; no proxy or certificate is taken from the environment; an answer is read up to a limit and a minute.
"""

import json
import secrets
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from capture.outbox.batch import Batch
from capture.outbox.pacing import Answer
from capture.outbox.signature import JSON, sign_get, sign_post, signed_headers
from productivity.errors import BadInput

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_LONGEST_ANSWER = 64 * 1024
_LONGEST_FILE = 1024 * 1024
_LONGEST_READ_S = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came: status, headers in lower case, content; `body`: its fields, if it is JSON."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]
    content: bytes = b""


class Transport:
    """Speaks with one server; a context manager. `certificates`: a file of the plant's own authority."""

    def __init__(self, url: str, *, certificates: Path | None = None) -> None:
        self._url = url
        self._client = httpx.Client(
            verify=_tls(certificates),
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            headers={"Accept-Encoding": "identity"},  # what is counted is what came
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; nobody may be using it."""
        self._client.close()

    def enroll(self, code: str, name: str, verifier: str) -> Reply | None:
        """Ask for a device to be taken in; None if no answer came, and then nobody knows whether it was."""
        body = json.dumps({"code": code, "name": name, "key": verifier}).encode()
        return self._post("/v1/devices", {"Content-Type": JSON}, body)

    def send(self, batch: Batch, device: str, key: Ed25519PrivateKey, posix_s: Callable[[], int]) -> Answer:
        """Send a batch, signed now."""
        path = "/v1/batches"
        now_s = posix_s()
        headers = signed_headers(f"{self._url}{path}", batch, device, key, posix_s=now_s)
        reply = self._post(path, headers, batch.body)
        if reply is None:
            return Answer(status=None)
        wanted = {"device": device, "boot": batch.boot, "sequence": batch.sequence}
        return _answer(reply, now_s, same=wanted == {name: reply.body.get(name) for name in wanted})

    def report(self, body: bytes, device: str, key: Ed25519PrivateKey, posix_s: int) -> Answer:
        """Send a report (`capture.outbox.report`), signed as of `posix_s`."""
        path = "/v1/reports"
        headers = sign_post(f"{self._url}{path}", body, _nonce(), device, key, posix_s=posix_s)
        reply = self._post(path, headers, body)
        if reply is None:
            return Answer(status=None)
        return _answer(reply, posix_s, same=reply.body.get("device") == device)

    def station_file(
        self, station: str, device: str, key: Ed25519PrivateKey, posix_s: int, *, have: str = ""
    ) -> Reply | None:
        """Ask for what is published for a station; 304 if it is `have` (an ETag). None: no answer came."""
        path = f"/v1/stations/{quote(station, safe='')}/file"
        headers = sign_get(f"{self._url}{path}", _nonce(), device, key, posix_s=posix_s)
        if have:
            headers["If-None-Match"] = have
        return self._ask("GET", path, headers, b"", _LONGEST_FILE)

    def _post(self, path: str, headers: dict[str, str], body: bytes) -> Reply | None:
        return self._ask("POST", path, headers, body, _LONGEST_ANSWER)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes, longest: int
    ) -> Reply | None:
        deadline, url = time.monotonic() + _LONGEST_READ_S, f"{self._url}{path}"
        try:
            with self._client.stream(method, url, headers=headers, content=body or None) as response:
                content = b""
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > longest or time.monotonic() > deadline:
                        break
        except httpx.HTTPError:
            return None
        return Reply(response.status_code, dict(response.headers.items()), _parse(content), content)


def _nonce() -> str:
    return secrets.token_hex(16)


def _answer(reply: Reply, now_s: int, *, same: bool) -> Answer:
    return Answer(
        status=reply.status,
        same=same,
        retry_after_s=_retry_after(reply.headers.get("retry-after"), now_s),
        server_s=_server_time(reply),
    )


def _tls(certificates: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if certificates is None else str(certificates))
    except (OSError, ssl.SSLError):
        raise BadInput(
            "certificates cannot be read", where=str(certificates), expected="a PEM file"
        ) from None


def _parse(content: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _retry_after(value: str | None, now_s: int) -> float | None:
    """Read Retry-After (RFC 9110 section 10.2.3): seconds, or a date."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    at_s = _date(value)
    return None if at_s is None else float(max(0, at_s - now_s))


def _server_time(reply: Reply) -> int | None:
    """Return the server's clock: what a 401 says of it, else the Date of the answer (RFC 9110, 6.6.1)."""
    said = reply.body.get("server_time")
    return said if isinstance(said, int) else _date(reply.headers.get("date"))


def _date(value: str | None) -> int | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError, TypeError):  # a zone of twenty digits does not fit a C integer
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())

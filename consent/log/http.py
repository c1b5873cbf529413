"""Asks a web server for one thing and bounds what the answer may cost; a log that such a server hands out.

No redirects, so that nobody is sent to another host; no proxies, because a plant's log and its witness are
near, and what a process asks must not depend on its environment. Certificates are verified as usual. What
comes back is not trusted: notes carry their signatures, tiles and entries are held against a checkpoint.

Known hole: the time limit holds for connecting and for the body; a hostile server could spin out the header,
100 lines of 64 KiB at most (`http.client`), a byte at a time. Whoever asks then waits, and nothing else.
"""

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from consent.log.directory import MAX_FILE_BYTES
from productivity.errors import BadInput, FairtaktError

_CHUNK = 65_536
_OK, _NOT_FOUND, _GONE = 200, 404, 410


class Unreachable(FairtaktError):
    """No answer, a broken one, or one that came too slowly. Trying again later may help."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a server said; `body` is complete."""

    status: int
    content_type: str
    body: bytes


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Hands a redirect back as the answer that it is."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects())


def check_url(url: str) -> str:
    """Return `url` without its last slash; `BadInput` unless it is http(s) with a host and nothing secret."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a broken IPv6 address
        fits = False
    plain = url.isascii() and url.isprintable() and " " not in url
    if not fits or not plain or "@" in parts.netloc or parts.query or parts.fragment:
        raise BadInput("address cannot be used", expected="http://HOST[:PORT][/PATH] or https://...")
    return url.rstrip("/")


def ask(url: str, *, limit: int, timeout_s: float, body: bytes | None = None) -> HttpAnswer:
    """GET `url`, or POST `body` to it; any status is an answer.

    `Unreachable` if it does not come within `timeout_s`; `BadInput` if it is longer than `limit` bytes.
    """
    # A new connection each time: an answer's length is bounded, so is what a server can hold open.
    headers = {"Connection": "close", "User-Agent": "fairtakt"}
    if body is not None:
        headers["Content-Type"] = "text/plain; charset=utf-8"
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310  # check_url allows http(s)
    ends = time.monotonic() + timeout_s
    try:
        try:
            answer = _OPENER.open(request, timeout=timeout_s)
        except urllib.error.HTTPError as error:
            answer = error  # a status of 300 and above is an answer as well
        with answer:
            content = _read(answer, limit, ends)
            if answer.headers.get("Content-Length", str(len(content))) != str(len(content)):
                raise Unreachable(f"{url}: answer broke off")
            return HttpAnswer(answer.status, answer.headers.get("Content-Type", ""), content)
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise Unreachable(f"{url}: no answer ({type(reason).__name__})") from None


def _read(answer: IO[bytes], limit: int, ends: float) -> bytes:
    """Read in pieces: a timeout of the socket alone would let one byte a second go on for ever."""
    parts: list[bytes] = []
    length = 0
    while part := answer.read1(_CHUNK):  # type: ignore[attr-defined]  # HTTPResponse and HTTPError have it
        parts.append(part)
        length += len(part)
        if length > limit:
            raise BadInput("answer is too large", where="web server", expected=f"at most {limit} bytes")
        if time.monotonic() > ends:
            raise TimeoutError
    return b"".join(parts)


class HttpFiles:
    """The files of a log, read from a static web server below `url`. Lists nothing: `widths` is empty."""

    def __init__(self, url: str, *, timeout_s: float = 30.0) -> None:
        """`timeout_s` bounds each file."""
        self._url = check_url(url)
        self._timeout_s = timeout_s

    def read(self, path: str) -> bytes | None:
        """Return a file's content, or None if the server has none.

        `Unreachable` if it gives no answer, `BadInput` if the file is larger than any that a log has.
        """
        answer = ask(f"{self._url}/{path}", limit=MAX_FILE_BYTES, timeout_s=self._timeout_s)
        if answer.status in (_NOT_FOUND, _GONE):
            return None
        if answer.status != _OK:
            raise Unreachable(f"{self._url}: status {answer.status} instead of a file of the log")
        return answer.body

    def widths(self, path: str) -> list[int]:
        """Nothing: a stranger cannot list a server's directories."""
        del path
        return []

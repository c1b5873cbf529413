"""Where browsers reach the server. Cookies, passkeys and the identity provider all depend on it.

Passkeys belong to the host's name (WebAuthn level 2 section 5.1.2): there are none at an IP address. `http`
is for the browser's own machine alone, where nobody reads it on the way.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from productivity.errors import BadInput

_EXPECTED = "https://HOST, https://HOST:PORT, or http for this very machine"
_PORTS = {"https": 443, "http": 80}
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """The server's address. `origin` is what browsers call it: scheme, host, and a port if it is unusual."""

    origin: str
    host: str
    secure: bool

    @property
    def passkeys(self) -> bool:
        """Tell whether browsers make passkeys for this address."""
        return _is_ip(self.host) is None

    def path(self, path: str) -> str:
        """Return the whole address of a path."""
        return self.origin + path


def parse_address(text: str) -> Address:
    """Read an address. Raises `BadInput`."""
    text = text.strip()
    if not text.isprintable():  # the reader would pass over a line break
        raise _refused()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _refused() from None
    host, scheme = (parts.hostname or "").lower(), parts.scheme
    bare = parts.path in {"", "/"} and not parts.query and not parts.fragment and parts.username is None
    if scheme not in _PORTS or not bare:
        raise _refused()
    number = _is_ip(host)
    if number is None and not _NAME.fullmatch(host):
        raise _refused()
    if scheme == "http" and not is_loopback(host):
        raise _refused()
    shown = f"[{host}]" if number is not None and number.version == 6 else host  # RFC 3986
    shown_port = "" if port in {None, _PORTS[scheme]} else f":{port}"
    return Address(f"{scheme}://{shown}{shown_port}", host, secure=scheme == "https")


def is_loopback(host: str) -> bool:
    """Tell whether a host is the very machine that asks."""
    number = _is_ip(host)
    return host == "localhost" or (number is not None and number.is_loopback)


def _is_ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _refused() -> BadInput:
    return BadInput("not an address of the server", expected=_EXPECTED)

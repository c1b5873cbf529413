"""The plant server's address: https, unless it is this very machine or the operator says otherwise."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from productivity.errors import BadInput


def check_address(url: str, *, insecure: bool) -> str:
    """Return the address without a slash at its end; `BadInput` if what is sent could be read on the way."""
    expected = "https://HOST, nothing behind it but a path"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadInput("address of the server", expected=expected) from None
    if not url.isascii() or not url.isprintable() or " " in url:
        raise BadInput("address of the server", expected=expected)
    extra = parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in {"https", "http"} or not parts.hostname or extra or port == 0:
        raise BadInput("address of the server", expected=expected)
    if parts.scheme == "http" and not insecure and not _is_this_machine(parts.hostname):
        raise BadInput(
            "http can be read and changed on the way", where=url, expected="https, or --insecure spelled out"
        )
    return url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"

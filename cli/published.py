"""Fetches what was published for a station, and believes nothing that it has not checked."""

import hashlib
from pathlib import Path

from capture.station.file import parse_station, read_station
from cli.uplink import Uplink
from consent import durable
from productivity.errors import BadInput, FairtaktError

_OK, _UNCHANGED = 200, 304
_REFUSALS = {
    401: "the server does not accept this device's signature, or the clock is wrong",
    404: "nothing is published for a station of this name at the device's site",
    429: "asked too often; wait a while",
}


def fetch(line: Uplink, name: str, out: Path) -> bool:
    """Put the published file of a station in the place of `out`; tell whether that has changed anything.

    `out` is replaced in one step and survives a power loss; whatever fails leaves it as it was. `BadInput` if
    nothing is published, if it is no station file of this name, or if `out` is something else than one.
    """
    before = _present(out)
    reply = line.station_file(name, have=_tag(before))
    where = line.enrolment.url
    if reply is None:
        raise FairtaktError(f"{where}: no answer: {out} stays as it is")
    if reply.status == _UNCHANGED and before:
        return False
    if reply.status != _OK:
        reason = _REFUSALS.get(reply.status, "not the answer of a plant server")
        raise BadInput(
            "no station file", where=where, expected="status 200", found=f"{reply.status}: {reason}"
        )
    if reply.headers.get("etag") != _tag(reply.content):
        raise BadInput("station file was changed or cut on the way", where=where, expected="SHA-256 as told")
    _check(reply.content, name, where)
    if reply.content == before:
        return False
    try:
        durable.replace(out, reply.content)
    except FileNotFoundError:
        raise BadInput("no such directory", where=str(out.parent)) from None
    return True


def _present(out: Path) -> bytes:
    """Return what is there; `BadInput` if it is no station file, so that a mistyped path destroys nothing."""
    if not out.exists():
        return b""
    read_station(out)
    return out.read_bytes()


def _check(content: bytes, name: str, where: str) -> None:
    try:
        station = parse_station(content.decode("utf-8"), where)
    except UnicodeDecodeError:
        raise BadInput("station file is not UTF-8", where=where) from None
    if station.name != name:
        raise BadInput("station file of another station", where=where, expected=name, found=station.name)


def _tag(content: bytes) -> str:
    """Return the ETag that the server gives to this content; empty for nothing."""
    return f'"{hashlib.sha256(content).hexdigest()}"' if content else ""

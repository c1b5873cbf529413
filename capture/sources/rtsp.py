"""Network cameras that speak RTSP, over TCP or TLS.

An address may carry a user name and a password. It is shown to nobody: messages use a label without them,
the video library's log is switched off, and its exceptions, which quote the address, are not chained.
"""

import ssl
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from capture.sources.connection import CameraConnection, open_camera
from capture.sources.live import PATIENCE, Connection, LiveSource
from capture.sources.names import SCHEMES
from productivity.errors import BadInput
from productivity.time import Duration

_OPEN_TIMEOUT_S = 10.0
"""Cameras answer within two seconds; some start their encoder first."""

_READ_TIMEOUT_S = 5.0
"""Silence after which the connection is given up. Longer than any interval between pictures that a camera is
set to, short enough that a camera which restarts is found again soon."""

_QUICK_START = {"analyzeduration": "500000", "fpsprobesize": "3"}
"""Half a second (in microseconds) and three pictures to find the frame rate, which only matters before a gap.
By default the library collects pictures for up to five seconds, at every reconnection."""


@dataclass(frozen=True, slots=True)
class RtspAddress:
    """A camera's address; only `label` is ever shown."""

    secret: str = field(repr=False)
    label: str
    encrypted: bool

    @classmethod
    def parse(cls, text: str) -> "RtspAddress":
        """Check an address. Raises `BadInput`, which does not quote what it could not take apart."""
        parts = _split(text)
        if parts is None or parts.scheme not in SCHEMES or not parts.hostname:
            raise BadInput("not a camera address", expected="rtsp://host:port/path or rtsps://host:port/path")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        port = f":{parts.port}" if parts.port else ""
        # Some cameras take user and password in the query, so the label ends before it. The scheme is passed
        # on in lower case, so that encryption never hangs on how the video library compares "RTSPS".
        return cls(
            secret=f"{parts.scheme}:{text.partition(':')[2]}",
            label=f"{parts.scheme}://{host}{port}{parts.path}",
            encrypted=parts.scheme == "rtsps",
        )


def open_rtsp(text: str, *, camera: str, patience: Duration = PATIENCE, ca_file: str = "") -> LiveSource:
    """Connect to a camera; see `Source`. `ca_file` names a PEM file with the plant's own authorities."""
    address = RtspAddress.parse(text)

    def connect() -> Connection:
        container = open_camera(
            address.secret,
            kind="rtsp",
            options=_options(address, ca_file),
            timeout=(_OPEN_TIMEOUT_S, _READ_TIMEOUT_S),
        )
        return CameraConnection(container, label=address.label)

    return LiveSource(address.label, connect, camera=camera, patience=patience)


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises ValueError where the port is not a number
    except ValueError:
        return None
    return parts


def _options(address: RtspAddress, ca_file: str) -> dict[str, str]:
    options = {
        "rtsp_transport": "tcp",
        "allowed_media_types": "video",  # microphones are never listened to
        "timeout": str(int(_READ_TIMEOUT_S * 1_000_000)),  # of each socket operation, in microseconds
    } | _QUICK_START
    if address.encrypted:
        # The library checks no certificate unless told to, and looks for authorities at one fixed place only.
        options["tls_verify"] = "1"
        authorities = ca_file or ssl.get_default_verify_paths().cafile
        if authorities:
            options["ca_file"] = authorities
    return options

"""Cameras at a USB port, through the kernel's video interface (Video4Linux2).

Presentation times are the driver's. The kernel's call that waits for a picture knows no time-out; it blocks
the reading thread of `LiveSource` only, which nobody waits for.
"""

import stat
from pathlib import Path

from capture.sources.connection import CameraConnection, open_camera
from capture.sources.live import PATIENCE, Connection, LiveSource
from productivity.errors import BadInput
from productivity.time import Duration

_WISHED = {"video_size": "1280x720", "framerate": "15"}
"""What is asked of the camera. The driver takes the nearest that it can do; `SourceInfo` is read back."""


def open_usb(
    number: int, *, camera: str, patience: Duration = PATIENCE, devices: Path = Path("/dev")
) -> LiveSource:
    """Open the camera video<number> below `devices`; see `Source`."""
    label = f"usb:{number}"
    device = devices / f"video{number}"
    _check_device(device, label)

    def connect() -> Connection:
        container = open_camera(str(device), kind="v4l2", options=dict(_WISHED))
        return CameraConnection(container, label=label)

    return LiveSource(label, connect, camera=camera, patience=patience)


def _check_device(device: Path, label: str) -> None:
    try:
        status = device.stat()
    except OSError:
        raise BadInput("no such camera", where=label, expected=f"a camera at {device}") from None
    if not stat.S_ISCHR(status.st_mode):
        expected = f"a video device at {device}"
        raise BadInput("not a camera", where=label, expected=expected, found="something else")

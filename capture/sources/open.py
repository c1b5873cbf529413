"""From what a person writes on the command line to an opened source."""

from pathlib import Path

from capture.sources.base import Source
from capture.sources.file import FileSource
from capture.sources.live import PATIENCE
from capture.sources.names import SCHEME, USB, is_stream
from capture.sources.rtsp import open_rtsp
from capture.sources.usb import open_usb
from productivity.errors import BadInput
from productivity.time import Duration


def open_source(text: str, *, camera: str = "camera", patience: Duration = PATIENCE) -> Source:
    """Open `path/to/file`, `rtsp://...`, `rtsps://...` or `usb:0`; anything else raises `BadInput`.

    `camera` is written into each frame. `patience`: how long a camera may stay away before it is given up.
    A file whose name looks like an address is opened as `./name`.
    """
    scheme = SCHEME.match(text)
    if is_stream(text):
        return open_rtsp(text, camera=camera, patience=patience)
    usb = USB.fullmatch(text)
    if usb:
        return open_usb(int(usb[1]), camera=camera, patience=patience)
    if not text or (scheme and (scheme[2] or scheme[1].lower() == "usb")):
        # Not quoted: an address of another kind may carry a password as well.
        expected = "a video file, rtsp://host/path, rtsps://host/path, or usb:0 (the number of the camera)"
        raise BadInput("source not understood", expected=expected)
    return FileSource(Path(text), camera=camera)

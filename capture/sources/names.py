"""What a person writes for a source, told apart without opening anything."""

import re

SCHEMES = ("rtsp", "rtsps")
USB = re.compile(r"usb:(\d{1,3})")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//)?")


def is_stream(text: str) -> bool:
    """Tell whether the text is the address of a network camera."""
    scheme = SCHEME.match(text)
    return scheme is not None and scheme[1].lower() in SCHEMES


def is_camera(text: str) -> bool:
    """Tell whether the text names a camera, which sees people now, and not a file."""
    return is_stream(text) or USB.fullmatch(text) is not None

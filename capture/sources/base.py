"""The contract that every source fulfils."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, Self

from capture.frame import Frame, Gap
from productivity.time import Duration


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source is, as read back from it, not as it was asked for.

    `total` is the length of a file; None for a camera, which has no end. `label` names the source for
    messages and never contains credentials.
    """

    label: str
    width: int
    height: int
    frame_duration: Duration
    total: Duration | None


class Source(Protocol):
    """A camera or a file, opened and readable.

    Frames and gaps come in time order and tile the recorded span without overlap: the end of one is the
    start of the next. A picture's content never appears in an error text.
    """

    @property
    def info(self) -> SourceInfo:
        """What the source is; the picture size is that of the first frame."""
        ...

    def frames(self) -> Iterator[Frame | Gap]:
        """Deliver until the end of the file, until `close`, or until the source is given up.

        Raises `BadInput` for a file that is damaged or shorter than it says, `SourceLost` for a camera
        that did not come back within its patience.
        """
        ...

    def close(self) -> None:
        """Release the camera or file; `frames` ends. Safe to call twice and from another thread."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...

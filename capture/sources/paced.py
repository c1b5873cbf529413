"""A file as a camera would deliver it: each frame no sooner than its presentation time.

For trying out what happens while time passes (a suspension in the middle) without a camera. Nothing is
dropped if the consumer is slower; it then sees the file later, and each frame says how late it is.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Self

from capture.frame import Frame, Gap
from capture.sources.base import Source, SourceInfo
from productivity.time import SECOND


class PacedSource:
    """Another source, held back. Closing it closes the other and ends the waiting."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._closed = threading.Event()

    @property
    def info(self) -> SourceInfo:
        """What the other source is."""
        return self._source.info

    def frames(self) -> Iterator[Frame | Gap]:
        """Deliver what the other delivers, at its own pace from now on."""
        begun = time.monotonic_ns()
        for item in self._source.frames():
            due = begun + item.time
            early = due - time.monotonic_ns()
            if early > 0 and self._closed.wait(early / SECOND):
                return
            yield replace(item, arrived=due) if isinstance(item, Frame) else item

    def close(self) -> None:
        """End `frames`, from any thread, and release the other source."""
        self._closed.set()
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

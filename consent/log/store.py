"""What the log needs from a place that keeps files; the comments are the durability contract."""

from collections.abc import Mapping
from typing import Protocol


class LogFiles(Protocol):
    """The files of a log, as any static web server would hand them out. Paths as in `consent.log.tiles`."""

    def read(self, path: str) -> bytes | None:
        """Return the file's content, or None if there is none."""
        ...

    def widths(self, path: str) -> list[int]:
        """Widths of the partial versions beside a full tile's path; empty where nothing can be listed."""
        ...


class WritableLogFiles(LogFiles, Protocol):
    """Files of a log that this process alone may write, for as long as it holds them."""

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write new files. When this returns, all of them survive a power loss.

        If it raises, or the process dies, any of them may be missing, whole or torn.
        """
        ...

    def replace(self, path: str, content: bytes) -> None:
        """Put a file in place in one step: afterwards it survives a power loss, before it is the old one.

        If it raises, or the process dies, it is the old or the new one, never a mixture.
        """
        ...

    def remove(self, path: str) -> None:
        """Remove a file if it is there. Nobody relies on it: a power loss may bring the file back."""
        ...

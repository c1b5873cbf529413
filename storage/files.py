"""Files that readers read: on a disk, or content that came over a network and never touches one."""

import io
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, TextIO, TypeAlias, overload


@dataclass(frozen=True, slots=True)
class MemoryFile:
    """Content with a name. It answers what readers ask of a `Path`, and errors say its name."""

    name: str
    content: bytes

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """The ending, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> PurePosixPath:
        """No directory."""
        return PurePosixPath()

    def read_bytes(self) -> bytes:
        """Return the content."""
        return self.content

    @overload
    def open(self, mode: Literal["rb"]) -> BinaryIO: ...
    @overload
    def open(self, *, encoding: str, errors: str | None = None, newline: str | None = None) -> TextIO: ...
    def open(
        self,
        mode: Literal["r", "rb"] = "r",
        *,
        encoding: str = "utf-8",
        errors: str | None = None,
        newline: str | None = None,
    ) -> BinaryIO | TextIO:
        """Open it as `Path.open` does."""
        raw = io.BytesIO(self.content)
        return raw if mode == "rb" else io.TextIOWrapper(raw, encoding, errors, newline)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


File: TypeAlias = Path | MemoryFile
"""What can be read."""

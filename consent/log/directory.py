"""A log in a directory of plain files: copy it, or let any static web server serve it.

Known holes: a reader may see a checkpoint in the instant between its rename and the directory's fsync; a
power loss in that instant takes it back. So only a checkpoint that `LogWriter.append` has returned may be
handed to a witness. The lock is advisory and holds on one machine: the directory must not lie on a file
system that several machines share.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from consent.log.tiles import MAX_ENTRY_BYTES, TILE_WIDTH
from productivity.errors import BadInput

_LOCK = ".writer.lock"
_NEW = ".new"
MAX_FILE_BYTES = TILE_WIDTH * (2 + MAX_ENTRY_BYTES)
"""A full bundle of the longest entries: a hostile copy of a log costs its verifier no more memory."""


class Directory:
    """Reads the files of a log, and checks nothing."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: str) -> bytes | None:
        """Return the file's content, or None if there is none; `BadInput` if no log has files so large."""
        try:
            with (self.root / path).open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        if len(content) > MAX_FILE_BYTES:
            raise BadInput("file is too large", where=path, expected=f"at most {MAX_FILE_BYTES} bytes")
        return content

    def widths(self, path: str) -> list[int]:
        """Widths of the partial versions kept beside a full tile's path."""
        try:
            names = os.listdir(self.root / f"{path}.p")  # noqa: PTH208  # in the verifier's inner loop
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(int(name) for name in names if name.isascii() and name.isdecimal() and name[0] != "0")


class WritableDirectory(Directory):
    """Writes the files of a log. Only `locked_directory` makes one."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._lasting = {root}
        """Directories that a power loss leaves where they are: this process had their parents fsynced."""

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write new files; they survive a power loss when this returns."""
        parents = {(self.root / path).parent for path in files}
        _make(parents)
        descriptors: list[int] = []
        try:
            # All files first, then all fsyncs: the disk may then work on them together.
            for path, content in files.items():
                descriptors.append(_create(self.root / path))
                _write_all(descriptors[-1], content)
            for descriptor in descriptors:
                os.fsync(descriptor)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        self._sync(parents)

    def replace(self, path: str, content: bytes) -> None:
        """Put a file in place in one step."""
        target = self.root / path
        _make([target.parent])
        new = target.with_name(target.name + _NEW)
        descriptor = _create(new)
        try:
            _write_all(descriptor, content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(target)
        self._sync({target.parent})

    def remove(self, path: str) -> None:
        """Remove a file if it is there, and the directory of partial versions that it leaves empty."""
        target = self.root / path
        try:
            target.unlink(missing_ok=True)
            if target.parent.suffix == ".p":
                target.parent.rmdir()
                self._lasting.discard(target.parent)
        except OSError:
            return  # it stays: the directory holds others, or was never there

    def _sync(self, directories: Iterable[Path]) -> None:
        """Have names in these directories survive a power loss, and the directories' own names."""
        unsynced = set(directories)
        fresh: set[Path] = set()
        for directory in directories:
            # Any of those above may be new as well, or left by a process that died before it could sync them.
            while directory not in self._lasting:
                fresh.add(directory)
                directory = directory.parent
                unsynced.add(directory)
        for directory in unsynced:
            _sync_directory(directory)
        self._lasting |= fresh


@contextmanager
def locked_directory(root: Path) -> Iterator[WritableDirectory]:
    """Give the right to write, to one process at a time; the kernel takes it back when the process dies.

    Requires an existing directory. A second writer is refused with `BadInput`.
    """
    try:
        descriptor = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput("no such directory", where=str(root), expected="a log's directory") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput("log is being written by another process", where=str(root)) from None
        yield WritableDirectory(root)
    finally:
        os.close(descriptor)


def _make(directories: Iterable[Path]) -> None:
    for directory in directories:
        directory.mkdir(parents=True, exist_ok=True)


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

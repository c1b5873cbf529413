"""A witness's memory in a directory of its own: one note per log, replaced in one step, held by a lock.

The files are named after the SHA-256 of the log's name, as C2SP tlog-witness names logs in addresses.

Known holes: the lock is advisory and holds on one machine, so the directory must not lie on a file system
that several machines share. A directory that was emptied, or brought back from a backup, has forgotten: the
key that used it must then be retired, because it could co-sign another history.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from consent.durable import replace
from consent.witness.memory import MemoryBusy
from productivity.errors import BadInput

_LARGEST = 1 << 20
"""Bytes; a note with its signatures has less than a kilobyte."""
_TRY_AGAIN_S = 0.005


class MemoryFolder:
    """Memory below `directory`, which must exist: a mistyped name must not begin an empty memory."""

    def __init__(self, directory: Path, *, patience_s: float = 30.0) -> None:
        if not directory.is_dir():
            raise BadInput(
                "no such directory", where=str(directory), expected="the witness's memory: make it once"
            )
        self._directory = directory
        self._patience_s = patience_s

    @contextmanager
    def held(self, origin: str) -> Iterator["FolderPlace"]:
        """Hold the place of one log; the kernel lets go when the process dies.

        `MemoryBusy` if another does not let go in time, `OSError` if the directory is gone.
        """
        path = self._directory / hashlib.sha256(origin.encode()).hexdigest()
        # Each holder opens the file anew: such locks keep out other threads as well as other processes.
        descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._wait(descriptor)
            yield FolderPlace(path.with_suffix(".note"))
        finally:
            os.close(descriptor)

    def _wait(self, descriptor: int) -> None:
        ends = time.monotonic() + self._patience_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > ends:
                    raise MemoryBusy("another process holds the memory of this log") from None
                time.sleep(_TRY_AGAIN_S)
            else:
                return


class FolderPlace:
    """One file, and the way to replace it that survives a power loss."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> bytes | None:
        """Return the file's content, None if there is none."""
        try:
            with self._path.open("rb") as file:
                content = file.read(_LARGEST + 1)
        except FileNotFoundError:
            return None
        if len(content) > _LARGEST:
            raise BadInput("file is too large", where=str(self._path), expected=f"at most {_LARGEST} bytes")
        return content

    def write(self, content: bytes) -> None:
        """Write a new file, fsync it, rename it, fsync the directory."""
        replace(self._path, content)

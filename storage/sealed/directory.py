"""The directory of sealed data: files that are written once, and a note of each file that is on its way.

    site=north/month=2026-11/6f1c...e2.parquet
    .pending/6f1c...e2                          names that file until its seal is known to be recorded
    .lock                                       held by whoever writes, shared by those who read

A file counts if and only if a row of the table `seal` names it. Before a file is written, and before one is
removed, a note is made; it goes when file and table agree. `settle` brings them to agree after a crash: a
noted file without a seal is removed. Nothing without a note is, so a mistyped path loses nothing.

The lock is advisory and holds on one machine.
"""

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from consent.durable import sync_directory, write_new
from productivity.errors import BadInput

_PENDING = ".pending"
_LOCK = ".lock"
_LONGEST_STEP = 200
"""Bytes of a site's name in a path; file systems take 255."""
_PATH = re.compile(r"site=[^/]{1,240}/month=[0-9]{4}-[0-9]{2}/([0-9a-f]{32})\.parquet")


class SealedDirectory:
    """The files, for whoever holds the lock. Paths are relative and as in the table `seal`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def file(self, path: str) -> Path:
        """Return where a file is. Raises `BadInput` for a path that no seal has: none leads out of here."""
        if not _PATH.fullmatch(path):
            raise BadInput("path of a sealed file", expected="site=NAME/month=YYYY-MM/32 HEX DIGITS.parquet")
        return self._root / path

    def announce(self, path: str) -> None:
        """Note that a file is about to be written or removed; the note survives a power loss."""
        _make(self._root / _PENDING)
        write_new(self._note(path), path.encode())

    def write(self, path: str, content: bytes) -> None:
        """Write a new file, announced before; it survives a power loss when this returns."""
        target = self.file(path)
        _make(target.parent)
        write_new(target, content)

    def remove(self, path: str) -> None:
        """Remove a file that no seal names, announced before, and then its note."""
        month = self.file(path).parent
        if month.is_dir():
            self.file(path).unlink(missing_ok=True)
            sync_directory(month)
            _remove_if_empty(month)
            _remove_if_empty(month.parent)
        self.agreed(path)

    def agreed(self, path: str) -> None:
        """Forget the note: the file is there and its seal recorded, or neither."""
        self._note(path).unlink(missing_ok=True)

    def settle(self, is_sealed: Callable[[str], bool]) -> int:
        """Remove every noted file that no seal names; return how many there were. What a crash left over."""
        notes = self._root / _PENDING
        removed = 0
        for note in sorted(notes.iterdir()) if notes.is_dir() else ():
            path = note.read_text(encoding="utf-8", errors="replace")
            found = _PATH.fullmatch(path)
            if found is None or found[1] != note.name:  # torn: the file itself was not begun
                note.unlink()
            elif is_sealed(path):
                self.agreed(path)
            else:
                removed += self.file(path).exists()
                self.remove(path)
        return removed

    def verify(self, path: str, digest: bytes) -> Path:
        """Return where a file is. Raises `BadInput` if it is missing or not what was sealed."""
        target = self.file(path)
        try:
            with target.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").digest()
        except OSError as error:
            raise BadInput(f"sealed file cannot be read: {error.strerror}", where=str(target)) from None
        if found != digest:
            raise BadInput(
                "sealed file is damaged",
                where=str(target),
                expected=f"SHA-256 {digest.hex()}, or the file as a backup has it",
                found=found.hex(),
            )
        return target

    def strays(self, is_sealed: Callable[[str], bool]) -> list[str]:
        """Return files that no seal names and no note tells of; an older database was restored, perhaps."""
        paths = (
            file.relative_to(self._root).as_posix() for file in self._root.glob("site=*/month=*/*.parquet")
        )
        return sorted(path for path in paths if not is_sealed(path) and not self._note(path).exists())

    def _note(self, path: str) -> Path:
        return self._root / _PENDING / Path(path).stem


def new_path(site: str, month: str) -> str:
    """Return the path of a new file: partitioned by site and month, and drawn at random within."""
    step = quote(site, safe="")
    if len(step) > _LONGEST_STEP:
        step = f"{step[:150].rpartition('%')[0]}~{hashlib.sha256(site.encode()).hexdigest()[:32]}"
    return f"site={step}/month={month}/{secrets.token_hex(16)}.parquet"


@contextmanager
def sealed_directory(root: Path, *, writes: bool) -> Iterator[SealedDirectory]:
    """Give the directory, made if need be: alone if it `writes`, else beside others who read."""
    _make(root)
    try:
        lock = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadInput(f"sealed data cannot be opened: {error.strerror}", where=str(root)) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if writes else fcntl.LOCK_SH)
        yield SealedDirectory(root)
    finally:
        os.close(lock)


def _make(directory: Path) -> None:
    """Make a directory and those above it, so that they survive a power loss."""
    if directory.is_dir():
        return
    _make(directory.parent)
    try:
        directory.mkdir(exist_ok=True)
    except OSError as error:
        raise BadInput(f"directory cannot be created: {error.strerror}", where=str(directory)) from None
    sync_directory(directory.parent)


def _remove_if_empty(directory: Path) -> None:
    with suppress(OSError):
        directory.rmdir()

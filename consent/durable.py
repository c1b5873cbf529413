"""Writing single files so that they survive a power loss, or leave nothing.

The log has its own way (`consent.log.directory`): it writes many files for one fsync.
"""

import os
import secrets
from pathlib import Path

from productivity.errors import BadInput


def write_new(path: Path, content: bytes, *, mode: int = 0o644, expected: str = "a new name") -> None:
    """Write a file that is not there yet; when this returns it survives a power loss.

    `BadInput` if there is one, or no directory for it. Whatever fails leaves nothing behind.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    except FileExistsError:
        raise BadInput("file exists", where=str(path), expected=expected) from None
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput("no such directory", where=str(path.parent)) from None
    try:
        _fill(descriptor, content)
        sync_directory(path.parent)
    except BaseException:
        path.unlink()
        raise


def replace(path: Path, content: bytes, *, mode: int = 0o644, durable: bool = True) -> None:
    """Put a file in place in one step, whether or not there was one; durable when this returns.

    `OSError` leaves the old one. Its own name until then, so several may do this at once. The mode is what is
    asked for, whatever the umask: another account may have to read it. What is not `durable` waits for no
    disk, and a power loss may take it back.
    """
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        _fill(descriptor, content, mode=mode, durable=durable)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    if durable:
        sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Have the directory's names survive a power loss."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fill(descriptor: int, content: bytes, *, mode: int | None = None, durable: bool = True) -> None:
    with os.fdopen(descriptor, "wb") as file:
        if mode is not None:
            os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        if durable:
            os.fsync(descriptor)

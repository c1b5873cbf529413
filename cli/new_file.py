"""Writing a file that must not be there yet."""

import os
from pathlib import Path

from productivity.errors import BadInput


def write_new(file: Path, text: str) -> None:
    """Write a file that survives a power loss, or leave nothing; never overwrite one."""
    try:
        opened = file.open("x", encoding="utf-8")
    except FileExistsError:
        raise BadInput("file exists", where=str(file), expected="a new name") from None
    except FileNotFoundError:
        raise BadInput("no such directory", where=str(file.parent)) from None
    try:
        with opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        _sync(file.parent)
    except BaseException:
        file.unlink()
        raise


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

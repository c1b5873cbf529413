"""Where the demonstration is made: in memory if there is a place for it, then copied, whole or not at all.

Weeks of a log and of batches are thousands of writes that each wait for the disk, as they must when they
happen. What is only being made up need not wait: all of it is on the disk before the directory has its name.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.durable import whole_directory

MEMORY = Path("/dev/shm")  # noqa: S108  # a directory of our own is made in it
_NEEDED = 256 * 1024 * 1024
"""Bytes; a demonstration takes a tenth of it."""


@contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """Give a directory to make `target` in; it has that name once the context has ended well."""
    for left in target.parent.glob(f".{target.name}.*.partial"):
        shutil.rmtree(_quick(left), ignore_errors=True)  # what a kill interrupted
        shutil.rmtree(left)
    with whole_directory(target) as partial:
        partial.chmod(0o700)  # keys and passwords are in it
        if not _has_room():
            yield partial
            return
        quick = _quick(partial)
        quick.mkdir(mode=0o700)
        try:
            yield quick
            shutil.copytree(quick, partial, dirs_exist_ok=True)
            partial.chmod(0o700)
        finally:
            shutil.rmtree(quick)


def _quick(partial: Path) -> Path:
    """Return where in memory this one is made: known from its name, so that no kill leaves keys there."""
    return MEMORY / f"fairtakt-demo{partial.name}"


def _has_room() -> bool:
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > _NEEDED

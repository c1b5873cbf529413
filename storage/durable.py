"""A directory that appears whole or not at all.

Contract: after `whole_directory` returns, the directory and all files in it survive a power loss. Before
that, its name shows nothing new. An exception, Ctrl-C included, leaves nothing behind.

Known holes: kill -9 or a power loss while writing leaves a hidden `.NAME.*.partial` beside the target,
which nobody reads and which may be deleted; when an earlier result is replaced, a power loss between the
two renames leaves it as `.NAME.*.old` (POSIX exchanges no two directories in one step).
"""

import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from productivity.errors import BadInput


@contextmanager
def whole_directory(target: Path, *, replaces: Collection[str] = ()) -> Iterator[Path]:
    """Give a new directory to write into; on success it takes the name `target`, on error it is gone.

    An existing `target` must be an empty directory, or hold nothing but files named in `replaces`: the
    names that an earlier run of the same command wrote. Anything else is refused with `BadInput` before
    the first byte is written, so that a mistyped path destroys nothing.
    """
    target = target.resolve()
    _refuse_to_destroy(target, replaces)
    made = _make_parents(target)
    token = secrets.token_hex(4)
    partial = target.with_name(f".{target.name}.{token}.partial")
    try:
        _make(partial)
        yield partial
        _sync_tree(partial)
        _put_in_place(partial, target, replaces, aside=target.with_name(f".{target.name}.{token}.old"))
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        for parent in made:
            _remove_if_empty(parent)
        raise
    for parent in (target.parent, *(directory.parent for directory in made)):
        _sync(parent)


def _refuse_to_destroy(target: Path, replaces: Collection[str]) -> None:
    try:
        strange = sorted(
            entry.name for entry in target.iterdir() if entry.name not in replaces or entry.is_dir()
        )
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise BadInput("not a directory", where=str(target), expected="a new or empty directory") from None
    except PermissionError:
        raise BadInput("directory cannot be read", where=str(target)) from None
    if strange:
        raise BadInput(
            "directory is not empty",
            where=str(target),
            expected="a new or empty directory, so that nothing is overwritten",
            found=f"{strange[0]!r}" + (f" and {len(strange) - 1} more" if len(strange) > 1 else ""),
        )


def _make_parents(target: Path) -> list[Path]:
    """Create missing parents; return those that were created, innermost first."""
    missing = [parent for parent in target.parents if not parent.exists()]
    return [parent for parent in reversed(missing) if _make(parent)][::-1]


def _make(directory: Path) -> bool:
    """Make a directory; tell whether it is new, or somebody else was quicker."""
    try:
        directory.mkdir()
    except OSError as error:
        if isinstance(error, FileExistsError) and directory.is_dir():
            return False
        raise BadInput(f"directory cannot be created: {error.strerror}", where=str(directory)) from None
    return True


def _put_in_place(partial: Path, target: Path, replaces: Collection[str], aside: Path) -> None:
    # Somebody may have written there in the meantime.
    _refuse_to_destroy(target, replaces)
    replacing = target.exists()
    if replacing:
        target.rename(aside)
    try:
        partial.rename(target)
    except OSError:
        if replacing:
            aside.rename(target)
        raise
    if replacing:
        shutil.rmtree(aside)


def _sync_tree(directory: Path) -> None:
    for path in directory.rglob("*"):
        _sync(path)
    _sync(directory)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_if_empty(directory: Path) -> None:
    try:
        directory.rmdir()
    except OSError:
        return
